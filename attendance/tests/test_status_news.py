"""People hear how their study status changed: once, after the undo time, in their language."""

import pytest

from attendance.register import undoing
from attendance.tests.factories import a_class, save, typed
from certifications import awarding
from certifications.tests.factories import undo_time_is_over
from learners.enrolling import withdrawing
from learners.enrolling.entering import enrol_in_programme
from learners.models import Actor, Language, Notification, StudyStatus
from learners.studying.status_wishes import Wish
from learners.studying.study_status import change_status, change_statuses
from learners.telling import notify
from learners.tests.factories import a_participant, a_programme, a_run, an_administrator

pytestmark = pytest.mark.django_db

S = StudyStatus


def told(kind: str = "") -> list[Notification]:
    return list(Notification.objects.filter(kind__startswith=f"learners/{kind}").order_by("pk"))


def decided(status: str):
    """Let a teacher decide this about the first of a class."""
    run, teacher, people = a_class(-7)
    Notification.objects.all().delete()
    return run, teacher, people[0], save(run, teacher, typed(run, {people[0]: {"status": status}}))


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("not_passed", "not_passed", "Je bent niet geslaagd voor"),
        ("withdrawn_invalid", "withdrawn_by_somebody", "Je bent uitgeschreven voor"),
        ("withdrawn_valid", "withdrawn_by_somebody", "Je bent uitgeschreven voor"),
    ],
)
def test_who_a_teacher_sets_so_hears_it_once_and_not_before_the_undo_time(status, kind, words):
    _run, _teacher, enrolment, _saving = decided(status)
    awarding.drain()
    assert told() == []
    undo_time_is_over()
    awarding.drain()
    awarding.drain()
    (news,) = told()
    assert (news.kind, news.user) == (f"learners/{kind}", enrolment.learner)
    assert notify.words(news, "nl").subject.startswith(words)
    assert news.url == enrolment.get_absolute_url()
    assert "you" in notify.words(news, Language.ENGLISH).subject.lower()


@pytest.mark.parametrize("status", ["absent", "completed"])
def test_absent_tells_nothing_and_completed_is_told_by_its_certificate(status):
    decided(status)
    undo_time_is_over()
    awarding.drain()
    assert told() == []


def test_what_is_undone_in_time_is_told_nobody():
    _run, teacher, _enrolment, saving = decided("not_passed")
    undoing.undo_saving(saving=saving, by=teacher)
    undo_time_is_over()
    awarding.drain()
    assert told() == []


def test_what_is_corrected_after_it_was_told_is_told_too():
    _run, teacher, _enrolment, saving = decided("not_passed")
    undo_time_is_over()
    awarding.drain()
    undoing.undo_saving(saving=saving, by=teacher)
    undo_time_is_over()
    awarding.drain()
    _first, news = told()
    assert news.kind == "learners/status_corrected"
    assert "Die is nu: ingeschreven." in notify.words(news, "nl").body


def test_who_withdraws_themselves_has_it_confirmed_at_once_and_once():
    enrolment = a_participant(a_run(30))
    Notification.objects.all().delete()
    today = enrolment.organisation.today()
    withdrawing.withdraw(
        enrolment=enrolment, by=enrolment.learner, actor=Actor.LEARNER, notified_on=today
    )
    (news,) = told()
    assert notify.words(news, "nl").subject.startswith("Je hebt je uitgeschreven voor")
    undo_time_is_over()
    awarding.drain()
    assert len(told()) == 1


def test_who_leaves_a_programme_is_told_of_it_and_not_of_each_course():
    programme = a_programme()
    learner = a_participant(a_run(30)).learner
    office = an_administrator()
    whole = enrol_in_programme(
        learner=learner, programme=programme, by=office, actor=Actor.ADMINISTRATOR
    )
    Notification.objects.all().delete()
    today = whole.organisation.today()
    withdrawing.withdraw(enrolment=whole, by=office, actor=Actor.ADMINISTRATOR, notified_on=today)
    undo_time_is_over()
    awarding.drain()
    (news,) = told()
    assert news.url == whole.get_absolute_url()


def test_what_was_only_brought_in_from_elsewhere_is_told_nobody():
    enrolment = a_participant(a_run(-7))
    Notification.objects.all().delete()
    wish = Wish(enrolment_id=enrolment.pk, to=S.NOT_PASSED, tells_learner=False)
    change_statuses(wishes=[wish], by=an_administrator(), actor=Actor.ADMINISTRATOR)
    undo_time_is_over()
    awarding.drain()
    assert told() == []


def test_a_valid_reason_instead_of_none_is_told_as_what_holds_now():
    _run, _teacher, enrolment, _saving = decided("withdrawn_invalid")
    undo_time_is_over()
    awarding.drain()
    change_status(
        enrolment=enrolment, to=S.WITHDRAWN_VALID, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    undo_time_is_over()
    awarding.drain()
    assert [news.params["status"] for news in told()] == ["withdrawn_invalid", "withdrawn_valid"]


@pytest.mark.parametrize("people", [1, 3])
def test_telling_takes_the_same_queries_however_many_hear_it(people, django_assert_num_queries):
    run, teacher, enrolments = a_class(-7, people=people)
    rows = {one: {"status": "not_passed"} for one in enrolments}
    save(run, teacher, typed(run, rows))
    undo_time_is_over()
    with django_assert_num_queries(10):
        awarding.drain()
