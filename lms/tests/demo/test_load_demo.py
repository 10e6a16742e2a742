"""The demo: a story in which everything is there to be seen, and that stays as it is."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from attendance.marking import registers
from certifications.cycles import states
from certifications.models import Certificate, CertificateState, Certification, Cycle, CycleState
from learners.hooks.chapters import Chapter, World
from learners.hooks.offer import Offer
from learners.hooks.registry import forget, register
from learners.models import (
    Course,
    Enrolment,
    Meeting,
    Membership,
    Notification,
    Organisation,
    Programme,
    Run,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.telling import notify
from lms.demo import people
from lms.demo.logins import LOGINS, PASSWORD
from lms.tests.own import own_apps

NEWS = "learners/told_by_a_chapter"


def load(**options: object) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def tell_the_coach(world: World) -> int:
    """Tell the coach something; return how many runs there are by then."""
    told = notify.Message(user_id=world.coach.pk, organisation_id=None, key="a chapter")
    notify.tell(kind=NEWS, messages=[told])
    return len(world.runs)


@pytest.fixture(scope="module")
def _a_chapter() -> Iterator[None]:
    """An app that tells a chapter of its own, between two of the roof."""
    chapter = Chapter("runs, as their coach counts them", tell_the_coach, 35)
    register("lms", Offer(chapters=[chapter]))
    yield
    forget("lms")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, _a_chapter) -> Iterator[str]:
    """The demo, loaded once for all tests of this module; returns what the command said."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(force=True)
        transaction.set_rollback(True)


@pytest.fixture
def sanne(demo, db) -> User:
    return User.objects.get(email=people.SANNE)


def test_loading_says_how_far_it_is(demo):
    lines = demo.splitlines()

    assert len(lines) == 13
    assert lines[0].startswith("  Demo … 598 institutions and people")


def test_an_app_tells_a_chapter_of_its_own_in_its_place(demo):
    lines = demo.splitlines()
    assert "places in runs" in lines[2]
    assert lines[3].startswith("  Demo … 60 runs, as their coach counts them")


def test_what_an_app_told_in_the_demo_is_old_news_too(demo, db):
    (told,) = Notification.objects.filter(kind=NEWS)
    assert None not in (told.mailed_at, told.read_at)


def test_there_are_two_institutions_with_what_they_offer(demo, db):
    assert sorted(Organisation.objects.values_list("code", flat=True)) == ["VAV", "ZCU"]
    assert (Course.objects.count(), Programme.objects.count()) == (41, 6)
    assert not Course.objects.filter(title_en="").exists()
    assert not Course.objects.filter(summary_nl="").exists()


def test_there_are_sixty_runs_before_now_and_after(demo, db):
    now = timezone.now()

    assert Run.objects.count() == 60
    assert Run.objects.filter(ends_at__lt=now).count() > 25
    ahead = Run.objects.filter(starts_at__gt=now, cancelled_at=None).count()
    on_now = Meeting.objects.filter(begins_at__lt=now, ends_at__gt=now).count()
    assert (ahead, on_now) in [(20, 2), (22, 0)], "at night nobody is in class"
    assert Run.objects.filter(cancelled_at__isnull=False).count() == 1


def test_no_meeting_is_held_at_night(demo, db):
    zone = Organisation.objects.get(code="VAV").tz
    hours = Meeting.objects.values_list("begins_at", "ends_at")

    assert min(begins_at.astimezone(zone).time() for begins_at, _ in hours) >= time(8)
    assert max(ends_at.astimezone(zone).time() for _, ends_at in hours) <= time(22, 30)


