"""What waits on the way to an exam, as the list of what waits for somebody fetches it: with a work
of each person, so that it comes along with the works that wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from exams.models import Application, Sample, Work
from exams.models.work import WorkQuerySet
from exams.releasing import waiting
from exams.releasing.waiting import ASSESS, DRAW, RELEASE
from exams.reviewing import queues
from learners.models import User

KINDS = (ASSESS, DRAW, RELEASE)
Key = tuple[str, int]  # what is done, '' for a work; and of what: an enrolment, or a work


def found(user: User, said: Mapping[str, Any]) -> list[QuerySet]:
    """Return what waits for somebody on the way, narrowed as they asked, by enrolment."""
    now, institutions = timezone.now(), queues.institutions_of(user)
    kinds = [said["kind"]] if said.get("kind") else KINDS
    halves = []
    for act, rows in waiting.of(user).items():
        path = waiting.path(act)
        if act not in kinds or (said.get("late") and act == RELEASE):
            continue
        if said.get("text"):
            people = User.objects.matching(said["text"])
            rows = rows.filter(**{f"{path}learner__in": people})
        if said.get("programme"):
            rows = rows.filter(**{f"{path}programme": said["programme"]})
        if said.get("late"):
            rows = rows.filter(waiting.late(institutions, now))
        halves.append(queues.named(rows, act, "pk" if act == RELEASE else "enrolment"))
    return halves


def with_works(keys: Sequence[Key]) -> Q:
    """Keep the works of these keys, and the first of whoever is on the way."""
    theirs = Work.objects.filter(enrolment__in=[pk for act, pk in keys if act]).order_by()
    firsts = theirs.values("enrolment").annotate(first=Min("pk")).values("first")
    return Q(pk__in=[pk for act, pk in keys if not act]) | Q(pk__in=firsts)


def with_days(works: WorkQuerySet) -> WorkQuerySet:
    """Add the newest sample of whoever made each, and what they asked for since."""
    of_them = {"enrolment": OuterRef("enrolment")}
    newest = Sample.objects.filter(**of_them).order_by("-number")
    asked = Application.objects.filter(**of_them, sample=None)
    sample = {
        f"sample_{name}": Subquery(newest.values(name)[:1])
        for name in ("pk", "number", "drawn_at", "decided_at", "expected_on")
    }
    application = {
        f"asked_{name}": Subquery(asked.values(name)[:1]) for name in ("applied_at", "expected_on")
    }
    return works.annotate(**sample, **application)


def since(act: str, work: Any) -> datetime:
    """Return since when this waits, of a work that `with_days` fetched."""
    of_act: dict[str, datetime] = {
        ASSESS: work.sample_drawn_at,
        DRAW: work.asked_applied_at,
        RELEASE: work.sample_decided_at,
    }
    return of_act[act]
