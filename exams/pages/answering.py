"""The answer to an assignment as its page shows it: what was typed and chosen, what other windows
have, and whether it can be handed in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import drafts, in_time, put_aside, works
from exams.assignments.drafts import Saved
from exams.assignments.standing import Asked
from exams.models import Draft, DraftCopy, Work, WorkState
from exams.pages.answer_form import AnswerForm
from learners.models import Enrolment, StoredFile, User
from learners.people import subscriptions
from learners.people.grace import Grace
from learners.studying import reopening
from learners.telling import days


@dataclass(frozen=True)
class Answering:
    """What the form of an answer shows. `number` and `revision` say what its reader saw: versions
    that were handed in, and savings of the draft; `read` which version of the assignment; `window`
    names this rendering of it."""

    person: User
    enrolment: Enrolment
    asked: Asked
    draft: Draft
    copies: Sequence[DraftCopy]
    files: Sequence[StoredFile]
    form: AnswerForm
    why_closed: str
    number: int
    revision: int
    read: int
    window: str
    refusal: str = ""
    is_unsent: bool = False
    subscription_url: str = ""
    finishing: Grace | None = None

    @property
    def in_time(self) -> str:
        """Until when what was being uploaded can be handed in, though the subscription ended; ''
        where that is not so."""
        if self.finishing is None:
            return ""
        words = _(
            "Your subscription ended. What you were uploading can be handed in until %(when)s."
        )
        return words % {"when": days.exact(self.finishing.until)}

    @property
    def unkept(self) -> str:
        """What was typed where nothing can be kept any more, so that it can be copied."""
        typed = str(self.form.data.get("text", "")) if self.form.is_bound else ""
        return "" if self.is_open or typed.strip() == self.draft.text.strip() else typed

    @property
    def is_open(self) -> bool:
        """Whether something can be handed in now."""
        return not self.why_closed

    @property
    def is_again(self) -> bool:
        """Whether something was handed in before, so that this would be a new version."""
        return self.number > 0

    @property
    def waits_for_nothing(self) -> bool:
        """Whether nothing is asked of the learner now, though they may hand in a new version."""
        is_handed_in = self.asked.state in (WorkState.HANDED_IN, WorkState.DONE)
        return is_handed_in and not (self.copies or self.refusal or self.form.errors)

    @property
    def leaves_something(self) -> bool:
        """Whether it is closed with something of a draft that was not handed in."""
        has_any = bool(self.draft.text.strip() or self.files)
        return not self.is_open and bool(self.copies or (self.is_unsent and has_any))

    @property
    def kept(self) -> str:
        """When the draft was kept, in words; '' where there is none."""
        return kept_words(self.draft) if self.draft.pk else ""


def of(
    user: User,
    enrolment: Enrolment,
    asked: Asked,
    access: subscriptions.Access | None = None,
    *,
    form: AnswerForm | None = None,
    refusal: str = "",
    read: int | None = None,
) -> Answering:
    """Return what the form of somebody's answer shows, in three queries, four where it is closed,
    and in the day after a subscription ended up to three more.
    `form` is one that came back with something to mend, `refusal` why it was not handed in, and
    `read` the version of the assignment that its writer read; that which is asked unless said."""
    draft = drafts.of(asked.work)
    access = access or subscriptions.access(user, enrolment.organisation)
    lacks = works.needs_subscription(enrolment, access)
    why_closed, finishing = _why_closed(enrolment, asked, access)
    is_stored = draft.pk is not None
    came = form.seen if form else None
    return Answering(
        person=user,
        enrolment=enrolment,
        asked=asked,
        draft=draft,
        copies=list(draft.copies.all()) if is_stored else [],
        files=files_of(draft),
        form=form or AnswerForm(by=user, initial={"text": draft.text}),
        why_closed=why_closed,
        number=came.number if came else (asked.work.number if asked.work else 0),
        revision=came.revision if came else draft.revision,
        read=asked.version.pk if read is None else read,
        window=(came.window if came else "") or secrets.token_urlsafe(12),
        refusal=refusal,
        is_unsent=bool(why_closed) and is_stored and drafts.is_unsent(draft),
        subscription_url=reopening.address(enrolment) if lacks else "",
        finishing=finishing,
    )


def _why_closed(
    enrolment: Enrolment, asked: Asked, access: subscriptions.Access
) -> tuple[str, Grace | None]:
    """Return why nothing can be handed in, '' where something can; and until when, where that is
    what was being uploaded as a subscription ended."""
    if why := _why_finished(asked):
        return works.why_closed(enrolment, access) or why, None
    why = works.why_closed(enrolment, access)
    work = asked.work or Work(enrolment=enrolment, assignment=asked.assignment)
    work.enrolment = enrolment
    finishing = in_time.finishing(work, access) if why else None
    return ("" if finishing else why), finishing


def files_of(draft: Draft) -> list[StoredFile]:
    """Return the files of a draft, in one query; none of one that is not stored."""
    return [row.file for row in draft.files.select_related("file")] if draft.pk else []


def now(draft: Draft, *, known: int | None) -> dict[str, Any]:
    """Tell a window how the draft stands; the text only where it has another than it knows."""
    kept = kept_words(draft) if draft.pk else ""
    ahead = _("You went on in another window or device meanwhile; that text is here now. %(kept)s")
    said = {
        "revision": draft.revision,
        "window": draft.window,
        "said": kept,
        "ahead": ahead % {"kept": kept},
    }
    return said if draft.revision == known else {**said, "text": draft.text}


def after(saved: Saved, take: str) -> dict[str, Any]:
    """Tell a window what became of the text that it sent; `take` is where it is made the draft."""
    if saved.is_ahead:
        return {"is_ahead": True, "revision": saved.draft.revision, "said": kept_words(saved.draft)}
    return {"is_ahead": False, "said": ahead_words(saved.draft), "take": take}


def kept_words(draft: Draft) -> str:
    """Say when a draft was kept last."""
    words = _("Kept at %(time)s") if _is_of_today(draft) else _("Kept on %(day)s at %(time)s")
    return words % _when(draft)


def ahead_words(draft: Draft) -> str:
    """Say which text counts where another window went on."""
    if _is_of_today(draft):
        words = _(
            "You went on in another window or device at %(time)s. That text counts; what you type "
            "here is kept beside it."
        )
    else:
        words = _(
            "You went on in another window or device on %(day)s at %(time)s. That text counts; "
            "what you type here is kept beside it."
        )
    return words % _when(draft)


def _is_of_today(draft: Draft) -> bool:
    return timezone.localdate(draft.saved_at) == timezone.localdate()


def _when(draft: Draft) -> dict[str, str]:
    moment = timezone.localtime(draft.saved_at)
    return {"day": days.day(moment), "time": days.clock(moment)}


def _why_finished(asked: Asked) -> str:
    """Say why nothing more can be handed in, '' where it can."""
    if asked.is_put_aside:
        return put_aside.why_closed(asked.work)
    if asked.state == WorkState.APPROVED:
        return _("This assignment was approved; you need not hand in anything more.")
    if asked.state == WorkState.EXEMPT:
        return _("You are exempt from this assignment; you need not hand in anything.")
    return ""