def test_people_have_names_from_many_places(demo, db):
    assert User.objects.count() == 584
    for name in people.NAMES["uncommon"]:
        assert User.objects.filter(name=name).exists()
    assert User.objects.filter(email=None).exists()
    assert Membership.objects.exclude(number="").count() == people.LEARNERS


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.email)
def test_everybody_who_is_listed_can_sign_in(login, demo, db, client):
    answer = client.post("/accounts/login/", {"username": login.email, "password": PASSWORD})

    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_nobody_else_has_a_password(demo, db):
    others = User.objects.exclude(email__in=[login.email for login in LOGINS])

    assert not [user for user in others if user.has_usable_password()]


def test_the_learner_stands_in_every_state(sanne):
    hers = Enrolment.objects.filter(learner=sanne)

    assert set(hers.values_list("status", flat=True)) == set(StudyStatus)
    assert hers.filter(archived_at__isnull=False).count() == 1


def test_certificates_are_held_valid_expired_and_withdrawn(demo, db):
    today = timezone.localdate()
    states = Counter(certificate.state_on(today) for certificate in Certificate.objects.all())
    waiting = StudyStatusChange.objects.waiting().filter(to_status=StudyStatus.COMPLETED)

    assert states[CertificateState.VALID] > 200
    assert states[CertificateState.EXPIRED] > 20
    assert states[CertificateState.REVOKED] == 2
    assert waiting.filter(due_at__gt=timezone.now()).count() > 3
    assert waiting.filter(due_at=None).count() == 2


def test_the_learner_has_a_certificate_of_each_kind(sanne):
    today = timezone.localdate()
    hers = Certificate.objects.filter(learner=sanne)

    assert {certificate.state_on(today) for certificate in hers} == {
        CertificateState.VALID,
        CertificateState.EXPIRED,
        CertificateState.REVOKED,
        CertificateState.SUPERSEDED,
    }
    assert StudyStatusChange.objects.filter(
        enrolment__learner=sanne, handled_at=None, due_at__gt=timezone.now()
    ).exists()


def test_the_learner_has_a_certification_in_every_state(sanne):
    hers = Cycle.objects.for_user(sanne)

    assert {states.state_of(cycle) for cycle in hers} == set(CycleState)
    assert Certification.objects.choosable_by(sanne).exists()


def test_certificates_are_left_to_the_worker_to_draw(demo, db):
    assert not Certificate.objects.exclude(rendered_at=None).exists()


def test_the_teachers_meeting_of_today_waits_for_its_register(demo, db):
    run = Run.objects.get(course__code="EHBO", code="GENT-3")
    last = registers.with_recorded(run.meetings.all()).last()
    participants = Enrolment.objects.participants_of(run)

    assert run.teachers.get().email == people.MARIEKE
    assert participants.count() == 24
    assert participants.filter(learner__email=people.SANNE).exists()
    assert (last.recorded, last.ends_at <= timezone.now()) == (0, True)


def test_registers_are_complete_but_for_the_last_ones(demo, db):
    over = Meeting.objects.begun(timezone.now()).filter(run__cancelled_at=None)
    incomplete = registers.incomplete(over)

    assert incomplete.exists()
    long_ago = timezone.now() - timedelta(days=6)
    assert not incomplete.filter(ends_at__lt=long_ago).exists()


def test_a_run_is_full(demo, db):
    run = Run.objects.get(course__code="EHBO", code="GENT-4")

    assert run.places.booked().count() == run.capacity


def test_nobody_is_mailed_about_the_past_but_the_learner(demo, sanne):
    waiting = Notification.objects.filter(mailed_at=None)

    assert set(waiting.values_list("user", flat=True)) == {sanne.pk}


def test_loaded_again_it_stays_the_same(demo, db):
    before = snapshot()

    said = load(force=True)

    assert snapshot() == before
    assert "stays as it is" in said


def snapshot() -> dict[str, tuple[int, int]]:
    """Return for each table the number of its rows and a sum over all that is in them."""
    models = [model for app in own_apps() for model in app.get_models()]
    return {
        model._meta.label: (len(rows), hash(tuple(map(repr, rows))))
        for model in models
        for rows in [list(model.objects.order_by("pk").values_list())]
    }
