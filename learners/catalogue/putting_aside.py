"""Taking courses, programmes and lessons off the shelves, putting them back, and new versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from learners import audit
from learners.catalogue import archiving
from learners.models import (
    NOT_FINAL,
    Course,
    Enrolment,
    Lesson,
    Material,
    Place,
    Programme,
    User,
)
from learners.models.enrolment import EnrolmentQuerySet

Offer = Course | Programme | Lesson
Offers = Sequence[Course] | Sequence[Programme] | Sequence[Lesson]


class VersionRefused(Exception):
    """A new version cannot be made; the message says why, in the user's language."""


class Along(models.TextChoices):
    """Which enrolments are archived along with what they are in."""

    NOBODY = "", _("None of them: who follows it goes on")
    ENDED = "ended", _("Those that have ended")
    NOT_DONE = "not_done", _("Those that are not done, as where a new version takes its place")
    ALL = "all", _("All of them")


@transaction.atomic
def archive(*, offers: Offers, by: User, reason: str = "", along: str = Along.NOBODY) -> int:
    """Archive courses, programmes or lessons, and return how many were not yet. Nobody enrols any
    more; who follows one goes on, unless their enrolments are archived along with it. Who can no
    longer follow what they had not done is told, of a programme once for all of it."""
    fresh = [offer for offer in _locked(offers) if offer.archived_at is None]
    for offer in fresh:
        offer.archived_at = timezone.now()
        offer.save(update_fields=["archived_at"])
        taken = archiving.archive(
            enrolments=list(going_along(offer, along)), by=by, reason=reason, at=offer.archived_at
        )
        with_it = {enrolment.pk for enrolment in taken}
        archiving.tell([e for e in taken if e.is_open and e.part_of_id not in with_it])
    _record("archived", fresh, by, reason)
    return len(fresh)


@transaction.atomic
def bring_back(*, offers: Offers, by: User, reason: str, with_enrolments: bool = False) -> int:
    """Offer archived courses, programmes or lessons again, and return how many were archived; with
    the enrolments that were archived along with them, as they stood."""
    archived = [offer for offer in _locked(offers) if offer.archived_at is not None]
    for offer in archived:
        if with_enrolments:
            together = _enrolments_in(offer).filter(archived_at=offer.archived_at)
            archiving.bring_back(enrolments=list(together), by=by, reason=reason)
        offer.archived_at = None
        offer.save(update_fields=["archived_at"])
    _record("brought_back", archived, by, reason)
    return len(archived)


def going_along(offer: Offer, along: str) -> EnrolmentQuerySet:
    """Return the enrolments that are archived along with a course or a programme. Those in the
    courses of a programme that it brought about go along with it, by the same choice; who has a
    place in a run that is not over finishes that course."""
    mine = _chosen(_enrolments_in(offer).filter(archived_at=None), along)
    if not isinstance(offer, Programme):
        return mine
    wholes = mine.filter(programme=offer)
    parts = mine.filter(part_of__in=wholes).exclude(_goes_on())
    return Enrolment.objects.filter(Q(pk__in=wholes.values("pk")) | Q(pk__in=parts.values("pk")))


def may_go_along(offers: Sequence[Course] | Sequence[Programme]) -> EnrolmentQuerySet:
    """Return the enrolments that are not done and are archived along with any of these courses or
    programmes, where that is chosen."""
    mine = Enrolment.objects.followed()
    ids = [offer.pk for offer in offers]
    if offers and isinstance(offers[0], Course):
        return mine.filter(course__in=ids)
    parts = mine.filter(part_of__programme__in=ids, part_of__archived_at=None)
    return mine.filter(Q(programme__in=ids) | Q(pk__in=parts.exclude(_goes_on()).values("pk")))


def _chosen(enrolments: EnrolmentQuerySet, along: str) -> EnrolmentQuerySet:
    if along == Along.ALL:
        return enrolments
    if along == Along.NOT_DONE:
        return enrolments.open()
    ended = enrolments.exclude(status__in=NOT_FINAL)
    return ended if along == Along.ENDED else enrolments.none()


def _goes_on() -> Exists:
    """Whether somebody has a place in a run that is not over."""
    booked = Place.objects.booked().filter(enrolment=OuterRef("pk"))
    return Exists(booked.filter(run__ends_at__gt=timezone.now()))


def _enrolments_in(offer: Offer) -> EnrolmentQuerySet:
    """Return those in a course; those in a programme with those that it brought about."""
    if isinstance(offer, Course):
        return Enrolment.objects.filter(course=offer)
    if isinstance(offer, Programme):
        return Enrolment.objects.filter(Q(programme=offer) | Q(part_of__programme=offer))
    return Enrolment.objects.none()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many enrolments could be archived along: not done, ended, and of those that are not done
    the ones that go on, as they have a place in a run that is not over."""

    not_done: int = 0
    ended: int = 0
    going_on: int = 0


def counted_in(offers: Offers) -> dict[int, Counted]:
    """Count the enrolments in each of these courses or programmes, in one query for all."""
    by = "course" if offers and isinstance(offers[0], Course) else "programme"
    return _counted(by, offers)


def counted_in_courses_of(programmes: Sequence[Programme]) -> dict[int, Counted]:
    """Count the enrolments in courses that each of these programmes brought about, in one query."""
    return _counted("part_of__programme", programmes)


def _counted(by: str, offers: Offers) -> dict[int, Counted]:
    is_open = Q(status__in=sorted(NOT_FINAL))
    rows = (
        Enrolment.objects.filter(**{f"{by}__in": offers}, archived_at=None)
        .order_by()
        .annotate(goes_on=_goes_on())
        .values_list(by)
        .annotate(
            not_done=Count("pk", filter=is_open),
            ended=Count("pk", filter=~is_open),
            going_on=Count("pk", filter=is_open & Q(goes_on=True)),
        )
    )
    return {
        pk: Counted(not_done=not_done, ended=ended, going_on=going_on)
        for pk, not_done, ended, going_on in rows
    }


@transaction.atomic
def new_version(*, course: Course, code: str, by: User) -> Course:
    """Copy a course with its lessons and knowledge centre, unpublished, as the new version of it:
    completing the copy satisfies what asked for the original. Raises `VersionRefused` for a code in
    use."""
    if Course.objects.filter(organisation=course.organisation_id, code=code).exists():
        raise VersionRefused(gettext("Another course here has this code."))
    lessons, materials = list(course.lessons.shown()), list(course.materials.all())
    copy = Course.objects.get(pk=course.pk)
    copy.pk = None
    copy._state.adding = True
    copy.code, copy.new_version_of = code, course
    copy.published_at = copy.archived_at = None
    copy.full_clean()
    copy.save()
    for part in (*lessons, *materials):
        part.pk = None
        part.course = copy  # type: ignore[attr-defined]
    Lesson.objects.bulk_create(lessons)
    Material.objects.bulk_create(materials)
    audit.record(action="learners.course_version_made", on=copy, by=by)
    return copy


def _locked(offers: Offers) -> list:
    if not offers:
        return []
    rows = type(offers[0])._default_manager.filter(pk__in=[offer.pk for offer in offers])
    return list(rows.select_for_update().order_by("pk"))


def _record(verb: str, offers: Sequence, by: User, reason: str) -> None:
    if offers:
        kind = offers[0]._meta.model_name
        audit.record_all(action=f"learners.{kind}_{verb}", on=offers, by=by, reason=reason)
