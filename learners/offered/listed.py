"""Where the ground's lists stand on the administration's front page."""

from django.contrib.auth.models import Group

from learners.hooks.running import HAPPENED, LEARNED, PEOPLE, RIGHTS, Listed
from learners.models import (
    AuditEntry,
    Course,
    Enrolment,
    ExemptionImport,
    ImportJob,
    Lesson,
    Notification,
    Organisation,
    Programme,
    Run,
    StandIn,
    StoredFile,
    StudyPointAccount,
    SubscriptionCodeBatch,
    User,
)

LISTED = (
    Listed(Enrolment, PEOPLE, 10),
    Listed(StandIn, PEOPLE, 35),
    Listed(ImportJob, PEOPLE, 40),
    Listed(ExemptionImport, PEOPLE, 50),
    Listed(User, PEOPLE, 60),
    Listed(Course, LEARNED, 10),
    Listed(Lesson, LEARNED, 20),
    Listed(Run, LEARNED, 30),
    Listed(Programme, LEARNED, 40),
    Listed(SubscriptionCodeBatch, PEOPLE, 70),
    Listed(Organisation, RIGHTS, 10),
    Listed(Group, RIGHTS, 20),
    Listed(AuditEntry, HAPPENED, 10),
    Listed(Notification, HAPPENED, 50),
    Listed(StudyPointAccount, HAPPENED, 60),
    Listed(StoredFile, HAPPENED, 70),
)
