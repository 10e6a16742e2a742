"""Which exams are open to be worked on, for whoever warns that something will close them."""

from collections.abc import Mapping, Sequence

from exams.models import Attempt, ExamKind
from learners.models import Enrolment


def open_exams(enrolments: Sequence[Enrolment]) -> Mapping[int, str]:
    """Return which of these have an exam that was released, taken here and not handed in, each with
    its title in the language of its learner; one query. No study term, withdrawing or archiving
    closes it."""
    attempts = Attempt.objects.filter(enrolment__in=enrolments).exclude(exam__kind=ExamKind.OUTSIDE)
    rows = attempts.select_related("exam", "enrolment__learner").order_by("number")
    return {one.enrolment_id: one.exam.title_in(one.enrolment.learner.language) for one in rows}
