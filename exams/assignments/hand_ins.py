"""Handing in an assignment: the draft becomes a version that stays, and XP may be earned."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import drafts, experience, in_time, states, works
from exams.assignments.states import WorkIncomplete, WorkRefused
from exams.models import AssignmentVersion, Draft, HandIn, HandInFile, Work, WorkAct
from learners.models import StoredFile, User


@transaction.atomic
def hand_in(
    *,
    work: Work,
    by: User,
    number: int,
    revision: int,
    read: int | None = None,
    shown: Collection[int] | None = None,
    at: datetime | None = None,
) -> HandIn:
    """Hand in the draft as its writer saw it: at this revision, and with `number` versions before;
    `read` is the version of the assignment that they read, and `shown` the files, by their keys.

    Pressed twice, it is done once: the second gets the same version. Raises `WorkRefused` where
    they cannot work now, but for what they were uploading in time; where the answer is not complete
    or nothing changed; and where something else was asked, typed, added or handed in meanwhile.
    Then nothing is handed in, and the draft stays.
    """
    locked = works.locked(work)
    draft = _draft_of(locked)
    last = locked.hand_ins.filter(number=locked.number).first()
    if last and locked.number == number + 1 and not drafts.differs(draft, last):
        return last
    in_time.refuse_closed(locked, at)
    _refuse_meanwhile(locked, draft, number, revision)
    version = works.asked_of(locked.enrolment, locked.assignment, locked)
    if version is None:
        raise WorkRefused(_("This assignment is not asked of you any more."))
    if read not in (None, version.pk):
        raise WorkRefused(_("This assignment was changed. Read it first; what you typed is kept."))
    files = _files_of(draft) if version.takes_files else []
    _refuse_unseen(files, shown)
    _refuse_incomplete(version, draft, files)
    if last and last.version_id == version.pk and not drafts.differs(draft, last):
        raise WorkIncomplete(_("Nothing changed since the version that you handed in last."))
    return _write(locked, version, draft, files, at or timezone.now())


def _write(
    work: Work, version: AssignmentVersion, draft: Draft, files: list[StoredFile], at: datetime
) -> HandIn:
    made = HandIn.objects.create(
        work=work,
        number=work.number + 1,
        version=version,
        text=draft.text if version.takes_text else "",
        handed_in_at=at,
    )
    HandInFile.objects.bulk_create(
        HandInFile(hand_in=made, file=stored, position=position)
        for position, stored in enumerate(files, 1)
    )
    act = WorkAct.HAND_IN if version.is_reviewed else WorkAct.FINISH
    states.refuse(work, act)
    work.number, work.version = made.number, version
    states.change(work, act, wait=works.waiting_from(work, at))
    experience.earn(work, at)
    works.start_programme(work.enrolment, at)
    return made


def _draft_of(work: Work) -> Draft:
    """Lock the draft of a locked work. Where there is none none is made: a first saving that is
    under way has it, and waits for this work."""
    found = Draft.objects.select_for_update(of=("self",)).filter(work=work).first()
    return found or Draft(work=work)


def _files_of(draft: Draft) -> list[StoredFile]:
    return [row.file for row in draft.files.select_related("file")] if draft.pk else []


def _refuse_meanwhile(work: Work, draft: Draft, number: int, revision: int) -> None:
    if work.number != number:
        raise WorkRefused(
            _("You handed in another version meanwhile. What you typed is kept; look at it first.")
        )
    if draft.revision != revision:
        raise WorkRefused(
            _("You went on in another window. Look at that text first; nothing was handed in.")
        )


def _refuse_unseen(files: Collection[StoredFile], shown: Collection[int] | None) -> None:
    """Refuse files that a page did not show, and those that it showed and that are gone."""
    if shown is not None and {stored.pk for stored in files} != set(shown):
        raise WorkRefused(
            _(
                "A file was added or taken away in another window. Look at it first; nothing was "
                "handed in."
            )
        )


def _refuse_incomplete(version: AssignmentVersion, draft: Draft, files: list[StoredFile]) -> None:
    has_text = version.takes_text and bool(draft.text.strip())
    if not (has_text or files):
        raise WorkIncomplete(_what_is_missing(version))
    if harmful := [stored.name for stored in files if stored.is_infected]:
        words = _("Something harmful was found in “%(name)s”. Take it away, and use a clean file.")
        raise WorkIncomplete(words % {"name": harmful[0]})


def _what_is_missing(version: AssignmentVersion) -> str:
    if not version.takes_files:
        return _("Write your answer first.")
    if not version.takes_text:
        return _("Add a file first.")
    return _("Write your answer or add a file first.")
