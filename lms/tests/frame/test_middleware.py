import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import timezone, translation

from lms.frame.middleware import PersonalLanguageMiddleware


@pytest.fixture
def answer(rf):
    """What a page would see: language and time zone."""

    def answer(user, **headers: str) -> tuple[str, str, str]:
        request = rf.get("/", headers=headers)
        request.user = user
        seen = []

        def page(_request) -> HttpResponse:
            seen.append(translation.get_language())
            seen.append(timezone.get_current_timezone_name())
            return HttpResponse()

        response = PersonalLanguageMiddleware(page)(request)
        return seen[0], seen[1], response["Content-Language"]

    return answer


def person(django_user_model, language: str, zone: str):
    return django_user_model(email="a@example.org", name="A", language=language, time_zone=zone)


def test_a_person_gets_the_language_and_the_time_zone_of_their_own(answer, django_user_model):
    user = person(django_user_model, "en", "America/Paramaribo")
    assert answer(user, accept_language="nl") == ("en", "America/Paramaribo", "en")


def test_a_stranger_gets_the_language_of_the_browser(answer):
    assert answer(AnonymousUser(), accept_language="en-GB") == ("en", "Europe/Amsterdam", "en")


def test_a_stranger_with_another_language_gets_dutch(answer):
    assert answer(AnonymousUser(), accept_language="fr") == ("nl", "Europe/Amsterdam", "nl")


def test_the_next_request_starts_from_nothing(answer, django_user_model):
    answer(person(django_user_model, "en", "America/Paramaribo"))
    assert translation.get_language() == "nl"
    assert timezone.get_current_timezone_name() == "Europe/Amsterdam"
