"""Every page that somebody could get to opens, in both languages."""

import pytest

from learners.models import Language, User
from lms.tests.upgrade.test_people import EMAILS
from lms.tests.upgrade.under_way import ALONE, IN_GROUP

pytestmark = pytest.mark.usefixtures("then")

# Two of the three administrators see the same words: they are looked at for what they may open.
LANGUAGES = [
    (email, language)
    for email in EMAILS
    for language in Language.values
    if language == Language.DUTCH or email not in (ALONE, IN_GROUP)
]


@pytest.mark.parametrize(("email", "language"), LANGUAGES)
def test_every_page_that_was_there_opens(email, language, kept, browser_of):
    User.objects.filter(email=email).update(language=language)
    browser = browser_of(email)
    pages = kept.facts["pages"][email]
    if email in (ALONE, IN_GROUP):
        pages = [address for address in pages if "?" not in address]
    wrong = {}
    for address in pages:
        answer = browser.get(address, follow=True)
        if answer.status_code != 200:
            wrong[address] = answer.status_code
    assert wrong == {}
    assert len(pages) > 15
