"""Assigning a coach to many at once: added or instead, recorded, and told once."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from learners.enrolling.coaches import CoachRefused, assign
from learners.enrolling.coaches import coaches_of as coaching_of
from learners.models import (
    AuditEntry,
    Coaching,
    Enrolment,
    Membership,
    Notification,
    Role,
    StudyStatus,
)
from learners.pages import coaches as shown
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    ProgrammeFactory,
    UserFactory,
    a_member,
    an_administrator,
    an_enrolment,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return OrganisationFactory()


@pytest.fixture
def coach(here):
    return a_member(Role.COACH, here, name="Karel Coach")


def following(here, *coaches):
    whole = Enrolment.objects.create(
        learner=UserFactory(),
        programme=ProgrammeFactory(organisation=here),
        status="enrolled",
    )
    Coaching.objects.bulk_create(Coaching(enrolment=whole, coach=one) for one in coaches)
    return whole


def coaches_of(whole):
    return list(whole.coachings.order_by("pk").values_list("coach", flat=True))


def test_a_coach_is_added_to_who_coaches_already_and_told_once(here, coach):
    other = a_member(Role.COACH, here)
    wholes = [following(here), following(here, other), following(here, coach)]
    by = an_administrator()
    changed = assign(enrolments=wholes, coach=coach, replaces=False, by=by)
    assert changed == wholes[:2]
    assert [coaches_of(w) for w in wholes] == [[coach.pk], [other.pk, coach.pk], [coach.pk]]
    entry = AuditEntry.objects.get(action="learners.coach_assigned", object_id=wholes[1].pk)
    assert (entry.by, entry.changes) == (by, {"coaches": [[other.pk], [other.pk, coach.pk]]})
    told = Notification.objects.filter(kind="learners/coach_assigned")
    assert {one.user for one in told} == {whole.learner for whole in wholes[:2]}
    to_coach = Notification.objects.get(kind="learners/coaches_assigned")
    assert (to_coach.user, to_coach.params) == (coach, {"number": 2})


def test_a_coach_takes_the_place_of_who_coached_and_done_twice_is_done_once(here, coach):
    other = a_member(Role.COACH, here)
    wholes = [following(here, other), following(here, other, coach)]
    said = {"enrolments": wholes, "coach": coach, "replaces": True, "by": None}
    assert assign(**said) == wholes
    assert assign(**said) == []
    assert [coaches_of(whole) for whole in wholes] == [[coach.pk], [coach.pk]]
    assert Notification.objects.filter(kind="learners/coach_assigned").count() == 1
    assert AuditEntry.objects.filter(action="learners.coach_assigned").count() == 2


def test_silence_is_kept_and_a_course_has_no_coach(here, coach):
    course = an_enrolment(CourseFactory(organisation=here))
    whole = following(here)
    assign(enrolments=[course, whole], coach=coach, replaces=False, by=None, tells=False)
    assert [row.enrolment for row in Coaching.objects.all()] == [whole]
    assert not Notification.objects.exists()


def test_who_is_no_coach_at_one_of_the_institutions_is_refused(here, coach):
    elsewhere = OrganisationFactory(name="Zeeuwse Academie")
    wholes = [following(here), following(elsewhere)]
    with pytest.raises(CoachRefused, match="Zeeuwse Academie"):
        assign(enrolments=wholes, coach=coach, replaces=False, by=None)
    assert not Coaching.objects.exists()
    Membership.objects.create(user=coach, organisation=elsewhere, role=Role.COACH)
    assign(enrolments=wholes, coach=coach, replaces=False, by=None)
    assert Notification.objects.filter(kind="learners/coaches_assigned").count() == 1


@pytest.mark.parametrize("number", [1, 4])
def test_it_asks_as_much_for_four_as_for_one(here, coach, number, django_assert_max_num_queries):
    wholes = [following(here, a_member(Role.COACH, here)) for _ in range(number)]
    with django_assert_max_num_queries(14):
        assign(enrolments=wholes, coach=coach, replaces=True, by=None)


def test_an_administrator_assigns_a_coach_after_seeing_who_coaches_now(client, here, coach):
    client.force_login(an_administrator(language="en"))
    other = a_member(Role.COACH, here, name="Fatima Bos")
    whole, course = following(here, other), an_enrolment(CourseFactory(organisation=here))
    address = reverse("admin:learners_enrolment_changelist")
    chosen = {"action": "assign_coach", "_selected_action": [whole.pk, course.pk]}
    page = client.post(address, chosen).text
    assert "Fatima Bos" in page
    assert "only a programme has coaches" in page
    said = {"confirmed": "1", "coach": coach.pk, "how": "replaces", "tell_them": "on"}
    refused = client.post(address, chosen | said | {"coach": UserFactory(name="Noor Wit").pk})
    assert "Noor Wit is no coach at" in refused.text
    page = client.post(address, chosen | said, follow=True).text
    assert "The coach of 1 enrolment was assigned." in page
    assert coaches_of(whole) == [coach.pk]


def test_nobody_coaches_themselves_and_words_say_so(here, coach):
    mine = Enrolment.objects.create(
        learner=coach, programme=ProgrammeFactory(organisation=here), status="enrolled"
    )
    other = following(here)
    with pytest.raises(CoachRefused, match="Karel Coach"):
        assign(enrolments=[other, mine], coach=coach, replaces=False, by=an_administrator())
    assert not Coaching.objects.exists()
    with pytest.raises(ValidationError) as refused:
        Coaching(enrolment=mine, coach=coach).clean()
    assert list(refused.value.message_dict) == ["coach"]


def test_who_coached_themselves_before_leaves_their_work_to_the_board(here, coach):
    mine = Enrolment.objects.create(
        learner=coach, programme=ProgrammeFactory(organisation=here), status="enrolled"
    )
    Coaching.objects.create(enrolment=mine, coach=coach)
    assert list(Enrolment.objects.without_coach()) == [mine]
    assert list(Enrolment.objects.coached_by(coach)) == []
    assert coaching_of([mine]) == {mine.pk: []}
    assert shown.coaches_of(mine) == []


@pytest.mark.parametrize("archived_at", [None, timezone.now()])
@pytest.mark.parametrize("status", StudyStatus.values)
def test_the_query_and_the_row_agree_on_what_is_followed(here, status, archived_at):
    whole = following(here)
    Enrolment.objects.filter(pk=whole.pk).update(status=status, archived_at=archived_at)
    whole.refresh_from_db()
    assert Enrolment.objects.followed().exists() is whole.is_followed
