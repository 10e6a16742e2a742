"""What is infected is closed for everybody, and whose it is and who looks after files is told."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from learners import pseudonyms
from learners.files import file_uses, keeping, scanning
from learners.models import (
    AuditEntry,
    FileIsInfected,
    Material,
    Notification,
    ScanState,
    StoredFile,
)
from learners.telling import notify
from learners.tests.at_once import at_once
from learners.tests.clamd import FOUND
from learners.tests.factories import (
    CourseFactory,
    UserFactory,
    a_lesson,
    an_administrator,
    an_enrolment,
)
from learners.tests.files.test_keeping import PDF
from learners.tests.files.test_scanning import HARMFUL, a_day_later, a_harmful_file, scans, swept
from learners.tests.offered.test_file_uses import a_file

pytestmark = pytest.mark.django_db


def told():
    return list(Notification.objects.order_by("pk").values_list("user", "kind"))


def opens(client, who, *addresses):
    client.force_login(who)
    return [client.get(address).status_code for address in addresses]


def test_what_turns_out_to_be_infected_is_closed_for_everybody(scanner, client):
    owner, staff = UserFactory(), an_administrator()
    course = CourseFactory(kind="elearning")
    learner = an_enrolment(course).learner
    stored = keeping.claim(stored=a_file(owner=owner))
    Material.objects.create(course=course, title="Reader", file=stored)
    unused = a_file(content=PDF + b"another", owner=owner)
    swept()
    addresses = (f"/files/{stored.pk}/", f"/files/{stored.pk}/framed/")
    for who in (staff, learner):
        assert opens(client, who, *addresses) == [200, 200]
    assert opens(client, owner, f"/files/{unused.pk}/") == [200]
    a_day_later(stored, unused)
    scanner.known = {PDF: "Pdf.Exploit"}
    assert scanning.scan_again(seconds=10) == 2
    for who in (owner, staff, learner):
        assert opens(client, who, *addresses) == [404, 404]
        assert opens(client, who, f"/files/{unused.pk}/") == [404]
        assert not file_uses.files_for(who).exists()
    with pytest.raises(FileIsInfected):
        StoredFile.objects.get(pk=stored.pk).open()


def test_the_owner_and_who_looks_after_files_are_told_once(scanner):
    owner, staff = UserFactory(), an_administrator()
    UserFactory(is_staff=True)  # may not see files
    stored = a_harmful_file(owner=owner)
    swept()
    assert told() == [(staff.pk, "learners/file_infected"), (owner.pk, "learners/file_infected")]
    assert scanning.close(stored=stored, found=FOUND) == []
    assert len(told()) == 2
    (entry,) = AuditEntry.objects.filter(action="learners.file_infected")
    assert (entry.object_id, entry.by, entry.reason) == (stored.pk, None, FOUND)


def test_an_administrator_whose_file_it_is_is_told_once_that_it_is_theirs(scanner):
    owner = an_administrator(language="en")
    stored = a_harmful_file(owner=owner)
    swept()
    (only,) = Notification.objects.all()
    assert "You uploaded this file." in notify.words(only, "en").body
    assert only.url == reverse("admin:learners_storedfile_change", args=[stored.pk])


@pytest.mark.parametrize(
    ("language", "says", "whose"),
    [
        ("nl", "Niemand kan het vanaf nu openen", "heeft dit bestand geüpload"),
        ("en", "From now on nobody can open it", "uploaded this file"),
    ],
)
def test_it_is_told_by_mail_in_the_language_of_each(scanner, language, says, whose):
    owner = UserFactory(language=language)
    staff = an_administrator(language=language)
    a_harmful_file(name="verslag.pdf", owner=owner)
    swept()
    notify.send_due()
    mails = {one.to[0]: f"{one.subject}\n{one.body}" for one in mail.outbox}
    assert "verslag.pdf" in mails[owner.email]
    assert says in mails[owner.email]
    assert "/admin/" not in mails[owner.email]
    assert f"{owner.name} {whose}" in mails[staff.email]
    assert "/admin/learners/storedfile/" in mails[staff.email]


def test_the_same_content_is_closed_wherever_it_is(scanner):
    one, other = (a_harmful_file(owner=UserFactory()) for _file in range(2))
    scanning.scan(one)
    assert scans(one, other) == [(ScanState.INFECTED, FOUND)] * 2
    assert [user for user, _kind in told()] == [one.owner_id, other.owner_id]
    assert swept() == 0


def test_pages_say_why_there_is_no_link(scanner, client):
    course = CourseFactory(kind="elearning")
    enrolment = an_enrolment(course)
    stored = keeping.claim(stored=a_harmful_file())
    material = Material.objects.create(course=course, title="Reader", file=stored)
    lesson = a_lesson(course, kind="file", file=stored)
    shown = a_lesson(course, kind="pdf", file=stored)
    client.force_login(enrolment.learner)
    lessons = [
        reverse("learners:lesson_detail", args=[enrolment.pk, one.pk]) for one in (lesson, shown)
    ]
    centre = enrolment.get_absolute_url()
    words = "In dit bestand is iets schadelijks gevonden"
    address, opening = f"/files/{stored.pk}/", reverse("learners:material_open", args=[material.pk])
    for page in lessons:
        assert words not in client.get(page).text
        assert address in client.get(page).text
    assert opening in client.get(centre).text
    swept()
    for page in (*lessons, centre):
        html = client.get(page).text
        assert words in html
        assert address not in html
        assert opening not in html


def test_its_page_in_the_administration_says_what_was_found(scanner, client):
    client.force_login(an_administrator(language="en"))
    harmful, large = a_harmful_file(), a_file()
    scanner.answers = ["INSTREAM size limit exceeded. ERROR"]
    swept()
    pages = [
        client.get(reverse("admin:learners_storedfile_change", args=[stored.pk])).text
        for stored in (harmful, large)
    ]
    assert FOUND in pages[0]
    assert "larger than the scanner takes" in pages[1]


def test_the_list_of_files_is_filtered_by_what_was_found(scanner, client):
    client.force_login(an_administrator(language="en"))
    a_file(name="clean.pdf")
    a_harmful_file(name="harmful.pdf")
    swept()
    listed = client.get("/admin/learners/storedfile/", {"scan_state__exact": "infected"}).text
    assert "harmful.pdf" in listed
    assert "clean.pdf" not in listed


@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_look_at_each_file_once_and_tell_once(scanner):
    contents = [HARMFUL + bytes([letter]) for letter in b"abcd"]
    files = [a_file(content=content, owner=UserFactory()) for content in contents]
    at_once(*[swept] * 4)
    assert {state for state, _said in scans(*files)} == {"infected"}
    assert sorted(user for user, _kind in told()) == sorted(stored.owner_id for stored in files)
    assert AuditEntry.objects.filter(action="learners.file_infected").count() == len(files)
    assert len(scanner.looked_at) == len(files)


def test_what_was_found_is_not_remembered_of_who_is_cleared(scanner):
    stored = a_harmful_file(name="jan-janssens.pdf", owner=UserFactory())
    swept()
    pseudonyms.pseudonymise([stored.owner_id], at=timezone.now())
    (entry,) = AuditEntry.objects.filter(action="learners.file_infected")
    assert (entry.label, entry.reason) == ("–", "")
