"""Who hears that reviews, answers and samples are late: each working day, in the morning of the
institution, a coach and who stands in for them, and the board of what lies too long or has no
coach. One message a day.

What is late is read anew each time, and a key for each day keeps it to one message: so it may run
any number of times, and a morning that was missed is made up for the same day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from exams.models import Work
from exams.releasing import waiting as on_the_way
from exams.reviewing import queues
from learners import working_days
from learners.enrolling.coaches import board_of, coaches_of
from learners.models import Enrolment, Organisation
from learners.telling import notify
from learners.telling.notify import Message

HOURS = range(7, 20)  # of the institution, in which people are told
BATCH = 2_000  # enrolments of which the coaches are asked at once
DAY = timedelta(days=1)
ASKED_AT = "conversation__asked_at"
Rows = Sequence[Mapping[str, Any]]
FOR_COACH, FOR_BOARD = "exams/late_for_coach", "exams/late_for_board"


@dataclass
class Late:
    """How much is late, since when the oldest of it waits; and how much of it has no coach."""

    number: int = 0
    since: datetime | None = None
    alone: int = 0

    def add(self, number: int, since: datetime, *, alone: bool = False) -> None:
        """Count more of it."""
        self.number += number
        self.alone += number if alone else 0
        self.since = min(self.since, since) if self.since else since


def tell_late(now: datetime | None = None) -> int:
    """Tell everybody who is to hear now of what is late; return how many messages were meant."""
    now = now or timezone.now()
    return sum(_tell(one, now) for one in Organisation.objects.order_by("pk") if _is_time(one, now))


def _is_time(organisation: Organisation, now: datetime) -> bool:
    """Whether it is a working day of the institution, from the morning on."""
    today = organisation.day_of(now)
    is_working = working_days.number_between(organisation, today - DAY, today) == 1
    return is_working and timezone.localtime(now, organisation.tz).hour in HOURS


def _tell(organisation: Organisation, now: datetime) -> int:
    today = organisation.day_of(now)
    coaches, board = _late(organisation, today)
    for_coaches = [
        _message(organisation, today, FOR_COACH, coach, late, reverse("exams:review_list"))
        for coach, late in coaches.items()
    ]
    notify.tell(kind=FOR_COACH, messages=for_coaches)
    for_board = [
        _message(organisation, today, FOR_BOARD, member.pk, board, _board_url(board))
        for member in (board_of(organisation) if board.number else ())
    ]
    notify.tell(kind=FOR_BOARD, messages=for_board)
    return len(for_coaches) + len(for_board)


def _late(organisation: Organisation, today: date) -> tuple[dict[int, Late], Late]:
    """Return what is late with each coach and who stands in for them, and what the board hears."""
    with_coach: dict[int, Late] = defaultdict(Late)
    board = Late()
    too_long = _latest_day(organisation, today)
    late = [
        *_reviews(organisation, today, too_long),
        *_answers(organisation, today, too_long),
        *_samples(organisation, today, too_long),
    ]
    for begin in range(0, len(late), BATCH):
        rows = late[begin : begin + BATCH]
        coaches = coaches_of([Enrolment(pk=row["enrolment"]) for row in rows])
        for row in rows:
            theirs = coaches[row["enrolment"]]
            if not theirs:
                board.add(row["n"], row["since"], alone=True)
            elif row["too_long"]:
                board.add(row["too_long"], row["too_long_since"])
            for coach in theirs:
                if coach.pk != row["enrolment__learner"]:
                    with_coach[coach.pk].add(row["n"], row["since"])
    return with_coach, board


def _reviews(organisation: Organisation, today: date, too_long: date) -> Rows:
    """Return how many reviews of each enrolment are late; one query."""
    here = Work.objects.waiting().filter(enrolment__programme__organisation=organisation)
    late, for_board = here.filter(expected_on__lt=today), Q(expected_on__lte=too_long)
    return _counted(late, "waits_since", for_board)


def _answers(organisation: Organisation, today: date, too_long: date) -> Rows:
    """Return how many answers to each enrolment are late; one query."""
    asked = Work.objects.filter(queues.ASKED, enrolment__programme__organisation=organisation)
    late = Q(conversation__asked_at__lt=queues.late_before(organisation, today))
    lain = queues.late_before(organisation, too_long + DAY)
    return _counted(asked.filter(late), ASKED_AT, Q(**{f"{ASKED_AT}__lt": lain}))


def _samples(organisation: Organisation, today: date, too_long: date) -> Rows:
    """Return how many samples of each enrolment are late, drawn or asked for; two queries."""
    for_board = Q(expected_on__lte=too_long)
    is_late = Q(enrolment__programme__organisation=organisation, expected_on__lt=today)
    to_assess, to_draw = on_the_way.to_assess(), on_the_way.to_draw()
    return [
        *_counted(to_assess.filter(is_late), "drawn_at", for_board),
        *_counted(to_draw.filter(is_late), "applied_at", for_board),
    ]


def _counted(late: QuerySet, moment: str, for_board: Q) -> Rows:
    """Return of each enrolment how many are late since when, and of those what the board hears."""
    rows = late.order_by().values("enrolment", "enrolment__learner")
    counted = rows.annotate(
        n=Count("pk"),
        since=Min(moment),
        too_long=Count("pk", filter=for_board),
        too_long_since=Min(moment, filter=for_board),
    )
    return list(counted)


def _latest_day(organisation: Organisation, today: date) -> date:
    """Return the last day by which was expected what is left lying too long by now."""
    return working_days.day_before(organisation, today, organisation.board_days)


def _board_url(board: Late) -> str:
    """Lead to the queue where all of it is the board's own work, else to how everybody is doing."""
    is_own = board.alone == board.number
    return reverse("exams:review_list" if is_own else "exams:progress_list")


def _message(
    organisation: Organisation, today: date, kind: str, user: int, late: Late, url: str
) -> Message:
    assert late.since is not None, "something is late"
    return Message(
        user_id=user,
        organisation_id=organisation.pk,
        key=f"{kind}:{organisation.pk}:{today.isoformat()}",
        params={
            "number": late.number,
            "alone": late.alone,
            "left": late.number - late.alone,
            "since": organisation.day_of(late.since).isoformat(),
            "institution": organisation.name,
        },
        url=url,
    )
