"""Registers for tests: filled in through the form that a teacher would send."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.test import Client

from attendance.marking import registers
from attendance.models import RegisterSaving
from attendance.register import bases, plans, savings
from attendance.register.answers import AS_TYPED, Answers
from attendance.register.drafts import Typed, TypedRow
from attendance.register.questions import Questions
from attendance.register.register_pages import RegisterPage
from learners.models import Actor, Course, Enrolment, Meeting, Role, Run, User
from learners.studying.new_enrolments import NewEnrolment, enrol_many
from learners.tests.factories import CourseFactory, a_member, a_participant, a_run


def a_teacher(run: Run, **fields: object) -> User:
    """Make somebody who teaches this run."""
    teacher = a_member(Role.TEACHER, run.course.organisation, **fields)
    run.teachers.add(teacher)
    return teacher


def a_class(
    *days: float, people: int = 3, course: Course | None = None
) -> tuple[Run, User, list[Enrolment]]:
    """Make a run with meetings so many days from now, its teacher and participants."""
    run = a_run(*(days or (-7, -0.05, 7)), course=course or CourseFactory())
    return run, a_teacher(run), [a_participant(run) for _ in range(people)]


def a_crowd(run: Run, number: int) -> list[Enrolment]:
    """Enrol so many people in a run at once: Noor Aa0000, Noor Aa0001 and so on."""
    learners = User.objects.bulk_create(
        User(
            name=f"Noor Aa{n:04}",
            email=f"l{n}@example.org",
            sort_name=f"aa{n:04}, noor",
            search_name=f"noor aa{n:04}",
        )
        for n in range(number)
    )
    news = [NewEnrolment(learner=one, course=run.course, run=run) for one in learners]
    return enrol_many(news=news, by=None, actor=Actor.SYSTEM)


def typed(
    run: Run,
    rows: Mapping[Enrolment, Mapping[str, str]],
    *meetings: Meeting,
    shown: Sequence[Enrolment] = (),
    **more: object,
) -> Typed:
    """Type these cells into a page that shows the register as it is now."""
    people = [*rows, *shown]
    participants = {
        one.pk: one
        for one in registers.read_participants(
            list(registers.participants_of(run)), run=run, actor=registers.Actor.TEACHER
        )
    }
    keys = tuple(meeting.pk for meeting in meetings)
    ids = frozenset(one.pk for one in people)
    return Typed(
        rows={
            one.pk: TypedRow(base=bases.write_base(participants[one.pk]), **cells)
            for one, cells in rows.items()
        },
        shown=ids,
        meetings=keys,
        **{"on_page": ids, "seen_meetings": keys, **more},
    )


def questions_of(run: Run, by: User, form: Typed) -> Questions:
    """Return what is asked of a teacher before this form is saved."""
    found = registers.runs_for(by).get(pk=run.pk)
    return Questions(plan=plans.make(run=found, typed=form, by=by))


def asked(
    run: Run, by: User, rows: Mapping[Enrolment, Mapping[str, str]], *meetings: Meeting, **more: Any
) -> Questions:
    """Return what is asked of a teacher who types these cells."""
    return questions_of(run, by, typed(run, rows, *meetings, **more))


def save(run: Run, by: User, form: Typed, answers: Answers = AS_TYPED) -> RegisterSaving | None:
    """Save a form as its teacher."""
    return savings.save_register(
        run=registers.runs_for(by).get(pk=run.pk),
        typed=form,
        answers=answers,
        by=by,
    )


def mark(run: Run, by: User, meeting: Meeting, **presences: Sequence[Enrolment]) -> RegisterSaving:
    """Mark people present or absent at a meeting."""
    rows = {one: {"mark": presence} for presence, people in presences.items() for one in people}
    saving = save(run, by, typed(run, rows, meeting))
    assert saving is not None
    return saving


class Browser:
    """A teacher's browser without scripts: shows a register, and sends back its form."""

    def __init__(self, client: Client, run: Run, by: User) -> None:
        self.client, self.address = client, f"/teaching/{run.pk}/participants/"
        client.force_login(by)

    def open(self, query: str = "") -> "Browser":
        """Load the page, and fill the form as the page does."""
        response = self.client.get(f"{self.address}{query}")
        assert response.status_code == 200
        return self.read(response.context["register"])

    def read(self, page: RegisterPage) -> "Browser":
        self.page = page
        self.form: dict[str, object] = {
            "token": str(page.typed.token),
            "seen": page.seen,
            "page": str(page.page.number),
            "q": page.asked.text,
            "row": [str(row.pk) for row in page.rows],
            "present": [str(row.pk) for row in page.rows if row.is_ticked],
            "ticked": [str(row.pk) for row in page.rows if row.is_ticked],
            "excused": [str(row.pk) for row in page.rows if row.is_excused],
            "meeting": [str(pk) for pk in sorted(page.chosen)],
        }
        for row in page.rows:
            self.form[f"base-{row.pk}"] = row.base
            self.form[f"effort-{row.pk}"] = row.effort
            self.form[f"remark-{row.pk}"] = row.remark
            self.form[f"late-{row.pk}"] = row.late
            self.form[f"early-{row.pk}"] = row.early
            self.form[f"excuse-{row.pk}"] = row.excuse
            if row.can_choose:
                self.form[f"status-{row.pk}"] = row.typed.status
        if page.typed.all_present:
            self.form["all_present"] = "1"
        if page.typed.all_meetings:
            self.form["all_meetings"] = "1"
        return self

    def tick(self, *people: Enrolment) -> "Browser":
        self.form["present"] = [*self.form["present"], *(str(one.pk) for one in people)]
        return self

    def untick(self, *people: Enrolment) -> "Browser":
        ids = {str(one.pk) for one in people}
        self.form["present"] = [pk for pk in self.form["present"] if pk not in ids]
        return self

    def choose(self, **cells: object) -> "Browser":
        self.form |= {
            name.replace("_", "-", 1) if name[-1].isdigit() else name: value
            for name, value in cells.items()
        }
        return self

    def press(self, button: str, **more: object):
        """Send the form to the address of this button."""
        return self.client.post(f"{self.address}{button}/", {**self.form, **more})

    def follow(self, response, left_open: str = "absent", **answers: str):
        """Answer the question with 'continue'."""
        plan = self.client.get(response.url).context["plan"]
        return self.client.post(
            f"{self.address}save/",
            {
                "token": self.form["token"],
                "digest": plan.typed.digest,
                "left_open": left_open,
                **answers,
            },
        )
