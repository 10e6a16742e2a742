"""The people of the demo: the six who can be tried, their colleagues, and some 560 learners.

Names are drawn with a fixed seed from what is common in Flanders and the Netherlands, so that
everybody is the same person at every load; nobody in it exists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from learners.models import Language, Role
from learners.names import folded
from lms.demo.data import reading

LEARNERS = 560
WITHOUT_EMAIL = 25  # one in so many is known by a number only


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to make, and what they are where; `email` is how they are known again."""

    name: str
    email: str | None
    language: str = Language.DUTCH
    roles: tuple[tuple[str, str], ...] = ()  # (code of the institution, role)
    number: str = ""
    is_staff: bool = False


SANNE = "learner@example.org"
MARIEKE = "teacher@example.org"
COACH = "coach@example.org"
ASSESSOR = "assessor@example.org"
BOARD = "board@example.org"
ADMIN = "admin@example.org"

TRIED = (
    Person(name="Sanne Vermeulen", email=SANNE, roles=(("VAV", Role.LEARNER),)),
    Person(name="Marieke Vos", email=MARIEKE, roles=(("VAV", Role.TEACHER),)),
    Person(
        name="Joris De Wachter",
        email=COACH,
        roles=(("VAV", Role.COACH), ("ZCU", Role.COACH)),
    ),
    Person(
        name="Oliver Bennett",
        email=ASSESSOR,
        language=Language.ENGLISH,
        roles=(("VAV", Role.ASSESSOR), ("ZCU", Role.ASSESSOR)),
    ),
    Person(
        name="Fatima El Amrani",
        email=BOARD,
        roles=(("VAV", Role.BOARD), ("ZCU", Role.BOARD)),
    ),
    Person(name="Annelies Claes", email=ADMIN, is_staff=True),
)

NAMES = reading.read("names.toml")


def colleagues() -> Iterator[Person]:
    """Yield the teachers beside Marieke Vos, and the coaches beside Joris De Wachter."""
    for role in (Role.TEACHER, Role.COACH):
        for code, names in NAMES[role].items():
            for name in names:
                yield Person(name=name, email=address(name), roles=((code, role),))


def learners() -> Iterator[Person]:
    """Yield the learners: those of one institution, of the other, and a few of both."""
    random = Random("the learners of the demo")
    uncommon = set(NAMES["uncommon"])
    taken = {folded(person.name) for person in (*TRIED, *colleagues())}
    for n, name in enumerate(_names(random, taken), 1):
        at = ("VAV", "ZCU") if n % 40 == 0 else ("VAV",) if n % 20 < 11 else ("ZCU",)
        known_by_email = n % WITHOUT_EMAIL != 0
        yield Person(
            name=name,
            email=address(name, n) if known_by_email else None,
            language=Language.ENGLISH if name in uncommon or n % 17 == 0 else Language.DUTCH,
            roles=tuple((code, Role.LEARNER) for code in at),
            number=f"{at[0][0]}{20_000 + n}",
        )


def address(name: str, n: int = 0) -> str:
    """Return the made-up address of somebody; a name without Latin letters gives a number."""
    latin = "".join(c if c.isascii() and c.isalnum() else "." for c in folded(name))
    words = [word for word in latin.split(".") if word]
    if len(words) < 2:
        return f"deelnemer{n}@example.org"
    return f"{words[0]}.{words[-1]}{n or ''}@example.org"


def _names(random: Random, taken: set[str]) -> Iterator[str]:
    """Yield as many different names as there are learners, the uncommon ones among them."""
    groups = NAMES["group"]
    shares = [group["share"] for group in groups]
    uncommon = list(NAMES["uncommon"])
    made = 0
    while made < LEARNERS:
        (group,) = random.choices(groups, weights=shares)
        name = f"{random.choice(group['given'])} {random.choice(group['family'])}"
        if uncommon and made % 30 == 7:
            name = uncommon.pop(0)
        if folded(name) not in taken:
            taken.add(folded(name))
            made += 1
            yield name
