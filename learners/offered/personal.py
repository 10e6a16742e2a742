"""A person's own data, as the law lets them ask for it. Remarks for staff are not theirs."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from learners import pseudonyms
from learners.hooks.personal import Personal
from learners.models import (
    AuditEntry,
    Coaching,
    Enrolment,
    ForceMajeure,
    LessonProgress,
    Membership,
    Notification,
    Organisation,
    Place,
    StandIn,
    StoredFile,
    StudyPointEntry,
    StudyStatusChange,
    Subscription,
    SubscriptionCode,
    Upload,
    User,
)


def export(user: User) -> Mapping[str, object]:
    """Return what the ground floor holds of somebody, in plain values."""
    mine = Enrolment.objects.for_user(user)
    return {
        "person": _rows(
            User.objects.filter(pk=user.pk),
            *("email", "name", "sort_name", "language", "time_zone", "date_joined", "last_login"),
        )[0],
        "memberships": _rows(
            Membership.objects.filter(user=user), "role", "number", at=F("organisation__name")
        ),
        "subscriptions": _rows(
            Subscription.objects.filter(user=user),
            *("kind", "starts_on", "ends_on"),
            at=F("organisation__name"),
        ),
        "subscription_codes": _rows(
            SubscriptionCode.objects.filter(used_by=user),
            *("code", "used_at"),
            at=F("batch__organisation__name"),
            days=F("batch__days"),
        ),
        "enrolments": _rows(
            mine,
            *("id", "status", "registered_on", "term_ends_on", "last_attended_on", "effort"),
            *("results_from", "archived_at", "created_at"),
            in_course=F("course__title_nl"),
            in_programme=F("programme__title_nl"),
        ),
        "status_changes": _rows(
            StudyStatusChange.objects.filter(enrolment__in=mine),
            *("enrolment_id", "from_status", "to_status", "actor", "reason"),
            *("notified_on", "counts_from", "at"),
        ),
        "lessons": _rows(
            LessonProgress.objects.filter(enrolment__in=mine),
            *("enrolment_id", "opened_at", "completed_at", "position"),
            in_lesson=F("lesson__title_nl"),
        ),
        "proofs_of_force_majeure": _rows(
            ForceMajeure.objects.filter(enrolment__in=mine),
            *("enrolment_id", "state", "explanation", "number_of_files", "submitted_at"),
            *("decided_at", "reason"),
        ),
        "places": _rows(
            Place.objects.filter(enrolment__in=mine),
            *("enrolment_id", "state", "created_at"),
            in_run=F("run__code"),
        ),
        "coaches": _rows(
            Coaching.objects.filter(enrolment__in=mine),
            *("enrolment_id", "stands_in"),
            name=F("coach__name"),
        ),
        "stand_ins": _rows(
            StandIn.objects.for_user(user),
            *("starts_at", "ends_at", "named_at", "ended_at"),
            at_institution=F("organisation__name"),
            name=F("stand_in__name"),
        ),
        "stands_in_for": _rows(
            StandIn.objects.filter(stand_in=user),
            *("starts_at", "ends_at", "named_at", "ended_at"),
            at_institution=F("organisation__name"),
            name=F("coach__name"),
        ),
        "study_points": _rows(
            StudyPointEntry.objects.filter(account__learner=user),
            *("points", "ignores_maximum", "reason", "at"),
            for_course=F("account__course__title_nl"),
        ),
        "notifications": _rows(
            Notification.objects.for_user(user), "kind", "params", "created_at", "read_at"
        ),
        "files": _rows(
            StoredFile.objects.filter(owner=user), "name", "size", "kind", "sha256", "uploaded_at"
        ),
        "uploads": _rows(Upload.objects.filter(owner=user), "name", "size", "offset", "begun_at"),
        "acts": _rows(AuditEntry.objects.filter(by=user), "action", "label", "at", "reason"),
    }


def forget(organisation: Organisation, now: datetime) -> None:
    """Delete the imports that are older than the institution keeps personal data."""
    before = pseudonyms.years_before(now, organisation.personal_data_kept_years)
    pseudonyms.forget_imports(organisation, before=before)


def _rows(rows: QuerySet, *fields: str, **renamed: F) -> list[dict[str, object]]:
    return list(rows.order_by("pk").values(*fields, **renamed))


PERSONAL = Personal(
    export=export,
    active_since=pseudonyms.active_since,
    pseudonymise=pseudonyms.pseudonymise,
    forget=forget,
)
