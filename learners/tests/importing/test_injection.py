"""What somebody types stays text: in mails, in pages, in templates."""

import pytest
from django.core import mail

from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment

pytestmark = pytest.mark.django_db
NASTY = "{{ settings.SECRET_KEY }}{% load x %}<script>alert(1)</script>%(name)s"


def test_what_looks_like_a_template_is_shown_as_it_was_typed(client):
    user = UserFactory(name=f"{NASTY}"[:150])
    client.force_login(user)
    page = client.get("/profile/").text
    assert "{{ settings.SECRET_KEY }}" in page
    assert "<script>alert" not in page


def test_a_name_cannot_add_a_line_to_a_mail(client, tasks_at_once):
    user = UserFactory(name="Noor\r\nBcc: all@example.org", email="noor@example.org")
    client.post("/accounts/forgotten/", {"email": "noor@example.org"})
    (message,) = mail.outbox
    assert message.recipients() == ["noor@example.org"]
    assert "\nBcc" not in message.message().as_string()
    user.refresh_from_db()
    assert "\n" not in user.name


@pytest.mark.parametrize("title", ["First aid\r\nBcc: all@example.org", NASTY])
def test_a_title_cannot_add_a_header_to_a_mail_nor_run_in_it(title):
    course = CourseFactory(title_nl=title, title_en=title)
    user = UserFactory(email="noor@example.org", language="en")
    params = {"title_nl": course.title_nl, "title_en": course.title_en}
    message = notify.Message(user_id=user.pk, organisation_id=None, key="k", params=params, url="/")
    notify.tell(kind="learners/enrolled", messages=[message])
    notify.send_due()
    (sent,) = mail.outbox
    assert sent.recipients() == ["noor@example.org"]
    assert sent.message()["Bcc"] is None
    (html,) = sent.message().get_payload()[1:]
    assert html.get_content_type() == "text/html"
    assert "<script" not in html.get_payload(decode=True).decode()
    assert "SECRET_KEY }}" in sent.subject or "\n" not in sent.subject
    assert Notification.objects.get().mailed_at


def test_a_search_is_no_pattern_and_no_query(client):
    an_enrolment(CourseFactory(), UserFactory(name="Noor"))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for text in ("%", "_", "' OR 1=1 --", "\\", "(((((", "\x00"):
        assert client.get("/search/", {"q": text}).status_code in (200, 400)
