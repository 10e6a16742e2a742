"""Numbers that somebody types in a form of their own: of what is not theirs, nothing changes."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from attendance.models import Attendance
from attendance.tests.permissions import base_of
from learners.importing import jobs
from learners.models import Coaching, Enrolment, Place, Run, User
from learners.tests import factories
from learners.tests.importing.lists import a_csv, a_job, said
from learners.tests.permissions.names import ADMINISTRATOR, CLERK, NAMES
from learners.tests.permissions.world import NUMBER, RUN_CODE
from lms.tests.permissions.asking import client_of
from lms.tests.permissions.forms import filled

pytestmark = pytest.mark.django_db


def _rows(run: Run) -> list:
    """Return what stands in the register of a run."""
    enrolments = Enrolment.objects.filter(places__run=run).order_by("pk")
    marks = Attendance.objects.filter(meeting__run=run).order_by("pk")
    return [*enrolments.values_list(), *marks.values_list()]


def _form(world, run: Run, enrolment: Enrolment, **more: object) -> dict[str, object]:
    """Return a register's form in which everything about one person is filled in."""
    pk = enrolment.pk
    return {
        "token": str(uuid4()),
        "row": [pk],
        "present": [pk],
        f"base-{pk}": base_of(run, enrolment),
        f"status-{pk}": "absent",
        f"effort-{pk}": "good",
        f"remark-{pk}": "guessed",
        **more,
    }


@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_a_participant_of_another_run_is_not_written_in_ones_own_register(whose, world):
    theirs = getattr(world, whose)
    before = _rows(theirs.run)
    meeting = world.run.meetings.first()
    form = _form(world, theirs.run, theirs.enrolment, meeting=[meeting.pk], seen=str(meeting.pk))

    client_of(world, "teacher").post(
        reverse("attendance:register_continue", args=[world.run.pk]), form
    )

    assert _rows(theirs.run) == before
    assert not Attendance.objects.filter(enrolment=theirs.enrolment).exists()


@pytest.mark.parametrize("whose", ["other", "foreign"])
def test_a_meeting_of_another_run_is_not_marked_from_ones_own_register(whose, world):
    theirs = getattr(world, whose)
    meeting = theirs.run.meetings.get()
    form = _form(world, world.run, world.classmate, meeting=[meeting.pk], seen=str(meeting.pk))

    answer = client_of(world, "teacher").post(
        reverse("attendance:register_continue", args=[world.run.pk]), form
    )

    assert answer.status_code == 422
    assert not Attendance.objects.filter(meeting=meeting).exists()


def test_who_stands_on_another_register_has_no_certificate_to_issue_here(world):
    address = reverse("attendance:participant_issue", args=[world.run.pk, world.other.enrolment.pk])
    assert client_of(world, "teacher").get(address).status_code == 404


def test_what_a_colleague_typed_is_not_saved_by_its_token(world):
    enrolment = world.other.enrolment
    own = _form(world, world.other.run, enrolment, token=str(world.typed.token))

    client_of(world, "other teacher").post(
        reverse("attendance:register_keep", args=[world.other.run.pk]), own
    )

    kept = world.run.register_drafts.get(by=world.people[ADMINISTRATOR])
    assert list(kept.content["rows"]) == [str(world.classmate.pk)]


@pytest.mark.parametrize("run", ["open_run", "run"])
def test_a_run_of_another_course_is_not_chosen_for_a_programme(run, world):
    guessed = getattr(world, run)
    client_of(world, "learner").post(
        reverse("learners:run_choose", args=[world.choosing.pk]), {"run": guessed.pk}
    )
    assert not Place.objects.filter(enrolment=world.choosing).exists()


def test_a_run_that_is_not_open_is_not_enrolled_in(world):
    for run in (world.run, world.run_to_choose, world.foreign.run):
        address = reverse("learners:run_enrol", args=[run.pk])
        assert client_of(world, "other learner").post(address).status_code == 404


@pytest.mark.parametrize("name", [name for name in NAMES if name != ADMINISTRATOR])
def test_rows_are_looked_up_as_one_types_by_administrators_alone(name, world):
    asked = {"app_label": "learners", "model_name": "enrolment", "field_name": "learner"}
    answer = client_of(world, name).get(reverse("admin:autocomplete"), {**asked, "term": "Xan"})
    assert answer.status_code == 302
    assert "Xanthippe" not in answer.text


def _granted(world, *codenames: str) -> Client:
    """Give the administrator without permissions some, and return their browser."""
    clerk = User.objects.get(pk=world.people[CLERK].pk)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return client_of(world, CLERK)


