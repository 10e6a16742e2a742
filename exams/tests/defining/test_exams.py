"""Versions of an exam: begun as a copy, published once, frozen, thrown away."""

import pytest

from exams.defining import completeness, exams
from exams.defining.publishing import DefinitionRefused
from exams.models import (
    Criterion,
    Exam,
    ExamKind,
    ExamPart,
    ExpectedFile,
    InstructionPage,
    PartKind,
)
from exams.releasing import releases
from exams.tests.factories import a_coach, a_follower, an_exam, an_exam_programme
from learners.models import AuditEntry, GradeScale, Programme, User
from learners.tests.factories import an_administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def head_office() -> User:
    return an_administrator(email="head@example.org")


@pytest.fixture
def programme() -> Programme:
    return an_exam_programme(1)


@pytest.fixture
def draft(programme: Programme, head_office: User) -> Exam:
    an_exam(programme, parts=2)
    return exams.begin(programme=programme, by=head_office)


def missing(exam: Exam) -> list[str]:
    return [one.said for one in completeness.whats_missing(exam)]


def test_the_first_version_begins_empty_and_once(programme: Programme, head_office: User) -> None:
    made = exams.begin(programme=programme, by=head_office)
    assert exams.begin(programme=programme, by=head_office) == made
    assert (made.number, made.parts.count(), made.is_frozen) == (1, 0, False)
    assert AuditEntry.objects.filter(action="exams.exam_begun").count() == 1


def test_a_version_begins_as_a_copy_of_all_that_the_newest_asks(draft: Exam) -> None:
    old = draft.programme.exams.published().get()
    assert (draft.number, draft.title_nl, draft.title_en) == (2, "Examen", "Exam")
    assert [part.title_nl for part in draft.parts.all()] == ["Deel 1", "Deel 2"]
    for model in (InstructionPage, ExpectedFile, Criterion):
        mine, theirs = (model.objects.filter(part__exam=exam) for exam in (draft, old))
        fields = [f.attname for f in model._meta.fields if f.name not in ("id", "part")]
        found = [list(rows.order_by("part", "pk").values_list(*fields)) for rows in (mine, theirs)]
        assert found[0] == found[1] != []


def test_changing_a_version_leaves_the_one_that_was_published_as_it_is(draft: Exam) -> None:
    InstructionPage.objects.filter(part__exam=draft).update(text_nl="Anders.")
    old = InstructionPage.objects.filter(part__exam__number=1)
    assert not old.filter(text_nl="Anders.").exists()


def test_a_version_is_published_once(draft: Exam, head_office: User) -> None:
    first = exams.publish(exam=draft, by=head_office)
    again = exams.publish(exam=draft, by=head_office)
    assert first.published_at == again.published_at
    assert AuditEntry.objects.filter(action="exams.exam_published").count() == 1
    assert releases.newest(a_follower(draft.programme)) == draft


def test_what_was_published_is_not_thrown_away_nor_its_parts(
    draft: Exam, head_office: User
) -> None:
    exams.publish(exam=draft, by=head_office)
    part = draft.parts.all()[0]
    with pytest.raises(DefinitionRefused, match="published meanwhile"):
        exams.throw_away(exam=draft, by=head_office)
    with pytest.raises(DefinitionRefused, match="published meanwhile"):
        exams.remove_part(part=part, by=head_office)
    assert ExamPart.objects.filter(exam=draft).count() == 2


def test_a_version_that_is_being_made_is_thrown_away(draft: Exam, head_office: User) -> None:
    old = draft.programme.exams.published().get()
    exams.throw_away(exam=draft, by=head_office)
    assert Exam.objects.get() == old
    assert old.parts.count() == ExamPart.objects.count() == 2
    with pytest.raises(DefinitionRefused, match="thrown away meanwhile"):
        exams.throw_away(exam=draft, by=head_office)
    assert AuditEntry.objects.filter(action="exams.exam_thrown_away").count() == 1


def test_a_part_is_removed_with_all_in_it(draft: Exam, head_office: User) -> None:
    exams.remove_part(part=draft.parts.all()[0], by=head_office)
    assert draft.parts.get().title_nl == "Deel 2"
    assert Criterion.objects.filter(part__exam=draft).count() == 2


def test_publishing_fixes_the_scale_that_holds_then(draft: Exam, head_office: User) -> None:
    here = draft.programme.organisation
    exams.publish(exam=draft, by=head_office)
    here.grade_scale = GradeScale.WORDS
    here.save()
    assert Exam.objects.get(pk=draft.pk).grade_scale == GradeScale.NUMBERS


