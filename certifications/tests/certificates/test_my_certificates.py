from datetime import timedelta

import pytest
from django.utils.translation import override

from certifications import awarding, releasing_and_revoking
from certifications.certificates import rendering
from certifications.certificates.download import file_name
from certifications.models import Certificate
from certifications.offered import home
from certifications.tests.factories import (
    a_certificate,
    an_elearning,
    completed,
    undo_time_is_over,
)
from learners.models import Notification, Role, User
from learners.studying import outbox
from learners.telling.notify import words
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_member,
    a_participant,
    a_run,
    an_administrator,
    an_enrolment,
    as_on_its_page,
)

pytestmark = pytest.mark.django_db
LIST = "/my-learning/certificates/"


@pytest.fixture
def learner(client):
    user = UserFactory(name="Yasmina El Idrissi", language="en")
    client.force_login(user)
    return user


def earn(learner, **course):
    enrolment = an_enrolment(an_elearning(**course), learner)
    completed(enrolment)
    awarding.drain()
    return Certificate.objects.get(enrolment=enrolment)


def address(certificate):
    return f"/certificates/{certificate.shown_code}/download/"


def test_the_list_says_what_is_made_and_what_it_is_today(client, learner):
    certificate = earn(learner)
    page = client.get(LIST).text
    assert "Is being made" in page
    assert f"/certificates/{certificate.shown_code}/row/" in page
    assert "See whether it is ready" in page

    rendering.render_waiting(seconds=60)
    page = client.get(LIST).text
    assert "Is being made" not in page
    assert address(certificate) in page
    assert "Valid" in page


def test_a_row_turns_ready_by_itself(client, learner):
    certificate = earn(learner)
    row = f"/certificates/{certificate.shown_code}/row/"
    assert "hx-get" in client.get(row).text

    rendering.render_waiting(seconds=60)
    assert "hx-get" not in client.get(row).text


def test_a_completion_before_the_last_meeting_says_until_when_it_is_held(client, learner):
    run = a_run(-3, 4)
    participant = a_participant(run)
    participant.learner = learner
    participant.save()
    completed(participant, by=an_administrator())

    assert "after the last meeting" in client.get(LIST).text
    outbox.hold(enrolment_ids=[participant.pk])
    assert "Held until your teacher decides" in client.get(LIST).text


def test_in_the_undo_time_it_says_when_it_comes(client, learner):
    participant = a_participant(a_run(-3))
    participant.learner = learner
    participant.save()
    completed(participant, by=an_administrator())
    assert "Is issued" in client.get(LIST).text

    undo_time_is_over()
    assert "Is being made." in client.get(LIST).text


def test_without_any_it_says_what_to_do(client, learner):
    assert "No certificates yet" in client.get(LIST).text


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    client, learner, number, django_assert_num_queries
):
    for _ in range(number):
        earn(learner)
        run = a_run(-3, 4)
        participant = a_participant(run)
        participant.learner = learner
        participant.save()
        completed(participant, by=an_administrator())
    client.get(LIST)

    with django_assert_num_queries(7):
        client.get(LIST)


def test_the_pdf_is_a_file_to_keep(client, learner):
    certificate = earn(learner, title_en="First aid", title_nl="Eerste hulp")
    rendering.render_waiting(seconds=60)
    answer = client.get(address(certificate))

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    name = f"{certificate.number} First aid.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_what_is_being_made_leads_back_to_the_list(client, learner):
    assert client.get(address(earn(learner)))["Location"] == LIST


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd"),
        ('A "quoted" <title>', "A quoted title"),
        ("Rechts\u202egpj.exe", "Rechtsgpj.exe"),
        ("Eerste hulp " * 20, "Eerste hulp"),
    ],
)
def test_a_file_name_is_only_a_name(title, name):
    made = file_name(Certificate(number="VAV-2026-000001", title=title))

    assert name in made
    assert made.endswith(".pdf")
    assert len(made) <= 120
    assert not set(made) & set('/\\"<>\u202e')


def test_only_whom_it_concerns_gets_the_pdf(client):
    run = a_run(-3)
    teacher = a_member(Role.TEACHER, run.course.organisation)
    run.teachers.add(teacher)
    participant = completed(a_participant(run), by=an_administrator())
    undo_time_is_over()
    awarding.drain()
    rendering.render_waiting(seconds=60)
    certificate = Certificate.objects.get(enrolment=participant)
    stranger = UserFactory()
    other_teacher = a_member(Role.TEACHER, run.course.organisation)
    a_run(-3, course=run.course).teachers.add(other_teacher)

    answers = {}
    for user in (participant.learner, teacher, an_administrator(), stranger, other_teacher):
        client.force_login(user)
        answers[user] = client.get(address(certificate)).status_code
    assert list(answers.values()) == [200, 200, 200, 404, 404]
    client.logout()
    assert client.get(address(certificate)).status_code == 302


def test_a_withdrawn_pdf_is_for_administrators_only(client, learner):
    certificate, administrator = earn(learner), an_administrator()
    rendering.render_waiting(seconds=60)
    releasing_and_revoking.revoke(certificate=certificate, by=administrator, reason="A mistake.")

    assert client.get(address(certificate)).status_code == 404
    client.force_login(administrator)
    assert client.get(address(certificate)).status_code == 200


def test_a_row_of_somebody_else_is_not_there(client, learner):
    other = a_certificate()

    assert client.get(f"/certificates/{other.shown_code}/row/").status_code == 404


@override("en")
def test_the_tile_counts_what_is_valid_and_what_ends_soon(learner):
    assert home.tiles(learner) == []
    earn(learner)
    certificate = earn(learner, certificate_months=1)
    today = certificate.organisation.today()
    Certificate.objects.filter(pk=certificate.pk).update(
        achieved_on=today - timedelta(days=30), valid_until=today + timedelta(days=23)
    )
    (tile,) = home.tiles(User.objects.get(pk=learner.pk))

    assert tile.text == "2 valid, the first ends in 23 days"


def test_the_page_of_a_course_shows_its_certificate(learner):
    certificate = earn(learner)
    other = an_enrolment(an_elearning(), learner)

    (section,) = home.course_sections(learner, as_on_its_page(certificate.enrolment))

    assert section.context["certificates"] == [certificate]
    assert home.course_sections(learner, as_on_its_page(other)) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_notification_names_it_and_where_to_check_it(learner, language):
    certificate = earn(learner, organisation=OrganisationFactory(), title_en="A & B <c>")
    said = words(Notification.objects.get(), language)

    assert "A & B <c>" in said.subject
    assert certificate.number in said.body
    assert certificate.get_absolute_url() in said.body
