"""Making the people of the table, and giving them runs and learners."""

from learners.enrolling import entering
from learners.models import Actor, Enrolment, Membership, Organisation, Programme, Role, Run, User
from learners.tests import factories
from learners.tests.permissions.names import ADMINISTRATOR, CLERK, NAMES

SECRET_NAME = "Xanthippe van Zundert"
FIRST_NAME = SECRET_NAME.split(" ")[0][:6]
PASSWORD = factories.PASSWORD

People = dict[str, User]


def make(here: Organisation, elsewhere: Organisation) -> People:
    """Make everybody, with their role at one of the two institutions; nothing is theirs yet."""
    people: People = {}
    for name in NAMES:
        words = name.split()
        role = next((role for role in Role if role.value in words), None)
        if role is None:
            continue
        person = factories.UserFactory(
            name=SECRET_NAME if name == "learner" else name.title(),
            email=f"{name.replace(' ', '.')}@example.org",
            password=PASSWORD,
        )
        # Who worked here before does so elsewhere now, though the rows of then still name them.
        organisation = elsewhere if {"elsewhere", "former"} & set(words) else here
        Membership.objects.create(user=person, organisation=organisation, role=role)
        people[name] = person
    people[ADMINISTRATOR] = factories.an_administrator(password=PASSWORD)
    people[CLERK] = factories.UserFactory(is_staff=True, password=PASSWORD)
    return people


def teach(run: Run, *teachers: User) -> Run:
    """Let these people teach the run."""
    run.teachers.add(*teachers)
    return run


def follow(programme: Programme, learner: User, by: User, *coaches: User) -> Enrolment:
    """Let somebody follow a programme with these coaches."""
    whole = entering.enrol_in_programme(
        learner=learner, programme=programme, by=by, actor=Actor.ADMINISTRATOR
    )
    whole.coaches.add(*coaches)
    return whole
