"""Django's administration of assignments and of how they lead to an exam."""

from exams.admin import assignments, exam_parts, exams, plans, themes, versions, way, works

__all__ = [
    "assignments",
    "exam_parts",
    "exams",
    "plans",
    "themes",
    "versions",
    "way",
    "works",
]
