"""What is closed when a subscription ended, what stays, and what was on its way as it did."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from exams.assignments import drafts, hand_ins
from exams.assignments.states import WorkRefused
from exams.models import Draft, DraftFile, HandIn, Verdict, WorkState
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    a_stored_file,
    an_exam_programme,
    work_on,
)
from learners.files import file_kinds
from learners.models import Role, StoredFile, Upload
from learners.tests.factories import OrganisationFactory, a_member
from learners.tests.studying.subscribing import subscribe
from learners.uploading import finishing, receiving
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"
TICKET = Ticket((file_kinds.PDF,), 1_000_000)
HOUR = timedelta(hours=1)


@pytest.fixture
def enrolment():
    """Somebody whose subscription to a programme ends today."""
    here = OrganisationFactory(programmes_need_subscription=True)
    programme = an_exam_programme(2, organisation=here)
    learner = a_member(Role.LEARNER, here, language="en")
    enrolment = a_follower(programme, a_coach(programme), learner=learner)
    subscribe(enrolment, -30, 0)
    return enrolment


@pytest.fixture
def end(enrolment):
    """The moment at which it ends."""
    here = enrolment.organisation
    return here.beginning_of(here.today() + timedelta(days=1))


@pytest.fixture
def move(end):
    """Let it be so long after the end."""
    with time_machine.travel(end - 2 * HOUR, tick=False) as traveller:
        yield lambda after: traveller.move_to(end + after)


@pytest.fixture
def work(enrolment, move):
    return work_on(enrolment)


@pytest.fixture
def page(enrolment, work):
    return reverse("exams:assignment_detail", args=[enrolment.pk, work.assignment_id])


@pytest.fixture
def learner(client, enrolment):
    client.force_login(enrolment.learner)
    return client


def begun(work, name="verslag.pdf", place=None) -> Upload:
    """Choose a file on the page of an assignment, of which no byte is there yet."""
    page = reverse("exams:assignment_detail", args=[work.enrolment_id, work.assignment_id])
    return receiving.begin(
        owner=work.enrolment.learner,
        name=name,
        size=len(PDF),
        ticket=TICKET,
        place=f"{place or page} new_files",
    )


def came(upload: Upload) -> StoredFile:
    """Let the rest of it come."""
    receiving.append(upload=upload, at=0, pieces=[PDF])
    stored = finishing.finish(upload=upload)
    assert stored is not None
    return stored


def put(work, *files):
    return drafts.add_files(work=work, files=files, by=work.enrolment.learner)


def hand_in(work, number=0):
    draft = Draft.objects.get(work=work)
    return hand_ins.hand_in(
        work=work, by=work.enrolment.learner, number=number, revision=draft.revision
    )


def test_a_file_knows_when_it_began_and_for_which_page(work, page, end, move):
    upload = begun(work)
    move(3 * HOUR)
    stored = came(upload)
    assert (stored.begun_at, stored.came_at) == (end - 2 * HOUR, end - 2 * HOUR)
    assert (stored.uploaded_at, stored.place) == (end + 3 * HOUR, f"{page} new_files")


def test_an_upload_that_began_before_the_end_is_finished_and_handed_in(work, move):
    drafts.save_text(work=work, by=work.enrolment.learner, text="Erbij", revision=0)
    upload = begun(work)
    move(23 * HOUR)
    put(work, came(upload))
    made = hand_in(work)
    assert (made.text, made.files.count()) == ("Erbij", 1)


def test_one_that_was_there_before_the_end_is_handed_in_too(work, move):
    put(work, came(begun(work)))
    move(HOUR)
    assert hand_in(work).files.count() == 1


def test_after_24_hours_it_can_be_neither_put_in_nor_handed_in(work, move):
    put(work, came(begun(work)))
    upload = begun(work, "later.pdf")
    move(24 * HOUR)
    with pytest.raises(WorkRefused, match=r"abonnement|subscription"):
        put(work, came(upload))
    with pytest.raises(WorkRefused, match=r"abonnement|subscription"):
        hand_in(work)
    assert not HandIn.objects.exists()


def test_an_upload_that_began_after_the_end_is_refused_with_its_name(work, move):
    in_time = begun(work)
    move(HOUR)
    late = came(begun(work, "laat.pdf"))
    with pytest.raises(WorkRefused, match=r"laat\.pdf"):
        put(work, came(in_time), late)
    assert not DraftFile.objects.exists()


def test_a_file_that_came_whole_after_the_end_is_refused(work, move):
    move(HOUR)
    with pytest.raises(WorkRefused, match=r"verslag\.pdf"):
        put(work, a_stored_file(work.enrolment.learner))


def test_a_text_alone_is_not_handed_in_after_the_end(work, move):
    drafts.save_text(work=work, by=work.enrolment.learner, text="Klaar", revision=0)
    move(HOUR)
    with pytest.raises(WorkRefused):
        hand_in(work)


def test_nothing_more_is_handed_in_once_the_upload_was(work, move):
    put(work, came(begun(work)))
    move(HOUR)
    hand_in(work)
    drafts.save_text(work=work, by=work.enrolment.learner, text="Nog iets", revision=0)
    with pytest.raises(WorkRefused):
        hand_in(work, number=1)


def test_where_the_study_term_lapsed_there_is_no_such_day(work, move):
    put(work, came(begun(work)))
    work.enrolment.term_ends_on = work.enrolment.organisation.today()
    work.enrolment.save()
    move(HOUR)
    with pytest.raises(WorkRefused):
        hand_in(work)


class TestPage:
    def test_it_says_until_when_what_was_being_uploaded_can_be_handed_in(
        self, learner, work, page, move
    ):
        begun(work)
        move(HOUR)
        shown = learner.get(page).text
        assert "Your subscription ended. What you were uploading can be handed in until" in shown
        assert "data-upload" in shown

    def test_it_hands_in_what_came_in_time(self, learner, work, page, move):
        upload = begun(work)
        move(HOUR)
        stored = came(upload)
        sent = {"text": "", "number": 0, "revision": 0, "new_files-kept": stored.token}
        learner.post(f"{page}hand-in/", sent)
        assert HandIn.objects.get().files.get().file == stored

    def test_an_assignment_that_was_not_begun_is_begun_by_its_upload(
        self, learner, enrolment, work, move
    ):
        other = work_on(enrolment, 2)
        other_page = reverse("exams:assignment_detail", args=[enrolment.pk, other.assignment_id])
        upload = begun(other)
        other.delete()
        move(HOUR)
        stored = came(upload)
        sent = {"text": "", "number": 0, "revision": 0, "new_files-kept": stored.token}
        learner.post(f"{other_page}hand-in/", sent)
        assert HandIn.objects.get().files.get().file == stored

    def test_a_file_that_began_later_is_refused_beside_its_field(self, learner, work, page, move):
        begun(work)
        move(HOUR)
        late = came(begun(work, "laat.pdf"))
        sent = {"text": "", "number": 0, "revision": 0, "new_files-kept": late.token}
        shown = learner.post(f"{page}hand-in/", sent)
        assert "laat.pdf" in shown.context["answering"].form.errors["new_files"][0]

    @pytest.mark.parametrize("after", [HOUR, 24 * HOUR])
    def test_elsewhere_nothing_opens(self, learner, enrolment, work, move, after):
        begun(work)
        other = work_on(enrolment, 2)
        move(after)
        learner.force_login(enrolment.learner)
        shown = learner.get(
            reverse("exams:assignment_detail", args=[enrolment.pk, other.assignment_id])
        ).text
        assert "You need a subscription to go on." in shown
        assert "data-upload" not in shown

    def test_a_day_later_the_page_is_closed(self, learner, work, page, move):
        begun(work)
        move(24 * HOUR)
        learner.force_login(work.enrolment.learner)
        shown = learner.get(page).text
        assert "You need a subscription to go on." in shown
        assert "can be handed in until" not in shown


class TestEnded:
    """No work, no start, no hand-in; all that was handed in and earned stays."""

    def test_no_draft_is_begun(self, learner, enrolment, work, move):
        other = work_on(enrolment, 2)
        page = reverse("exams:assignment_detail", args=[enrolment.pk, other.assignment_id])
        other.delete()
        move(HOUR)
        answer = learner.post(f"{page}draft/keep/", {"text": "Begin", "revision": 0})
        assert "You need a subscription to go on." in answer.text
        assert Draft.objects.count() == 0

    def test_what_was_typed_in_a_draft_that_was_begun_is_kept_all_the_same(
        self, learner, work, page, move
    ):
        drafts.save_text(work=work, by=work.enrolment.learner, text="Een", revision=0)
        move(HOUR)
        learner.post(f"{page}draft/keep/", {"text": "Een en twee", "revision": 1})
        assert Draft.objects.get().text == "Een en twee"

    def test_nothing_is_handed_in(self, learner, work, page, move):
        move(HOUR)
        learner.post(f"{page}hand-in/", {"text": "Klaar", "number": 0, "revision": 0})
        assert not HandIn.objects.exists()

    def test_what_was_handed_in_stays_readable_and_is_reviewed(self, learner, work, page, move):
        made = a_hand_in(work, "Ik zag drie mensen.")
        coach = work.enrolment.coaches.get()
        move(HOUR)
        a_review(made, coach, Verdict.APPROVED, "Mooi gedaan.")
        shown = learner.get(page).text
        assert "Ik zag drie mensen." in shown
        assert "Mooi gedaan." in shown
        work.refresh_from_db()
        assert work.state == WorkState.APPROVED

    def test_a_file_that_was_handed_in_can_be_read(self, learner, work, move):
        stored = came(begun(work))
        a_hand_in(work, files=(stored,))
        move(25 * HOUR)
        learner.force_login(work.enrolment.learner)
        assert learner.get(reverse("learners:file_download", args=[stored.pk])).status_code == 200

    def test_learner_and_coach_go_on_talking(self, learner, work, page, move):
        move(HOUR)
        answer = learner.post(f"{page}say/", {"text": "Wat nu?", "key": "a" * 20})
        assert answer.status_code in (200, 302)

    def test_what_was_earned_stays(self, learner, enrolment, work, move):
        a_hand_in(work)
        move(HOUR)
        assert "10" in learner.get(enrolment.get_absolute_url()).text


@pytest.mark.parametrize("files", [1, 3])
def test_the_page_asks_as_little_in_the_day_after(
    learner, work, page, move, files, django_assert_num_queries
):
    put(work, *(came(begun(work, f"{n}.pdf")) for n in range(files)))
    move(HOUR)
    with django_assert_num_queries(17):
        learner.get(page)
