"""Cycles in a browser with frozen time: early, in time, in the grace and too late, with a new
version in between, as the learner and a stranger see them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from certifications import awarding
from certifications.cycles import renewing
from certifications.defining import publication
from certifications.models import Certificate, Cycle, Path
from certifications.reminding import reminders
from certifications.tests.factories import a_certification, an_elearning, assigned, completed
from learners.models import Enrolment, Role
from learners.tests.factories import OrganisationFactory, a_member, an_administrator
from learners.tests.windows import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BEGIN = date(2027, 1, 31)
RULE = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}


class Walk:
    """A learner with a window, and a clock that is moved from day to day."""

    def __init__(self, page, clock, live_server) -> None:
        self.page, self.clock, self.server = page, clock, live_server
        here = OrganisationFactory(time_zone="Europe/Amsterdam")
        self.learner = a_member(Role.LEARNER, here, language="nl", name="Lotte Aerts")
        self.whole = an_elearning(organisation=here, title_nl="Reanimatie", title_en="CPR")
        self.short = an_elearning(organisation=here, title_nl="Opfrissing", title_en="Refresher")
        self.certification = a_certification(
            self.whole, self.short, title_nl="AED-bediener", title_en="AED operator", **RULE
        )
        version = self.certification.versions.get()
        version.requirements.filter(course=self.whole).update(path=Path.FULL)
        version.requirements.filter(course=self.short).update(path=Path.RENEWAL)
        assigned(self.certification, self.learner)

    def go_to(self, day) -> None:
        """Move to noon of a day, let the jobs run, and sign in anew."""
        self.clock.move_to(datetime(day.year, day.month, day.day, 11, tzinfo=UTC))
        renewing.begin_due()
        reminders.remind()
        sign_in(self.page.context, self.server.url, self.learner)
        self.page.goto(self.certification.get_absolute_url())

    def do(self, course) -> None:
        """Press 'Start' at a course, complete what that enrolled in, and come back."""
        row = self.page.locator(".row-item", has_text=course.title_nl)
        row.get_by_role("button").first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(course.title_nl)
        mine = Enrolment.objects.open().get(learner=self.learner, course=course)
        completed(mine)
        awarding.drain()
        self.page.goto(self.certification.get_absolute_url())

    def sees(self, *words) -> None:
        for text in words:
            expect(self.page.locator("main").get_by_text(text).first).to_be_visible()

    def certificates(self):
        found = Certificate.objects.filter(learner=self.learner, cycle__isnull=False)
        return list(found.order_by("cycle__number"))

    def stranger_sees(self, certificate, words) -> None:
        self.page.goto(certificate.get_absolute_url())
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)


def test_cycles_early_in_time_in_the_grace_and_too_late(page, live_server):
    begun = datetime(BEGIN.year, BEGIN.month, BEGIN.day, 11, tzinfo=UTC)
    with time_machine.travel(begun, tick=False) as clock:
        walk = Walk(page, clock, live_server)

        walk.go_to(BEGIN)
        walk.do(walk.whole)
        walk.sees("gecertificeerd", "30 januari 2028", "verlengen van 1 december 2027")

        # Early: renewing is a short course, and no day is lost.
        walk.go_to(date(2027, 12, 20))
        walk.sees("gecertificeerd, te verlengen", "Geldig tot en met 30 januari 2028")
        expect(
            page.locator(".row-item", has_text="Reanimatie").get_by_role("button")
        ).to_have_count(0)
        walk.do(walk.short)
        walk.sees("geldig van 31 januari 2028 tot en met 30 januari 2029")
        old, new = walk.certificates()
        walk.stranger_sees(old, "Een nieuwer certificaat heeft dit vervangen")
        walk.stranger_sees(new, "Dit certificaat is geldig")

        # In time, on the very last day: no day is lost either.
        walk.go_to(date(2029, 1, 30))
        walk.do(walk.short)
        walk.sees("geldig van 31 januari 2029 tot en met 30 januari 2030")
        new = walk.certificates()[-1]
        walk.stranger_sees(new, "Dit certificaat is geldig")

        # A version in the middle: from the next cycle on, valid for half as long.
        by = an_administrator()
        draft = publication.begin(certification=walk.certification, by=by)
        draft.period_months = 6
        draft.save()
        publication.publish(version=draft, by=by)

        # In the grace: renewing is still enough, and the gap stays.
        walk.go_to(date(2030, 2, 9))
        walk.sees("verlopen, verlengen kan nog", "Verlopen op 30 januari")
        walk.stranger_sees(new, "Dit certificaat is verlopen")
        walk.go_to(date(2030, 2, 9))
        walk.do(walk.short)
        walk.sees("geldig van 9 februari 2030 tot en met 8 augustus 2030")
        walk.sees("Daarvoor 9 dagen niet gecertificeerd")

        # Too late: all of it is asked anew.
        walk.go_to(date(2030, 10, 1))
        walk.sees("verlopen", "alles wordt opnieuw gevraagd")
        walk.do(walk.whole)
        walk.sees("geldig van 1 oktober 2030 tot en met 31 maart 2031")
        page.locator("summary", has_text="Waarom?").first.click()
        walk.sees("Het was niet verlengd op uiterlijk 7 september 2030, dus alles werd gevraagd.")

    cycles = Cycle.objects.order_by("number").values_list("path", "version__number", "gap_days")
    in_time = [("full", 1, 0), ("renewal", 1, 0), ("renewal", 1, 0)]
    assert list(cycles) == [*in_time, ("renewal", 2, 9), ("full", 2, 53)]
    standing = [one.superseded_by_id is None for one in walk.certificates()]
    assert standing == [False, False, False, False, True]
