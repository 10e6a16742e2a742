"""Imports enrolments from a CSV or XLSX file: all of it, or nothing."""

from argparse import ArgumentParser

from learners.importing.command import ImportCommand
from learners.models import ImportKind


class Command(ImportCommand):
    help = __doc__
    kind = ImportKind.ENROLMENTS

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--without-certificates",
            action="store_true",
            help="who completed a course has the certificate already",
        )
