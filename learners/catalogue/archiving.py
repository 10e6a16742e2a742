"""Archiving enrolments: put aside and shown as such, with what was earned left as it is.

Source: the teachers' guide ('Gearchiveerd: de cursus werd gearchiveerd, bijvoorbeeld bij een nieuwe
versie'); only administrators do it. The study status below it is kept.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from learners import audit
from learners.models import Course, Enrolment, User
from learners.telling import notify


@transaction.atomic
def archive(
    *, enrolments: Sequence[Enrolment], by: User, reason: str = "", at: datetime | None = None
) -> list[Enrolment]:
    """Archive enrolments and return those that were not yet. `at` is now, but for what is recorded
    afterwards as it was then."""
    fresh = _locked(enrolments, archived=False)
    _store(fresh, at or timezone.now())
    audit.record_all(action="learners.enrolment_archived", on=fresh, by=by, reason=reason)
    return fresh


@transaction.atomic
def bring_back(*, enrolments: Sequence[Enrolment], by: User, reason: str = "") -> list[Enrolment]:
    """Show archived enrolments again as they were below it, and return those that were archived."""
    archived = _locked(enrolments, archived=True)
    _store(archived, None)
    audit.record_all(action="learners.enrolment_brought_back", on=archived, by=by, reason=reason)
    return archived


def _locked(enrolments: Sequence[Enrolment], *, archived: bool) -> list[Enrolment]:
    rows = Enrolment.objects.filter(
        pk__in=[enrolment.pk for enrolment in enrolments], archived_at__isnull=not archived
    )
    rows = rows.select_related("learner", "course", "programme")
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _store(enrolments: Sequence[Enrolment], at: datetime | None) -> None:
    rows = Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in enrolments])
    rows.update(archived_at=at)
    for enrolment in enrolments:
        enrolment.archived_at = at


def tell(enrolments: Sequence[Enrolment]) -> None:
    """Tell people that what they had not done was archived, and what its new version is."""
    courses = {enrolment.course_id for enrolment in enrolments}
    newer = {c.new_version_of_id: c for c in Course.objects.filter(new_version_of__in=courses)}
    messages = []
    for enrolment in enrolments:
        version = newer.get(enrolment.course_id)
        titles = {
            "title_nl": enrolment.subject.title_nl,
            "title_en": enrolment.subject.title_in("en"),
            "newer_nl": version.title_nl if version else "",
            "newer_en": version.title_in("en") if version else "",
        }
        messages.append(
            notify.Message(
                user_id=enrolment.learner_id,
                organisation_id=enrolment.subject.organisation_id,
                key=f"archived:{enrolment.pk}",
                params=titles,
                url=enrolment.get_absolute_url(),
            )
        )
    notify.tell(kind="learners/enrolment_archived", messages=messages)
