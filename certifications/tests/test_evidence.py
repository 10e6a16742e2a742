"""Evidence of what was earned elsewhere: handed in, judged, shown, and withdrawn."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from certifications import evidence
from certifications.assigning import taking_back
from certifications.cycles.states import state_of
from certifications.evidence import EvidenceRefused, Facts
from certifications.models import Certificate, CycleState, Evidence, EvidenceState
from certifications.tests.factories import TWO_YEARS, a_certification, assigned, reloaded
from learners.models import AuditEntry, Membership, Role
from learners.tests.factories import UserFactory, a_member, an_administrator
from learners.tests.files.test_keeping import KNOWN
from learners.tests.pictures import PAGE

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


def test_handing_in_accepts_what_is_mandatory_and_a_refusal_says_what_to_do(
    client, cycle, administrator
):
    address = cycle.certification.get_absolute_url()
    submitted = handed_in(cycle)
    assert reloaded(cycle).assignment.accepted_at is not None
    evidence.refuse(evidence=submitted, by=administrator, reason="The back is missing.")
    page = client.get(address).text
    assert "Your proof was refused; read why, and hand in another one." in page
    assert 'href="#proof-card"' in page
    assert ">Accept<" not in page


def handed_in(cycle, **facts):
    learner = cycle.assignment.learner
    files = evidence.store(files=[a_file()], by=learner)
    return evidence.hand_in(cycle=cycle, files=files, by=learner, facts=Facts(**facts))


def a_judge(cycle):
    """Somebody whom an administrator named to judge evidence."""
    certification = cycle.assignment.certification
    judge = a_member(Role.COACH, certification.organisation, language="en")
    certification.approvers.add(judge)
    return judge


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


def test_several_files_are_handed_in_as_one_and_each_is_shown(client, cycle, administrator):
    page = upload(client, cycle, file=[a_file("front.pdf"), a_file("back.pdf")], photo=a_picture())
    submitted = Evidence.objects.get()
    names = [one.file.name for one in submitted.files.all()]
    assert names == ["front.pdf", "back.pdf", "photo.png"]
    client.force_login(administrator)
    for address in ("/proofs/", submitted.get_absolute_url()):
        there = client.get(address).text
        assert all(name in there for name in names)
    assert all(name in page.text for name in names)


def a_picture():
    return a_file("photo.png", KNOWN["a.png"])


def test_what_was_right_is_kept_when_something_else_is_wrong(client, cycle):
    said = {"obtained_on": "2026-02-01", "ends_on": "2026-01-01"}
    page = upload(client, cycle, file=[a_file("front.pdf"), a_file("x.svg", b"<svg>")], **said)
    assert "x.svg: This is not a file that you can use here" in page.text
    assert "It cannot end before it was obtained" in page.text
    kept = re.findall(r'name="file-kept" value="(.+?)"', page.text)
    assert len(kept) == 1
    upload(client, cycle, **{"file-kept": kept}, file=a_file("back.pdf"))
    names = Evidence.objects.get().files.values_list("file__name", flat=True)
    assert list(names) == ["front.pdf", "back.pdf"]


def test_a_picture_that_cannot_be_shown_is_named_and_nothing_else_is_lost(client, cycle):
    photo = a_file("photo.png", PAGE)
    page = upload(client, cycle, file=a_file("front.pdf"), photo=photo, issuer="Rode Kruis")
    assert "photo.png: This picture cannot be shown: it is damaged or cut off." in page.text
    assert 'value="Rode Kruis"' in page.text
    kept = re.findall(r'name="file-kept" value="(.+?)"', page.text)
    upload(client, cycle, **{"file-kept": kept})
    assert Evidence.objects.get().files.get().file.name == "front.pdf"


def test_nobody_hands_in_what_somebody_else_uploaded(client, cycle):
    theirs = evidence.store(files=[a_file()], by=UserFactory())
    upload(client, cycle, **{"file-kept": [theirs[0].token]}, file=a_file("mine.pdf"))
    assert not Evidence.objects.filter(files__file=theirs[0]).exists()


def test_a_file_that_is_named_twice_is_handed_in_once_and_nonsense_is_passed_over(client, cycle):
    page = upload(client, cycle, file=a_picture(), ends_on="2020-01-01", obtained_on="2021-01-01")
    kept = re.findall(r'name="file-kept" value="(.+?)"', page.text)
    upload(client, cycle, **{"file-kept": [*kept, *kept, "a\0"]})
    assert Evidence.objects.get().files.count() == 1


def test_at_most_ten_files_are_handed_in_as_one(client, cycle):
    files = [a_file(f"page{n}.pdf") for n in range(11)]
    assert "Choose at most 10;" in upload(client, cycle, file=files).text
    assert not Evidence.objects.exists()


def test_what_is_no_longer_expected_is_not_judged(client, cycle, administrator):
    submitted = handed_in(cycle)
    taking_back.exempt(assignments=[cycle.assignment], by=administrator, reason="A nurse")
    client.force_login(administrator)
    assert "Yasmina" not in client.get("/proofs/").text
    with pytest.raises(EvidenceRefused):
        evidence.accept(evidence=submitted, by=administrator, facts=Facts(date(2026, 1, 1)))


def test_a_file_of_another_kind_is_refused(client, cycle):
    page = upload(client, cycle, file=a_file("proof.svg", b"<svg></svg>")).text
    assert "This is not a file that you can use here" in page


def test_other_evidence_waits_until_the_first_was_judged(cycle):
    handed_in(cycle)
    with pytest.raises(EvidenceRefused):
        handed_in(cycle)


def test_nothing_is_accepted_without_a_file(cycle, administrator):
    submitted = handed_in(cycle)
    submitted.files.all().delete()
    with pytest.raises(EvidenceRefused):
        evidence.accept(evidence=submitted, by=administrator, facts=Facts(date(2026, 1, 1)))


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
    submitted = handed_in(cycle)
    for _ in range(2):
        evidence.accept(evidence=submitted, by=administrator, facts=Facts(date(2026, 1, 1)))
    assert learner.notifications.filter(kind="certifications/proof_accepted").count() == 1
    assert AuditEntry.objects.filter(action="certifications.proof_accepted").count() == 1


def test_refused_its_learner_reads_why_and_tries_again(client, cycle, administrator, learner):
    submitted = handed_in(cycle)
    with pytest.raises(EvidenceRefused):
        evidence.refuse(evidence=submitted, by=administrator, reason=" ")
    evidence.refuse(evidence=submitted, by=administrator, reason="The back is missing")
    page = client.get(f"{LIST}{cycle.certification.pk}/").text
    assert "The back is missing" in page
    assert "Upload" in page
    assert learner.notifications.filter(kind="certifications/proof_refused").count() == 1
    upload(client, cycle, file=a_file())
    assert Evidence.objects.filter(state=EvidenceState.SUBMITTED).count() == 1


def test_after_a_refusal_the_list_says_so_and_beside_a_verdict_stands_its_own_time(
    client, cycle, administrator, learner
):
    client.force_login(learner)
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        submitted = handed_in(cycle)
    with time_machine.travel("2026-11-22T14:07:00+00:00", tick=False):
        evidence.refuse(evidence=submitted, by=administrator, reason="The back is missing")
        assert "Your proof was refused: hand in another one" in client.get(LIST).text
        page = client.get(cycle.certification.get_absolute_url()).text
    card = page[page.index('id="proof-card"') :].partition("</p>")[0]
    assert "2026-11-22T15:07:00+01:00" in card
    assert "10:00" not in card


def test_the_public_page_says_who_issued_and_who_verified_it(client, cycle, administrator):
    submitted = handed_in(cycle)
    client.logout()
    assert client.get(submitted.public_url).status_code == 404
    facts = Facts(timezone.localdate(), issuer="Rode Kruis", number="secret-815")
    evidence.accept(evidence=submitted, by=administrator, facts=facts)
    page = client.get(submitted.public_url, headers={"accept-language": "en"}).text
    for words in ("Yasmina El Idrissi", "Rode Kruis", "This certification is valid"):
        assert words in page
    assert str(cycle.certification.organisation) in page
    assert "secret-815" not in page
    evidence.revoke(cycle=cycle, by=administrator, reason="Forged")
    page = client.get(submitted.public_url, headers={"accept-language": "en"}).text
    assert "This certification was withdrawn" in page
    assert "Forged" not in page


def test_whom_an_administrator_named_judges_and_nobody_else(client, cycle):
    evidence_address = f"/proofs/{handed_in(cycle).pk}/"
    judge, stranger = a_judge(cycle), UserFactory()
    client.force_login(stranger)
    assert client.get("/proofs/").status_code == 403
    assert client.get(evidence_address).status_code == 404
    client.force_login(judge)
    assert "Yasmina" in client.get("/proofs/").text
    assert "Yasmina" in client.get("/").text
    client.post(f"{evidence_address}accept/", {"obtained_on": "2026-01-15"})
    assert Evidence.objects.get().decided_by == judge
    assert "Yasmina" in client.get("/proofs/?state=judged").text


def test_whoever_is_named_hears_that_evidence_waits(cycle):
    judge = a_judge(cycle)
    handed_in(cycle)
    assert judge.notifications.filter(kind="certifications/proof_waits").count() == 1


def test_who_works_there_no_longer_judges_no_longer(client, cycle):
    judge = a_judge(cycle)
    Membership.objects.filter(user=judge).update(role=Role.LEARNER)
    submitted = handed_in(cycle)
    client.force_login(judge)
    assert client.get("/proofs/").status_code == 403
    assert client.get(f"/proofs/{submitted.pk}/").status_code == 404
    assert not judge.notifications.exists()


def test_nobody_judges_their_own_evidence(client, cycle, learner):
    submitted = handed_in(cycle)
    cycle.certification.approvers.add(learner)
    assert client.get(f"/proofs/{submitted.pk}/").status_code == 404


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


def test_evidence_that_waits_has_a_button_to_judge_it_and_says_when_it_was_handed_in(
    client, administrator
):
    submitted = handed_in(assigned(a_certification(kind="external")))
    client.force_login(administrator)
    html = client.get("/proofs/").content.decode()
    button = f'class="btn btn-secondary btn-sm" href="{submitted.get_absolute_url()}">Judge'
    assert html.count(button) == 1
    assert "handed in <time" in html


def test_who_comes_back_to_the_address_of_handing_in_is_led_to_the_page(client, cycle, learner):
    client.force_login(learner)
    page = cycle.certification.get_absolute_url()
    assert client.get(f"{page}proof/")["Location"] == page
