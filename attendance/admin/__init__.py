"""Django's administration of attendance."""

from attendance.admin import marks, participations, registers

__all__ = ["marks", "participations", "registers"]
