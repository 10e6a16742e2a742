from django.core.management.base import BaseCommand

from lms import translations


class Command(BaseCommand):
    help = "Brings the Dutch catalogue to the texts of today, and takes locale/nl/parts in."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        for domain in (translations.PAGES, translations.SCRIPTS):
            missing = translations.update_catalogue(domain)
            path = translations.catalogue_path(domain)
            self.stdout.write(f"{missing} texts to translate in {path}")
