"""The relational model that every app shares."""

from learners.models.audit import AuditEntry
from learners.models.catalogue import (
    CompletedBy,
    Course,
    CourseKind,
    Material,
    Meeting,
    PointsOn,
    Programme,
    ProgrammeCourse,
    Run,
)
from learners.models.enrolment import (
    DONE,
    NOT_FINAL,
    WITHDRAWN,
    Actor,
    Coaching,
    Effort,
    Enrolment,
    Place,
    PlaceState,
    StudyStatus,
    StudyStatusChange,
)
from learners.models.notification import Notification
from learners.models.people import (
    GradeScale,
    Language,
    Membership,
    Organisation,
    Role,
    Subscription,
    SubscriptionKind,
    User,
    WhoDecides,
)
from learners.models.points import StudyPointAccount, StudyPointEntry
from learners.models.stored_file import ScanState, StoredFile

__all__ = [
    "DONE",
    "NOT_FINAL",
    "WITHDRAWN",
    "Actor",
    "AuditEntry",
    "Coaching",
    "CompletedBy",
    "Course",
    "CourseKind",
    "Effort",
    "Enrolment",
    "GradeScale",
    "Language",
    "Material",
    "Meeting",
    "Membership",
    "Notification",
    "Organisation",
    "Place",
    "PlaceState",
    "PointsOn",
    "Programme",
    "ProgrammeCourse",
    "Role",
    "Run",
    "ScanState",
    "StoredFile",
    "StudyPointAccount",
    "StudyPointEntry",
    "StudyStatus",
    "StudyStatusChange",
    "Subscription",
    "SubscriptionKind",
    "User",
    "WhoDecides",
]
