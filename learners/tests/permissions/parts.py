"""What an app says for the tests of who sees and may do what."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.db.models import Model

World = SimpleNamespace
Words = Callable[[World], Mapping[str, Any]]
Row = Callable[[World], Model]


def nothing(_world: World) -> dict[str, Any]:
    """Say nothing."""
    return {}


@dataclass(frozen=True)
class Asked:
    """How an address is asked for: what its path names, what follows the question mark, and the
    form that somebody who is let in would send."""

    path: Words = nothing
    query: Words = nothing
    form: Words = nothing
    headers: Mapping[str, str] = field(default_factory=dict)
    at: str = ""  # where the address itself has no name


@dataclass(frozen=True, kw_only=True)
class Administered:
    """How the pages of one list of the administration are asked for: which row is opened, what is
    typed into the page that makes a new one, or all that is `sent` there, what is changed in the
    row, which act is chosen for it, and its pages of its own by the last word of their names."""

    row: Row
    typed: Words | None = None
    sent: Words | None = None
    changed: Mapping[str, object] = field(default_factory=dict)
    chosen: str = ""
    pages: Mapping[str, Asked] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """What one app says: what it adds to the world, in this order and after the floors below it;
    how each of its addresses and of its lists of the administration is asked for; and what is
    somebody's own, with who reads that on which of its pages.

    `said` gives the words of such a thing where only the world knows them; addresses `for_others`
    show it to whoever they are for. A form that is sent to an address that `stores_nothing` changes
    no row: a session, a mail, a link that is not right.
    """

    world: Sequence[Callable[[World], None]] = ()
    addresses: Mapping[str, Asked] = field(default_factory=dict)
    administration: Mapping[str, Administered] = field(default_factory=dict)
    readers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    said: Mapping[str, Callable[[World], str]] = field(default_factory=dict)
    for_others: Collection[str] = ()
    stores_nothing: Collection[str] = ()


def named(name: str) -> Row:
    """Open the row that the world has under this name."""
    return lambda world: getattr(world, name)


def pk_of(name: str) -> Words:
    """Name in an address the row that the world has under this name."""
    return lambda world: {"pk": getattr(world, name).pk}


def first_of(model: type[Model]) -> Row:
    """Open the row that was made first."""

    def row(_world: World) -> Model:
        found = model._default_manager.order_by("pk").first()
        assert found is not None, model
        return found

    return row


def asked_of(row: Row, *, form: Words = nothing, **more: object) -> Asked:
    """Ask for a page of a row, whose address may say more."""
    return Asked(lambda world: {"pk": row(world).pk, **more}, form=form)


def fields(**said: object) -> Words:
    """Say the same in every world."""
    return lambda world: said


def pages_of_job(name: str) -> dict[str, Asked]:
    """Ask for the pages of long work that the world has under this name, with its example."""
    steps = {verb: asked_of(named(name)) for verb in ("progress", "apply", "check")}
    return {"example": Asked(fields(ending="csv")), **steps}


def pages_of_file(name: str) -> dict[str, Asked]:
    """Ask for the pages of a file that is brought in, with those for what was found in it."""
    return {**pages_of_job(name), "findings": asked_of(named(name), ending="csv")}


def new(**said: object) -> Words:
    """Type these, and whose it is."""
    return lambda world: {**said, "organisation": world.here.pk}
