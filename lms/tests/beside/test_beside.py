"""An app adds itself everywhere, without a line changed elsewhere."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from certifications.cycles import settling
from certifications.cycles.states import state_of
from certifications.models import CycleState
from certifications.tests.factories import a_certification, assigned, reloaded
from learners.enrolling import entering
from learners.files import file_kinds, keeping
from learners.importing import foreseeing
from learners.models import (
    Actor,
    Coaching,
    CompletedBy,
    Enrolment,
    Notification,
    Role,
    StoredFile,
    StudyStatus,
    User,
)
from learners.people import subscriptions
from learners.studying import study_status, subscription_warnings
from learners.templatetags.learners import pill_icon, pill_kind
from learners.tests.factories import (
    OrganisationFactory,
    UserFactory,
    a_member,
    a_programme,
    an_administrator,
    an_online_course,
    with_status,
)
from learners.tests.pictures import a_picture
from lms.celery import schedule
from lms.demo import contents
from lms.frame import home, searching
from lms.health import metrics
from lms.safety import personal, retention

pytestmark = pytest.mark.django_db
S = StudyStatus


@pytest.fixture
def walker(client: Client) -> User:
    """Somebody who is signed in, follows a programme that a walk completes, and has one to take."""
    here = OrganisationFactory()
    user = a_member(Role.LEARNER, here, language="en")
    course = an_online_course(organisation=here)
    programme = a_programme(course, organisation=here, completed_by=CompletedBy.EXAM)
    entering.enrol_in_programme(
        learner=user, programme=programme, by=an_administrator(), actor=Actor.ADMINISTRATOR
    )
    client.force_login(user)
    return user


@pytest.fixture
def whole(walker: User) -> Enrolment:
    return walker.enrolments.get(programme__isnull=False)


@pytest.fixture
def walk(whole: Enrolment):
    return a_walk(whole)


def a_walk(enrolment: Enrolment, **fields: object):
    from lms.tests.beside.models import Walk

    return Walk.objects.create(enrolment=enrolment, place="Damme", **fields)


def test_it_is_on_home_in_the_pane_the_tiles_the_calendar_and_what_ends(client, walk):
    page = client.get("/").text
    for words in ("My walks", "Walk to Damme", "To Damme", "Walked to Damme"):
        assert words in page
    assert page.count('href="/walks/"') > len(("tile", "waiting", "ending"))  # and in the pane


def test_whose_turn_it_is_follows_from_how_far_it_is(walker, walk):
    def turn():
        return next(w.turn for w in home.waiting_for(walker) if w.what == "Walk to Damme")

    here = walk.enrolment.subject.organisation
    board = a_member(Role.BOARD, here)
    assert (turn().is_of(walker), turn().is_of(board)) == (True, False)
    walk.handed_in_on = timezone.localdate()
    walk.save()
    assert (turn().is_of(walker), turn().is_of(board)) == (False, True)


def test_it_is_on_my_learning(client, walk):
    page = client.get("/my-learning/").text
    assert "All walks" in page
    assert "Damme" in page


def test_it_is_on_the_page_of_a_course_and_of_a_programme(client, whole, walk):
    part = whole.parts.get()
    a_walk(part)
    for enrolment in (whole, part):
        page = client.get(enrolment.get_absolute_url()).text
        assert 'aria-label="Walks"' in page
        assert "Damme" in page


def test_a_coach_sees_it(client, whole, walk):
    coach = a_member(Role.COACH, whole.organisation)
    Coaching.objects.create(enrolment=whole, coach=coach)
    client.force_login(coach)
    page = client.get(f"/my-learners/{whole.pk}/").text
    assert 'aria-label="Walks"' in page
    assert "walks well" in page


def test_it_is_found(walker, walk):
    groups = {str(group.title): group.results for group in searching.search(walker, "damm")}
    assert [result.title for result in groups["Walks"]] == ["Damme"]
    assert searching.search(UserFactory(), "damm") == []


def test_its_states_look_as_it_says():
    assert (pill_kind("walked"), pill_icon("walked")) == ("good", "signpost")


def test_its_lists_stand_in_the_administration(client):
    client.force_login(an_administrator(language="en"))
    assert "Walks" in client.get("/admin/").text


def test_health_and_metrics_tell_of_its_work(client, db, broker, settings, walk):
    settings.METRICS_TOKEN = "known"
    assert client.get("/healthz").json()["walks"] == "ok"
    walk.handed_in_on, walk.let_go_at = timezone.localdate(), timezone.now()
    walk.save()
    assert client.get("/healthz").json()["walks"] == "WorkIsLateError"
    figures = metrics.page().decode()
    assert 'mijlpaal_waiting{work="walks"} 1.0' in figures
    assert 'mijlpaal_up{part="walks"} 0.0' in figures


def test_the_scheduler_does_its_work():
    assert schedule()["walk"]["task"] == "lms.tests.beside.walk"


def test_what_follows_from_a_file_is_foreseen(walk):
    counts = foreseeing.count(
        lambda: study_status.change_status(
            enrolment=walk.enrolment, to=S.STARTED, by=None, actor=Actor.SYSTEM
        )
    )
    assert counts["walks"] == 1


def test_the_demo_tells_its_chapter():
    assert "walks" in [chapter.title for chapter in contents.contents()]


def test_it_says_what_it_holds_of_somebody(walker, walk):
    assert personal.export(walker)["walks"] == [{"place": "Damme", "passed_on": None}]


def a_photo_of(walker: User) -> StoredFile:
    stored = keeping.store(
        upload=SimpleUploadedFile("walk.png", a_picture()),
        owner=walker,
        kinds=file_kinds.IMAGES,
        max_size=keeping.MAX_MATERIAL,
    )
    return keeping.claim(stored=stored)


def test_it_says_who_reads_its_files(client, walker, walk):
    walk.photo = a_photo_of(walker)
    walk.save()
    address = f"/files/{walk.photo.pk}/"
    assert client.get(address).status_code == 200
    client.force_login(an_administrator())
    assert client.get(address).status_code == 404


def test_it_clears_its_own(walker, walk):
    photo = walk.photo = a_photo_of(walker)
    walk.let_go_on = timezone.localdate()
    walk.save()
    here = walk.enrolment.organisation
    here.clears_personal_data = True
    here.save()
    Enrolment.objects.filter(learner=walker).update(
        status=S.ABSENT, created_at=timezone.now() - timedelta(days=9000)
    )
    walker.date_joined = timezone.now() - timedelta(days=9000)
    walker.save()
    for change in walker.enrolments.all():
        change.status_changes.update(at=timezone.now() - timedelta(days=9000))
    User.objects.filter(pk=walker.pk).update(last_login=None)
    assert walker not in retention.due(timezone.now())  # it needs them, as it says
    walk.let_go_on -= timedelta(days=9000)
    walk.save()
    retention.clear()
    walk.refresh_from_db()
    assert (walk.place, walk.photo) == ("–", None)
    photo.refresh_from_db()
    assert photo.let_go_at is not None


def courses_done(whole: Enrolment) -> None:
    part = whole.parts.get()
    study_status.change_status(enrolment=part, to=S.COMPLETED, by=None, actor=Actor.SYSTEM)
    whole.refresh_from_db()


def test_its_programme_is_completed_when_it_says_so(whole, walk):
    courses_done(whole)
    assert whole.status == S.STARTED
    walk.handed_in_on = walk.passed_on = timezone.localdate()
    walk.save()
    study_status.settle_programmes([whole.pk])
    whole.refresh_from_db()
    assert whole.status == S.COMPLETED


@pytest.mark.parametrize(("let_go_days_ago", "status"), [(20, S.COMPLETED), (5, S.TERM_LAPSED)])
def test_who_was_let_go_in_time_may_pass_after_the_term(whole, walk, let_go_days_ago, status):
    courses_done(whole)
    today = timezone.localdate()
    Enrolment.objects.filter(pk=whole.pk).update(term_ends_on=today - timedelta(days=10))
    with_status(Enrolment.objects.get(pk=whole.pk), S.TERM_LAPSED)
    walk.let_go_on = today - timedelta(days=let_go_days_ago)
    walk.handed_in_on = walk.passed_on = today
    walk.save()
    study_status.settle_programmes([whole.pk])
    whole.refresh_from_db()
    assert whole.status == status


def test_a_course_that_is_taken_back_takes_the_programme_back(whole, walk):
    walk.handed_in_on = walk.passed_on = timezone.localdate()
    walk.save()
    courses_done(whole)
    assert whole.status == S.COMPLETED
    study_status.change_status(
        enrolment=whole.parts.get(),
        to=S.NOT_PASSED,
        by=an_administrator(),
        actor=Actor.ADMINISTRATOR,
    )
    whole.refresh_from_db()
    assert whole.status == S.STARTED


def test_who_is_at_its_exam_is_warned_before_the_subscription_ends(walker, whole, walk):
    whole.organisation.programmes_need_subscription = True
    whole.organisation.save()
    subscriptions.start_trial(user=walker, by=walker)
    subscription_warnings.warn()
    told = Notification.objects.get(kind="learners/subscription_ends")
    assert (told.user, told.params["exam"]) == (walker, "Walk to Damme")


def test_what_is_open_is_named_before_somebody_withdraws(client, whole, walk):
    page = client.get(f"/my-learning/enrolments/{whole.pk}/withdraw/").text
    assert "Walk to Damme" in page


def test_a_cycle_that_waits_for_a_result_is_awaiting_approval_and_counts_from_its_day(whole, walk):
    cycle = assigned(a_certification(whole.programme), whole.learner)
    courses_done(whole)
    walk.let_go_on = walk.handed_in_on = handed_in_on = timezone.localdate()
    walk.save()
    settling.settle([cycle.pk], timezone.now())
    assert state_of(reloaded(cycle)) == CycleState.AWAITING_APPROVAL
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        walk.passed_on = timezone.localdate()
        walk.save()
        study_status.settle_programmes([whole.pk])
        settling.settle([cycle.pk], timezone.now())
    assert reloaded(cycle).completed_on == handed_in_on
