"""What people decide about cycles comes to the same whether or not a job began what is due."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certifications import evidence, releasing_and_revoking
from certifications.assigning import giving, taking_back
from certifications.cycles import renewing, states
from certifications.defining import publication
from certifications.models import Certificate, Cycle
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import Notification
from learners.telling import notify
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN, OPENS, UNTIL, GRACE = (
    *(date(2027, 1, 31), date(2027, 12, 1)),
    *(date(2028, 1, 30), date(2028, 2, 29)),
)
DAY = timedelta(days=1)
DAYS = [OPENS, UNTIL + DAY, GRACE + DAY]


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


def certified(course):
    with on(BEGIN):
        first = assigned(a_certification(course, **YEARLY))
        done_by(first.assignment.learner, course)
    return first.assignment


def withdraw(assignment, by):
    taking_back.withdraw(assignments=[assignment], by=by, reason="Left")


def exempt(assignment, by):
    taking_back.exempt(assignments=[assignment], by=by, reason="Is a doctor")


def revoke(assignment, by):
    certificate = Certificate.objects.get(cycle__assignment=assignment)
    releasing_and_revoking.revoke(certificate=certificate, by=by, reason="Fraud")


def give_another_day(assignment, by):
    giving.assign(
        certification=assignment.certification,
        learners=[assignment.learner],
        mode="mandatory",
        by=by,
        due_on=GRACE + 90 * DAY,
    )


def assign_again(assignment, by):
    giving.assign(
        certification=assignment.certification,
        learners=[assignment.learner],
        mode="mandatory",
        by=by,
    )


def cycles(assignment):
    related = ("assignment__certification__organisation", "version")
    rows = Cycle.objects.filter(assignment=assignment).select_related(*related).order_by("number")
    return [(str(states.state_of(row)), row.begins_on, row.due_on) for row in rows]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("act", [withdraw, exempt, revoke, give_another_day, assign_again])
def test_it_is_the_same_whether_a_job_ran_before_or_not(act, day):
    course, by = an_elearning(organisation=OrganisationFactory()), an_administrator()
    found = []
    for job_ran in (True, False):
        assignment = certified(course)
        with on(day):
            if job_ran:
                renewing.begin_due()
            act(assignment, by)
            renewing.begin_due()
            found.append(cycles(assignment))
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_assigned_again_without_a_day_who_renews_keeps_the_end_as_their_deadline():
    assignment = certified(an_elearning(organisation=OrganisationFactory()))
    with on(OPENS):
        renewing.begin_due()
        assign_again(assignment, an_administrator())
        assert cycles(assignment)[1][2] == UNTIL


def test_of_withdrawn_evidence_its_learner_hears_once_and_hands_in_more_where_renewing_began():
    learner, by = UserFactory(), an_administrator()
    with on(BEGIN):
        cycle = assigned(a_certification(kind="external", **YEARLY), learner)
        upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")
        files = evidence.store(files=[upload], by=learner)
        submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=evidence.Facts())
        evidence.accept(evidence=submitted, by=by, facts=evidence.Facts(obtained_on=BEGIN))
    with on(OPENS):
        evidence.revoke(cycle=cycle, by=by, reason="Forged")
        assert Cycle.objects.get(assignment=cycle.assignment, number=2).is_open
        evidence.revoke(cycle=cycle, by=by, reason="Forged")
    told = Notification.objects.get(user=learner, kind="certifications/proof_revoked")
    assert notify.words(told, "en").subject == "Withdrawn: your proof for “First aider”"


@pytest.mark.parametrize("job_ran", [True, False])
def test_the_page_of_publishing_shows_the_cycle_that_is_due(client, job_ran):
    assignment = certified(an_elearning(organisation=OrganisationFactory()))
    by = an_administrator(language="en")
    with on(OPENS):
        if job_ran:
            renewing.begin_due()
        draft = publication.begin(certification=assignment.certification, by=by)
        client.force_login(by)
        name = "admin:certifications_certificationversion_publish"
        page = client.get(reverse(name, args=[draft.pk])).text
    assert "with the round after this one" in page


@pytest.mark.parametrize("job_ran", [True, False])
def test_the_page_of_exempting_offers_who_is_to_renew(client, job_ran):
    assignment = certified(an_elearning(organisation=OrganisationFactory()))
    by = an_administrator(language="en")
    listed = reverse("admin:certifications_certificationassignment_changelist")
    chosen = {"action": "exempt", "_selected_action": [assignment.pk]}
    with on(OPENS):
        if job_ran:
            renewing.begin_due()
        client.force_login(by)
        assert "completed; withdraw" not in client.post(listed, chosen, follow=True).text
        said = {**chosen, "confirmed": "yes", "reason": "Is a doctor"}
        client.post(listed, said, follow=True)
    exempted = Cycle.objects.exclude(exempted_at=None)
    assert exempted.get().number == 2
