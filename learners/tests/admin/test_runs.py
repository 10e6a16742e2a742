"""Runs in the administration: waiting lists, the last day to enrol, other runs, cancelling."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from learners.enrolling import entering, waiting_lists
from learners.models import Actor, Enrolment, PlaceState, Run
from learners.tests.admin.test_acts import act, head_office, meeting_form, save_run
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
)

__all__ = ["head_office"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def full() -> Run:
    """A run of one place, which is taken."""
    run = a_run(30, course=CourseFactory(title_en="Rescue", open_for_enrolment=True), capacity=1)
    a_participant(run)
    return run


def waits(run: Run, **fields: object) -> Enrolment:
    return waiting_lists.enter_open(learner=UserFactory(**fields), run=run)


def test_somebody_is_put_on_the_waiting_list_of_a_full_run(head_office: Client, full: Run) -> None:
    learner = UserFactory()
    address = reverse("admin:learners_enrolment_add")
    said = {"learner": learner.pk, "run": full.pk}
    assert "is full" in head_office.post(address, said).text
    page = head_office.post(address, {**said, "waits": "on"}, follow=True)
    assert "is on the waiting list" in page.text
    assert Enrolment.objects.get(learner=learner).places.get().state == PlaceState.WAITLISTED


def test_a_run_is_looked_up_by_course_code_days_place_and_free_places(
    head_office: Client, full: Run
) -> None:
    other = a_run(40, course=full.course, place="Aalst", capacity=3)
    asked = {"app_label": "learners", "model_name": "place", "field_name": "run"}
    found = head_office.get(reverse("admin:autocomplete"), {**asked, "term": "Rescue"}).json()
    words = {each["id"]: each["text"] for each in found["results"]}
    for part in ("Rescue", other.code, "Aalst", "3 free"):
        assert part in words[str(other.pk)]
    assert words[str(full.pk)].endswith("full")
    page = head_office.post(reverse("admin:learners_enrolment_add"), {"run": other.pk})
    assert words[str(other.pk)] in page.text


def test_a_larger_run_lets_in_who_waits(head_office: Client, full: Run) -> None:
    first, second = waits(full), waits(full)
    page = head_office.get(reverse("admin:learners_run_change", args=[full.pk])).text
    assert page.index(first.learner.name) < page.index(second.learner.name)
    save_run(head_office, full, meeting_form(full, capacity=2))
    assert [e.places.get().state for e in (first, second)] == ["booked", "waitlisted"]


def test_the_last_day_to_enrol_is_set_and_a_later_one_lets_in_who_waits(
    head_office: Client, full: Run
) -> None:
    today = full.course.organisation.today()
    save_run(head_office, full, meeting_form(full, enrol_until=today - timedelta(days=1)))
    full.refresh_from_db()
    assert full.enrol_closes_at < full.starts_at
    waiting_lists.enter(
        learner=UserFactory(), run=full, by=UserFactory(is_staff=True), actor=Actor.ADMINISTRATOR
    )
    form = meeting_form(full, enrol_until=today + timedelta(days=1), capacity=2)
    save_run(head_office, full, form)
    assert full.places.booked().count() == 2


def test_the_run_of_several_people_is_changed_at_once(head_office: Client, full: Run) -> None:
    people = [full.places.get().enrolment, waits(full)]
    other = a_run(40, course=full.course)
    page = act(head_office, people, "change_run")
    assert f"in {full.code}" in page.text
    assert f"waits for {full.code}" in page.text
    act(head_office, people, "change_run", run=other.pk, reason="a larger room")
    assert other.places.booked().count() == 2


def test_a_run_of_another_course_is_refused_beside_the_form(head_office: Client, full: Run) -> None:
    person = full.places.get().enrolment
    page = act(head_office, [person], "change_run", run=a_run(9).pk, reason="x")
    assert "This is a run of another course." in page.text
    assert full.places.booked().exists()


def test_cancelling_names_first_what_becomes_of_whom(head_office: Client, full: Run) -> None:
    waits(full, name="Zoë Waits")
    learner = UserFactory(name="Ada Chooses")
    whole = entering.enrol_in_programme(
        learner=learner, programme=a_programme(full.course), by=learner, actor=Actor.LEARNER
    )
    waiting_lists.join(enrolment=whole.parts.get(), run=full, by=learner)
    page = act(head_office, [full], "cancel_run").text
    assert "3 people are told" in page
    said = [line.split("</li>")[0] for line in page.split("<li>")]
    assert any("Ada Chooses" in line and "chooses another run" in line for line in said)
    assert any("Zoë Waits" in line and "the enrolment is cancelled" in line for line in said)


def test_the_page_of_a_run_leads_to_planning(head_office: Client, full: Run) -> None:
    page = head_office.get(reverse("admin:learners_run_change", args=[full.pk])).text
    assert f"/teaching/{full.pk}/meetings/" in page
    assert head_office.get(f"/teaching/{full.pk}/meetings/").status_code == 200


def test_the_code_of_the_course_stands_where_runs_are_listed_and_added(
    head_office: Client, full: Run
) -> None:
    code = full.course.code
    listed = head_office.get(reverse("admin:learners_run_changelist")).text
    assert f'<td class="field-course_code">{code}</td>' in listed
    asked = {"app_label": "learners", "model_name": "run", "field_name": "course"}
    found = head_office.get(reverse("admin:autocomplete"), {**asked, "term": "Rescue"}).json()
    assert [each["text"] for each in found["results"]] == [f"Rescue · {code}"]
    page = head_office.get(reverse("admin:learners_run_add"), {"course": full.course_id}).text
    assert f"Rescue · {code}</option>" in page
