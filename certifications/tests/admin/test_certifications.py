"""Defining and assigning certifications in the administration."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from certifications.assigning import giving, taking_back
from certifications.cycles.states import state_of
from certifications.defining import publication
from certifications.models import Certification, CertificationAssignment, Cycle, CycleState
from certifications.tests.factories import (
    TWO_YEARS,
    a_certification,
    an_elearning,
    assigned,
    done_by,
    reloaded,
)
from learners.models import AuditEntry, Membership, Role
from learners.tests.factories import OrganisationFactory, UserFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db
ADD = reverse("admin:certifications_certification_add")
CERTIFICATIONS = reverse("admin:certifications_certification_changelist")
ASSIGN = reverse("admin:certifications_certificationassignment_add")
ASSIGNED = reverse("admin:certifications_certificationassignment_changelist")
VERSIONS = reverse("admin:certifications_certificationversion_changelist")
EXAMPLE = reverse("admin:certifications_certificationversion_example")
NO_LINES = {
    "requirements-TOTAL_FORMS": 0,
    "requirements-INITIAL_FORMS": 0,
}


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def course(organisation):
    return an_elearning(organisation=organisation, title_nl="Hygiëne")


def version_page(version):
    return reverse("admin:certifications_certificationversion_change", args=[version.pk])


def publish_page(version):
    return reverse("admin:certifications_certificationversion_publish", args=[version.pk])


def test_while_a_version_is_not_published_its_pages_and_a_refusal_to_assign_lead_to_publishing(
    client, administrator, organisation
):
    made = Certification.objects.create(organisation=organisation, code="LEV", title_nl="Redder")
    draft = publication.begin(certification=made, by=administrator)
    way = f'href="{publish_page(draft)}"'
    certification_page = reverse("admin:certifications_certification_change", args=[made.pk])
    for page in (version_page(draft), certification_page):
        assert way in client.get(page).text
    said = {"certification": made.pk, "mode": "mandatory", "learners": [UserFactory().pk]}
    assert way in client.post(ASSIGN, said).text
    draft.published_at = timezone.now()
    draft.save()
    for page in (version_page(draft), certification_page):
        assert way not in client.get(page).text


def test_who_is_only_a_learner_there_cannot_be_named_to_judge(client, administrator, organisation):
    learner = a_member(Role.LEARNER, organisation, name="Lotte Peeters")
    said = {"organisation": organisation.pk, "code": "LEV", "kind": "external", "title_nl": "Arts"}
    page = client.post(ADD, said | {"approvers": [learner.pk]}).text
    assert "these people are learners at most: Lotte Peeters" in page
    assert not Certification.objects.exists()
    Membership.objects.filter(user=learner).update(role=Role.COACH)
    client.post(ADD, said | {"approvers": [learner.pk]})
    assert list(Certification.objects.get().judges()) == [learner]


def test_from_nothing_to_a_published_certification(client, administrator, organisation, course):
    said = {"organisation": organisation.pk, "code": "LEV", "kind": "internal"}
    page = client.post(ADD, {**said, "title_nl": "Levensredder"}, follow=True)
    made = Certification.objects.get()
    draft = publication.draft_of(made)
    assert page.redirect_chain[-1][0] == version_page(draft)

    lines = {
        "requirements-TOTAL_FORMS": 1,
        "requirements-INITIAL_FORMS": 0,
        "requirements-0-position": 1,
        "requirements-0-course": course.pk,
        "requirements-0-accepts_days_old": 0,
        "requirements-0-path": "both",
        "requirements-0-is_mandatory": "on",
    }
    settings = {"validity": "recurring", "period_months": 24, "window_days": 60}
    settings |= {"grace_days": 30, "anchor": "expiry"}
    client.post(version_page(draft), {**settings, **lines})
    assert draft.requirements.get().course == course
    page = client.get(ADD).text
    assert f'href="{publish_page(draft)}">Publish version 1 …' in page  # said after saving

    chosen = {"action": "publish", "_selected_action": [draft.pk]}
    assert "can be assigned" in client.post(VERSIONS, chosen).text
    client.post(VERSIONS, {**chosen, "confirmed": "yes"})
    made.refresh_from_db()
    assert made.published_at is not None


def test_the_example_is_worked_out_from_what_is_typed(client, administrator):
    typed = {"validity": "recurring", "period_months": 24, "window_days": 60}
    page = client.get(EXAMPLE, {**typed, "grace_days": 30, "anchor": "expiry", "due_days": 90}).text
    year = timezone.localdate().year + 1
    assert f"Who finishes on 31 January {year} is valid until 30 January {year + 2}." in page
    assert f"May renew from 1 December {year + 1}." in page
    incomplete = {"validity": "recurring", "anchor": "expiry"}
    assert "as soon as these settings fit together" in client.get(EXAMPLE, incomplete).text


def test_what_was_published_is_frozen(client, administrator, course):
    version = a_certification(course, **TWO_YEARS).versions.get()
    page = client.get(version_page(version)).text
    assert 'name="_save"' not in page
    client.post(version_page(version), {"validity": "unlimited", "anchor": "expiry", **NO_LINES})
    version.refresh_from_db()
    assert version.period_months == 24


def test_a_version_that_asks_for_nothing_is_not_published(course):
    certification = a_certification(course)
    draft = publication.begin(certification=certification, by=an_administrator())
    draft.requirements.all().delete()
    with pytest.raises(publication.DefinitionRefused):
        publication.publish(version=draft, by=an_administrator())


def test_what_is_asked_is_numbered_by_itself_and_its_page_says_what_the_settings_do(
    client, administrator, course, organisation
):
    other, third = (an_elearning(organisation=organisation) for _ in range(2))
    draft = publication.begin(certification=a_certification(course), by=administrator)
    kept = draft.requirements.get()
    page = client.get(version_page(draft)).text
    for words in (
        "With no number all of the requirements below have to be done",
        "takes only what is earned from the beginning of the round on",
        "Day and month only count with a fixed day of the year",
        "js/admin-version.js",
    ):
        assert words in page
    rows = [{"id": kept.pk, "course": course.pk, "position": 1}]
    rows += [{"course": one.pk, "position": ""} for one in (other, third)]
    lines = {
        f"requirements-{n}-{name}": value
        for n, row in enumerate(rows)
        for name, value in {**row, "accepts_days_old": 0, "path": "both"}.items()
    }
    lines |= {"requirements-TOTAL_FORMS": 4, "requirements-INITIAL_FORMS": 1}
    lines |= {"requirements-3-position": "", "requirements-3-accepts_days_old": 0}
    lines |= {"requirements-3-path": "both"}
    said = {"validity": "unlimited", "anchor": "expiry", "window_days": 0, "grace_days": 0}
    client.post(version_page(draft), {**said, "fixed_day": 1, "fixed_month": 2, **lines})
    found = draft.requirements.values_list("course", "position")
    assert list(found) == [(course.pk, 1), (other.pk, 2), (third.pk, 3)]
    draft.refresh_from_db()
    assert draft.fixed_day is None


def test_a_course_of_another_institution_is_refused(client, administrator, course):
    draft = publication.begin(certification=a_certification(course), by=administrator)
    other = an_elearning()
    lines = {
        "requirements-TOTAL_FORMS": 1,
        "requirements-INITIAL_FORMS": 0,
        "requirements-0-position": 1,
        "requirements-0-course": other.pk,
        "requirements-0-accepts_days_old": 0,
    }
    said = {"validity": "unlimited", "anchor": "expiry", "window_days": 0, "grace_days": 0}
    page = client.post(version_page(draft), {**said, **lines}).text
    assert "something of another institution" in page


def test_a_new_version_moves_over_whom_one_says(course, organisation):
    by, other = an_administrator(), an_elearning(organisation=organisation)
    certification = a_certification(course)
    begun, not_begun, done = (assigned(certification) for _ in range(3))
    Cycle.objects.filter(pk=begun.pk).update(started_on=timezone.localdate())
    done_by(done.assignment.learner, course)
    draft = publication.begin(certification=certification, by=by)
    draft.requirements.create(course=other, position=2)
    touched = publication.touched_by(draft)
    assert (touched.not_begun, touched.all_open) == (1, 2)

    publication.publish(version=draft, by=by, touches=publication.Touches.NOT_BEGUN)
    assert reloaded(not_begun).version == draft
    assert reloaded(begun).version != draft
    assert reloaded(done).version != draft


def test_who_has_it_no_longer_is_assigned_anew_by_a_button(client, administrator, course):
    assignment = assigned(a_certification(course), UserFactory(name="Noor Janssens")).assignment
    page = reverse("admin:certifications_certificationassignment_change", args=[assignment.pk])
    anew = f"{ASSIGN}?certification={assignment.certification_id}"
    anew += f"&amp;learners={assignment.learner_id}"
    assert anew not in client.get(page).text
    taking_back.withdraw(assignments=[assignment], by=administrator, reason="left")
    assert anew in client.get(page).text
    form = client.get(anew.replace("&amp;", "&")).text
    assert f'<option value="{assignment.learner_id}" selected>' in form


def test_a_new_version_opens_once_it_is_made(client, administrator, course):
    certification = a_certification(course)
    said = {"action": "new_version", "index": 0, "_selected_action": certification.pk}
    answer = client.post(CERTIFICATIONS, {**said, "confirmed": "1"})
    assert answer.url == version_page(publication.draft_of(certification))


def test_retiring_says_first_how_many_people_have_it(client, administrator, course):
    certification = a_certification(course)
    for _person in range(2):
        assigned(certification)
    said = {"action": "retire", "index": 0, "_selected_action": certification.pk}
    page = client.post(CERTIFICATIONS, said).text
    assert "2 people have it" in page
    assert "nobody is asked to renew it" in page


def test_a_retired_certification_is_begun_by_nobody_and_goes_on_for_who_is_in_it(course):
    certification = a_certification(course)
    cycle = assigned(certification)
    publication.retire(certifications=[certification], by=an_administrator())
    certification.refresh_from_db()
    with pytest.raises(giving.AssigningRefused):
        giving.plan(certification=certification, learners=[UserFactory()], mode="mandatory")
    done_by(cycle.assignment.learner, course)
    assert state_of(reloaded(cycle)) == CycleState.CERTIFIED


def test_the_dry_run_lists_every_person_and_date_and_writes_nothing(client, administrator, course):
    certification = a_certification(course, due_days=30)
    new, moved, done = (UserFactory(name=name) for name in ("New One", "Moved Too", "Done Long"))
    assigned(certification, moved, due_on=timezone.localdate() + timedelta(days=5))
    assigned(certification, done)
    done_by(done, course)
    said = {"certification": certification.pk, "mode": "mandatory"}
    said["learners"] = [new.pk, moved.pk, done.pk]
    before = CertificationAssignment.objects.count()
    page = client.post(ASSIGN, said).text
    for words in ("New One", "is assigned", "Moved Too", "changes", "has completed it already"):
        assert words in page
    assert "Assign to these 2 people" in page
    assert CertificationAssignment.objects.count() == before

    client.post(ASSIGN, {**said, "confirmed": "yes"})
    due_on = certification.organisation.today() + timedelta(days=30)
    for person in (new, moved):
        assert Cycle.objects.for_user(person).get().due_on == due_on
    assert AuditEntry.objects.filter(action="certifications.assignment_changed").count() == 1


def test_what_was_typed_after_the_dry_run_is_shown_before_it_is_done(client, administrator, course):
    certification, person = a_certification(course), UserFactory()
    said = {"certification": certification.pk, "mode": "mandatory", "learners": [person.pk]}
    shown = client.post(ASSIGN, said).context["shown"]
    later = timezone.localdate() + timedelta(days=9)
    changed = {**said, "due_on": later.isoformat(), "confirmed": "yes"}
    page = client.post(ASSIGN, {**changed, "shown": shown})
    assert "This is not what was shown any more" in page.text
    assert not Cycle.objects.for_user(person).exists()
    client.post(ASSIGN, {**changed, "shown": page.context["shown"]})
    assert Cycle.objects.for_user(person).get().due_on == later


def test_a_dry_run_is_looked_at_again_where_somebody_was_assigned_it_meanwhile(
    client, administrator, course
):
    certification, person, other = a_certification(course), UserFactory(), UserFactory()
    said = {"certification": certification.pk, "mode": "mandatory"}
    said["learners"] = [person.pk, other.pk]
    shown = client.post(ASSIGN, said).context["shown"]
    assigned(certification, person)
    page = client.post(ASSIGN, {**said, "shown": shown, "confirmed": "yes"}).text
    assert "This is not what was shown any more" in page
    assert not Cycle.objects.for_user(other).exists()


def test_assigning_takes_as_many_queries_for_one_as_for_three(
    course, django_assert_max_num_queries
):
    certification, by = a_certification(course), an_administrator()
    asked = []
    for people in (1, 3):
        learners = [UserFactory() for _ in range(people)]
        with django_assert_max_num_queries(30) as queries:
            giving.assign(certification=certification, learners=learners, mode="mandatory", by=by)
        asked.append(len(queries))
    assert asked[1] <= asked[0]


def test_taking_it_away_asks_why_and_leaves_what_was_completed(client, administrator, course):
    certification = a_certification(course)
    open_one, done = assigned(certification), assigned(certification)
    done_by(done.assignment.learner, course)
    chosen = {"action": "withdraw", "confirmed": "yes", "reason": "Left the team"}
    rows = [open_one.assignment.pk, done.assignment.pk]
    client.post(ASSIGNED, {**chosen, "_selected_action": rows})
    assert state_of(reloaded(open_one)) == CycleState.WITHDRAWN
    assert state_of(reloaded(done)) == CycleState.CERTIFIED


def test_an_exempt_person_is_asked_nothing(client, administrator, course):
    cycle = assigned(a_certification(course))
    chosen = {"action": "exempt", "confirmed": "yes", "reason": "A nurse"}
    client.post(ASSIGNED, {**chosen, "_selected_action": [cycle.assignment.pk]})
    assert state_of(reloaded(cycle)) == CycleState.EXEMPT


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_as_much_for_one_as_for_three(
    client, administrator, course, number, django_assert_max_num_queries
):
    certification = a_certification(course)
    for _ in range(number):
        assigned(certification)
    with django_assert_max_num_queries(8):
        assert client.get(ASSIGNED, {"state": "assigned"}).status_code == 200


def test_a_badge_that_was_uploaded_is_the_badge(client, administrator, organisation):
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    picture = SimpleUploadedFile("badge.png", out.getvalue())
    said = {"organisation": organisation.pk, "code": "B", "kind": "external", "title_nl": "Badge"}
    client.post(ADD, {**said, "upload": picture})
    made = Certification.objects.get()
    assert client.get(made.badge_url)["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "nonsense",
    [
        {"completed_on": "2026-01-01"},
        {"valid_until": "2026-01-01"},
        {
            "completed_on": "2026-01-02",
            "valid_from": "2026-01-02",
            "anchor_on": "2026-01-02",
            "valid_until": "2026-01-01",
        },
    ],
)
def test_the_database_refuses_dates_that_cannot_be(course, nonsense):
    cycle = assigned(a_certification(course))
    with pytest.raises(IntegrityError), transaction.atomic():
        Cycle.objects.filter(pk=cycle.pk).update(**nonsense)


def test_the_database_refuses_the_same_certification_twice(course):
    cycle = assigned(a_certification(course))
    assignment = cycle.assignment
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificationAssignment.objects.create(
            certification=assignment.certification,
            learner=assignment.learner,
            mode="mandatory",
            by=assignment.by,
        )


def test_the_database_keeps_what_is_mandatory_from_being_declined(course):
    assignment = assigned(a_certification(course)).assignment
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        CertificationAssignment.objects.filter(pk=assignment.pk).update(
            ended_at=now, ended_on=now.date(), ended_as="declined", ended_by=assignment.by
        )
