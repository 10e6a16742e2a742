"""The headings and the words that a file may use, in Dutch and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from learners.models import ImportColumn, StudyStatus
from learners.names import folded

C = ImportColumn
S = StudyStatus

REQUIRED = (C.COURSE, C.LEARNER)

LEARNER_WORDS = (
    "learner|e-mail|email|e-mail address|email address|number|learner number|participant"
    "|lerende|deelnemer|cursist|student|e-mailadres|emailadres|nummer|deelnemersnummer"
    "|studentnummer"
)

_HEADINGS: Mapping[TextChoices, str] = {
    C.COURSE: "course|course code|course or programme|opleiding|opleidingscode|cursus|cursuscode"
    "|opleiding of leerprogramma|programme|leerprogramma",
    C.RUN: "run|run code|uitvoering|uitvoeringscode",
    C.LEARNER: LEARNER_WORDS,
    C.NAME: "name|naam|full name|volledige naam",
    C.REGISTERED_ON: "registered on|registration day|registration date|ingeschreven op"
    "|inschrijfdatum|datum inschrijving",
    C.WITHDRAWN_ON: "withdrawn on|withdrawal day|withdrawal date|uitgeschreven op|uitschrijfdatum"
    "|datum uitschrijving",
    C.RESULT: "result|study status|status|resultaat|studiestatus",
    C.COACH: "coach|coaches|coach e-mail|coach email|e-mail coach|e-mailadres coach"
    "|begeleider|begeleiders|begeleider e-mail|e-mailadres begeleider",
}

_OF_EXEMPTIONS: Mapping[TextChoices, str] = {
    C.LEARNER: LEARNER_WORDS,
    C.NAME: _HEADINGS[C.NAME],
    C.COURSE: _HEADINGS[C.COURSE],
    C.GROUND: "ground|reason|because|grond|reden|basis|vrijstellingsgrond|diploma",
}

_RESULTS: Mapping[StudyStatus | None, str] = {
    S.ENROLLED: "enrolled|ingeschreven",
    S.COMPLETED: "completed|passed|voltooid|geslaagd",
    S.NOT_PASSED: "not passed|niet geslaagd",
    S.ABSENT: "absent|afwezig",
    S.WITHDRAWN_VALID: "withdrawn with a valid reason|withdrawn valid"
    "|uitgeschreven met geldige reden",
    S.WITHDRAWN_INVALID: "withdrawn without a valid reason|withdrawn invalid"
    "|uitgeschreven zonder geldige reden",
    None: "withdrawn|uitgeschreven",
}


def _key(text: str) -> str:
    return folded(text.replace("_", " "))


@dataclass(frozen=True)
class Columns:
    """Which headings mean which column in one kind of file, and which it must have. In a file of
    texts, cells are read as they were written: with their lines, and without the mark that our own
    CSV puts before what looks like a formula."""

    headings: Mapping[str, TextChoices]
    required: Sequence[TextChoices]
    are_texts: bool = False

    @property
    def known(self) -> list[TextChoices]:
        """All of them, in the order of an example."""
        return list(dict.fromkeys(self.headings.values()))

    def named(self, heading: str) -> TextChoices | None:
        """Return which column a heading names, in either language; None for any other."""
        return self.headings.get(_key(heading))


def columns(
    words: Mapping[TextChoices, str],
    *,
    required: Sequence[TextChoices],
    are_texts: bool = False,
) -> Columns:
    """Make columns of what each may be called, with a | between the words."""
    headings = {_key(one): c for c, many in words.items() for one in many.split("|")}
    return Columns(headings, required, are_texts)


ENROLMENTS = columns(_HEADINGS, required=REQUIRED)
EXEMPTIONS = columns(_OF_EXEMPTIONS, required=(C.LEARNER, C.COURSE, C.GROUND))
RESULTS = {_key(words): to for to, all_words in _RESULTS.items() for words in all_words.split("|")}


def is_result(text: str) -> bool:
    """Whether these words are a result."""
    return _key(text) in RESULTS


def result_named(text: str) -> StudyStatus | None:
    """Return the study status that a result means; None is 'withdrawn', whose day says which."""
    return RESULTS[_key(text)]
