"""The conversation about a piece of work: what was said, what was read, and who waits for an
answer."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from exams.assignments import works
from exams.assignments.states import WorkRefused
from exams.models import Conversation, Message, Work
from learners.enrolling.coaches import board_of, coaches_of
from learners.models import User
from learners.telling import notify

LONGEST = 5_000  # characters


def messages_of(work: Work | None) -> QuerySet[Message]:
    """Return what was said about a work, the oldest first."""
    return Message.objects.filter(conversation__work=work).select_related("by")


@transaction.atomic
def say(
    *, work: Work, by: User, text: str, sent_as: str = "", at: datetime | None = None
) -> Message:
    """Say something about a work, to whoever is at its other side; they are told.

    What a learner says waits for an answer; what anybody else says is one. Sent twice under the
    same key, it is said once. Raises `WorkRefused` where it says nothing or too much, and where the
    programme is not followed any more.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise WorkRefused(_("Write something."))
    if len(text) > LONGEST:
        words = _("This message is too long. Characters: %(n)d; at most %(most)d are possible.")
        raise WorkRefused(words % {"n": len(text), "most": LONGEST})
    work = works.locked(work)
    conversation = _locked(work)
    if sent_as and (said := conversation.messages.filter(sent_as=sent_as).first()):
        return said
    works.refuse_unfollowed(work)
    now = at or timezone.now()
    made = Message.objects.create(
        conversation=conversation, by=by, text=text, at=now, sent_as=sent_as
    )
    if by.pk == work.enrolment.learner_id:
        conversation.asked_at = conversation.asked_at or now
        conversation.learner_read_at = now
    else:
        conversation.asked_at, conversation.coach_read_at = None, now
    conversation.save()
    _tell(made, work)
    return made


@transaction.atomic
def needs_no_answer(*, work: Work, by: User) -> Conversation:
    """Say, as a coach, that what the learner said last needs no answer."""
    conversation = _locked(work)
    conversation.asked_at, conversation.coach_read_at = None, timezone.now()
    conversation.save()
    return conversation


def read(*, work: Work, by: User) -> None:
    """Note that one of both sides has read all that was said so far."""
    mine = by.pk == work.enrolment.learner_id
    field = "learner_read_at" if mine else "coach_read_at"
    Conversation.objects.filter(work=work).update(**{field: timezone.now()})


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
