"""The form of an answer: kept with every button, handed in once, and never over another window's
text."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exams.assignments import drafts
from exams.models import (
    LONGEST_TEXT,
    AnswerKind,
    Draft,
    DraftCopy,
    DraftFile,
    HandIn,
    Verdict,
    Work,
    WorkState,
)
from exams.tests.factories import (
    a_coach,
    a_follower,
    a_hand_in,
    a_review,
    a_stored_file,
    a_version,
    an_exam_programme,
    work_on,
)
from learners.models import Role, StoredFile, StudyStatus
from learners.tests.factories import a_member

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
SCRIPT = {"headers": {"accept": "application/json"}}
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def enrolment():
    return a_follower(an_exam_programme())


@pytest.fixture
def assignment(enrolment):
    return enrolment.programme.assignments.order_by("pk").first()


@pytest.fixture
def learner(client, enrolment):
    client.force_login(enrolment.learner)
    return client


@pytest.fixture
def at(enrolment, assignment):
    """The address of a button of this answer."""

    def address(name, *more):
        return reverse(f"exams:{name}", args=[enrolment.pk, assignment.pk, *more])

    return address


def sends(text, *, window="here", revision=0, number=0, turn=1, **more):
    return {
        "text": text,
        "window": window,
        "revision": revision,
        "number": number,
        "turn": turn,
        **more,
    }


def draft():
    return Draft.objects.get()


def test_a_draft_is_kept_and_shown_again_with_the_hour(learner, at, enrolment):
    with time_machine.travel(datetime(2027, 3, 1, 13, 2, tzinfo=UTC), tick=False):
        learner.force_login(enrolment.learner)
        said = learner.post(at("draft_keep"), sends("Ik zag"), follow=True)
        page = said.content.decode()
    assert said.redirect_chain == [(at("assignment_detail"), 302)]
    assert "Ik zag</textarea>" in page
    assert timezone.localtime(draft().saved_at).strftime("%H:%M") in page
    assert not HandIn.objects.exists()


def test_a_script_is_told_the_revision_and_when_it_was_kept(learner, at):
    said = learner.post(at("draft_keep"), sends("Ik zag"), **SCRIPT).json()
    assert (said["is_ahead"], said["revision"]) == (True, 1)
    now = learner.get(at("draft_keep"), {"revision": 1}, **SCRIPT).json()
    assert (now["revision"], now["window"], "text" in now) == (1, "here", False)
    assert learner.get(at("draft_keep"), {"revision": 0}, **SCRIPT).json()["text"] == "Ik zag"


def test_a_file_that_is_there_in_full_joins_the_draft_and_its_row_is_told(learner, at, enrolment):
    stored = a_stored_file(enrolment.learner, "verslag.pdf")
    sent = {"new_files-kept": [stored.token]}
    said = learner.post(at("draft_keep"), sent, **SCRIPT).json()
    assert "verslag.pdf" in said["files"]
    assert at("draft_file_remove", stored.pk) in said["files"]
    assert draft().files.get().file == stored
    for _twice in range(2):
        learner.post(at("draft_keep"), sent, **SCRIPT)
    assert draft().files.count() == 1
    assert "verslag.pdf" in learner.get(at("draft_keep"), **SCRIPT).json()["files"]
    learner.post(at("draft_file_remove", stored.pk), {})
    assert "verslag.pdf" not in learner.get(at("draft_keep"), **SCRIPT).json()["files"]
    assert "files" not in learner.post(at("draft_keep"), sends("Ik zag"), **SCRIPT).json()


def test_looking_at_an_answer_that_was_not_begun_writes_nothing(learner, at):
    assert learner.get(at("draft_keep"), **SCRIPT).json()["revision"] == 0
    assert learner.get(at("assignment_detail")).status_code == 200
    assert not Work.objects.exists()


def test_another_window_is_told_that_its_text_is_kept_beside(learner, at):
    learner.post(at("draft_keep"), sends("aan het bureau"), **SCRIPT)
    said = learner.post(at("draft_keep"), sends("op de telefoon", window="phone"), **SCRIPT).json()
    copy = DraftCopy.objects.get()
    assert (said["is_ahead"], said["take"]) == (False, at("draft_copy_take", copy.pk))
    assert (draft().text, copy.text) == ("aan het bureau", "op de telefoon")
    page = learner.get(at("assignment_detail")).content.decode()
    assert "op de telefoon" in page


def test_what_arrives_late_does_not_take_the_place_of_what_was_typed_afterwards(learner, at):
    learner.post(at("draft_keep"), sends("nieuw", turn=2), **SCRIPT)
    learner.post(at("draft_keep"), sends("oud", turn=1), **SCRIPT)
    assert draft().text == "nieuw"
    learner.post(at("draft_keep"), sends("elders nieuw", window="there", turn=5), **SCRIPT)
    learner.post(at("draft_keep"), sends("elders oud", window="there", turn=4), **SCRIPT)
    assert DraftCopy.objects.get().text == "elders nieuw"


def test_a_text_beside_is_taken_and_the_draft_stays_beside_it(learner, at):
    learner.post(at("draft_keep"), sends("een"))
    learner.post(at("draft_keep"), sends("twee", window="there"))
    copy = DraftCopy.objects.get()
    shown = sends("een, en nog wat", window="third", revision=1)
    learner.post(at("draft_copy_take", copy.pk), shown)
    assert draft().text == "twee"
    assert [other.text for other in DraftCopy.objects.all()] == ["een, en nog wat"]


def test_a_text_beside_is_only_forgotten_as_it_was_seen(learner, at):
    learner.post(at("draft_keep"), sends("een"))
    learner.post(at("draft_keep"), sends("twee", window="there", turn=1))
    copy = DraftCopy.objects.get()
    forget = f"{at('draft_copy_forget', copy.pk)}?seen={copy.seen}"
    learner.post(at("draft_keep"), sends("twee, en meer", window="there", turn=2))
    said = learner.post(forget, sends("een", revision=1), follow=True)
    assert [message.level_tag for message in said.context["messages"]][-1] == "error"
    assert DraftCopy.objects.get().text == "twee, en meer"
    seen = DraftCopy.objects.get().seen
    learner.post(
        f"{at('draft_copy_forget', copy.pk)}?seen={seen}", sends("een", revision=1, window="x")
    )
    assert not DraftCopy.objects.exists()


def test_handing_in_keeps_what_was_typed_and_chosen_first(learner, at):
    files = {"new_files": SimpleUploadedFile("verslag.pdf", PDF)}
    said = learner.post(at("assignment_hand_in"), {**sends("Ik zag drie mensen."), **files})
    assert said.status_code == 302
    made = HandIn.objects.get()
    assert (made.text, made.files.get().file.name) == ("Ik zag drie mensen.", "verslag.pdf")
    assert made.work.state == WorkState.HANDED_IN


def test_pressed_twice_and_from_two_tabs_it_is_handed_in_once(learner, at):
    for window in ("here", "here", "there"):
        learner.post(at("assignment_hand_in"), sends("Ik zag drie mensen.", window=window))
    assert HandIn.objects.count() == 1
    assert not DraftCopy.objects.exists()


def test_from_a_window_that_is_behind_nothing_is_handed_in_and_both_are_shown(learner, at):
    learner.post(at("draft_keep"), sends("aan het bureau"))
    late = sends("op de telefoon", window="phone")
    page = learner.post(at("assignment_hand_in"), late, follow=True).content.decode()
    assert not HandIn.objects.exists()
    assert "aan het bureau</textarea>" in page
    assert "op de telefoon" in page


def test_back_and_changed_after_handing_in_it_is_asked_first(learner, at):
    learner.post(at("assignment_hand_in"), sends("een"))
    learner.post(at("assignment_hand_in"), sends("een, en meer", turn=2))
    assert (HandIn.objects.count(), draft().text) == (1, "een, en meer")
    now = sends("een, en meer", window="new", revision=draft().revision, number=1)
    learner.post(at("assignment_hand_in"), now)
    assert HandIn.objects.count() == 2


def test_nothing_is_handed_in_of_an_empty_answer_and_it_is_said_beside_the_button(learner, at):
    said = learner.post(at("assignment_hand_in"), sends(" "))
    assert said.status_code == 200
    assert 'id="answer-refusal"' in said.content.decode()
    assert not HandIn.objects.exists()


def test_a_text_that_is_too_long_comes_back_whole_with_the_files(learner, at):
    files = {"new_files": SimpleUploadedFile("verslag.pdf", PDF)}
    text = "x" * (LONGEST_TEXT + 1)
    said = learner.post(at("assignment_hand_in"), {**sends(text), **files}).content.decode()
    assert text in said
    assert "verslag.pdf" in said
    assert not Draft.objects.exists()
    refused = learner.post(at("draft_keep"), sends(text), **SCRIPT)
    assert refused.status_code == 422
    assert str(LONGEST_TEXT) in refused.json()["said"]


def test_a_file_that_cannot_be_used_is_named_and_the_text_is_kept_and_goes_on(learner, at):
    files = {"new_files": SimpleUploadedFile("lied.exe", b"MZ\x90")}
    said = learner.post(at("assignment_hand_in"), {**sends("Ik zag"), **files}).content.decode()
    assert "lied.exe" in said
    assert draft().text == "Ik zag"
    assert 'name="revision" value="1"' in said
    assert not HandIn.objects.exists()


def test_too_many_files_are_said_beside_them_and_the_text_is_kept(learner, at, enrolment):
    work = work_on(enrolment)
    files = [a_stored_file(enrolment.learner, f"{n}.pdf") for n in range(drafts.MOST_FILES)]
    drafts.add_files(work=work, files=files, by=enrolment.learner)
    more = {"new_files": SimpleUploadedFile("meer.pdf", PDF)}
    said = learner.post(at("draft_keep"), {**sends("Ik zag"), **more}).content.decode()
    assert "meer.pdf" in said
    assert str(drafts.MOST_FILES) in said
    assert (draft().text, DraftFile.objects.count()) == ("Ik zag", drafts.MOST_FILES)


def test_a_file_is_taken_away_with_its_button_and_what_was_typed_is_kept(learner, at, enrolment):
    work = work_on(enrolment)
    stored = a_stored_file(enrolment.learner)
    drafts.add_files(work=work, files=[stored], by=enrolment.learner)
    learner.post(at("draft_file_remove", stored.pk), sends("Ik zag"))
    assert (draft().text, DraftFile.objects.count()) == ("Ik zag", 0)


def test_a_form_without_a_text_leaves_the_text_as_it_is(client):
    enrolment = a_follower(an_exam_programme(answer=AnswerKind.FILES))
    work = work_on(enrolment)
    client.force_login(enrolment.learner)
    drafts.save_text(work=work, by=enrolment.learner, text="van vroeger", revision=0)
    address = reverse("exams:assignment_hand_in", args=[enrolment.pk, work.assignment_id])
    files = {"new_files": SimpleUploadedFile("verslag.pdf", PDF)}
    for _time in range(2):
        client.post(address, {"number": 0, "revision": 0, "window": "here", **files})
    assert draft().text == "van vroeger"


def test_what_is_approved_offers_no_form(learner, at, enrolment):
    made = a_hand_in(work_on(enrolment))
    assert "data-draft-text" in learner.get(at("assignment_detail")).content.decode()
    a_review(made, a_coach(enrolment.programme), Verdict.APPROVED)
    assert "data-draft-text" not in learner.get(at("assignment_detail")).content.decode()


def test_where_nothing_can_be_handed_in_the_draft_is_there_to_be_read(learner, at, enrolment):
    learner.post(at("draft_keep"), sends("nog iets"))
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=StudyStatus.TERM_LAPSED)
    page = learner.get(at("assignment_detail")).content.decode()
    assert "data-draft-text" not in page
    assert "nog iets" in page


def test_a_draft_is_kept_also_where_nothing_can_be_handed_in(learner, at, enrolment):
    work_on(enrolment)
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=StudyStatus.TERM_LAPSED)
    learner.post(at("assignment_hand_in"), sends("in de trein getypt"))
    assert (draft().text, HandIn.objects.count()) == ("in de trein getypt", 0)


def test_a_number_that_no_page_wrote_overwrites_nothing(learner, at):
    learner.post(at("draft_keep"), sends("een"))
    for odd in ("", "x", "-1", "²", "9" * 30):
        strange = sends("twee", window="there\0", revision=odd, number=odd, turn=odd)
        assert learner.post(at("assignment_hand_in"), strange).status_code == 302
    assert (draft().text, HandIn.objects.count()) == ("een", 0)


def test_somebody_else_does_not_find_it(client, at, enrolment):
    coach = a_coach(enrolment.programme)
    for person in (coach, a_member(Role.LEARNER, enrolment.programme.organisation)):
        client.force_login(person)
        for name in ("draft_keep", "assignment_hand_in", "assignment_detail"):
            method = client.get if name == "assignment_detail" else client.post
            assert method(at(name), sends("iets")).status_code == 404
        assert client.get(at("draft_keep"), **SCRIPT).status_code == 404
    assert not Work.objects.exists()


def test_addresses_of_buttons_lead_back_to_the_page(learner, at):
    for name, more in (
        ("draft_keep", ()),
        ("draft_copy_take", (1,)),
        ("draft_copy_forget", (1,)),
        ("draft_file_remove", (1,)),
        ("assignment_hand_in", ()),
    ):
        assert learner.get(at(name, *more)).url.startswith(at("assignment_detail"))


@pytest.mark.parametrize("others", [0, 3])
def test_the_answer_asks_the_same_number_of_queries_whatever_is_in_it(
    enrolment, others, django_assert_num_queries
):
    from exams.assignments import standing
    from exams.pages import answering
    from learners.people import subscriptions

    work = work_on(enrolment)
    who = enrolment.learner
    for number in range(others + 1):
        drafts.save_text(work=work, by=who, text=f"{number}", revision=0, window=f"w{number}")
    drafts.add_files(work=work, files=[a_stored_file(who) for _n in range(others)], by=who)
    asked = standing.of(enrolment).asked_of(work.assignment_id)
    access = subscriptions.access(who, enrolment.organisation)
    with django_assert_num_queries(3):
        answering.of(who, enrolment, asked, access)


def read_on(page):
    """The version and the files that a page says to show."""
    fields = page.context["answering"]
    return {"read": fields.read, "shown_files": " ".join(str(one.pk) for one in fields.files)}


def test_a_task_that_changes_while_somebody_types_is_said_and_what_they_typed_is_kept(
    learner, at, assignment
):
    read = read_on(learner.get(at("assignment_detail")))
    a_version(assignment, task_nl="Schrijf iets anders op.")
    page = learner.post(at("assignment_hand_in"), sends("Ik zag", **read), follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["error"]
    assert "Schrijf iets anders op." in page.text
    assert (draft().text, HandIn.objects.count()) == ("Ik zag", 0)
    again = {"revision": 1, "turn": 2, **read_on(page)}
    learner.post(at("assignment_hand_in"), sends("Ik zag", **again))
    assert HandIn.objects.get().version.number == 2


def test_after_something_to_mend_the_form_still_says_which_version_was_read(
    learner, at, assignment
):
    read = read_on(learner.get(at("assignment_detail")))
    a_version(assignment)
    exe = {"new_files": SimpleUploadedFile("lied.exe", b"MZ\x90")}
    shown = learner.post(at("draft_keep"), {**sends("Ik zag", **read), **exe})
    assert f'name="read" value="{read["read"]}"' in shown.text


@pytest.mark.parametrize("adds", [True, False])
def test_a_file_of_another_window_is_not_handed_in_unseen(learner, at, enrolment, adds):
    work, me = work_on(enrolment), enrolment.learner
    first = a_stored_file(me, "een.pdf")
    drafts.add_files(work=work, files=[first], by=me)
    desk = read_on(learner.get(at("assignment_detail")))
    if adds:
        second = a_stored_file(me, "twee.pdf")
        learner.post(at("draft_keep"), {"new_files-kept": [second.token]}, **SCRIPT)
    else:
        learner.post(at("draft_file_remove", first.pk), {})
    page = learner.post(at("assignment_hand_in"), sends("Ik zag", **desk), follow=True)
    assert not HandIn.objects.exists()
    now = {"revision": draft().revision, "turn": 2, **read_on(page)}
    learner.post(at("assignment_hand_in"), sends("Ik zag", **now))
    assert HandIn.objects.get().files.count() == (2 if adds else 0)


def test_files_of_the_form_itself_count_as_shown(learner, at, enrolment):
    stored = a_stored_file(enrolment.learner, "een.pdf")
    learner.post(at("draft_keep"), {"new_files-kept": [stored.token]}, **SCRIPT)
    sent = {"new_files-kept": [stored.token], "shown_files": "", **sends("Ik zag")}
    files = {"new_files": SimpleUploadedFile("twee.pdf", PDF)}
    learner.post(at("assignment_hand_in"), {**sent, **files})
    assert HandIn.objects.get().files.count() == 2


def test_a_plain_file_that_is_sent_twice_is_there_once_and_the_other_goes(learner, at):
    for _press in range(2):
        files = {"new_files": SimpleUploadedFile("verslag.pdf", PDF)}
        learner.post(at("assignment_hand_in"), {**sends("Ik zag", shown_files=""), **files})
    assert (draft().files.count(), HandIn.objects.get().files.count()) == (1, 1)
    assert StoredFile.objects.filter(let_go_at=None).count() == 1


def test_the_longest_text_of_any_letters_is_kept_and_a_longer_one_refused_with_words(learner, at):
    longest = urlencode(sends("\N{CJK UNIFIED IDEOGRAPH-5B57}" * LONGEST_TEXT))
    learner.post(at("draft_keep"), longest, content_type=FORM, **SCRIPT)
    assert len(draft().text) == LONGEST_TEXT
    for more in (1, 90_000):
        text = "\N{CJK UNIFIED IDEOGRAPH-5B57}" * (LONGEST_TEXT + more)
        said = learner.post(
            at("draft_keep"), urlencode(sends(text, turn=2)), content_type=FORM, **SCRIPT
        )
        assert said.status_code == 422
        assert str(LONGEST_TEXT + more) in said.json()["said"]


def test_one_text_too_many_beside_the_draft_is_refused_with_words(learner, at):
    learner.post(at("draft_keep"), sends("het concept"))
    for number in range(drafts.MOST_COPIES):
        learner.post(at("draft_keep"), sends(f"{number}", window=f"w{number}"), **SCRIPT)
    said = learner.post(at("draft_keep"), sends("nog een", window="more"), **SCRIPT)
    assert (said.status_code, DraftCopy.objects.count()) == (422, drafts.MOST_COPIES)
    assert str(drafts.MOST_COPIES) in said.json()["said"]
    learner.post(at("draft_keep"), sends("0, en meer", window="w0", turn=2), **SCRIPT)
    assert DraftCopy.objects.filter(text="0, en meer").exists()


def test_what_is_closed_is_not_begun_and_what_was_typed_is_shown_to_be_copied(
    learner, at, enrolment
):
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=StudyStatus.TERM_LAPSED)
    assert "in de trein getypt" in learner.post(at("draft_keep"), sends("in de trein getypt")).text
    for name, more in (("draft_file_remove", (1,)), ("assignment_hand_in", ())):
        assert learner.post(at(name, *more), sends("iets")).status_code == 200
    said = learner.post(at("draft_keep"), sends("iets"), **SCRIPT)
    assert (said.status_code, Work.objects.exists()) == (422, False)


def test_where_it_is_closed_a_text_is_kept_and_no_file_added(learner, at, enrolment):
    work_on(enrolment)
    type(enrolment).objects.filter(pk=enrolment.pk).update(status=StudyStatus.TERM_LAPSED)
    files = {"new_files": SimpleUploadedFile("verslag.pdf", PDF)}
    assert learner.post(at("draft_keep"), {**sends("Ik zag"), **files}).status_code == 200
    assert (draft().text, DraftFile.objects.count()) == ("Ik zag", 0)


def test_where_a_subscription_is_missing_it_leads_to_one(learner, at, enrolment):
    enrolment.organisation.programmes_need_subscription = True
    enrolment.organisation.save()
    address = f'href="{enrolment.get_absolute_url()}#subscription"'
    assert address in learner.get(at("assignment_detail")).text
    assert learner.get(enrolment.get_absolute_url()).text.count(address) == 1


def test_who_hands_in_more_often_than_people_do_waits_and_loses_nothing(learner, at, settings):
    settings.HAND_INS_PER_HOUR = 1
    learner.post(at("assignment_hand_in"), sends("een"))
    page = learner.post(
        at("assignment_hand_in"), sends("twee", number=1, revision=1, turn=2), follow=True
    )
    assert [message.level_tag for message in page.context["messages"]][-1] == "error"
    assert (HandIn.objects.count(), draft().text) == (1, "twee")
    settings.HAND_INS_PER_HOUR = 0
    learner.post(at("assignment_hand_in"), sends("twee", number=1, revision=2, turn=3))
    assert HandIn.objects.count() == 2