def test_policies_and_scale_that_change_do_not_touch_what_was_released(
    programme: Programme, head_office: User
) -> None:
    an_exam(programme)
    here = programme.organisation
    here.early_release = True
    here.save()
    coach = a_coach(programme)
    made = releases.release(enrolment=a_follower(programme, coach), by=coach, reason="Kan het al.")
    before = (made.scale, made.assessors, made.resits, made.reopening, made.exam_id)
    here.grade_scale, here.assessors_per_exam = GradeScale.WORDS, 2
    here.resits = here.reopening = "institution"
    here.save()
    draft = exams.begin(programme=programme, by=head_office)
    draft.parts.update(good_score=15)
    exams.publish(exam=draft, by=head_office)
    made.refresh_from_db()
    assert (made.scale, made.assessors, made.resits, made.reopening, made.exam_id) == before
    assert releases.release(enrolment=made.enrolment, by=coach) == made


def test_all_that_is_missing_is_said_at_once(programme: Programme, head_office: User) -> None:
    exam = exams.begin(programme=programme, by=head_office)
    exam.kind = ExamKind.OWN
    exam.save()
    said = [
        "It has no Dutch title yet.",
        "An exam of the institution’s own is announced: write the Dutch announcement.",
        "It has no parts yet.",
    ]
    assert missing(exam) == said
    with pytest.raises(DefinitionRefused) as refused:
        exams.publish(exam=exam, by=head_office)
    assert str(refused.value) == " ".join(said)


def test_what_is_missing_is_said_of_each_part(programme: Programme, head_office: User) -> None:
    exam = exams.begin(programme=programme, by=head_office)
    Exam.objects.filter(pk=exam.pk).update(title_nl="Examen", scale=GradeScale.WORDS)
    exam.refresh_from_db()
    ExamPart.objects.create(exam=exam, title_nl="Film")
    talk = ExamPart.objects.create(exam=exam, position=2, kind=PartKind.APPOINTMENT, cut_score=11)
    Criterion.objects.create(part=talk, title_nl="Helder", points=10)
    InstructionPage.objects.create(part=talk, title_nl="Lees", text_nl=" ")
    assert missing(exam) == [
        "Film: It has no page of instruction yet.",
        "Film: It expects no file yet.",
        "Film: It has no criterion that gives points yet.",
        "Part 2: It has no Dutch title yet.",
        "Part 2: Page 1 of the instruction has no Dutch title or text.",
        "Part 2: Its cut score is 11, and its criteria give 10 in all.",
        "Part 2: The scale has words: say from how many points it is good.",
    ]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"cut_score": None}, "It has no cut score yet."),
        ({"cut_score": 0}, "It has no cut score yet."),
        ({"cut_score": 21}, "Its cut score is 21, and its criteria give 20 in all."),
        ({"most_files": 1}, "Files that are required: 2; files at most: 1."),
    ],
)
def test_numbers_that_do_not_fit_are_said(
    draft: Exam, changed: dict[str, object], words: str
) -> None:
    part = draft.parts.all()[0]
    ExpectedFile.objects.create(part=part, title_nl="Film")
    assert missing(draft) == []
    ExamPart.objects.filter(pk=part.pk).update(**changed)
    assert missing(draft) == [f"Part 1: {words}"]


@pytest.mark.parametrize(
    ("good", "said"), [(20, []), (21, ["It is good from 21, and its criteria give 20"])]
)
def test_on_a_scale_of_words_good_is_within_the_points(
    draft: Exam, good: int, said: list[str]
) -> None:
    draft.parts.update(good_score=good)
    draft.scale = GradeScale.WORDS
    draft.save()
    found = missing(draft)
    assert len(found) == 2 * len(said)
    assert all(words in found[0] for words in said)


def test_an_exam_that_is_taken_elsewhere_needs_no_parts(
    programme: Programme, head_office: User
) -> None:
    exam = exams.begin(programme=programme, by=head_office)
    exam.kind, exam.title_nl = ExamKind.OUTSIDE, "Praktijkexamen"
    exam.save()
    assert exams.publish(exam=exam, by=head_office).is_frozen


@pytest.mark.parametrize("parts", [1, 3])
def test_what_is_missing_is_found_in_as_many_queries_for_more_parts(
    programme: Programme, parts: int, django_assert_num_queries
) -> None:
    exam = Exam.objects.select_related("programme__organisation").get(
        pk=an_exam(programme, parts=parts).pk
    )
    with django_assert_num_queries(4):
        assert completeness.whats_missing(exam) == []
