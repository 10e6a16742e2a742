"""What somebody was uploading for an assignment when their subscription ended: it may be finished,
and handed in with the rest of its draft, as long as the ground's rule of grace gives time."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import works
from exams.assignments.states import WorkRefused
from exams.models import DraftFile, HandInFile, Work
from learners.models import Enrolment, StoredFile, Upload, UploadState
from learners.people import grace as graces
from learners.people import subscriptions
from learners.people.grace import Grace


def finishing(
    work: Work, access: subscriptions.Access | None = None, at: datetime | None = None
) -> Grace | None:
    """Return the time that is left for what somebody was uploading for an assignment; None where it
    was nothing, or something else than a subscription keeps their programme closed. `work` may be
    one that was not begun yet."""
    found = _grace(work.enrolment, access, at)
    if found and (_in_draft(work, found).exists() or _is_on_its_way(work, found)):
        return found
    return None


def refuse_closed(work: Work, at: datetime | None = None) -> None:
    """Raise `WorkRefused` where nothing can be handed in now: where their programme is closed, and
    the draft holds nothing that was in time."""
    if not (why := works.why_closed(work.enrolment, at=at)):
        return
    found = _grace(work.enrolment, None, at)
    if not (found and _in_draft(work, found).exists()):
        raise WorkRefused(why)


def refuse_late(work: Work, files: Collection[StoredFile], at: datetime | None = None) -> None:
    """Raise `WorkRefused` where files cannot be put into a draft now: where their programme is
    closed, and they did not begin to come in before their subscription ended."""
    if not (why := works.why_closed(work.enrolment, at=at)):
        return
    found = _grace(work.enrolment, None, at)
    if found is None:
        raise WorkRefused(why)
    if late := [stored for stored in files if not found.takes(stored)]:
        words = _(
            "“%(name)s” began to upload after your subscription ended, so it cannot be added. You "
            "need a subscription for it."
        )
        raise WorkRefused(words % {"name": late[0].name})


def _grace(
    enrolment: Enrolment, access: subscriptions.Access | None, at: datetime | None
) -> Grace | None:
    institution, at = enrolment.organisation, at or timezone.now()
    day = institution.day_of(at)
    access = access or subscriptions.access(enrolment.learner, institution, day)
    if not works.needs_subscription(enrolment, access, at):
        return None
    return graces.grace(access, institution, at)


def _in_draft(work: Work, found: Grace) -> QuerySet[DraftFile]:
    """Keep what a draft holds that began to come in in time, and was not handed in yet."""
    in_time = StoredFile.objects.begun_before(found.since)
    handed_in = HandInFile.objects.filter(hand_in__work=work.pk).values("file")
    rows = DraftFile.objects.filter(draft__work=work.pk, file__in=in_time)
    return rows.exclude(file__in=handed_in)


def _is_on_its_way(work: Work, found: Grace) -> bool:
    """Whether something was chosen for an assignment in time that no form has brought yet."""
    page = reverse("exams:assignment_detail", args=[work.enrolment_id, work.assignment_id])
    theirs = {"owner": work.enrolment.learner_id, "place__startswith": page}
    stored = StoredFile.objects.begun_before(found.since).filter(**theirs)
    uploads = Upload.objects.exclude(state=UploadState.REFUSED).filter(**theirs)
    return (
        uploads.filter(begun_at__lt=found.since).exists()
        or stored.filter(claimed_at=None, let_go_at=None).exists()
    )
