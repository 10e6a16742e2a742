"""Taking away who somebody was, and keeping what was done: many people at a time, set by set."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from learners.evidence import judging
from learners.files import file_uses, keeping
from learners.models import (
    NOT_FINAL,
    AuditEntry,
    Enrolment,
    ForceMajeure,
    ForceMajeureFile,
    ImportJob,
    Membership,
    Notification,
    Organisation,
    Place,
    PlaceState,
    StandIn,
    StoredFile,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    Subscription,
    User,
)
from learners.models.importing import AT_WORK
from learners.uploading import purging

NAMELESS = "–"


def years_before(now: datetime, years: int) -> datetime:
    """Return the same day so many years ago; of 29 February the day before."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


def belongs_to(organisations: Collection[int]) -> Q:
    """Keep people who are a member of one of these institutions, or ever learned there."""
    enrolled = Enrolment.objects.filter(
        Q(course__organisation__in=organisations) | Q(programme__organisation__in=organisations)
    )
    members = Membership.objects.filter(organisation__in=organisations)
    return Q(pk__in=members.values("user")) | Q(pk__in=enrolled.values("learner"))


def active_since(since: datetime) -> Q:
    """Keep people of whom the ground floor knows something that is younger, or goes on."""
    changed = StudyStatusChange.objects.filter(enrolment=OuterRef("pk"), at__gte=since)
    booked = Place.objects.filter(
        enrolment=OuterRef("pk"), state=PlaceState.BOOKED, run__ends_at__gte=since
    )
    goes_on = Q(archived_at=None, status__in=NOT_FINAL - {StudyStatus.TERM_LAPSED})
    young = Q(created_at__gte=since) | Q(last_attended_on__gte=since.date())
    enrolments = Enrolment.objects.filter(goes_on | young | Exists(changed) | Exists(booked))
    subscribed = Subscription.objects.filter(ends_on__gte=since.date())
    return (
        Q(last_login__gte=since)
        | Q(date_joined__gte=since)
        | Q(pk__in=enrolments.values("learner"))
        | Q(pk__in=subscribed.values("user"))
    )


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Replace who these people are by a number of ours, and remove what was written about them."""
    number = Concat(Value("P-"), Cast("pk", CharField()))
    small = Concat(Value("p-"), Cast("pk", CharField()))
    User.groups.through.objects.filter(user__in=ids).delete()
    User.user_permissions.through.objects.filter(user__in=ids).delete()
    _clear_words(ids)
    Membership.objects.filter(user__in=ids).exclude(number="").update(number="")
    Notification.objects.filter(user__in=ids).delete()
    _let_go(StoredFile.objects.filter(owner__in=ids))
    purging.abandon(owners=ids, called=NAMELESS)
    User.objects.filter(pk__in=ids).update(
        name=number,
        sort_name=small,
        search_name=small,
        email=None,
        password=UNUSABLE_PASSWORD_PREFIX,
        is_active=False,
        last_login=None,
        calendar_key=None,
        pseudonymised_at=at,
    )


def clear_log(model: str, ids: Collection[int] | QuerySet) -> None:
    """Take names and words out of what the log says of these rows; who did what when stays."""
    entries = AuditEntry.objects.filter(object_type=model, object_id__in=ids)
    entries.update(label=NAMELESS, changes={}, reason="")


def forget_imports(organisation: Organisation, *, before: datetime) -> int:
    """Delete files of enrolments that an institution brought in before this, and what was found in
    them; return how many there were."""
    old = ImportJob.objects.filter(organisation=organisation, created_at__lt=before)
    gone = list(old.exclude(state__in=AT_WORK).select_related("file"))
    ImportJob.objects.filter(pk__in=[job.pk for job in gone]).delete()
    keeping.let_go(files=[job.file for job in gone])
    return len(gone)


def _clear_words(ids: Collection[int]) -> None:
    enrolments = Enrolment.objects.filter(learner__in=ids)
    enrolments.exclude(remark="").update(remark="")
    keys = enrolments.values("pk")
    _clear_force_majeure(ForceMajeure.objects.filter(enrolment__in=keys))
    StudyStatusChange.objects.filter(enrolment__in=keys).exclude(reason="").update(reason="")
    points = StudyPointEntry.objects.filter(account__learner__in=ids).exclude(reason="")
    points.update(reason=NAMELESS)
    memberships = Membership.objects.filter(user__in=ids).values("pk")
    subscriptions = Subscription.objects.filter(user__in=ids).values("pk")
    stand_ins = StandIn.objects.filter(Q(coach__in=ids) | Q(stand_in__in=ids)).values("pk")
    clear_log("learners.user", ids)
    clear_log("learners.enrolment", keys)
    clear_log("learners.membership", memberships)
    clear_log("learners.subscription", subscriptions)
    clear_log("learners.standin", stand_ins)


def _clear_force_majeure(evidence: QuerySet[ForceMajeure]) -> None:
    """Delete what was handed in and written as evidence of force majeure; the verdict stays."""
    files = ForceMajeureFile.objects.filter(force_majeure__in=evidence.values("pk"))
    judging.forget_files(held=files)
    evidence.exclude(explanation="").update(explanation="")
    evidence.exclude(reason="").update(reason=NAMELESS)
    clear_log("learners.forcemajeure", evidence.values("pk"))


def _let_go(files: QuerySet[StoredFile]) -> None:
    """Let go of what they uploaded; what an institution uses stays as it is, and has no owner."""
    theirs = list(files.exclude(file_uses.kept_without_owner()))
    keys = [stored.pk for stored in theirs]
    StoredFile.objects.filter(pk__in=keys).update(name=NAMELESS)
    clear_log("learners.storedfile", keys)
    keeping.let_go(files=theirs)
    files.update(owner=None)