def test_who_has_not_all_power_takes_none_from_an_administrator(world):
    client = _granted(world, "view_user", "change_user")
    administrator, learner = world.people[ADMINISTRATOR], world.people["learner"]
    new = {"password1": "a stolen long secret", "password2": "a stolen long secret"}

    answers = {
        person: [
            client.post(reverse("admin:learners_user_change", args=[person.pk])).status_code,
            client.post(
                reverse("admin:auth_user_password_change", args=[person.pk]), new
            ).status_code,
        ]
        for person in (administrator, learner)
    }

    assert answers == {administrator: [403, 403], learner: [200, 302]}
    administrator.refresh_from_db()
    assert administrator.check_password(factories.PASSWORD)


def test_who_has_not_all_power_does_not_widen_a_group(world):
    client = _granted(world, "view_group", "change_group", "add_group")
    every = [permission.pk for permission in Permission.objects.all()]
    change = reverse("admin:auth_group_change", args=[world.group.pk])

    answer = client.post(change, {"name": "Points", "permissions": every})

    assert answer.status_code == 403
    assert not world.group.permissions.exists()
    assert client.get(reverse("admin:auth_group_add")).status_code == 403


@pytest.mark.parametrize("name", ["learner", "coach", "teacher elsewhere"])
def test_only_a_teacher_of_the_institution_is_given_a_run(name, world):
    address = reverse("admin:learners_run_change", args=[world.other.run.pk])
    already, colleague = world.people["other teacher"], world.people["teacher"]
    client = client_of(world, ADMINISTRATOR)
    form = filled(client.get(address))

    answer = client.post(address, form | {"teachers": [already.pk, world.people[name].pk]})

    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors["teachers"]
    assert list(world.other.run.teachers.all()) == [already]
    client.post(address, form | {"teachers": [already.pk, colleague.pk]})
    assert set(world.other.run.teachers.all()) == {already, colleague}


def test_who_taught_a_run_once_does_not_stand_in_the_way_of_changing_it(world):
    client = client_of(world, ADMINISTRATOR)
    address = reverse("admin:learners_run_change", args=[world.run.pk])

    answer = client.post(address, filled(client.get(address), place="Aalst"))

    assert answer.status_code == 302
    assert Run.objects.get(pk=world.run.pk).place == "Aalst"
    assert world.people["former teacher"] in world.run.teachers.all()


@pytest.mark.parametrize(
    ("name", "is_taken"), [("other coach", True), ("coach elsewhere", False), ("teacher", False)]
)
def test_only_a_coach_of_the_institution_is_given_somebody(name, is_taken, world):
    whole, person = world.other.whole, world.people[name]
    Coaching.objects.filter(enrolment=whole).delete()
    client = client_of(world, ADMINISTRATOR)
    address = reverse("admin:learners_enrolment_change", args=[whole.pk])
    added = {"coachings-TOTAL_FORMS": 1, "coachings-0-coach": person.pk}

    answer = client.post(address, filled(client.get(address)) | added)

    assert answer.status_code == (302 if is_taken else 200)
    assert list(whole.coaches.all()) == ([person] if is_taken else [])


@pytest.mark.parametrize(("whose", "is_taken"), [("other", True), ("foreign", False)])
def test_a_programme_takes_courses_of_its_own_institution(whose, is_taken, world):
    guessed = getattr(world, whose).run.course
    client = client_of(world, ADMINISTRATOR)
    address = reverse("admin:learners_programme_change", args=[world.programme.pk])
    form = filled(client.get(address))
    added = {"programme_courses-1-position": 2, "programme_courses-1-course": guessed.pk}

    client.post(address, form | {"programme_courses-TOTAL_FORMS": 2} | added)

    assert (guessed in world.programme.courses.all()) is is_taken


def test_a_file_of_one_institution_names_nothing_of_another(world):
    elsewhere, course = world.elsewhere, world.foreign.run.course
    lines = (
        f"{world.open_course.code},,new@example.org,Newcomer,,,",  # a course from here
        f"{course.code},{RUN_CODE},new@example.org,Newcomer,,,",
        f"{course.code},,{NUMBER},,,,",  # a number that was given here
    )
    job = a_job(elsewhere, a_csv(*lines))

    jobs.run(job_id=job.pk)

    job.refresh_from_db()
    assert said(job) == [
        (2, "course", "course_unknown"),
        (3, "run", "run_unknown"),
        (4, "name", "name_missing"),
    ]
    jobs.consent(job=job, by=job.by)
    jobs.run(job_id=job.pk)
    assert not User.objects.filter(email="new@example.org").exists()


def test_nobody_is_given_themselves_as_a_coach(world):
    whole, person = world.other.whole, world.people["other coach"]
    Coaching.objects.filter(enrolment=whole).delete()
    Enrolment.objects.filter(pk=whole.pk).update(learner=person)
    client = client_of(world, ADMINISTRATOR)
    address = reverse("admin:learners_enrolment_change", args=[whole.pk])
    added = {"coachings-TOTAL_FORMS": 1, "coachings-0-coach": person.pk}

    answer = client.post(address, filled(client.get(address)) | added)

    assert answer.status_code == 200
    assert not whole.coaches.exists()
