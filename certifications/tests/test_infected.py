"""What certifications read of files: lists of people, proofs and badges, where one is infected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from certifications import evidence
from certifications.certificates import pdf
from certifications.evidence import EvidenceRefused, Facts
from certifications.forms import EvidenceForm
from certifications.tests.bulk import looked_at
from certifications.tests.factories import a_certification, an_elearning, assigned
from learners.files import pictures, scanning
from learners.models import ImportState, StoredFile
from learners.tests.clamd import EICAR
from learners.tests.factories import OrganisationFactory, UserFactory, an_administrator
from learners.tests.pictures import a_picture, stored_unseen

pytestmark = pytest.mark.django_db
WORDS = "In dit bestand is iets schadelijks gevonden"


@pytest.fixture
def here():
    return OrganisationFactory()


def handed_in(here, content=EICAR):
    learner = UserFactory()
    cycle = assigned(a_certification(kind="external", organisation=here), learner)
    files = [
        *evidence.store(
            files=[SimpleUploadedFile("proof.pdf", b"%PDF-1.7 " + content)], by=learner
        ),
        *evidence.store(files=[SimpleUploadedFile("back.png", a_picture())], by=learner),
    ]
    return evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts())


def infected(*files):
    StoredFile.objects.filter(pk__in=[one.pk for one in files]).update(scan_state="infected")


def test_a_list_of_people_that_is_infected_is_refused(scanner, here):
    UserFactory(email="noor@example.org")
    job = looked_at(
        a_certification(an_elearning(organisation=here)),
        file=b"learner\nnoor@example.org\n" + EICAR,
    )
    assert job.state == ImportState.REFUSED
    (line,) = job.lines.all()
    assert line.value.startswith("Something harmful was found in this file")


def test_pages_of_a_proof_say_why_there_is_nothing_to_open(scanner, here, client):
    submitted = handed_in(here)
    scanning.scan_waiting(seconds=10)
    proof, back = submitted.files.order_by("pk")
    judge, learner = an_administrator(), submitted.cycle.assignment.learner
    for who, page in (
        (judge, submitted.get_absolute_url()),
        (judge, "/proofs/"),
        (learner, submitted.cycle.certification.get_absolute_url()),
    ):
        client.force_login(who)
        html = client.get(page).text
        assert html.count(WORDS) == 1
        assert f"/proofs/files/{proof.pk}/" not in html
        assert f"/proofs/files/{back.pk}/" in html


def test_what_nobody_can_have_looked_at_is_not_accepted(here):
    submitted, by = handed_in(here), an_administrator(language="en")
    proof, back = (one.file for one in submitted.files.order_by("pk"))
    facts = Facts(obtained_on=submitted.cycle.today)
    infected(proof, back)
    with pytest.raises(EvidenceRefused):
        evidence.accept(evidence=submitted, by=by, facts=facts)
    StoredFile.objects.filter(pk=back.pk).update(scan_state="clean")
    assert evidence.accept(evidence=submitted, by=by, facts=facts).state == "accepted"


def test_what_was_kept_for_a_form_and_is_infected_is_not_offered_again():
    learner = UserFactory()
    (stored,) = evidence.store(files=[SimpleUploadedFile("a.pdf", b"%PDF-1.7 a")], by=learner)
    sent = QueryDict(f"file-kept={stored.token}")
    assert EvidenceForm(sent, MultiValueDict(), by=learner).is_valid()
    infected(stored)
    (said,) = EvidenceForm(sent, MultiValueDict(), by=learner).errors["file"]
    assert said.startswith(f"a.pdf: {WORDS}")


def test_a_picture_that_was_printed_a_moment_ago_is_not_printed_again(here):
    logo = stored_unseen("logo.png", a_picture())
    pdf.press().take_up(logo)
    infected(logo)
    with pytest.raises(pictures.PictureBroken):
        pdf.press().take_up(StoredFile.objects.get(pk=logo.pk))
    pdf.press().clean()
