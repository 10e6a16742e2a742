"""The people whom a file names: known ones, and those whom it makes known."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learners.importing.cells import LearnerKey
from learners.importing.ledger import Ledger
from learners.importing.plans import Person, Plan
from learners.models import (
    FindingKind,
    ImportColumn,
    Membership,
    Organisation,
    Role,
    User,
)

Known = dict[LearnerKey, Person]


@dataclass(frozen=True)
class People:
    """Finds who is named, and counts who is new."""

    organisation: Organisation
    ledger: Ledger
    counts: Counter[str]

    def known(self, keys: Iterable[LearnerKey]) -> Known:
        """Return whom we know of these, in two queries."""
        named = list(keys)
        emails = [key.email for key in named if key.email]
        numbers = [key.number for key in named if key.number]
        found = {LearnerKey(email=u.email or ""): u for u in User.objects.filter(email__in=emails)}
        members = Membership.objects.filter(
            organisation=self.organisation, role=Role.LEARNER, number__in=numbers
        )
        for member in members.select_related("user"):
            found[LearnerKey(number=member.number)] = member.user
        return {key: Person(key, user, user.name) for key, user in found.items()}

    def meant(
        self, key: LearnerKey, name: str, line: int, people: Known, plan: Plan
    ) -> Person | None:
        """Return whom a line is about; the first line about a stranger introduces them."""
        introduced = self.ledger.name_of(str(key))
        person = people.get(key)
        if person is None:
            if not (introduced or name):
                plan.findings.add(FindingKind.NAME_MISSING, line, ImportColumn.NAME, key)
                return None
            person = people[key] = Person(key, None, introduced or name)
            plan.newcomers.append(person)
        if person.user is None and introduced is None:
            self.ledger.introduce(str(key), person.name)
            self.counts["new_people"] += 1
        if name and name != person.name:
            kept = FindingKind.NAME_KEPT
            plan.findings.add(kept, line, ImportColumn.NAME, name, person.name)
        return person


def introduce(newcomers: Sequence[Person], organisation: Organisation) -> None:
    """Make people known, as learners of the institution."""
    for person in newcomers:
        person.user = User(
            email=person.key.email or None,
            name=person.name,
            language=organisation.language,
            time_zone=organisation.time_zone,
        )
    User.objects.create_newcomers([person.user for person in newcomers if person.user])
    Membership.objects.bulk_create(
        [
            Membership(
                user=person.user,
                organisation=organisation,
                role=Role.LEARNER,
                number=person.key.number,
            )
            for person in newcomers
        ],
        batch_size=2_000,
    )
