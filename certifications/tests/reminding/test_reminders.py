"""Reminders: each moment once, one digest a day, in the person's language, to the coach where
asked; and to nobody of what was retired, renewed or is being judged."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from certifications import awarding, evidence, releasing_and_revoking
from certifications.assigning import answering, taking_back
from certifications.cycles import renewing
from certifications.defining import publication
from certifications.models import Certificate, Certification, Moment, Reminder
from certifications.reminding import reminders
from certifications.tests.factories import a_certification, an_elearning, assigned, done_by
from learners.models import Coaching, Notification, Role
from learners.telling import notify
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
)

pytestmark = pytest.mark.django_db
YEARLY = {"validity": "recurring", "period_months": 12, "window_days": 60, "grace_days": 30}
BEGIN = date(2027, 1, 31)
OPENS, UNTIL, GRACE = date(2027, 12, 1), date(2028, 1, 30), date(2028, 2, 29)
DAY = timedelta(days=1)


def on(day):
    return time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False)


@pytest.fixture
def course():
    return an_elearning(organisation=OrganisationFactory())


@pytest.fixture
def certified(course):
    return certify(course, UserFactory(language="en"))


def certify(course, learner, **fields):
    with on(BEGIN):
        certification = a_certification(course, **{**YEARLY, **fields})
        first = assigned(certification, learner)
        done_by(learner, course)
    return first.assignment


def told(person):
    found = Notification.objects.filter(user=person, kind=reminders.KIND).order_by("pk")
    return [notify.words(one, "en") for one in found]


def run(day, times=1):
    with on(day):
        renewing.begin_due()
        for _time in range(times):
            reminders.remind()


def run_around(*days):
    """Run twice on each day around these, and on some between; return on which people were told."""
    around = {day + n * DAY for day in days for n in (-1, 0, 1, 2)}
    between = {BEGIN, BEGIN + 60 * DAY, days[-1] + 20 * DAY, days[-1] + 40 * DAY}
    told_on = []
    for day in sorted(around | between):
        before = Reminder.objects.count()
        run(day, times=2)
        told_on += [day] * (Reminder.objects.count() - before)
    return told_on


def test_through_a_year_each_moment_is_told_once(certified):
    told_on = run_around(OPENS, UNTIL - 30 * DAY, UNTIL - 7 * DAY, UNTIL, GRACE - 7 * DAY, GRACE)
    assert told_on == [
        *(OPENS, UNTIL - 30 * DAY, UNTIL - 7 * DAY, UNTIL + DAY),
        *(GRACE - 7 * DAY, GRACE + DAY),
    ]
    moments = Reminder.objects.order_by("pk").values_list("moment", "days")
    assert list(moments) == [
        *((Moment.OPENS, 0), (Moment.ENDS, 30), (Moment.ENDS, 7)),
        *((Moment.ENDED, 0), (Moment.CLOSES, 0), (Moment.LAPSED, 0)),
    ]
    assert [words.subject for words in told(certified.learner)] == [
        "You can renew “First aider”",
        "“First aider” is valid until 30 January",
        "“First aider” is valid until 30 January",
        "“First aider” has expired",
        "Renew “First aider” before 29 February is over",
        "“First aider” has expired",
    ]


def test_a_job_that_did_not_run_for_two_weeks_tells_only_the_last_moment(certified):
    run(UNTIL - timedelta(days=2), times=3)
    assert len(told(certified.learner)) == 1
    assert Reminder.objects.get().days == 7


def test_five_certifications_are_one_digest_a_day(course):
    learner = UserFactory(language="en")
    for number in range(5):
        certify(course, learner, title_nl=f"T{number}", title_en=f"T{number}")
    run(OPENS, times=3)
    (words,) = told(learner)
    assert words.subject == "5 certifications to renew"
    assert all(f"T{number}:" in words.body for number in range(5))


def test_a_digest_is_told_as_the_institution_of_all_of_it_and_else_as_the_product(course):
    one, both = UserFactory(), UserFactory()
    for learner in (one, both):
        certify(course, learner)
    certify(an_elearning(organisation=OrganisationFactory()), both)
    run(OPENS)
    digests = Notification.objects.filter(kind=reminders.KIND).order_by("user")
    assert [digest.organisation for digest in digests] == [course.organisation, None]


def test_what_comes_up_later_on_the_same_day_waits_until_tomorrow(course):
    learner = UserFactory()
    certify(course, learner)
    run(OPENS)
    certify(course, learner)
    run(OPENS)
    assert len(told(learner)) == 1
    run(OPENS + DAY)
    assert len(told(learner)) == 2


def test_it_is_said_in_the_language_of_who_reads_it(certified):
    run(OPENS)
    notification = Notification.objects.get(user=certified.learner, kind=reminders.KIND)
    assert "Hulpverlener" in notify.words(notification, "nl").subject


def test_nobody_is_reminded_of_what_was_retired(certified):
    with on(OPENS - DAY):
        publication.retire(certifications=[certified.certification], by=an_administrator())
    run(UNTIL - DAY)
    assert told(certified.learner) == []


def test_nobody_is_reminded_of_what_they_renewed(certified, course):
    with on(OPENS):
        renewing.begin_due()
        done_by(certified.learner, course)
        awarding.drain()
    run(UNTIL - DAY)
    run(UNTIL + DAY)
    assert told(certified.learner) == []


def test_without_days_nobody_is_reminded_before_the_end(course):
    learner = UserFactory()
    certify(course, learner, remind_days="")
    run(UNTIL)
    assert [one.moment for one in Reminder.objects.all()] == []
    run(UNTIL + DAY)
    assert len(told(learner)) == 1


@pytest.mark.parametrize("asked", [True, False])
def test_the_coach_is_told_where_that_is_asked(course, asked):
    from learners.enrolling import entering
    from learners.models import Actor

    coach = a_member(Role.COACH, course.organisation, language="en")
    learners = [UserFactory(name=name) for name in ("Noor", "Youssef")]
    programme = a_programme(
        an_elearning(organisation=course.organisation), organisation=course.organisation
    )
    for learner in learners:
        with on(BEGIN):
            whole = entering.enrol_in_programme(
                learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
            )
            Coaching.objects.create(enrolment=whole, coach=coach)
        certify(course, learner, reminds_coach=asked)
    run(OPENS, times=2)
    assert len(told(coach)) == asked
    if asked:
        (words,) = told(coach)
        assert words.subject == "2 certifications of people whom you coach end"
        assert "Noor, First aider:" in words.body
        assert "Youssef, First aider:" in words.body
        assert words.body.endswith("/my-learners/")
        assert "\n\n\n" not in words.body
    assert all(len(told(learner)) == 1 for learner in learners)


def test_a_wrong_setting_is_refused():
    from django.core.exceptions import ValidationError

    from certifications.models.defining import check_days

    check_days("30, 7")
    for wrong in ("0", "a", "30,,7", "400", "1,2,3,4,5,6"):
        with pytest.raises(ValidationError):
            check_days(wrong)


@pytest.fixture
def awaited(course):
    """A first cycle that has to be completed 90 days after it was assigned."""
    with on(BEGIN):
        certification = a_certification(course, **YEARLY, due_days=90)
        return assigned(certification, UserFactory(language="en"))


DUE = BEGIN + timedelta(days=90)


def subjects(person):
    return [words.subject for words in told(person)]


def test_a_first_deadline_is_told_before_and_after_it_once_each(awaited):
    assert run_around(DUE - 14 * DAY, DUE - 3 * DAY, DUE) == [
        *(DUE - 14 * DAY, DUE - 3 * DAY, DUE + DAY)
    ]
    rows = Reminder.objects.order_by("pk").values_list("moment", "days")
    assert list(rows) == [(Moment.DUE, 14), (Moment.DUE, 3), (Moment.LATE, 0)]
    learner = awaited.assignment.learner
    assert subjects(learner) == [
        "Complete “First aider” by 1 May",
        "Complete “First aider” by 1 May",
        "The deadline of “First aider” is over",
    ]
    bodies = [words.body for words in told(learner)]
    assert "to be completed by 1 May 2027, and not done yet." in bodies[0]
    assert "had to be completed by 1 May 2027. It can still be done." in bodies[2]


def test_nobody_is_reminded_of_a_deadline_that_they_met(awaited, course):
    with on(DUE - 20 * DAY):
        done_by(awaited.assignment.learner, course)
    run(DUE - 10 * DAY)
    run(DUE + DAY)
    assert told(awaited.assignment.learner) == []


def test_what_was_written_down_of_a_deadline_is_not_told_once_it_is_met(awaited, course):
    learner = awaited.assignment.learner
    with on(DUE - 10 * DAY):
        Notification.objects.create(
            user=learner, kind=reminders.KIND, key=f"reminders:{DUE - 10 * DAY}", params={}
        )
        reminders.remind()
        done_by(learner, course)
    run(DUE - 9 * DAY)
    assert Reminder.objects.get().told_at is None


def test_a_deadline_of_what_was_retired_or_declined_or_not_answered_reminds_nobody(course):
    by = an_administrator()
    with on(BEGIN):
        retired, taken_away, asked = (
            assigned(a_certification(course, due_days=90), mode=mode)
            for mode in ("mandatory", "mandatory", "nominated")
        )
        publication.retire(certifications=[retired.certification], by=by)
        taking_back.withdraw(assignments=[taken_away.assignment], by=by, reason="Left")
    run(DUE - 2 * DAY)
    assert not Reminder.objects.exists()
    with on(DUE - 2 * DAY):
        answering.accept(assignment=asked.assignment, by=asked.assignment.learner)
    run(DUE - 2 * DAY)
    assert Reminder.objects.get().user == asked.assignment.learner


def test_without_days_nobody_is_reminded_of_a_deadline(awaited):
    Certification.objects.update(remind_due_days="")
    run(DUE - DAY)
    run(DUE + DAY)
    assert not Reminder.objects.exists()


def test_a_deadline_after_a_withdrawn_certificate_is_told_as_a_first_one(course):
    assignment = certify(course, UserFactory(language="en"))
    by = an_administrator()
    with on(BEGIN + DAY):
        certificate = Certificate.objects.get(cycle__assignment=assignment)
        releasing_and_revoking.revoke(certificate=certificate, by=by, reason="Fraud")
        taking_back.withdraw(assignments=[assignment], by=by, reason="Anew")
        again, due = assignment.learner, BEGIN + 40 * DAY
        assigned(assignment.certification, again, due_on=due)
    assert run_around(due - 14 * DAY, due - 3 * DAY, due) == [
        *(due - 14 * DAY, due - 3 * DAY, due + DAY)
    ]


@pytest.mark.parametrize(
    ("anchor", "words"),
    [
        ("expiry", "whoever renews by that day loses no day"),
        ("completion", "a new period begins on the day of renewing"),
    ],
)
def test_who_can_renew_hears_what_renewing_early_gives(course, anchor, words):
    assignment = certify(course, UserFactory(language="en"), anchor=anchor)
    run(OPENS)
    assert words in told(assignment.learner)[0].body


def test_of_evidence_that_ends_new_evidence_is_asked_and_nothing_is_done_anew():
    learner = UserFactory(language="en")
    with on(BEGIN):
        cycle = assigned(a_certification(kind="external", **YEARLY), learner)
        upload = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 a proof")
        files = evidence.store(files=[upload], by=learner)
        submitted = evidence.hand_in(cycle=cycle, files=files, by=learner, facts=evidence.Facts())
        facts = evidence.Facts(obtained_on=BEGIN)
        evidence.accept(evidence=submitted, by=an_administrator(), facts=facts)
    for day in (OPENS, UNTIL - 7 * DAY, GRACE + DAY):
        run(day)
    accepted = Notification.objects.get(kind="certifications/proof_accepted")
    assert "It is valid until 30 January 2028." in notify.words(accepted, "en").body
    opens, ends, lapsed = (words.body for words in told(learner))
    assert "a new proof can be handed in from now on" in opens
    assert "no new proof was handed in yet" in ends
    assert "A new proof makes it valid again." in lapsed


def test_a_deadline_and_a_renewal_are_one_digest(course):
    learner = UserFactory(language="en")
    certify(course, learner, title_nl="Oud", title_en="Old")
    with on(OPENS - 80 * DAY):
        other = an_elearning(organisation=course.organisation)
        assigned(a_certification(other, due_days=90, title_nl="N", title_en="New"), learner)
    run(OPENS)
    assert subjects(learner) == ["2 certifications wait for you"]


@pytest.mark.parametrize("people", [1, 3])
def test_reminding_takes_as_many_queries_for_one_as_for_three(
    course, people, django_assert_num_queries
):
    for _person in range(people):
        with on(BEGIN):
            learner = UserFactory()
            certify(course, learner)
    with on(OPENS):
        renewing.begin_due()
        with django_assert_num_queries(QUERIES):
            assert reminders.remind() == people


QUERIES = 40
