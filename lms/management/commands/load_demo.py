"""`manage.py load_demo`: a story that a newcomer can follow at once."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lms.demo import loading


class Command(BaseCommand):
    help = "Load the demo. Loaded again, it stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="Load it also where DEMO is off: with people who sign in with a known password.",
        )

    def handle(self, *args: object, force: bool = False, **options: object) -> None:
        if not (settings.DEMO or force):
            raise CommandError(
                "DEMO is off. The demo has people who sign in with a known password: set DEMO=1, "
                "or add --force where you are sure."
            )
        if not loading.load(say=self._say):
            record = loading.loaded()
            assert record is not None, "it was loaded just now or before"
            self._say(f"there since {record.at:%Y-%m-%d}, and stays as it is")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  Demo … {text}")
        self.stdout.flush()
