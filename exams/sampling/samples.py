"""Applying for the exam, and drawing a sample: by the system when somebody first applies, by the
coach whenever they want to see it earlier, and after a refusal.

Source: the exam design. A sample that is open, or was approved, is the last that is needed; after a
refusal a new one can be drawn once everything that was refused has a newer version.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import standing, works
from exams.assignments.standing import Standing
from exams.models import (
    Application,
    Attempt,
    HandIn,
    Review,
    Sample,
    SampleItem,
    SampleState,
    Verdict,
    WorkState,
)
from exams.sampling import drawing
from exams.sampling.drawing import Candidate
from exams.sampling.states import SampleRefused
from exams.sampling.telling import tell_coaches
from learners import audit, working_days
from learners.models import Enrolment, User

EXEMPT, EMPTY = "exempt", "empty"  # why a theme is passed over


@transaction.atomic
def apply(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> Application:
    """Apply for the exam. The first time the system draws a sample; after a refusal the coach
    does, who is told. Asked twice, it is asked once.

    Raises `WorkRefused` where they cannot work in the programme now, with too little XP, while
    something that was refused has no newer version, and once a sample was approved or the exam
    released.
    """
    at = at or timezone.now()
    enrolment = locked(enrolment)
    if asked := Application.objects.filter(enrolment=enrolment, sample=None).first():
        return asked
    last = last_of(enrolment)
    if last and last.is_open and (answered := Application.objects.filter(sample=last).first()):
        return answered
    if why := works.why_closed(enrolment, at=at):
        raise SampleRefused(why)
    _refuse_too_early(enrolment)
    _refuse_settled(enrolment, last)
    made = Application(enrolment=enrolment, applied_at=at, expected_on=expected_on(enrolment, at))
    if last and last.is_open:
        made.sample = last
    elif last is None:
        made.sample = _draw(enrolment, None, None, at)
    made.save()
    audit.record(action="exams.applied", on=made, by=by)
    tell_coaches(enrolment, f"applied:{made.pk}", is_again=made.sample is None)
    return made


@transaction.atomic
def draw(*, enrolment: Enrolment, by: User, at: datetime | None = None) -> Sample:
    """Draw a sample, as a coach: before anybody applied, or as the answer to who asked for a new
    one. One that is open already is returned instead.

    Raises `SampleRefused` where nothing was handed in, while something that was refused has no
    newer version, once a sample was approved or the exam released, and for a programme that is not
    followed any more.
    """
    enrolment = locked(enrolment)
    last = last_of(enrolment)
    if last and last.is_open:
        return last
    if not works.goes_on(enrolment):
        raise SampleRefused(_("This programme is not followed any more."))
    _refuse_settled(enrolment, last)
    made = _draw(enrolment, last, by, at or timezone.now())
    Application.objects.filter(enrolment=enrolment, sample=None).update(sample=made)
    return made


def locked(enrolment: Enrolment) -> Enrolment:
    """Lock an enrolment, as everything does that changes the work in it, with what rules ask."""
    rows = Enrolment.objects.select_for_update(of=("self",))
    return rows.select_related("learner", "programme__organisation").get(pk=enrolment.pk)


def refuse_released(enrolment: Enrolment) -> None:
    """Raise `SampleRefused` where the exam was released: then no sample matters any more."""
    if Attempt.objects.filter(enrolment=enrolment).exists():
        raise SampleRefused(_("The exam was released already."))


def last_of(enrolment: Enrolment) -> Sample | None:
    """Return the newest sample of somebody; None where none was drawn."""
    return Sample.objects.filter(enrolment=enrolment).order_by("-number").first()


def unimproved(sample: Sample) -> QuerySet[SampleItem]:
    """Keep what was refused in a sample and has no newer version yet; who was exempt of it
    since, or whose coach approved it after all, need not improve it."""
    rows = SampleItem.objects.filter(sample=sample).filter(NOT_IMPROVED)
    return rows.select_related("hand_in__version")


NOT_IMPROVED = Q(verdict=Verdict.SENT_BACK, hand_in__number=F("hand_in__work__number")) & ~Q(
    hand_in__work__state__in=[WorkState.APPROVED, WorkState.EXEMPT]
)


def expected_on(enrolment: Enrolment, at: datetime) -> date:
    """Return by when a sample is to be decided, by the institution's policy of today."""
    here = enrolment.organisation
    return working_days.day_after(here, here.day_of(at), here.sample_days)


