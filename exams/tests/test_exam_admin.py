"""The exam of a programme is defined in the administration, looked at, and published."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from exams.defining import exams
from exams.models import (
    Attempt,
    Criterion,
    Exam,
    ExamPart,
    ExamPlan,
    ExpectedFile,
    FileSort,
    InstructionPage,
)
from exams.releasing import releases
from exams.tests.factories import a_coach, a_follower, an_exam, an_exam_programme
from learners.models import AuditEntry, Programme, User
from learners.tests.factories import ProgrammeFactory, UserFactory, an_administrator

pytestmark = pytest.mark.django_db
TABLES = ("pages", "expected_files", "criteria")


@pytest.fixture
def head_office() -> User:
    return an_administrator(language="en", email="head@example.org")


@pytest.fixture
def admin(client: Client, head_office: User) -> Client:
    client.force_login(head_office)
    return client


@pytest.fixture
def draft(head_office: User) -> Exam:
    programme = an_exam_programme(1)
    an_exam(programme)
    return exams.begin(programme=programme, by=head_office)


def address(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:exams_{model._meta.model_name}_{page}", args=args)


def typed(part: ExamPart, **said: object) -> dict[str, object]:
    """Return what the page of a part sends where nothing is changed in its tables."""
    names = ("position", "title_nl", "kind", "minutes", "weight", "most_files", "most_megabytes")
    values = {name: getattr(part, name) for name in names}
    tables = {f"{table}-{name}_FORMS": 0 for table in TABLES for name in ("TOTAL", "INITIAL")}
    return values | tables | {"must_be_passed": "on", "cut_score": 11} | said


def row(table: str, number: int = 0, **said: object) -> dict[str, object]:
    """Return what a new row of a table sends."""
    fields = {f"{table}-{number}-{name}": value for name, value in said.items()}
    return fields | {f"{table}-TOTAL_FORMS": number + 1}


def test_from_nothing_to_a_published_exam(admin: Client, head_office: User) -> None:
    programme = an_exam_programme(1)
    of = reverse("admin:exams_exam_of", args=[programme.pk])
    assert f'href="{of}"' in admin.get(address_of(programme)).text
    assert admin.get(of).headers["Location"].endswith(f"?programme={programme.pk}")

    said = {"programme": programme.pk, "title_nl": "Examen", "kind": "certified"}
    made = admin.post(address(Exam, "add"), said)
    exam = Exam.objects.get()
    assert made.headers["Location"] == address(Exam, "change", exam.pk)
    assert admin.get(of).headers["Location"] == address(Exam, "change", exam.pk)
    assert "It has no parts yet." in admin.get(address(Exam, "change", exam.pk)).text

    add = f"{address(ExamPart, 'add')}?exam={exam.pk}"
    assert 'name="position" value="1"' in admin.get(add).text
    values = {"position": 1, "title_nl": "Film", "kind": "upload", "minutes": 30, "weight": 2}
    limits = {
        "must_be_passed": "on",
        "most_files": 3,
        "most_megabytes": 100,
        "cut_score": 6,
        "exam": exam.pk,
    }
    made = admin.post(add, values | limits)
    part = ExamPart.objects.get()
    assert made.headers["Location"] == address(ExamPart, "change", part.pk)
    shown = admin.get(address(ExamPart, "change", part.pk)).text
    assert "It has no page of instruction yet." in shown

    rows = {
        **row("pages", position=1, title_nl="Begin", text_nl="Lees **goed**."),
        **row("expected_files", position=1, title_nl="Film", sort=FileSort.FILM),
        **row("criteria", position=1, title_nl="Helder", points=10),
    }
    admin.post(address(ExamPart, "change", part.pk), typed(part, cut_score=6) | rows)
    publish = address(Exam, "publish", exam.pk)
    page = admin.get(publish).text
    assert "6 of 10" in page
    assert "missing" not in page
    assert admin.post(publish).headers["Location"] == address(Exam, "change", exam.pk)
    exam.refresh_from_db()
    assert exam.is_frozen
    done = AuditEntry.objects.filter(by=head_office, object_type__startswith="exams.")
    assert sorted(done.values_list("action", flat=True)) == [
        "exams.criterion_added",
        "exams.exam_begun",
        "exams.exam_changed",
        "exams.exam_published",
        "exams.exampart_added",
        "exams.expectedfile_added",
        "exams.instructionpage_added",
    ]


def address_of(programme: Programme) -> str:
    return reverse("admin:learners_programme_change", args=[programme.pk])


def test_only_a_programme_with_an_exam_has_one(admin: Client) -> None:
    programme = ProgrammeFactory()
    said = {"programme": programme.pk, "title_nl": "Examen", "kind": "certified"}
    words = "Only a programme that is completed by an exam has assignments"
    assert words in admin.post(address(Exam, "add"), said).text
    assert reverse("admin:exams_exam_of", args=[programme.pk]) not in (
        admin.get(address_of(programme)).text
    )


def test_a_programme_has_one_exam_of_which_versions_are_made(admin: Client, draft: Exam) -> None:
    said = {"programme": draft.programme_id, "title_nl": "Examen", "kind": "certified"}
    assert "has an exam already" in admin.post(address(Exam, "add"), said).text
    assert Exam.objects.count() == 2


def test_publishing_lists_all_that_is_missing_and_does_nothing(admin: Client, draft: Exam) -> None:
    Criterion.objects.filter(part__exam=draft).delete()
    draft.title_nl = ""
    draft.save()
    publish = address(Exam, "publish", draft.pk)
    for page in (admin.get(publish).text, admin.post(publish).text):
        assert "It has no Dutch title yet." in page
        assert "Part 1: It has no criterion that gives points yet." in page
    draft.refresh_from_db()
    assert not draft.is_frozen


def test_publishing_says_who_keeps_their_version(admin: Client, draft: Exam) -> None:
    a_release(draft.programme)
    page = admin.get(address(Exam, "publish", draft.pk)).text
    assert "1 person has the exam released already and keeps their version." in page
    admin.post(address(Exam, "publish", draft.pk))
    assert Attempt.objects.get().exam.number == 1


def a_release(programme: Programme) -> Attempt:
    here = programme.organisation
    here.early_release = True
    here.save()
    coach = a_coach(programme)
    return releases.release(enrolment=a_follower(programme, coach), by=coach, reason="Kan het al.")


def test_publishing_twice_leads_to_the_exam(admin: Client, draft: Exam) -> None:
    publish, page = address(Exam, "publish", draft.pk), address(Exam, "change", draft.pk)
    for _click in range(2):
        assert admin.post(publish).headers["Location"] == page
    assert AuditEntry.objects.filter(action="exams.exam_published").count() == 1


def test_a_published_exam_takes_nothing_more(admin: Client) -> None:
    exam = an_exam(an_exam_programme(1))
    page = address(Exam, "change", exam.pk)
    text = admin.get(page).text
    assert 'name="title_nl"' not in text
    assert "nothing in it changes any more" in text
    admin.post(page, {"title_nl": "Anders", "kind": "outside"})
    exam.refresh_from_db()
    assert (exam.title_nl, exam.kind) == ("Examen", "certified")
    assert admin.get(address(Exam, "delete", exam.pk)).status_code == 403
    assert admin.post(address(Exam, "delete", exam.pk), {"post": "yes"}).status_code == 403


def test_parts_of_a_published_exam_take_nothing_more(admin: Client) -> None:
    exam = an_exam(an_exam_programme(1))
    part = exam.parts.get()
    page = address(ExamPart, "change", part.pk)
    text = admin.get(page).text
    assert 'name="title_nl"' not in text
    assert 'name="criteria-0-title_nl"' not in text
    criterion = part.criteria.first()
    assert criterion is not None
    gone = {"criteria-TOTAL_FORMS": 1, "criteria-INITIAL_FORMS": 1, "criteria-0-DELETE": "on"}
    gone |= {"criteria-0-id": criterion.pk, "criteria-0-part": part.pk}
    assert "published meanwhile" in admin.post(page, typed(part, title_nl="Anders") | gone).text
    said = typed(part, exam=exam.pk, position=2)
    assert "published meanwhile" in admin.post(address(ExamPart, "add"), said).text
    assert admin.post(address(ExamPart, "delete", part.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "remove_part", "_selected_action": [part.pk], "confirmed": "yes"}
    admin.post(address(ExamPart, "changelist"), chosen)
    part.refresh_from_db()
    assert (part.title_nl, part.criteria.count(), exam.parts.count()) == ("Deel 1", 2, 1)


def test_what_somebody_else_published_or_threw_away_meanwhile_is_not_overwritten(
    admin: Client, draft: Exam, head_office: User
) -> None:
    part, said = draft.parts.get(), {"title_nl": "Anders", "kind": "certified"}
    page, of_part = address(Exam, "change", draft.pk), address(ExamPart, "change", part.pk)
    exams.publish(exam=draft, by=head_office)
    assert "published meanwhile" in admin.post(page, said).text
    assert "published meanwhile" in admin.post(of_part, typed(part, title_nl="Anders")).text
    second = exams.begin(programme=draft.programme, by=head_office)
    copied = second.parts.get()
    exams.throw_away(exam=second, by=head_office)
    assert admin.post(address(Exam, "change", second.pk), said).status_code == 302
    gone = address(ExamPart, "change", copied.pk)
    assert admin.post(gone, typed(copied, title_nl="Anders")).status_code == 302
    added = admin.post(address(ExamPart, "add"), typed(copied, exam=second.pk))
    assert list(added.context["adminform"].form.errors) == ["exam"]
    assert not ExamPart.objects.filter(title_nl="Anders").exists()


def test_a_new_version_is_made_once_and_thrown_away(admin: Client) -> None:
    exam = an_exam(an_exam_programme(1))
    chosen = {"index": 0, "_selected_action": [exam.pk], "confirmed": "yes"}
    made = admin.post(address(Exam, "changelist"), chosen | {"action": "new_version"})
    draft = Exam.objects.get(number=2)
    assert made.headers["Location"] == address(Exam, "change", draft.pk)
    again = admin.post(address(Exam, "changelist"), chosen | {"action": "new_version"})
    assert "a version is being made already" in again.text
    kept = admin.post(address(Exam, "changelist"), chosen | {"action": "throw_away"})
    assert "published" in kept.text
    gone = chosen | {"action": "throw_away", "_selected_action": [draft.pk]}
    assert admin.post(address(Exam, "changelist"), gone).status_code == 302
    assert Exam.objects.get() == exam


def test_a_part_is_removed_after_it_was_asked(admin: Client, draft: Exam) -> None:
    part = draft.parts.get()
    chosen = {"action": "remove_part", "index": 0, "_selected_action": [part.pk]}
    assert "cannot be taken back" in admin.post(address(ExamPart, "changelist"), chosen).text
    admin.post(address(ExamPart, "changelist"), chosen | {"confirmed": "yes"})
    assert not draft.parts.exists()


def test_what_is_wrong_is_said_beside_its_field(admin: Client, draft: Exam) -> None:
    part = draft.parts.get()
    page = address(ExamPart, "change", part.pk)
    found = admin.post(page, typed(part, good_score=11))
    form = found.context["adminform"].form
    assert form.errors == {"good_score": ["“Good” begins above the cut score."]}
    nothing = row("criteria", position=3, title_nl="Netjes", points=0)
    found = admin.post(page, typed(part) | nothing)
    rows = found.context["inline_admin_formsets"][2].formset
    assert rows.errors == [{"points": ["A criterion gives points, or it is a knock-out."]}]


def test_a_new_row_comes_after_those_that_are_there(admin: Client, draft: Exam) -> None:
    text = admin.get(address(ExamPart, "change", draft.parts.get().pk)).text
    assert 'name="criteria-__prefix__-position" value="3"' in text


def test_one_version_leads_to_the_others(admin: Client, draft: Exam) -> None:
    old = Exam.objects.get(number=1)
    text = admin.get(address(Exam, "change", old.pk)).text
    assert f'<a href="{address(Exam, "change", draft.pk)}">version 2</a> (being made)' in text


def test_the_points_are_beside_the_cut_score(admin: Client, draft: Exam) -> None:
    text = admin.get(address(ExamPart, "change", draft.parts.get().pk)).text
    assert "Points of all criteria" in text
    assert '<div class="readonly">20</div>' in text


def test_it_is_looked_at_as_learners_read_it_and_nothing_is_kept(
    admin: Client, draft: Exam
) -> None:
    part = draft.parts.get()
    looked = reverse("admin:exams_exam_look", args=[draft.pk])
    before = AuditEntry.objects.count()
    english, dutch = (admin.get(looked, {"language": one}) for one in ("en", "nl"))
    assert '<html lang="en"' in english.text
    assert "You look at this exam as learners see it" in english.text
    assert "<h1>Exam</h1>" in english.text
    assert '<html lang="nl"' in dutch.text
    assert "<h1>Examen</h1>" in dutch.text
    page = reverse("admin:exams_exam_read", args=[draft.pk, part.pk, 1])
    assert f'href="{page}?language=en"' in english.text
    text = admin.get(page, {"language": "en"}).text
    assert "Lees <strong>goed</strong> 1." in text
    assert "page 1 of 3" in text
    last = reverse("admin:exams_exam_read", args=[draft.pk, part.pk, 3])
    assert "What you hand in" in admin.get(last, {"language": "en"}).text
    beyond = reverse("admin:exams_exam_read", args=[draft.pk, part.pk, 4])
    assert admin.get(beyond).status_code == 404
    assert (Attempt.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_the_size_of_a_sample_is_set_in_the_plan(admin: Client) -> None:
    an_exam_programme(3)
    plan = ExamPlan.objects.get()
    page = address(ExamPlan, "change", plan.pk)
    said = {"needed_xp": plan.needed_xp, "xp_from": "hand_in", "sample_size": 0}
    found = admin.post(page, said)
    assert list(found.context["adminform"].form.errors) == ["sample_size"]
    admin.post(page, {**said, "sample_size": 4})
    plan.refresh_from_db()
    assert plan.sample_size == 4
    assert AuditEntry.objects.get(action="exams.plan_changed").changes == {"sample_size": [6, 4]}


def every_page(exam: Exam) -> list[str]:
    part = exam.parts.all()[0]
    return [
        address(Exam, "changelist"),
        address(Exam, "add"),
        address(Exam, "of", exam.programme_id),
        address(Exam, "change", exam.pk),
        address(Exam, "publish", exam.pk),
        address(Exam, "look", exam.pk),
        address(Exam, "read", exam.pk, part.pk, 1),
        address(ExamPart, "changelist"),
        address(ExamPart, "add"),
        address(ExamPart, "change", part.pk),
    ]


def test_nobody_else_gets_in(client: Client, draft: Exam) -> None:
    client.force_login(UserFactory())
    assert {client.get(page).status_code for page in every_page(draft)} == {302}


def test_staff_without_permission_gets_nowhere(client: Client, draft: Exam) -> None:
    client.force_login(UserFactory(is_staff=True))
    assert {client.get(page).status_code for page in every_page(draft)} == {403}
    assert client.post(address(Exam, "publish", draft.pk)).status_code == 403
    assert not Exam.objects.get(pk=draft.pk).is_frozen


def test_staff_that_may_only_look_publishes_nothing(client: Client, draft: Exam) -> None:
    reader = UserFactory(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename__startswith="view_exam"))
    client.force_login(reader)
    assert client.get(address(Exam, "look", draft.pk)).status_code == 200
    assert client.get(address(Exam, "change", draft.pk)).status_code == 200
    assert client.get(address(Exam, "publish", draft.pk)).status_code == 403
    assert client.post(address(Exam, "change", draft.pk), {"title_nl": "X"}).status_code == 403


@pytest.mark.parametrize("parts", [1, 3])
def test_pages_ask_as_much_for_many_rows_as_for_one(
    admin: Client, parts: int, django_assert_max_num_queries: Any
) -> None:
    programme = an_exam_programme(1)
    an_exam(programme)
    exam = an_exam(programme, parts=parts, pages=parts, published_at=None)
    for _number in range(1, parts):
        an_exam(an_exam_programme(1))
        first = exam.parts.all()[0]
        for model in (InstructionPage, ExpectedFile, Criterion):
            model.objects.create(part=first, title_nl="Nog een")
    allowed = {"Exam": (6, 12), "ExamPart": (5, 14)}
    for model, key in ((Exam, exam.pk), (ExamPart, exam.parts.all()[0].pk)):
        of_list, of_page = allowed[model.__name__]
        with django_assert_max_num_queries(of_list):
            assert admin.get(address(model, "changelist"), {"q": "e"}).status_code == 200
        with django_assert_max_num_queries(of_page):
            assert admin.get(address(model, "change", key)).status_code == 200
    with django_assert_max_num_queries(9):
        assert admin.get(address(Exam, "publish", exam.pk)).status_code == 200
