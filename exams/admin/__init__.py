"""Django's administration of assignments and of how they lead to an exam."""

from exams.admin import assignments, plans, themes, versions, way, works

__all__ = ["assignments", "plans", "themes", "versions", "way", "works"]
