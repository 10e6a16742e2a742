"""What stands before anybody learns anything: institutions, people, courses and programmes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from learners.models import (
    CompletedBy,
    Course,
    Membership,
    Organisation,
    Programme,
    ProgrammeCourse,
    Role,
    User,
)
from lms.demo import people
from lms.demo.logins import PASSWORD
from lms.demo.people import Person

PUBLISHED = timedelta(days=900)  # before the loading

Table = Mapping[str, Any]


def institutions(rows: Iterable[Table]) -> dict[str, Organisation]:
    """Make the institutions, by code."""
    return {row["code"]: Organisation.objects.create(**row) for row in rows}


def make_people(persons: Sequence[Person], organisations: Mapping[str, Organisation]) -> list[User]:
    """Make people with their roles; only who can be tried gets a password, which is no secret."""
    password = make_password(PASSWORD)
    tried = {person.email for person in people.TRIED}
    users = []
    memberships = []
    for person in persons:
        user = User.objects.create_user(
            person.email,
            name=person.name,
            language=person.language,
            is_staff=person.is_staff,
            is_superuser=person.is_staff,
        )
        if person.email in tried:
            user.password = password
            user.save(update_fields=["password"])
        users.append(user)
        memberships += _memberships(user, person, organisations)
    Membership.objects.bulk_create(memberships)
    return users


def _memberships(
    user: User, person: Person, organisations: Mapping[str, Organisation]
) -> list[Membership]:
    """Say what somebody is where; a learner's number counts at the first institution."""
    first = person.roles[0][0] if person.roles else ""
    return [
        Membership(
            user=user,
            organisation=organisations[code],
            role=role,
            number=person.number if code == first and role == Role.LEARNER else "",
        )
        for code, role in person.roles
    ]


def courses(rows: Iterable[Table], organisations: Mapping[str, Organisation]) -> dict[str, Course]:
    """Make the courses, by '<institution>/<code>'."""
    made: dict[str, Course] = {}
    now = timezone.now()
    for row in rows:
        archived = row.get("archived")
        made[row["key"]] = Course.objects.create(
            **_titled(row, organisations),
            kind=row["kind"],
            study_points=row["points"],
            maximum_study_points=row.get("maximum"),
            term_days=row.get("term"),
            certificate_months=row.get("months"),
            open_for_enrolment=row.get("open", False),
            published_at=now - PUBLISHED,
            archived_at=now - timedelta(days=archived) if archived else None,
            new_version_of=made.get(row.get("new_version_of", "")),
        )
    return made


def programmes(
    rows: Iterable[Table],
    organisations: Mapping[str, Organisation],
    courses: Mapping[str, Course],
) -> dict[str, Programme]:
    """Make the programmes with their courses in order, by '<institution>/<code>'."""
    made = {}
    for row in rows:
        institution = row["key"].split("/")[0]
        programme = Programme.objects.create(
            **_titled(row, organisations),
            term_days=row.get("term"),
            completed_by=row.get("completed_by", CompletedBy.COURSES),
            published_at=timezone.now() - PUBLISHED,
        )
        ProgrammeCourse.objects.bulk_create(
            ProgrammeCourse(
                programme=programme,
                course=courses[f"{institution}/{code}"],
                position=position,
                is_needed=code not in row.get("not_needed", ()),
            )
            for position, code in enumerate(row["courses"], 1)
        )
        made[row["key"]] = programme
    return made


def _titled(row: Table, organisations: Mapping[str, Organisation]) -> dict[str, Any]:
    """The fields that a course and a programme have in common."""
    institution, code = row["key"].split("/")
    return {
        "organisation": organisations[institution],
        "code": code,
        "title_nl": row["nl"],
        "title_en": row["en"],
        "summary_nl": row["about_nl"],
        "summary_en": row["about_en"],
    }
