"""What the way to an exam holds of somebody: applications, samples and attempts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from exams.models import Application, Attempt, Sample, SampleItem
from learners.models import User
from learners.pseudonyms import NAMELESS, clear_log

Rows = list[dict[str, object]]
DECIDED = Q(sample__decided_at__isnull=False)
SAID = ("verdict", "feedback", "saved_at")
CODE = F("hand_in__work__assignment__code")


def export(user: User) -> Mapping[str, object]:
    """Return how somebody went to their exams and what was said on the way, and what they said of
    others; what a coach wrote in a sample is theirs until it is decided."""
    return {
        "exam_applications": _rows(
            Application.objects.for_user(user), "enrolment_id", "applied_at", "expected_on"
        ),
        "samples": _samples_of(user),
        "exams": _rows(
            Attempt.objects.for_user(user),
            *("enrolment_id", "number", "state", "earned_xp", "needed_xp", "reason"),
            *("released_at", "started_at"),
            title=F("exam__title_nl"),
            released=F("released_by__name"),
        ),
        "judged_in_samples": _rows(SampleItem.objects.filter(by=user), *SAID, code=CODE),
        "samples_decided": _rows(
            Sample.objects.filter(decided_by=user), "state", "feedback", "decided_at"
        ),
        "exams_released": _rows(Attempt.objects.filter(released_by=user), "reason", "released_at"),
    }


def _samples_of(user: User) -> Rows:
    items: dict[int, Rows] = defaultdict(list)
    rows = SampleItem.objects.filter(DECIDED, sample__enrolment__learner=user)
    for row in rows.order_by("position").values(
        "sample", *SAID, code=CODE, of_version=F("hand_in__number"), name=F("by__name")
    ):
        items[row.pop("sample")].append(row)
    samples = (
        Sample.objects.for_user(user)
        .order_by("pk")
        .values(
            *("pk", "enrolment_id", "number", "state", "drawn_at", "expected_on", "feedback"),
            *("decided_at",),
            name=F("decided_by__name"),
        )
    )
    return [{**row, "assignments": items[row.pop("pk")]} for row in samples]


def _rows(rows: QuerySet, *fields: str, **renamed: F) -> Rows:
    return list(rows.order_by("pk").values(*fields, **renamed))


def active_since(since: datetime) -> Q:
    """Keep people who applied, drew, judged, decided, released or started something since then, or
    heard of it."""
    applied = Application.objects.filter(applied_at__gte=since)
    drawn = Sample.objects.filter(drawn_at__gte=since)
    decided = Sample.objects.filter(decided_at__gte=since)
    judged = SampleItem.objects.filter(saved_at__gte=since)
    released = Attempt.objects.filter(released_at__gte=since)
    started = Attempt.objects.filter(started_at__gte=since)
    heard = (applied, decided, released, started)
    theirs = [Q(pk__in=rows.values("enrolment__learner")) for rows in heard]
    did = (
        Q(pk__in=drawn.exclude(drawn_by=None).values("drawn_by"))
        | Q(pk__in=decided.values("decided_by"))
        | Q(pk__in=judged.values("by"))
        | Q(pk__in=released.values("released_by"))
    )
    for one in theirs:
        did |= one
    return did


def pseudonymise(ids: Collection[int]) -> None:
    """Forget what was written of these people in samples and when an exam was released early; what
    was drawn, verdicts, decisions and moments stay. What they wrote of others is of those
    others."""
    samples = Sample.objects.filter(enrolment__learner__in=ids)
    SampleItem.objects.filter(sample__in=samples).exclude(feedback="").update(feedback=NAMELESS)
    samples.exclude(feedback="").update(feedback=NAMELESS)
    attempts = Attempt.objects.filter(enrolment__learner__in=ids)
    attempts.exclude(reason="").update(reason=NAMELESS)
    applications = Application.objects.filter(enrolment__learner__in=ids)
    for name, rows in (("sample", samples), ("attempt", attempts), ("application", applications)):
        clear_log(f"exams.{name}", rows.values("pk"))
