from django.core.management.base import BaseCommand

from lms import translations


class Command(BaseCommand):
    help = "Compiles the Dutch texts, without gettext."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        self.stdout.write(f"{translations.compile_catalogues()} texts in Dutch")
