"""Proofs of what was earned elsewhere: handed in, judged, shown, and withdrawn."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications import evidence
from certifications.evidence import Facts, ProofRefused
from certifications.models import Certificate, Evidence, EvidenceState
from certifications.states import CycleState, state_of
from certifications.tests.factories import TWO_YEARS, a_certification, assigned, reloaded
from learners.models import AuditEntry
from learners.tests.factories import UserFactory, an_administrator

pytestmark = pytest.mark.django_db
LIST = "/my-learning/certifications/"


def a_file(name="proof.pdf", content=b"%PDF-1.7 a proof"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def learner(client):
    user = UserFactory(language="en", name="Yasmina El Idrissi")
    client.force_login(user)
    return user


@pytest.fixture
def cycle(learner):
    certification = a_certification(
        kind="external", issuer="Rode Kruis", title_en="Senior first aider", **TWO_YEARS
    )
    return assigned(certification, learner)


@pytest.fixture
def administrator():
    return an_administrator(name="Ada Admin", language="en")


def handed_in(cycle, **facts):
    learner = cycle.assignment.learner
    files = evidence.store(files=[a_file()], by=learner)
    return evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts(**facts))


def upload(client, cycle, **said):
    return client.post(f"{LIST}{cycle.certification.pk}/proof/", said, follow=True)


def test_only_the_file_is_asked(client, cycle):
    page = upload(client, cycle, file=a_file()).text
    assert "Your proof was uploaded" in page
    assert state_of(reloaded(cycle)) == CycleState.AWAITING_APPROVAL
    assert Evidence.objects.get().files.get().file.claimed_at is not None


def test_without_a_file_the_page_says_so_and_keeps_what_was_typed(client, cycle):
    page = upload(client, cycle, number="RK-815").text
    assert "RK-815" in page
    assert "Something is not right yet" in page
    assert not Evidence.objects.exists()


def test_a_file_of_another_kind_is_refused(client, cycle):
    page = upload(client, cycle, file=a_file("proof.svg", b"<svg></svg>")).text
    assert "This is not a file that you can use here" in page


def test_a_second_proof_waits_until_the_first_was_judged(cycle):
    handed_in(cycle)
    with pytest.raises(ProofRefused):
        handed_in(cycle)


def test_nothing_is_accepted_without_a_file(cycle, administrator):
    proof = handed_in(cycle)
    proof.files.all().delete()
    with pytest.raises(ProofRefused):
        evidence.accept(evidence=proof, by=administrator, facts=Facts(date(2026, 1, 1)))


def test_accepted_it_is_valid_until_the_earlier_of_its_own_end_and_the_rule(cycle, administrator):
    obtained_on = timezone.localdate() - timedelta(days=10)
    ends_on = obtained_on + timedelta(days=100)
    evidence.accept(evidence=handed_in(cycle), by=administrator, facts=Facts(obtained_on, ends_on))
    row = reloaded(cycle)
    assert (row.completed_on, row.valid_until) == (obtained_on, ends_on)
    assert state_of(row) in (CycleState.CERTIFIED, CycleState.RENEWABLE)
    assert not Certificate.objects.exists()


def test_accepted_twice_it_is_accepted_once_and_its_learner_told_once(
    cycle, administrator, learner
):
    proof = handed_in(cycle)
    for _ in range(2):
        evidence.accept(evidence=proof, by=administrator, facts=Facts(date(2026, 1, 1)))
    assert learner.notifications.filter(kind="certifications/proof_accepted").count() == 1
    assert AuditEntry.objects.filter(action="certifications.proof_accepted").count() == 1


def test_refused_its_learner_reads_why_and_tries_again(client, cycle, administrator, learner):
    proof = handed_in(cycle)
    with pytest.raises(ProofRefused):
        evidence.refuse(evidence=proof, by=administrator, reason=" ")
    evidence.refuse(evidence=proof, by=administrator, reason="The back is missing")
    page = client.get(f"{LIST}{cycle.certification.pk}/").text
    assert "The back is missing" in page
    assert "Upload" in page
    assert learner.notifications.filter(kind="certifications/proof_refused").count() == 1
    upload(client, cycle, file=a_file())
    assert Evidence.objects.filter(state=EvidenceState.SUBMITTED).count() == 1


def test_the_public_page_says_who_issued_and_who_verified_it(client, cycle, administrator):
    proof = handed_in(cycle)
    client.logout()
    assert client.get(proof.public_url).status_code == 404
    facts = Facts(timezone.localdate(), issuer="Rode Kruis", number="secret-815")
    evidence.accept(evidence=proof, by=administrator, facts=facts)
    page = client.get(proof.public_url, headers={"accept-language": "en"}).text
    for words in ("Yasmina El Idrissi", "Rode Kruis", "This certification is valid"):
        assert words in page
    assert str(cycle.certification.organisation) in page
    assert "secret-815" not in page
    evidence.revoke(cycle=cycle, by=administrator, reason="Forged")
    page = client.get(proof.public_url, headers={"accept-language": "en"}).text
    assert "This certification was withdrawn" in page
    assert "Forged" not in page


def test_whom_an_administrator_named_judges_and_nobody_else(client, cycle):
    proof_address = f"/proofs/{handed_in(cycle).pk}/"
    judge, stranger = UserFactory(language="en"), UserFactory()
    cycle.certification.approvers.add(judge)
    client.force_login(stranger)
    assert client.get("/proofs/").status_code == 403
    assert client.get(proof_address).status_code == 404
    client.force_login(judge)
    assert "Yasmina" in client.get("/proofs/").text
    assert "Yasmina" in client.get("/").text
    client.post(f"{proof_address}accept/", {"obtained_on": "2026-01-15"})
    assert Evidence.objects.get().decided_by == judge
    assert "Yasmina" in client.get("/proofs/?state=judged").text


def test_whoever_is_named_hears_that_a_proof_waits(cycle):
    judge = UserFactory()
    cycle.certification.approvers.add(judge)
    handed_in(cycle)
    assert judge.notifications.filter(kind="certifications/proof_waits").count() == 1


def test_nobody_judges_their_own_proof(client, cycle, learner):
    proof = handed_in(cycle)
    cycle.certification.approvers.add(learner)
    assert client.get(f"/proofs/{proof.pk}/").status_code == 404


def test_the_file_is_shown_beside_the_decision_on_our_own_pages_only(client, cycle, administrator):
    file = handed_in(cycle).files.get()
    client.force_login(administrator)
    response = client.get(f"/proofs/files/{file.pk}/")
    assert response["Content-Disposition"].startswith("inline")
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    client.force_login(UserFactory())
    assert client.get(f"/proofs/files/{file.pk}/").status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_inbox_asks_as_much_for_one_as_for_thirty(
    client, administrator, number, django_assert_max_num_queries
):
    certification = a_certification(kind="external")
    for _ in range(number):
        handed_in(assigned(certification))
    client.force_login(administrator)
    with django_assert_max_num_queries(8):
        assert client.get("/proofs/").status_code == 200
