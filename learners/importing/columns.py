"""The headings and the words that a file may use, in Dutch and in English."""

from collections.abc import Mapping

from learners.models import ImportColumn, StudyStatus
from learners.names import folded

C = ImportColumn
S = StudyStatus

REQUIRED = (C.COURSE, C.LEARNER)

_HEADINGS: Mapping[ImportColumn, str] = {
    C.COURSE: "course|course code|opleiding|opleidingscode|cursus|cursuscode",
    C.RUN: "run|run code|uitvoering|uitvoeringscode",
    C.LEARNER: "learner|e-mail|email|e-mail address|email address|number|learner number|participant"
    "|lerende|deelnemer|cursist|student|e-mailadres|emailadres|nummer|deelnemersnummer"
    "|studentnummer",
    C.NAME: "name|naam|full name|volledige naam",
    C.REGISTERED_ON: "registered on|registration day|registration date|ingeschreven op"
    "|inschrijfdatum|datum inschrijving",
    C.WITHDRAWN_ON: "withdrawn on|withdrawal day|withdrawal date|uitgeschreven op|uitschrijfdatum"
    "|datum uitschrijving",
    C.RESULT: "result|study status|status|resultaat|studiestatus",
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


HEADINGS = {_key(words): c for c, all_words in _HEADINGS.items() for words in all_words.split("|")}
RESULTS = {_key(words): to for to, all_words in _RESULTS.items() for words in all_words.split("|")}


def column_named(heading: str) -> ImportColumn | None:
    """Return which column a heading names, in either language; None for any other."""
    return HEADINGS.get(_key(heading))


def is_result(text: str) -> bool:
    """Whether these words are a result."""
    return _key(text) in RESULTS


def result_named(text: str) -> StudyStatus | None:
    """Return the study status that a result means; None is 'withdrawn', whose day says which."""
    return RESULTS[_key(text)]
