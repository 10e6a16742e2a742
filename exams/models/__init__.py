"""What a programme asks and what is made of it: assignments, work, reviews and XP."""

from exams.models.assignment import (
    MOST_XP,
    AnswerKind,
    Assignment,
    AssignmentVersion,
    Reaches,
    Theme,
    ThemeCourse,
)
from exams.models.conversation import Conversation, Message
from exams.models.draft import LONGEST_TEXT, Draft, DraftCopy, DraftFile
from exams.models.exemption import AssignmentExemption
from exams.models.experience import ExperienceEntry
from exams.models.plan import ExamPlan, XPFrom
from exams.models.review import Remark, Review, Verdict
from exams.models.work import (
    FINISHED,
    HandIn,
    HandInFile,
    Work,
    WorkAct,
    WorkState,
)

__all__ = [
    "FINISHED",
    "LONGEST_TEXT",
    "MOST_XP",
    "AnswerKind",
    "Assignment",
    "AssignmentExemption",
    "AssignmentVersion",
    "Conversation",
    "Draft",
    "DraftCopy",
    "DraftFile",
    "ExamPlan",
    "ExperienceEntry",
    "HandIn",
    "HandInFile",
    "Message",
    "Reaches",
    "Remark",
    "Review",
    "Theme",
    "ThemeCourse",
    "Verdict",
    "Work",
    "WorkAct",
    "WorkState",
    "XPFrom",
]
