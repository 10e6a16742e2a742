import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from lms import translations
from lms.running import static_files


class Command(BaseCommand):
    help = "Brings database, texts and static files to this version; in a demo also its data."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        self._step("Database", lambda: call_command("migrate", interactive=False, verbosity=0))
        self._step("Texts in Dutch", translations.compile_catalogues)
        if static_files.are_stale():
            self._step("Static files", static_files.collect)
        if settings.DEMO:
            call_command("load_demo", stdout=self.stdout)

    def _step(self, name: str, do: Callable[[], object]) -> None:
        """Says what is being done and how long it took."""
        self.stdout.write(f"  {name} … ", ending="")
        self.stdout.flush()
        started = time.monotonic()
        do()
        self.stdout.write(f"{time.monotonic() - started:.0f} s")
