"""What files are used for: who reads them, what the administration says of them, and what nothing
uses."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from learners.files import file_uses, keeping
from learners.hooks import registry
from learners.hooks.offer import Offer
from learners.models import (
    ForceMajeure,
    ImportJob,
    ImportKind,
    Material,
    Organisation,
    ScanState,
    StudyStatus,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_lesson,
    an_administrator,
    an_enrolment,
    with_status,
)
from learners.tests.offered.test_file_uses import a_file

pytestmark = pytest.mark.django_db
CLERK = "an administrator without permissions"


def used(**fields):
    return keeping.claim(stored=a_file(owner=UserFactory(), **fields))


def an_import(stored, kind=ImportKind.ENROLMENTS):
    by = an_administrator()
    return ImportJob.objects.create(
        organisation=OrganisationFactory(), file=stored, by=by, kind=kind
    )


def some_evidence(learner):
    """Hand in evidence of force majeure, and return its file."""
    enrolment = with_status(an_enrolment(CourseFactory(), learner), StudyStatus.WITHDRAWN_INVALID)
    evidence = ForceMajeure.objects.create(
        enrolment=enrolment, submitted_by=learner, number_of_files=1
    )
    stored = keeping.claim(stored=a_file(owner=learner))
    evidence.files.create(file=stored)
    return stored


def granted(*codenames):
    """Return somebody of head office with these permissions alone."""
    clerk = UserFactory(is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return clerk


def reads(who, stored):
    return file_uses.files_for(who).filter(pk=stored.pk).exists()


def test_what_nothing_uses_is_its_owners_alone():
    owner = UserFactory()
    for stored in (a_file(owner=owner), keeping.claim(stored=a_file(owner=owner))):
        assert reads(owner, stored)
        assert not reads(UserFactory(), stored)
        assert not reads(an_administrator(), stored)


def test_what_was_let_go_is_nobodys():
    stored = a_file(owner=UserFactory())
    keeping.let_go(files=[stored])
    assert not reads(stored.owner, stored)


def test_who_uploaded_what_is_used_reads_it_as_others_do():
    logo, film, sheet = used(), used(), used()
    OrganisationFactory(logo=logo)
    Material.objects.create(course=CourseFactory(), title="Film", file=film)
    an_import(sheet)
    assert [reads(stored.owner, stored) for stored in (logo, film, sheet)] == [False] * 3


def test_administrators_read_what_they_make_for_being_that():
    logo, reader, film, captions = (used() for _file in range(4))
    OrganisationFactory(logo=logo)
    Material.objects.create(course=CourseFactory(), title="Reader", file=reader)
    a_lesson(CourseFactory(), kind="video", file=film, captions_en=captions)
    clerk = granted()
    assert [reads(clerk, stored) for stored in (logo, reader, film, captions)] == [True] * 4
    assert not reads(UserFactory(), logo)


@pytest.mark.parametrize("verb", ["view", "change"])
@pytest.mark.parametrize(
    ("kind", "listed"),
    [(ImportKind.ENROLMENTS, "importjob"), (ImportKind.EXEMPTIONS, "exemptionimport")],
)
def test_the_file_of_an_import_is_for_who_may_see_that_list(kind, listed, verb):
    stored = used()
    an_import(stored, kind)
    other = {"importjob": "exemptionimport", "exemptionimport": "importjob"}[listed]
    assert reads(granted(f"{verb}_{listed}"), stored)
    assert reads(an_administrator(), stored)
    assert not reads(granted(f"{verb}_{other}", "view_storedfile"), stored)
    not_at_head_office = UserFactory()
    not_at_head_office.user_permissions.add(Permission.objects.get(codename=f"{verb}_{listed}"))
    assert not reads(not_at_head_office, stored)


def test_evidence_is_for_whose_it_is_and_for_who_may_decide_on_it():
    learner = UserFactory()
    stored = some_evidence(learner)
    judge = granted("decide_on_force_majeure")
    assert reads(learner, stored)
    assert reads(judge, stored)
    assert not reads(granted("view_storedfile", "view_importjob"), stored)
    assert not reads(UserFactory(), stored)


def test_permissions_are_asked_within_the_query_of_the_file(django_assert_num_queries):
    stored = used()
    an_import(stored)
    clerk = granted("view_importjob")
    with django_assert_num_queries(2):  # what they hold, and the file
        assert reads(clerk, stored)


def test_who_holds_a_permission_at_head_office_is_who_has_it():
    OrganisationFactory()
    former, elsewhere = granted("view_importjob"), granted("view_importjob")
    former.is_active = elsewhere.is_staff = False
    former.save()
    people = (an_administrator(), granted("view_importjob"), granted(), former, elsewhere)
    name = "learners.view_importjob"
    held = [Organisation.objects.filter(who.holds(name)).exists() for who in people]
    assert held == [True, True, False, False, False]
    assert held[:4] == [who.has_perm(name) for who in people[:4]]


@pytest.mark.parametrize(("person", "queries"), [("learner", 5), ("clerk", 4), ("owner", 5)])
def test_a_file_is_fetched_with_as_many_queries_as_ever(
    client, person, queries, django_assert_num_queries
):
    course = CourseFactory()
    owner = UserFactory()
    stored = a_file(owner=owner)
    if person != "owner":
        Material.objects.create(course=course, title="Reader", file=stored)
    who = {"learner": an_enrolment(course).learner, "clerk": granted(), "owner": owner}[person]
    client.force_login(who)
    client.get("/profile/")
    for address in (f"/files/{stored.pk}/", f"/files/{stored.pk}/framed/"):
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200


def test_a_field_of_which_no_app_says_what_for_is_found(monkeypatch):
    assert file_uses.check_uses() == []
    monkeypatch.setitem(registry._registered, "learners", Offer())
    found = {str(each.msg).split()[4] for each in file_uses.check_uses()}
    assert found == {
        *("learners.Lesson.file", "learners.Lesson.captions_nl", "learners.Lesson.captions_en"),
        *("learners.Material.file", "learners.Organisation.logo", "learners.ImportJob.file"),
        "learners.ForceMajeureFile.file",
    }


@pytest.fixture
def page_of(client):
    client.force_login(an_administrator(language="en"))
    return lambda stored: (
        client.get(reverse("admin:learners_storedfile_change", args=[stored.pk])).text
    )


def test_its_page_says_what_a_file_is_used_for_who_reads_it_and_until_when(page_of):
    stored = used()
    Material.objects.create(course=CourseFactory(), title="Reader", file=stored)
    OrganisationFactory(logo=stored)
    page = page_of(stored)
    assert "Material of a knowledge centre<br>Logo of an institution" in page
    assert "The teachers of the course, whoever follows it as long as" in page
    assert "As long as it stands in the knowledge centre.<br>As long as it is the logo." in page


def test_the_page_of_a_file_that_nothing_uses_says_so(page_of):
    page = page_of(a_file(owner=UserFactory()))
    for words in ("Nothing", "Whoever uploaded it.", "A day; then it is deleted in the night."):
        assert words in page


def test_the_page_of_an_infected_file_says_that_it_is_for_nobody(page_of):
    stored = used()
    OrganisationFactory(logo=stored)
    stored.scan_state = ScanState.INFECTED
    stored.save()
    page = page_of(stored)
    assert "Nobody: something harmful was found in it." in page
    assert "Every administrator" not in page
