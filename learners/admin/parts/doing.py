"""The shapes that acts have: done row by row or to all at once, and what refuses a row."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from learners.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Rows = Sequence[Any]
Do = Callable[[Rows, Mapping[str, Any], User], int]
Refuse = Callable[[Rows], Mapping[int, str]]
REASON = ("reason",)


def one_by_one(function: Callable[..., object], row: str, *, says: Sequence[str] = REASON) -> Do:
    """Do something to each row, named `row`, with what the form says; return how many it were."""

    def do(rows: Rows, said: Mapping[str, Any], by: User) -> int:
        for one in rows:
            function(**{row: one}, by=by, **{name: said[name] for name in says})
        return len(rows)

    return do


def all_at_once(function: Callable[..., int], rows: str, *, says: Sequence[str] = REASON) -> Do:
    """Do something to all rows together, named `rows`; return what that returns: how many."""

    def do(chosen: Rows, said: Mapping[str, Any], by: User) -> int:
        return function(**{rows: chosen}, by=by, **{name: said[name] for name in says})

    return do


def refused(words: "str | StrPromise", when: Callable[[Any], object]) -> Refuse:
    """Refuse, in these words, each row of which this is so."""
    return lambda rows: {row.pk: str(words) for row in rows if when(row)}


def first_of(*refusals: Refuse) -> Refuse:
    """Refuse a row in the words of the first of these that refuses it."""

    def refuse(rows: Rows) -> dict[int, str]:
        found: dict[int, str] = {}
        for one in refusals:
            found = {**one(rows), **found}
        return found

    return refuse