def candidates_of(stands: Standing, refused: Sequence[int] = ()) -> list[Candidate]:
    """Return what can be drawn of somebody, in the order of the programme: the newest hand-in of
    each work of which nobody is exempt; of these `refused` works it must be."""
    made = [one.work for one in stands.counting if one.work and one.work.number]
    newest = HandIn.objects.filter(work__in=made, number=F("work__number"))
    keys = dict(newest.values_list("work", "pk"))
    return [
        Candidate(each.theme.pk, one.work.pk, keys[one.work.pk], one.work.pk in refused)
        for each in stands.themes
        for one in each.assignments
        if one.work and one.work.pk in keys
    ]


def passed_over(stands: Standing, candidates: Sequence[Candidate]) -> list[dict[str, object]]:
    """Return the themes with assignments of which nothing can be drawn, and why: nothing was handed
    in, or somebody is exempt of all of it."""
    drawn = {one.theme for one in candidates}
    return [
        {
            "theme": each.theme.pk,
            "why": EXEMPT if all(one.is_exempt for one in each.assignments) else EMPTY,
        }
        for each in stands.themes
        if each.assignments and each.theme.pk not in drawn
    ]


def _draw(enrolment: Enrolment, last: Sample | None, by: User | None, at: datetime) -> Sample:
    stands = standing.of(enrolment)
    if stands.plan is None:
        raise SampleRefused(_("This programme leads to no exam."))
    candidates = candidates_of(stands, _refused(last))
    if not candidates:
        raise SampleRefused(_("Nothing was handed in yet, so there is nothing to draw."))
    seed, size = secrets.token_hex(16), stands.plan.sample_size
    sample = Sample.objects.create(
        enrolment=enrolment,
        number=last.number + 1 if last else 1,
        seed=seed,
        size=size,
        drawn_from=drawing.as_list(candidates),
        passed_over=passed_over(stands, candidates),
        drawn_at=at,
        drawn_by=by,
        expected_on=expected_on(enrolment, at),
    )
    _put_in(sample, drawing.draw(candidates, size=size, seed=seed))
    audit.record(action="exams.sample_drawn", on=sample, by=by)
    return sample


def _put_in(sample: Sample, drawn: Sequence[Candidate]) -> None:
    """Freeze what was drawn, with what was said of each before."""
    keys = [one.hand_in for one in drawn]
    said: dict[int, int] = {}
    for hand_in, review in (
        Review.objects.given()
        .filter(hand_in__in=keys)
        .order_by("given_at", "pk")
        .values_list("hand_in", "pk")
    ):
        said[hand_in] = review
    SampleItem.objects.bulk_create(
        SampleItem(sample=sample, hand_in_id=key, position=n, earlier_id=said.get(key))
        for n, key in enumerate(keys, 1)
    )


def _refused(last: Sample | None) -> Sequence[int]:
    """Return the works that the newest sample refused."""
    if last is None or last.state != SampleState.REFUSED:
        return ()
    items = last.items.filter(verdict=Verdict.SENT_BACK)
    return list(items.values_list("hand_in__work", flat=True))


def _refuse_too_early(enrolment: Enrolment) -> None:
    stands = standing.of(enrolment)
    if stands.plan is None:
        raise SampleRefused(_("This programme leads to no exam."))
    if not stands.is_in_reach:
        words = _("You need %(n)d XP more before you can apply for the exam.")
        raise SampleRefused(words % {"n": stands.lacking})
    if not stands.handed_in:
        raise SampleRefused(_("Hand in an assignment first; your coach looks at what you made."))


def _refuse_settled(enrolment: Enrolment, last: Sample | None) -> None:
    """Raise `SampleRefused` where no other is needed, or something is to be improved first."""
    refuse_released(enrolment)
    if last is None or last.is_open:
        return
    if last.state == SampleState.APPROVED:
        raise SampleRefused(_("The sample was approved already; no other is needed."))
    if missing := list(unimproved(last)):
        words = _("“%(title)s” was sent back and has no newer version yet.")
        raise SampleRefused(words % {"title": missing[0].hand_in.version.title})
