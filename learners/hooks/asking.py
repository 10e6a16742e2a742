"""Asking every app that answers a question. What is asked about is fetched for who answers: where
none does, not at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from learners.hooks.offer import no_words
from learners.hooks.questions import Awaited, AwaitsResult, Closing, Open, OpenExams, WhatIsOpen
from learners.hooks.registry import offers
from learners.models import Enrolment, Programme


def who_say_what_is_open() -> list[WhatIsOpen]:
    """Return who can say what is open in an enrolment."""
    return [one.what_is_open for one in offers() if one.what_is_open is not no_words]


def who_say_what_is_awaited() -> list[AwaitsResult]:
    """Return who can say that an enrolment waits for a result."""
    return [one.awaits_result for one in offers() if one.awaits_result is not no_words]


def who_say_which_exams_are_open() -> list[OpenExams]:
    """Return who can say that the exam of an enrolment is open."""
    return [one.open_exams for one in offers() if one.open_exams is not no_words]


def courses_shown(enrolment: Enrolment) -> set[int]:
    """Return the courses of a programme that apps show among what is theirs."""
    return {course for one in offers() for course in one.courses_shown(enrolment)}


def why_completed_by_the_same(programme: Programme) -> list[str]:
    """Return why a programme goes on to be completed by what it is: what each app says."""
    return [words for one in offers() for words in one.keeps_completed_by(programme)]


def what_is_open(enrolments: Iterable[Enrolment], closing: Closing) -> dict[int, list[Open]]:
    """Return what is open in each of these enrolments, as far as anything is."""
    found: dict[int, list[Open]] = defaultdict(list)
    if asked := who_say_what_is_open():
        rows = list(enrolments)
        for answer in asked if rows else ():
            for pk, opens in answer(rows, closing).items():
                found[pk] += opens
    return {pk: opens for pk, opens in found.items() if opens}


def awaited(enrolments: Iterable[Enrolment]) -> Mapping[int, Awaited]:
    """Return which of these enrolments wait for a result; where for several, the first of them."""
    found: dict[int, Awaited] = {}
    if asked := who_say_what_is_awaited():
        rows = list(enrolments)
        for answer in asked if rows else ():
            for pk, one in answer(rows).items():
                found[pk] = min(found.get(pk, one), one, key=lambda each: each.since)
    return found


def open_exams(enrolments: Iterable[Enrolment]) -> Mapping[int, str]:
    """Return which of these enrolments have an exam that is open, each with its title; where
    several have one, that which was asked first."""
    found: dict[int, str] = {}
    if asked := who_say_which_exams_are_open():
        rows = list(enrolments)
        for answer in asked if rows else ():
            found = {**answer(rows), **found}
    return found
