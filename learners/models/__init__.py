"""The relational model that every app shares."""

from learners.models.audit import AuditEntry
from learners.models.catalogue import (
    CompletedBy,
    Course,
    CourseKind,
    Material,
    PointsOn,
    Programme,
    ProgrammeCourse,
    TermBegins,
)
from learners.models.coaching import Coaching, StandIn
from learners.models.content import IS_A_FILE, Lesson, LessonKind, LessonProgress
from learners.models.enrolment import (
    DONE,
    FREES_PLACE,
    NOT_FINAL,
    WITHDRAWN,
    Effort,
    Enrolment,
    StudyStatus,
)
from learners.models.force_majeure import MAY_DECIDE, ForceMajeure, ForceMajeureFile
from learners.models.importing import (
    ExemptionImport,
    FindingKind,
    ImportBlock,
    ImportColumn,
    ImportFinding,
    ImportJob,
    ImportKind,
    ImportState,
    LineOutcome,
    Severity,
)
from learners.models.judged import EvidenceState, JudgedEvidence
from learners.models.notification import Notification
from learners.models.organisation import (
    GradeScale,
    Language,
    Organisation,
    PublicHolidays,
    WhoDecides,
)
from learners.models.people import Membership, Role, User
from learners.models.place import Place, PlaceState
from learners.models.points import StudyPointAccount, StudyPointEntry
from learners.models.run import Meeting, Run
from learners.models.status_change import RESULTS, Actor, StudyStatusChange
from learners.models.stored_file import FileIsInfected, ScanState, StoredFile, WhyNotScanned
from learners.models.subject import IS_ONE_SUBJECT, OfSubject
from learners.models.subscription import Subscription, SubscriptionKind
from learners.models.subscription_code import SubscriptionCode, SubscriptionCodeBatch
from learners.models.upload import Upload, UploadState

__all__ = [
    "DONE",
    "FREES_PLACE",
    "IS_A_FILE",
    "IS_ONE_SUBJECT",
    "MAY_DECIDE",
    "NOT_FINAL",
    "RESULTS",
    "WITHDRAWN",
    "Actor",
    "AuditEntry",
    "Coaching",
    "CompletedBy",
    "Course",
    "CourseKind",
    "Effort",
    "Enrolment",
    "EvidenceState",
    "ExemptionImport",
    "FileIsInfected",
    "FindingKind",
    "ForceMajeure",
    "ForceMajeureFile",
    "GradeScale",
    "ImportBlock",
    "ImportColumn",
    "ImportFinding",
    "ImportJob",
    "ImportKind",
    "ImportState",
    "JudgedEvidence",
    "Language",
    "Lesson",
    "LessonKind",
    "LessonProgress",
    "LineOutcome",
    "Material",
    "Meeting",
    "Membership",
    "Notification",
    "OfSubject",
    "Organisation",
    "Place",
    "PlaceState",
    "PointsOn",
    "Programme",
    "ProgrammeCourse",
    "PublicHolidays",
    "Role",
    "Run",
    "ScanState",
    "Severity",
    "StandIn",
    "StoredFile",
    "StudyPointAccount",
    "StudyPointEntry",
    "StudyStatus",
    "StudyStatusChange",
    "Subscription",
    "SubscriptionCode",
    "SubscriptionCodeBatch",
    "SubscriptionKind",
    "TermBegins",
    "Upload",
    "UploadState",
    "User",
    "WhoDecides",
    "WhyNotScanned",
]
