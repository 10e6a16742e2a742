"""Exempts people by a base list or an exemption file, CSV or XLSX: all of it, or nothing."""

from learners.importing.command import ImportCommand
from learners.models import ImportKind


class Command(ImportCommand):
    help = __doc__
    kind = ImportKind.EXEMPTIONS
