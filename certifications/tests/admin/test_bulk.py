"""Assigning to many in the administration: from the certification to its end, by clicking."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from certifications.assigning import jobs
from certifications.models import (
    AssigningJob,
    AssigningRule,
    Certification,
    CertificationAssignment,
)
from certifications.tests.bulk import a_rule, looked_at
from certifications.tests.factories import a_certification, an_elearning
from learners.jobs import progress
from learners.models import Course, Organisation, Role
from learners.tests.factories import OrganisationFactory, UserFactory, a_member, an_administrator

pytestmark = pytest.mark.django_db
ADD = reverse("admin:certifications_assigningjob_add")
RULES = reverse("admin:certifications_assigningrule_changelist")


@pytest.fixture
def administrator(client):
    user = an_administrator(language="en")
    client.force_login(user)
    return user


@pytest.fixture
def here():
    return OrganisationFactory()


@pytest.fixture
def certification(here):
    return a_certification(an_elearning(organisation=here))


def page_of(job, verb="change"):
    return reverse(f"admin:certifications_assigningjob_{verb}", args=[job.pk])


def teachers(certification, **more):
    said = {"certification": certification.pk, "whom": "role", "role": "teacher"}
    return {**said, "organisation": certification.organisation_id, "mode": "mandatory", **more}


def test_from_the_page_of_a_certification_to_everybody_having_it(
    client, administrator, certification, here
):
    person = a_member(Role.TEACHER, here, name="An Aa")
    page = reverse("admin:certifications_certification_change", args=[certification.pk])
    assert f"{ADD}?certification={certification.pk}" in client.get(page).text
    assert "First aider" in client.get(ADD, {"certification": certification.pk}).text
    shown = client.post(ADD, teachers(certification), follow=True)
    job = AssigningJob.objects.get()
    assert shown.redirect_chain[-1][0] == page_of(job)
    assert "Waits for its turn." in shown.text
    jobs.run(job_id=job.pk)
    shown = client.get(page_of(job)).text
    for words in ("An Aa", person.email, "Assign to this 1 person", "nothing has changed yet"):
        assert words in " ".join(shown.split())
    assert not CertificationAssignment.objects.exists()
    client.post(page_of(job, "apply"))
    jobs.run(job_id=job.pk)
    assert "Done on" in client.get(page_of(job)).text
    assert CertificationAssignment.objects.get().learner == person


def test_a_file_goes_in_and_its_errors_are_shown_by_line_and_column(
    client, administrator, certification
):
    file = SimpleUploadedFile("people.csv", b"learner,uiterlijk\nwho@example.org,31-31-2027\n7,\n")
    said = {**teachers(certification), "whom": "file", "file": file}
    client.post(ADD, said)
    job = AssigningJob.objects.get()
    jobs.run(job_id=job.pk)
    page = client.get(page_of(job)).text
    assert "Nobody has the e-mail address “who@example.org”." in page
    assert "Nobody at this institution has the number “7”." in page
    assert "Assign to" not in page.replace("Assign to many", "")


WRONG = [
    ({"role": ""}, "This is needed for whom you chose."),
    ({"whom": "file"}, "This is needed for whom you chose."),
    ({"whom": "holds"}, "This is needed for whom you chose."),
    ({"whom": "enrolled"}, "Choose a course or a programme"),
    ({"due_on": "2020-01-01"}, "This day is over already."),
    ({"due_on": "2099-01-01", "due_days": 4}, "not both"),
    ({"withdraws": "on"}, "Only what keeps applying"),
    ({"keeps": "on", "due_on": "2099-01-01"}, "a number of days, not one day"),
    ({"keeps": "on", "changes": "on"}, "leaves who has it as they are"),
]


@pytest.mark.parametrize(("said", "words"), WRONG)
def test_what_does_not_fit_is_said_beside_its_field(
    client, administrator, certification, said, words
):
    page = client.post(ADD, teachers(certification, **said))
    assert page.status_code == 200
    assert words in page.text
    assert not AssigningJob.objects.exists()


def test_the_people_of_the_preview_are_paged_and_searched(
    client, administrator, certification, here, django_assert_max_num_queries
):
    for number in range(120):
        a_member(Role.TEACHER, here, name=f"Person {number:03}")
    job = looked_at(certification, group="role", role="teacher", organisation=here)
    with django_assert_max_num_queries(8):
        page = client.get(page_of(job)).text
    assert "Person 049" in page
    assert "Person 050" not in page
    assert "Page 1 of 3" in page
    assert "Person 119" in client.get(page_of(job), {"show": "begins", "p": 3}).text
    found = client.get(page_of(job), {"show": "begins", "q": "077"}).text
    assert "Person 077" in found
    assert "Person 078" not in found


def test_how_far_it_is_can_be_left_and_found_again(client, administrator, certification, here):
    a_member(Role.TEACHER, here)
    client.post(ADD, teachers(certification))
    job = AssigningJob.objects.get()
    progress.report(key=jobs.key_of(job.pk), done=2_000, total=9_000, began=0)
    for address in (page_of(job, "progress"), page_of(job)):
        assert "2,000 of 9,000 people" in " ".join(client.get(address).text.split())
    progress.forget(jobs.key_of(job.pk))
    listed = client.get(reverse("admin:certifications_assigningjob_changelist")).text
    assert page_of(job) in listed
    jobs.run(job_id=job.pk)
    assert client.get(page_of(job, "progress")).headers["HX-Refresh"] == "true"


def test_a_rule_is_seen_first_then_made_and_switched_off(
    client, administrator, certification, here
):
    a_member(Role.TEACHER, here)
    client.post(ADD, teachers(certification, keeps="on", due_days=14, withdraws="on"))
    job = AssigningJob.objects.get()
    jobs.run(job_id=job.pk)
    assert "Assign, and keep applying it" in client.get(page_of(job)).text
    client.post(page_of(job, "apply"))
    jobs.run(job_id=job.pk)
    rule = AssigningRule.objects.get()
    page = reverse("admin:certifications_assigningrule_change", args=[rule.pk])
    assert f"everybody who is teacher at {here}" in client.get(page).text
    assert page in client.get(page_of(job)).text
    chosen = {"action": "switch_off", "_selected_action": [rule.pk]}
    assert "Who has it keeps it." in client.post(RULES, chosen).text
    client.post(RULES, {**chosen, "confirmed": "1"})
    rule.refresh_from_db()
    assert rule.switched_off_by == administrator


@pytest.mark.parametrize("number", [1, 3])
def test_the_lists_ask_as_much_for_one_as_for_three(
    client, administrator, certification, here, number, django_assert_max_num_queries
):
    a_member(Role.TEACHER, here)
    for _ in range(number):
        a_rule(certification, group="role", role="teacher", organisation=here)
    for address in (RULES, reverse("admin:certifications_assigningjob_changelist")):
        with django_assert_max_num_queries(8):
            assert client.get(address).status_code == 200


def test_a_certification_that_is_not_published_cannot_be_assigned(client, administrator, here):
    from certifications.models import Certification

    draft = Certification.objects.create(organisation=here, code="D", title_nl="Nog niet")
    page = client.post(ADD, teachers(draft)).text
    assert "not published yet" in page


def test_the_example_can_be_read_back(client, administrator):
    import io

    from certifications.assigning import from_file
    from learners.spreadsheets.reading import read

    for ending in ("xlsx", "csv"):
        address = reverse("admin:certifications_assigningjob_example", args=[ending])
        table = read(io.BytesIO(client.get(address).getvalue()), from_file.KNOWN)
        assert len(list(table.rows)) == 2
        assert not table.unused


def test_who_may_not_assign_sees_none_of_it(client, certification):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(ADD).status_code == 403
    day = timezone.localdate() + timedelta(days=3)
    assert client.post(ADD, teachers(certification, due_on=day)).status_code == 403


def test_every_kind_of_group_is_named_in_the_language_of_who_reads_it():
    about = Course(title_nl="Hygiëne", title_en="Hygiene")
    here = Organisation(name="Academie")
    groups = [
        AssigningRule(group="role", role="teacher", organisation=here),
        *(AssigningRule(group=kind, course=about) for kind in ("enrolled", "completed")),
        AssigningRule(group="holds", held=Certification(title_nl="Redder", title_en="Guard")),
    ]
    with override("nl"):
        dutch = [group.group_words for group in groups]
    assert dutch == [
        "iedereen die docent is bij Academie",
        "iedereen die ingeschreven is in ‘Hygiëne’",
        "iedereen die ‘Hygiëne’ voltooide",
        "iedereen die ‘Redder’ heeft",
    ]
