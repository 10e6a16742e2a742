"""What the database refuses, whoever asks: one test for each constraint of the ground floor."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from learners.models import (
    Actor,
    Coaching,
    Enrolment,
    ForceMajeure,
    ImportBlock,
    ImportJob,
    Lesson,
    LessonKind,
    LessonProgress,
    Material,
    Meeting,
    Membership,
    Notification,
    Place,
    PlaceState,
    ProgrammeCourse,
    Role,
    StandIn,
    StoredFile,
    StudyPointAccount,
    StudyPointEntry,
    StudyStatus,
    StudyStatusChange,
    Subscription,
    SubscriptionCode,
    SubscriptionCodeBatch,
    SubscriptionKind,
    Upload,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    ProgrammeFactory,
    RunFactory,
    UserFactory,
    a_lesson,
    a_participant,
    a_programme,
    a_run,
    an_enrolment,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
S = StudyStatus


def enrolment(**fields):
    fields = {"learner": UserFactory(), "status": S.ENROLLED, **fields}
    return Enrolment(**fields)


def change(enrolment, **fields):
    fields = {"to_status": S.ABSENT, "actor": Actor.SYSTEM, **fields}
    return StudyStatusChange(enrolment=enrolment, **fields)


def entry(**fields):
    account = StudyPointAccount.objects.create(learner=UserFactory(), course=CourseFactory())
    fields = {"points": 1, "cause": f"mark:{account.pk}:", **fields}
    return StudyPointEntry(account=account, **fields)


def an_organisation_with_three_assessors():
    return OrganisationFactory.build(assessors_per_exam=3)


def an_organisation_that_keeps_data_for_no_time():
    return OrganisationFactory.build(attendance_kept_years=0)


def a_role_twice():
    user, organisation = UserFactory(), OrganisationFactory()
    Membership.objects.create(user=user, organisation=organisation, role=Role.COACH)
    return Membership(user=user, organisation=organisation, role=Role.COACH)


def a_number_twice():
    organisation = OrganisationFactory()
    Membership.objects.create(user=UserFactory(), organisation=organisation, number="7")
    return Membership(user=UserFactory(), organisation=organisation, number="7")


def a_teacher_with_a_number():
    return Membership(
        user=UserFactory(), organisation=OrganisationFactory(), role=Role.TEACHER, number="7"
    )


def a_second_trial():
    user = UserFactory()
    days = {"starts_on": TODAY, "ends_on": TODAY}
    Subscription.objects.create(user=user, kind=SubscriptionKind.TRIAL, **days)
    return Subscription(user=user, kind=SubscriptionKind.TRIAL, **days)


def a_trial_of_one_institution():
    return Subscription(
        user=UserFactory(), organisation=OrganisationFactory(), kind=SubscriptionKind.TRIAL,
        starts_on=TODAY, ends_on=TODAY,
    )  # fmt: skip


def a_subscription_that_ends_before_it_starts():
    return Subscription(
        user=UserFactory(), kind=SubscriptionKind.PAID, starts_on=TODAY,
        ends_on=TODAY - timedelta(days=1),
    )  # fmt: skip


def a_batch(**fields):
    fields = {"name": "Najaar", "days": 90, "number": 1, "ends_on": TODAY, **fields}
    return SubscriptionCodeBatch(organisation=OrganisationFactory(), **fields)


def a_batch_of_no_days():
    return a_batch(days=0)


def a_batch_without_codes():
    return a_batch(number=0)


def a_code(**fields):
    batch = a_batch()
    batch.save()
    return SubscriptionCode(batch=batch, code="7F3K92QXMB4T", **fields)


def a_code_that_is_used_by_nobody():
    return a_code(used_at=timezone.now())


def a_code_that_is_used_and_withdrawn():
    user = UserFactory()
    days = {"kind": SubscriptionKind.PAID, "starts_on": TODAY, "ends_on": TODAY}
    given = Subscription.objects.create(user=user, **days)
    now = timezone.now()
    return a_code(used_at=now, used_by=user, subscription=given, withdrawn_at=now)


def a_course_code_twice():
    first = CourseFactory()
    return CourseFactory.build(organisation=first.organisation, code=first.code)


def a_course_that_is_its_own_version():
    course = CourseFactory()
    course.new_version_of = course
    return course


def a_lesson_of(kind, **fields):
    return Lesson(course=CourseFactory(), title_nl="Les", kind=kind, **fields)


def a_text_with_a_link():
    return a_lesson_of(LessonKind.TEXT, body_nl="Lees", link="https://example.org/")


def a_video_without_a_file():
    return a_lesson_of(LessonKind.VIDEO)


def a_link_without_an_address():
    return a_lesson_of(LessonKind.LINK)


def a_picture_that_nobody_describes():
    return a_lesson_of(LessonKind.PICTURE, file=a_stored_file())


def a_text_with_captions():
    return a_lesson_of(LessonKind.TEXT, body_nl="Lees", captions_nl=a_stored_file())


def a_stored_file():
    return StoredFile.objects.create(name="a", size=1, kind="text/plain", content="uploads/a")


def progress_twice_in_a_lesson():
    lesson = a_lesson(CourseFactory())
    said = {"enrolment": an_enrolment(lesson.course), "lesson": lesson}
    LessonProgress.objects.create(**said)
    return LessonProgress(**said)


def a_lesson_finished_before_it_was_opened():
    lesson = a_lesson(CourseFactory())
    now = timezone.now()
    return LessonProgress(
        enrolment=an_enrolment(lesson.course),
        lesson=lesson,
        opened_at=now,
        completed_at=now - timedelta(seconds=1),
    )


def a_material_without_a_file_or_a_link():
    return Material(course=CourseFactory(), title="Reader")


def a_programme_code_twice():
    first = ProgrammeFactory()
    return ProgrammeFactory.build(organisation=first.organisation, code=first.code)


def a_course_twice_in_a_programme():
    course = CourseFactory()
    return ProgrammeCourse(programme=a_programme(course), course=course)


def a_run_code_twice():
    first = RunFactory()
    return RunFactory.build(course=first.course, code=first.code)


def a_run_that_ends_before_it_starts():
    run = RunFactory()
    run.starts_at = timezone.now()
    run.ends_at = run.starts_at - timedelta(hours=1)
    return run


def a_meeting_that_ends_when_it_begins():
    now = timezone.now()
    return Meeting(run=RunFactory(), begins_at=now, ends_at=now)


def an_enrolment_in_both():
    return enrolment(course=CourseFactory(), programme=ProgrammeFactory())


def an_enrolment_in_nothing():
    return enrolment()


def a_programme_as_a_part():
    return enrolment(programme=ProgrammeFactory(), part_of=an_enrolment(CourseFactory()))


def a_course_begun_anew():
    return enrolment(course=CourseFactory(), results_from=TODAY)


def a_status_that_nobody_knows():
    return enrolment(course=CourseFactory(), status="dreaming")


def a_second_open_enrolment_in_a_course():
    first = an_enrolment(CourseFactory())
    return enrolment(learner=first.learner, course=first.course, status=S.TERM_LAPSED)


def a_second_open_enrolment_in_a_programme():
    first = enrolment(programme=ProgrammeFactory())
    first.save()
    return enrolment(learner=first.learner, programme=first.programme, status=S.STARTED)


def a_coach_twice():
    first = Coaching.objects.create(enrolment=an_enrolment(CourseFactory()), coach=UserFactory())
    return Coaching(enrolment=first.enrolment, coach=first.coach)


def a_stand_in(**fields):
    days = {"starts_at": timezone.now(), "ends_at": timezone.now() + timedelta(days=1)}
    people = {"coach": UserFactory(), "stand_in": UserFactory()}
    return StandIn(organisation=OrganisationFactory(), **people | days | fields)


def a_coach_who_stands_in_for_themselves():
    coach = UserFactory()
    return a_stand_in(coach=coach, stand_in=coach)


def a_stand_in_that_ends_before_it_starts():
    return a_stand_in(ends_at=timezone.now() - timedelta(days=1))


def no_working_day_for_a_review():
    return OrganisationFactory.build(review_days=0)


def no_working_day_for_a_sample():
    return OrganisationFactory.build(sample_days=0)


def no_working_day_until_the_board_hears():
    return OrganisationFactory.build(board_days=0)


def too_many_working_days_for_a_review():
    return OrganisationFactory.build(review_days=61)


def too_many_working_days_for_a_sample():
    return OrganisationFactory.build(sample_days=61)


def too_many_working_days_until_the_board_hears():
    return OrganisationFactory.build(board_days=61)


def a_second_booked_place():
    first = a_participant(a_run(3))
    return Place(enrolment=first, run=a_run(3))


def a_place_waited_for_since_never():
    return Place(enrolment=an_enrolment(CourseFactory()), run=a_run(3), state=PlaceState.WAITLISTED)


def a_run_that_closes_after_it_starts():
    run = a_run(3)
    run.enrol_closes_at = run.ends_at
    return run


def a_place_twice_in_a_run():
    run = a_run(3)
    return Place(enrolment=a_participant(run), run=run, state=PlaceState.RELEASED)


def a_booked_place_that_was_released():
    return Place(enrolment=an_enrolment(CourseFactory()), run=a_run(3), released_by_status=True)


def a_second_change_that_waits():
    row = an_enrolment(CourseFactory())
    change(row).save()
    return change(row, to_status=S.NOT_PASSED)


def a_change_of_nothing():
    return change(an_enrolment(CourseFactory()), from_status=S.ABSENT)


def a_day_of_what_is_no_result():
    return change(an_enrolment(CourseFactory()), counts_from=TODAY)


def a_teachers_change_by_nobody():
    return change(an_enrolment(CourseFactory()), actor=Actor.TEACHER)


def a_systems_change_by_somebody():
    return change(an_enrolment(CourseFactory()), by=UserFactory())


def an_account_twice():
    first = StudyPointAccount.objects.create(learner=UserFactory(), course=CourseFactory())
    return StudyPointAccount(learner=first.learner, course=first.course)


def an_entry_of_nothing():
    return entry(points=0)


def a_debt_that_takes_nothing_back():
    return entry(points=-1)


def an_entry_over_the_maximum_without_a_reason():
    return entry(ignores_maximum=True)


def an_empty_file():
    return StoredFile(name="a.pdf", size=0, kind="application/pdf", sha256="0" * 64)


def on_its_way(**fields):
    usual = {"name": "a.pdf", "size": 10, "max_size": 100, "kinds": ["application/pdf"]}
    return Upload(owner=UserFactory(), **{**usual, **fields})


def an_upload_larger_than_is_taken():
    return on_its_way(size=101)


def an_upload_of_more_bytes_than_the_file_has():
    return on_its_way(offset=11)


def an_upload_that_is_there_without_its_last_byte():
    return on_its_way(offset=9, state="received")


def a_notification_twice():
    first = Notification.objects.create(user=UserFactory(), kind="learners/enrolled", key="k")
    return Notification(user=first.user, kind="learners/meeting_moved", key="k")


def an_import_that_is_applied_before_it_is_done():
    stored = StoredFile.objects.create(name="a.csv", size=1, kind="text/csv", sha256="0" * 64)
    return ImportJob(
        organisation=OrganisationFactory(), file=stored, by=UserFactory(), applied_at=timezone.now()
    )


def a_block_of_lines_twice():
    job = an_import_that_is_applied_before_it_is_done()
    job.applied_at = None
    job.save()
    ImportBlock.objects.create(job=job, number=1, lines=b"")
    return ImportBlock(job=job, number=1, lines=b"")


def a_file_in_use_that_is_let_go():
    now = timezone.now()
    fields = {"name": "a.csv", "size": 1, "kind": "text/csv", "sha256": "0" * 64}
    return StoredFile(claimed_at=now, let_go_at=now, **fields)


def evidence(**fields):
    learner = UserFactory()
    late = an_enrolment(CourseFactory(), learner)
    fields = {"enrolment": late, "submitted_by": learner, "number_of_files": 1, **fields}
    return ForceMajeure(**fields)


def evidence_without_a_file():
    return evidence(number_of_files=0)


def other_evidence_that_waits():
    first = evidence()
    first.save()
    return evidence(enrolment=first.enrolment)


def a_verdict_of_nobody():
    return evidence(state="accepted", decided_at=timezone.now())


def a_refusal_without_a_reason():
    return evidence(state="refused", decided_at=timezone.now(), decided_by=UserFactory())


def a_register_that_nobody_closed():
    return RunFactory.build(course=CourseFactory(), register_closed_at=timezone.now())


REFUSED = {
    a_file_in_use_that_is_let_go: "stored_file_let_go_is_not_in_use",
    evidence_without_a_file: "forcemajeure_has_a_file",
    other_evidence_that_waits: "forcemajeure_one_waits_per_enrolment",
    a_verdict_of_nobody: "forcemajeure_decided_says_by_whom",
    a_refusal_without_a_reason: "forcemajeure_refused_says_why",
    a_register_that_nobody_closed: "run_register_is_closed_by_somebody",
    an_import_that_is_applied_before_it_is_done: "import_applied_says_when",
    a_block_of_lines_twice: "import_block_once",
    an_organisation_with_three_assessors: "organisation_has_one_or_two_assessors",
    an_organisation_that_keeps_data_for_no_time: "organisation_keeps_data_for_a_year_or_more",
    a_role_twice: "membership_once_per_role",
    a_number_twice: "membership_number_once_per_organisation",
    a_teacher_with_a_number: "membership_number_is_a_learners",
    a_second_trial: "subscription_one_trial_per_person",
    a_trial_of_one_institution: "subscription_trial_is_for_all",
    a_subscription_that_ends_before_it_starts: "subscription_ends_after_it_starts",
    a_batch_of_no_days: "code_batch_gives_days",
    a_batch_without_codes: "code_batch_has_codes",
    a_code_that_is_used_by_nobody: "subscription_code_is_used_whole",
    a_code_that_is_used_and_withdrawn: "subscription_code_used_is_not_withdrawn",
    a_course_code_twice: "course_code_once_per_organisation",
    a_course_that_is_its_own_version: "course_is_not_its_own_version",
    a_text_with_a_link: "lesson_has_what_its_kind_needs",
    a_video_without_a_file: "lesson_has_what_its_kind_needs",
    a_link_without_an_address: "lesson_has_what_its_kind_needs",
    a_picture_that_nobody_describes: "lesson_picture_is_described",
    a_text_with_captions: "lesson_captions_are_of_a_video",
    progress_twice_in_a_lesson: "lesson_progress_once_per_enrolment",
    a_lesson_finished_before_it_was_opened: "lesson_finished_after_it_was_opened",
    a_material_without_a_file_or_a_link: "material_is_a_file_or_a_link",
    a_programme_code_twice: "programme_code_once_per_organisation",
    a_course_twice_in_a_programme: "programme_has_a_course_once",
    a_run_code_twice: "run_code_once_per_course",
    a_run_that_ends_before_it_starts: "run_ends_after_it_starts",
    a_meeting_that_ends_when_it_begins: "meeting_ends_after_it_begins",
    an_enrolment_in_both: "enrolment_in_a_course_or_a_programme",
    an_enrolment_in_nothing: "enrolment_in_a_course_or_a_programme",
    a_programme_as_a_part: "enrolment_part_of_a_programme_is_a_course",
    a_course_begun_anew: "enrolment_only_a_programme_begins_anew",
    a_status_that_nobody_knows: "enrolment_status_is_known",
    a_second_open_enrolment_in_a_course: "enrolment_open_once_per_course",
    a_second_open_enrolment_in_a_programme: "enrolment_open_once_per_programme",
    a_coach_twice: "coaching_once_per_enrolment",
    a_coach_who_stands_in_for_themselves: "stand_in_is_somebody_else",
    a_stand_in_that_ends_before_it_starts: "stand_in_ends_after_it_starts",
    no_working_day_for_a_review: "organisation_gives_a_working_day_or_more",
    no_working_day_for_a_sample: "organisation_gives_a_working_day_or_more",
    no_working_day_until_the_board_hears: "organisation_gives_a_working_day_or_more",
    too_many_working_days_for_a_review: "organisation_gives_sixty_working_days_or_fewer",
    too_many_working_days_for_a_sample: "organisation_gives_sixty_working_days_or_fewer",
    too_many_working_days_until_the_board_hears: "organisation_gives_sixty_working_days_or_fewer",
    a_second_booked_place: "place_booked_or_waited_for_once_per_enrolment",
    a_place_waited_for_since_never: "place_waited_for_since_a_moment",
    a_run_that_closes_after_it_starts: "run_enrolling_closes_before_it_starts",
    a_place_twice_in_a_run: "place_once_per_run",
    a_booked_place_that_was_released: "place_released_by_status_is_released",
    a_second_change_that_waits: "status_change_one_waits_per_enrolment",
    a_change_of_nothing: "status_change_changes_something",
    a_day_of_what_is_no_result: "status_change_only_a_result_has_a_day",
    a_teachers_change_by_nobody: "status_change_says_by_whom",
    a_systems_change_by_somebody: "status_change_says_by_whom",
    an_account_twice: "point_account_once_per_course",
    an_entry_of_nothing: "point_entry_earns_or_reverses",
    a_debt_that_takes_nothing_back: "point_entry_earns_or_reverses",
    an_entry_over_the_maximum_without_a_reason: "point_entry_over_the_maximum_has_a_reason",
    an_empty_file: "stored_file_is_not_empty",
    an_upload_larger_than_is_taken: "upload_has_a_size_that_is_taken",
    an_upload_of_more_bytes_than_the_file_has: "upload_offset_is_within_the_file",
    an_upload_that_is_there_without_its_last_byte: "upload_received_has_every_byte",
    a_notification_twice: "notification_once_per_key",
}


def constraints() -> dict[str, models.BaseConstraint]:
    return {
        constraint.name: constraint
        for model in apps.get_app_config("learners").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_test_here():
    assert set(constraints()) == set(REFUSED.values())


@pytest.mark.parametrize(
    ("make", "name"), REFUSED.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_the_database_refuses_it_and_a_form_says_why(make, name):
    row = make()
    constraint = constraints()[name]
    with pytest.raises(ValidationError) as refused:
        constraint.validate(type(row), row)
    assert refused.value.messages == [str(constraint.violation_error_message)]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
