"""Django's administration of assignments and of how they lead to an exam."""

from exams.admin import works  # noqa: F401
