from django.core.management.base import BaseCommand, CommandError

from lms import translations


class Command(BaseCommand):
    help = "Fails when a text is not translated into Dutch, or breaks a rule of docs/language.md."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        problems = list(translations.problems())
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} texts to mend: make messages, docs/language.md")
        self.stdout.write("Every text is there in Dutch and English.")
