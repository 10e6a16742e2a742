"""What assignments hold of somebody: for themselves, and until it may be cleared."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F, Q, QuerySet

from exams.models import (
    AssignmentExemption,
    Conversation,
    Draft,
    DraftCopy,
    DraftFile,
    ExperienceEntry,
    HandIn,
    HandInFile,
    Message,
    Remark,
    Review,
    Work,
)
from exams.offered import personal_way
from learners.files import keeping
from learners.hooks.personal import Personal
from learners.models import StoredFile, User
from learners.pseudonyms import NAMELESS, clear_log

Rows = list[dict[str, object]]


def export(user: User) -> Mapping[str, object]:
    """Return what somebody made of assignments and what was said of it, and what they said of the
    work of others, in plain values."""
    works = Work.objects.for_user(user)
    return {
        "assignments": _works_of(works),
        "hand_ins": _hand_ins_of(works),
        "drafts": _drafts_of(works),
        "reviews": _reviews_of(Review.objects.given().filter(hand_in__work__in=works)),
        "xp": _rows(ExperienceEntry.objects.filter(work__in=works), "work_id", "xp", "earned_at"),
        "exemptions_from_assignments": _rows(
            AssignmentExemption.objects.filter(work__in=works),
            "work_id",
            "ground",
            "at",
            "ended_at",
        ),
        "messages": _rows(
            Message.objects.filter(conversation__work__in=works),
            *("text", "at"),
            work_id=F("conversation__work"),
            name=F("by__name"),
        ),
        "reviews_given": _reviews_of(Review.objects.filter(by=user)),
        "messages_about_others": _rows(
            Message.objects.filter(by=user).exclude(conversation__work__in=works), "text", "at"
        ),
        "exemptions_given": _rows(AssignmentExemption.objects.filter(by=user), "ground", "at"),
        **personal_way.export(user),
    }


def _works_of(works: QuerySet[Work]) -> Rows:
    return _rows(
        works,
        *("id", "enrolment_id", "state", "number", "waits_since", "expected_on", "created_at"),
        code=F("assignment__code"),
        title=F("version__title_nl"),
    )


def _hand_ins_of(works: QuerySet[Work]) -> Rows:
    rows = HandIn.objects.filter(work__in=works)
    names = _names(HandInFile.objects.filter(hand_in__in=rows), "hand_in")
    found = rows.order_by("work", "number").values(
        "pk", "work_id", "number", "text", "handed_in_at"
    )
    return [_told(row, files=names[row["pk"]]) for row in found]


def _drafts_of(works: QuerySet[Work]) -> Rows:
    rows = Draft.objects.filter(work__in=works)
    names = _names(DraftFile.objects.filter(draft__in=rows), "draft")
    others: dict[int, list[str]] = defaultdict(list)
    for draft, text in DraftCopy.objects.filter(draft__in=rows).values_list("draft", "text"):
        others[draft].append(text)
    found = rows.order_by("pk").values("pk", "work_id", "text", "saved_at")
    return [_told(row, files=names[row["pk"]], other_texts=others[row["pk"]]) for row in found]


def _reviews_of(reviews: QuerySet[Review]) -> Rows:
    remarks: dict[int, list[str]] = defaultdict(list)
    for review, text in Remark.objects.filter(review__in=reviews).values_list("review", "text"):
        remarks[review].append(text)
    found = reviews.order_by("pk").values(
        *("pk", "verdict", "feedback", "saved_at", "given_at"),
        of_version=F("hand_in__number"),
        code=F("hand_in__work__assignment__code"),
        name=F("by__name"),
    )
    return [_told(row, remarks=remarks[row["pk"]]) for row in found]


def _told(row: Mapping[str, object], **more: object) -> dict[str, object]:
    """Return a row without its key, with what else belongs to it."""
    return {name: value for name, value in row.items() if name != "pk"} | more


def _names(files: QuerySet, of: str) -> Mapping[int, list[str]]:
    """Return how the files of each of these are called."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, name in files.order_by("pk").values_list(of, "file__name"):
        found[key].append(name)
    return found


def _rows(rows: QuerySet, *fields: str, **renamed: F) -> Rows:
    return list(rows.order_by("pk").values(*fields, **renamed))


def active_since(since: datetime) -> Q:
    """Keep people who wrote, handed in or said something since then, or heard something of it."""
    drafts = Draft.objects.filter(saved_at__gte=since).values("work__enrolment__learner")
    handed_in = HandIn.objects.filter(handed_in_at__gte=since).values("work__enrolment__learner")
    reviews = Review.objects.filter(saved_at__gte=since)
    messages = Message.objects.filter(at__gte=since)
    exemptions = AssignmentExemption.objects.filter(Q(at__gte=since) | Q(ended_at__gte=since))
    return (
        Q(pk__in=drafts)
        | Q(pk__in=handed_in)
        | Q(pk__in=reviews.values("by"))
        | Q(pk__in=reviews.given().values("hand_in__work__enrolment__learner"))
        | Q(pk__in=messages.values("by"))
        | Q(pk__in=messages.values("conversation__work__enrolment__learner"))
        | Q(pk__in=exemptions.values("by"))
        | Q(pk__in=exemptions.values("work__enrolment__learner"))
        | personal_way.active_since(since)
    )


def pseudonymise(ids: Collection[int], *, at: datetime) -> None:
    """Forget what these people wrote and handed in, and what was written of it; states, moments,
    verdicts and XP stay. What they wrote of the work of others is of those others."""
    works = Work.objects.filter(enrolment__learner__in=ids)
    Review.objects.filter(by__in=ids, given_at=None).delete()
    _forget_reviews(Review.objects.filter(hand_in__work__in=works))
    _forget_files(works)
    Draft.objects.filter(work__in=works).delete()
    HandIn.objects.filter(work__in=works).exclude(text="").update(text=NAMELESS)
    conversations = Conversation.objects.filter(work__in=works)
    Message.objects.filter(conversation__in=conversations).update(text=NAMELESS)
    conversations.update(asked_at=None)
    AssignmentExemption.objects.filter(work__in=works).update(ground=NAMELESS)
    clear_log("exams.work", works.values("pk"))
    personal_way.pseudonymise(ids)


def _forget_reviews(reviews: QuerySet[Review]) -> None:
    """Forget what coaches wrote of somebody's work; that they approved it or sent it back stays."""
    Remark.objects.filter(review__in=reviews).delete()
    reviews.filter(given_at=None).delete()
    reviews.exclude(feedback="").update(feedback=NAMELESS)


def _forget_files(works: QuerySet[Work]) -> None:
    """Take the files from what was drafted and handed in, and let them go for good."""
    held = (
        DraftFile.objects.filter(draft__work__in=works),
        HandInFile.objects.filter(hand_in__work__in=works),
    )
    keys = {key for rows in held for key in rows.values_list("file", flat=True)}
    for rows in held:
        rows.delete()
    keeping.let_go(files=list(StoredFile.objects.filter(pk__in=keys)))


PERSONAL = Personal(export=export, active_since=active_since, pseudonymise=pseudonymise)
