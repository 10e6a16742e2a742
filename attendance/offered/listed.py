"""Where the lists of registers and marks stand on the administration's front page."""

from attendance.models import (
    Attendance,
    AttendanceChange,
    Participation,
    Register,
    RegisterSaving,
)
from learners.hooks.running import HAPPENED, PEOPLE, Listed

LISTED = (
    Listed(Participation, PEOPLE, 20),
    Listed(Register, PEOPLE, 30),
    Listed(RegisterSaving, HAPPENED, 20),
    Listed(Attendance, HAPPENED, 30),
    Listed(AttendanceChange, HAPPENED, 40),
)
