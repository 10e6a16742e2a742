"""The conversation about a piece of work: what was said, what was read, and who waits for an
answer."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import works
from exams.assignments.states import WorkRefused
from exams.models import Conversation, Message, Work
from learners import audit
from learners.enrolling.coaches import board_of, coaches_of
from learners.models import User
from learners.telling import notify

LONGEST = 5_000  # characters


class SaidMeanwhile(WorkRefused):
    """Somebody said something that whoever answers had not seen."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s wrote something meanwhile. Read it first; what you typed is still here.")
            % {"name": name}
        )


def messages_of(work: Work | None) -> QuerySet[Message]:
    """Return what was said about a work, the oldest first."""
    return Message.objects.filter(conversation__work=work).select_related("by")


@transaction.atomic
def say(
    *,
    work: Work,
    by: User,
    text: str,
    sent_as: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> Message:
    """Say something about a work, to whoever is at its other side; they are told.

    What a learner says waits for an answer; what anybody else says is one, to all up to the
    message `seen`, and `None` is all there is. Sent twice under the same key, it is said once.
    Raises `WorkRefused` where it says nothing or too much and where the programme is not followed
    any more, `SaidMeanwhile` for an answer to what was not seen.
    """
    text = _readable(text)
    work = works.locked(work)
    conversation = _locked(work)
    if sent_as and (said := conversation.messages.filter(sent_as=sent_as).first()):
        return said
    works.refuse_unfollowed(work)
    now = at or timezone.now()
    if by.pk == work.enrolment.learner_id:
        conversation.asked_at = conversation.asked_at or now
    else:
        _refuse_unseen(conversation, by, seen)
        conversation.asked_at = None
    conversation.save()
    made = Message.objects.create(
        conversation=conversation, by=by, text=text, at=now, sent_as=sent_as
    )
    _tell(made, work)
    return made


@transaction.atomic
def needs_no_answer(*, work: Work, by: User, seen: int) -> Conversation:
    """Say, as a coach, that what the learner said up to the message `seen` needs no answer. Raises
    `SaidMeanwhile` where something was said since."""
    conversation = _locked(work)
    if conversation.asked_at is None:
        return conversation
    _refuse_unseen(conversation, by, seen)
    asked_at, conversation.asked_at = conversation.asked_at, None
    conversation.save()
    changes = {"asked_at": [asked_at.isoformat(), None]}
    audit.record(action="exams.needs_no_answer", on=work, by=by, changes=changes)
    return conversation


def read(*, last: Message) -> None:
    """Note that the learner has read all that was said up to this message."""
    unread = Q(learner_read_at=None) | Q(learner_read_at__lt=last.at)
    talk = Conversation.objects.filter(unread, pk=last.conversation_id)
    talk.update(learner_read_at=last.at)


def _readable(text: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise WorkRefused(_("Write something."))
    if len(text) > LONGEST:
        words = _("This message is too long. Characters: %(n)d; at most %(most)d are possible.")
        raise WorkRefused(words % {"n": len(text), "most": LONGEST})
    return text


def _refuse_unseen(conversation: Conversation, by: User, seen: int | None) -> None:
    """Raise `SaidMeanwhile` where somebody else said something since the message that was seen."""
    if seen is None:
        return
    news = conversation.messages.filter(pk__gt=seen).exclude(by=by).select_related("by")
    if last := news.last():
        raise SaidMeanwhile(last.by.name)


def _locked(work: Work) -> Conversation:
    Conversation.objects.bulk_create([Conversation(work_id=work.pk)], ignore_conflicts=True)
    return Conversation.objects.select_for_update(of=("self",)).get(work=work)


def _tell(message: Message, work: Work) -> None:
    params = {**_titles(work), "name": message.by.name}
    notify.tell(
        kind="exams/message",
        messages=[
            notify.Message(
                user_id=person,
                organisation_id=work.enrolment.subject.organisation_id,
                key=f"message:{message.pk}",
                params=params,
                url=url,
            )
            for person, url in _others(message, work)
        ],
    )


def _titles(work: Work) -> dict[str, str]:
    """Return the title of what was handed in, or of what is asked where nothing was yet."""
    version = work.version or works.asked_of(work.enrolment, work.assignment, work)
    if version is None:
        return {"title_nl": work.assignment.code, "title_en": work.assignment.code}
    return {"title_nl": version.title_nl, "title_en": version.title_in("en")}


def _others(message: Message, work: Work) -> Iterable[tuple[int, str]]:
    """Return who is at the other side, each with their page: the learner, or their coaches and who
    stands in for them; without a coach the board."""
    enrolment = work.enrolment
    if message.by_id != enrolment.learner_id:
        return [(enrolment.learner_id, work.get_absolute_url())]
    coaches = coaches_of([enrolment])[enrolment.pk] or board_of(enrolment.organisation)
    return [(one.pk, work.get_review_url()) for one in coaches if one.pk != message.by_id]
