"""Withdrawing on the page: the consequence, the evidence beside it, and doing so for others."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.models import ForceMajeure, StudyStatus
from learners.telling.days import day
from learners.tests.factories import (
    UserFactory,
    a_participant,
    a_run,
    an_administrator,
    teaches,
)
from learners.tests.files.test_keeping import KNOWN
from learners.tests.pictures import PAGE

pytestmark = pytest.mark.django_db
VALID, INVALID = StudyStatus.WITHDRAWN_VALID, StudyStatus.WITHDRAWN_INVALID


def a_file(name="note.pdf", content=b"%PDF-1.7 a doctor's note"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def run():
    return a_run(5)


@pytest.fixture
def enrolment(run, client):
    made = a_participant(run, language="en", name="Noor Janssens")
    client.force_login(made.learner)
    return made


@pytest.fixture
def evidence(client, enrolment):
    client.post(page_of(enrolment), {"proof": [a_file()], "explanation": "In hospital"})
    return ForceMajeure.objects.get()


def page_of(enrolment):
    return f"/my-learning/enrolments/{enrolment.pk}/withdraw/"


def page_of_force_majeure(enrolment):
    return f"/my-learning/enrolments/{enrolment.pk}/proof/"


def decider():
    person = UserFactory(is_staff=True, language="en")
    person.user_permissions.add(Permission.objects.get(codename="decide_on_force_majeure"))
    return person


def status_of(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status


def test_the_consequence_is_shown_first_and_how_to_hand_in_evidence(client, enrolment):
    page = client.get(page_of(enrolment)).text
    assert "without a valid reason, unless there is proof" in page
    until = enrolment.organisation.today() + timedelta(days=14)
    assert f"hand it in from the page of the course, until {day(until)}" in page
    assert 'name="proof"' in page
    assert 'capture="environment"' in page


def test_who_is_in_time_is_not_asked_for_evidence(client):
    made = a_participant(a_run(15), language="en")
    client.force_login(made.learner)
    assert 'name="proof"' not in client.get(page_of(made)).text


def test_evidence_goes_along_with_the_withdrawal(client, enrolment, evidence):
    assert status_of(enrolment) == INVALID
    assert (evidence.enrolment, evidence.explanation) == (enrolment, "In hospital")
    assert evidence.files.get().file.claimed_at is not None
    assert "Your proof is being judged" in client.get(enrolment.get_absolute_url()).text


def test_without_evidence_the_page_of_the_course_says_until_when_it_can_follow(client, enrolment):
    page = client.post(page_of(enrolment), follow=True).text
    assert "You can hand in proof of force majeure until" in page
    assert page_of_force_majeure(enrolment) in page
    page = client.post(page_of_force_majeure(enrolment), {"proof": [a_file()]}, follow=True).text
    assert "You hear when it has been judged" in page


def test_several_files_and_a_picture_of_the_phone_are_one_hand_in(client, enrolment):
    photo = a_file("photo.png", KNOWN["a.png"])
    sent = {"proof": [a_file(), a_file("two.pdf")], "photo": [photo]}
    client.post(page_of(enrolment), sent)
    assert ForceMajeure.objects.get().number_of_files == 3


def tokens_in(page: str) -> list[str]:
    return re.findall(r'name="proof-kept" value="(.+?)"', page)


def test_a_file_that_cannot_be_used_is_named_and_nothing_else_is_lost(client, enrolment):
    sent = {"proof": [a_file(), a_file("film.exe")], "explanation": "Ill", "reason": "No luck"}
    page = client.post(page_of(enrolment), sent)
    assert status_of(enrolment) == StudyStatus.ENROLLED
    assert "film.exe: " in page.text
    assert "note.pdf" in page.text
    assert "Ill</textarea>" in page.text.replace("\n", "")
    assert "No luck</textarea>" in page.text
    kept = tokens_in(page.text)
    client.post(page_of(enrolment), {"proof-kept": kept, "explanation": "Ill"})
    assert ForceMajeure.objects.get().files.get().file.name == "note.pdf"


def test_a_picture_that_cannot_be_shown_is_named_beside_the_field(client, enrolment):
    sent = {"proof": [a_file()], "photo": [a_file("photo.png", PAGE)], "explanation": "Ill"}
    page = client.post(page_of(enrolment), sent)
    (said,) = page.context["form"].errors["proof"]
    assert said.startswith("photo.png: This picture cannot be shown")
    kept = tokens_in(page.text)
    client.post(page_of(enrolment), {"proof-kept": kept, "explanation": "Ill"})
    assert ForceMajeure.objects.get().files.get().file.name == "note.pdf"


def test_nobody_claims_the_file_of_another(client, enrolment):
    client.post(page_of(enrolment))
    other = a_participant(enrolment.places.get().run)
    (theirs,) = judging.store(files=[a_file()], by=other.learner)
    client.post(page_of_force_majeure(enrolment), {"proof-kept": theirs.token})
    assert not ForceMajeure.objects.exists()


def test_more_files_than_five_are_refused(client, enrolment):
    sent = {"proof": [a_file(f"{n}.pdf") for n in range(6)]}
    assert "Choose at most 5;" in client.post(page_of(enrolment), sent).text


def test_refused_they_read_why_and_try_again(client, enrolment, evidence):
    force_majeure.refuse(evidence=evidence, by=decider(), reason="The back is missing")
    page = client.get(page_of_force_majeure(enrolment)).text
    assert "The back is missing" in page
    client.post(page_of_force_majeure(enrolment), {"proof": [a_file()]})
    assert ForceMajeure.objects.waiting().count() == 1


def test_who_may_decide_sees_the_file_beside_the_decision_and_accepts(client, enrolment, evidence):
    client.force_login(decider())
    assert "Noor Janssens" in client.get("/").text
    page = client.get("/force-majeure/", follow=True).text
    assert evidence.get_absolute_url() in page
    page = client.get(evidence.get_absolute_url()).text
    file = f"/force-majeure/files/{evidence.files.get().pk}/"
    assert f'src="{file}"' in page
    assert "5 days before the first meeting" in page
    response = client.get(file)
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    client.post(f"{evidence.get_absolute_url()}accept/")
    assert status_of(enrolment) == VALID
    assert "It was deleted on" in client.get(evidence.get_absolute_url()).text


def test_a_refusal_asks_for_a_reason_beside_its_field(client, enrolment, evidence):
    client.force_login(decider())
    page = client.post(f"{evidence.get_absolute_url()}refuse/").text
    assert "Something is not right yet" in page
    client.post(f"{evidence.get_absolute_url()}refuse/", {"reason": "It has no date"})
    assert status_of(enrolment) == INVALID


def test_an_administrator_without_the_permission_sees_neither_inbox_nor_file(
    client, enrolment, evidence
):
    clerk = UserFactory(is_staff=True)
    client.force_login(clerk)
    one = evidence.files.get()
    assert client.get("/force-majeure/").status_code == 403
    for address in (
        evidence.get_absolute_url(),
        f"/force-majeure/files/{one.pk}/",
        f"/files/{one.file_id}/",
    ):
        assert client.get(address).status_code == 404


def test_nobody_judges_their_own(client, enrolment, evidence):
    person = enrolment.learner
    person.is_staff = person.is_superuser = True
    person.save()
    assert client.post(f"{evidence.get_absolute_url()}accept/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_inbox_takes_as_many_queries_for_three_as_for_one(
    client, number, django_assert_max_num_queries
):
    for _ in range(number):
        made = a_participant(a_run(5))
        force_majeure.withdraw(
            enrolment=made,
            by=made.learner,
            actor="learner",
            notified_on=made.organisation.today(),
            files=judging.store(files=[a_file()], by=made.learner),
        )
    client.force_login(an_administrator(language="en"))
    with django_assert_max_num_queries(8):
        client.get("/force-majeure/")


def test_a_teacher_withdraws_somebody_from_the_day_they_let_know(client, enrolment, run):
    teacher = teaches(UserFactory(language="en"), run)
    client.force_login(teacher)
    address = f"/enrolments/{enrolment.pk}/withdraw/"
    assert "without a valid reason" in client.get(address).text
    long_ago = f"{enrolment.organisation.today() - timedelta(days=20):%Y-%m-%d}"
    assert "25 days later" in client.get(address, {"notified_on": long_ago}).text
    page = client.post(address, {"notified_on": long_ago, "reason": "By phone"}, follow=True)
    assert "withdrawn with a valid reason" in page.text
    assert status_of(enrolment) == VALID
    told = enrolment.learner.notifications.get()
    assert (told.kind, told.params["status"]) == ("learners/withdrawn_by_somebody", VALID)


def test_a_teacher_hands_in_what_somebody_gave_them_and_cannot_open_it(client, enrolment, run):
    teacher = teaches(UserFactory(language="en"), run)
    client.force_login(teacher)
    today = f"{enrolment.organisation.today():%Y-%m-%d}"
    sent = {"notified_on": today, "proof": [a_file()]}
    client.post(f"/enrolments/{enrolment.pk}/withdraw/", sent)
    evidence = ForceMajeure.objects.get()
    assert evidence.submitted_by == teacher
    one = evidence.files.get()
    for address in (f"/force-majeure/files/{one.pk}/", f"/files/{one.file_id}/"):
        assert client.get(address).status_code == 404


def test_a_day_to_come_is_refused_with_words(client, enrolment, run):
    client.force_login(teaches(UserFactory(language="en"), run))
    tomorrow = f"{enrolment.organisation.today() + timedelta(days=1):%Y-%m-%d}"
    address = f"/enrolments/{enrolment.pk}/withdraw/"
    page = client.post(address, {"notified_on": tomorrow}, follow=True).text
    assert "cannot be in the future" in page
    assert status_of(enrolment) == StudyStatus.ENROLLED


def test_the_page_opens_on_today_and_leads_back_to_where_it_was_opened(client, enrolment, run):
    client.force_login(teaches(UserFactory(language="en"), run))
    address = f"/enrolments/{enrolment.pk}/withdraw/"
    page = client.get(address, {"next": "/teaching/"})
    assert page.context["day_form"].is_valid()
    assert 'href="/teaching/"' in page.text
    today = f"{enrolment.organisation.today():%Y-%m-%d}"
    sent = client.post(f"{address}?next=/teaching/", {"notified_on": today})
    assert sent["Location"] == "/teaching/"


def test_a_page_elsewhere_is_no_way_back(client, enrolment, run):
    client.force_login(teaches(UserFactory(language="en"), run))
    address = f"/enrolments/{enrolment.pk}/withdraw/"
    assert (
        'href="https://evil.example'
        not in client.get(address, {"next": "https://evil.example/"}).text
    )
