"""Taking courses, programmes and lessons off the shelves, putting them back, and new versions."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import archiving, audit
from learners.models import NOT_FINAL, Course, Enrolment, Lesson, Material, Programme, User

Offers = Sequence[Course] | Sequence[Programme] | Sequence[Lesson]


class VersionRefused(Exception):
    """A new version cannot be made; the message says why, in the user's language."""


@transaction.atomic
def archive(
    *,
    offers: Offers,
    by: User,
    reason: str = "",
    with_enrolments: bool = False,
) -> int:
    """Archive courses, programmes or lessons, and return how many were not yet. Nobody enrols any
    more; who follows one goes on. With their enrolments, those that are final are shown as archived
    too."""
    fresh = [offer for offer in _locked(offers) if offer.archived_at is None]
    for offer in fresh:
        offer.archived_at = timezone.now()
        offer.save(update_fields=["archived_at"])
        if with_enrolments:
            mine = Enrolment.objects.filter(course=offer) if isinstance(offer, Course) else None
            mine = Enrolment.objects.filter(programme=offer) if mine is None else mine
            ended = mine.exclude(status__in=NOT_FINAL)
            archiving.archive(enrolments=list(ended), by=by, reason=reason)
    _record("archived", fresh, by, reason)
    return len(fresh)


@transaction.atomic
def bring_back(*, offers: Offers, by: User, reason: str) -> int:
    """Offer archived courses, programmes or lessons again, and return how many were archived."""
    archived = [offer for offer in _locked(offers) if offer.archived_at is not None]
    for offer in archived:
        offer.archived_at = None
        offer.save(update_fields=["archived_at"])
    _record("brought_back", archived, by, reason)
    return len(archived)


@transaction.atomic
def new_version(*, course: Course, code: str, by: User) -> Course:
    """Copy a course with its lessons and knowledge centre, unpublished, as the new version of it:
    completing the copy satisfies what asked for the original. Raises `VersionRefused` for a code in
    use."""
    if Course.objects.filter(organisation=course.organisation_id, code=code).exists():
        raise VersionRefused(_("Another course here has this code."))
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
