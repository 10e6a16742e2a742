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
from exams.models.attempt import Attempt, AttemptAct, AttemptState
from exams.models.conversation import Conversation, Message
from exams.models.draft import LONGEST_TEXT, Draft, DraftCopy, DraftFile
from exams.models.exam import (
    Criterion,
    Exam,
    ExamKind,
    ExamPart,
    ExpectedFile,
    FileSort,
    InstructionPage,
    PartKind,
)
from exams.models.exemption import AssignmentExemption
from exams.models.experience import ExperienceEntry
from exams.models.plan import ExamPlan, XPFrom
from exams.models.review import Remark, Review, Verdict
from exams.models.sample import Application, Sample, SampleAct, SampleItem, SampleState
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
    "Application",
    "Assignment",
    "AssignmentExemption",
    "AssignmentVersion",
    "Attempt",
    "AttemptAct",
    "AttemptState",
    "Conversation",
    "Criterion",
    "Draft",
    "DraftCopy",
    "DraftFile",
    "Exam",
    "ExamKind",
    "ExamPart",
    "ExamPlan",
    "ExpectedFile",
    "ExperienceEntry",
    "FileSort",
    "HandIn",
    "HandInFile",
    "InstructionPage",
    "Message",
    "PartKind",
    "Reaches",
    "Remark",
    "Review",
    "Sample",
    "SampleAct",
    "SampleItem",
    "SampleState",
    "Theme",
    "ThemeCourse",
    "Verdict",
    "Work",
    "WorkAct",
    "WorkState",
    "XPFrom",
]
