"""Enrolments and exemptions that come from a file: read, understood, shown, then written in one go;
what enrolling does is left to `enrolling`."""
