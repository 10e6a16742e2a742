"""What the database refuses of exams, plans, samples and attempts, and by which constraint."""

from django.utils import timezone

from exams.models import (
    Application,
    Attempt,
    Criterion,
    Exam,
    ExamPart,
    ExamPlan,
    Sample,
    SampleItem,
    SampleState,
    Verdict,
)
from exams.tests.factories import a_drawn_sample, an_attempt, an_exam, an_exam_programme
from learners.tests.factories import ProgrammeFactory, UserFactory


def a_version_of_an_exam_twice():
    first = an_exam(an_exam_programme(0))
    return Exam(programme=first.programme, number=first.number, published_at=timezone.now())


def a_second_exam_that_is_made():
    first = an_exam(an_exam_programme(0), published_at=None)
    return Exam(programme=first.programme, number=2)


def a_part(**fields):
    return ExamPart(exam=an_exam(an_exam_programme(0)), title_nl="Deel", **fields)


def a_part_that_counts_for_nothing():
    return a_part(weight=0)


def a_part_that_takes_no_time():
    return a_part(minutes=0)


def a_part_that_takes_longer_than_a_day():
    return a_part(minutes=24 * 60 + 1)


def a_part_of_files_without_size():
    return a_part(most_megabytes=0)


def a_part_of_files_over_100_megabytes():
    return a_part(most_megabytes=101)


def a_part_without_files():
    return a_part(most_files=0)


def a_part_with_21_files():
    return a_part(most_files=21)


def a_part_that_is_good_before_it_is_passed():
    return a_part(cut_score=10, good_score=10)


def a_criterion_that_changes_nothing():
    part = an_exam(an_exam_programme(0)).parts.get()
    return Criterion(part=part, title_nl="Netjes", points=0)


def a_plan_without_a_sample():
    return ExamPlan(programme=ProgrammeFactory(), sample_size=0)


def a_plan_with_a_sample_of_101():
    return ExamPlan(programme=ProgrammeFactory(), sample_size=101)


def another(sample, **fields):
    values = {"number": sample.number + 1, "seed": "0", "size": 1, "drawn_from": []}
    values["expected_on"] = sample.expected_on
    return Sample(enrolment=sample.enrolment, **{**values, **fields})


def decided(sample):
    sample.state, sample.decided_at = SampleState.REFUSED, timezone.now()
    sample.decided_by = UserFactory()
    sample.save()
    return sample


def a_sample_twice():
    first = decided(a_drawn_sample())
    return another(first, number=first.number)


def a_second_sample_at_a_time():
    return another(a_drawn_sample())


def a_sample_in_a_state_that_nobody_knows():
    """It says who decided it neither as what is open nor as what was decided, which another
    constraint refuses too."""
    sample = a_drawn_sample()
    sample.state = "lost"
    return sample


def a_sample_that_nobody_decided():
    sample = a_drawn_sample()
    sample.state = SampleState.APPROVED
    return sample


def an_open_sample_that_somebody_decided():
    sample = a_drawn_sample()
    sample.decided_at, sample.decided_by = timezone.now(), UserFactory()
    return sample


def a_hand_in_twice_in_a_sample():
    item = a_drawn_sample().items.get()
    return SampleItem(sample=item.sample, hand_in=item.hand_in, position=2)


def an_item(**fields):
    item = a_drawn_sample().items.get()
    for name, value in fields.items():
        setattr(item, name, value)
    return item


def a_verdict_that_nobody_knows():
    return an_item(verdict="perhaps", by=UserFactory(), saved_at=timezone.now())


def a_verdict_of_nobody():
    return an_item(verdict=Verdict.APPROVED)


def a_judgement_of_no_moment():
    return an_item(verdict=Verdict.APPROVED, by=UserFactory())


def a_second_application():
    sample = decided(a_drawn_sample())
    asked = {"enrolment": sample.enrolment, "expected_on": sample.expected_on}
    Application.objects.create(**asked)
    return Application(**asked)


def released(**fields):
    attempt = an_attempt()
    for name, value in fields.items():
        setattr(attempt, name, value)
    return attempt


def an_attempt_twice():
    first = released()
    return Attempt(
        enrolment=first.enrolment, exam=first.exam, number=first.number, sample=first.sample,
        earned_xp=0, needed_xp=0, scale=first.scale, assessors=1, resits=first.resits,
        reopening=first.reopening, released_by=first.released_by,
    )  # fmt: skip


def an_attempt_that_started_never():
    return released(state="started")


def a_released_attempt_that_was_started():
    return released(started_at=timezone.now())


def an_attempt_in_a_state_that_nobody_knows():
    return released(state="lost", started_at=timezone.now())


def an_attempt_without_sample_or_reason():
    return released(sample=None)


def an_attempt_with_too_little_xp_and_no_reason():
    return released(earned_xp=10, needed_xp=20)


REFUSED = {
    a_version_of_an_exam_twice: "exam_number_once",
    a_second_exam_that_is_made: "exam_one_version_being_made",
    a_part_that_counts_for_nothing: "exam_part_weighs_something",
    a_part_that_takes_no_time: "exam_part_takes_a_minute_to_a_day",
    a_part_that_takes_longer_than_a_day: "exam_part_takes_a_minute_to_a_day",
    a_part_of_files_without_size: "exam_part_files_within_reason",
    a_part_of_files_over_100_megabytes: "exam_part_files_within_reason",
    a_part_without_files: "exam_part_number_of_files_within_reason",
    a_part_with_21_files: "exam_part_number_of_files_within_reason",
    a_part_that_is_good_before_it_is_passed: "exam_part_good_is_above_passed",
    a_criterion_that_changes_nothing: "criterion_gives_points_or_knocks_out",
    a_plan_without_a_sample: "exam_plan_sample_within_reason",
    a_plan_with_a_sample_of_101: "exam_plan_sample_within_reason",
    a_sample_twice: "sample_number_once",
    a_second_sample_at_a_time: "sample_one_at_a_time",
    a_sample_in_a_state_that_nobody_knows: "sample_state_is_known",
    a_sample_that_nobody_decided: "sample_decided_says_by_whom",
    an_open_sample_that_somebody_decided: "sample_decided_says_by_whom",
    a_hand_in_twice_in_a_sample: "sample_has_a_hand_in_once",
    a_verdict_that_nobody_knows: "sample_item_verdict_is_known",
    a_verdict_of_nobody: "sample_item_says_who_judged_it",
    a_judgement_of_no_moment: "sample_item_says_who_judged_it",
    a_second_application: "application_one_at_a_time",
    an_attempt_twice: "attempt_number_once",
    an_attempt_that_started_never: "attempt_started_says_when",
    a_released_attempt_that_was_started: "attempt_started_says_when",
    an_attempt_in_a_state_that_nobody_knows: "attempt_state_is_known",
    an_attempt_without_sample_or_reason: "attempt_rests_on_a_sample_and_xp_or_a_reason",
    an_attempt_with_too_little_xp_and_no_reason: "attempt_rests_on_a_sample_and_xp_or_a_reason",
}
