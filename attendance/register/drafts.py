"""What a teacher typed in a register and has not saved: on this page of it and on those before."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from attendance.models import RegisterDraft
from attendance.register.rows import Ticks, TypedRow, read_row
from learners.keys import key_in
from learners.models import Run, User

KEPT = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Everything that was typed in one form, on this page of it and on those before."""

    token: UUID = field(default_factory=uuid4)
    rows: Mapping[int, TypedRow] = field(default_factory=dict)
    shown: frozenset[int] = frozenset()
    on_page: frozenset[int] = frozenset()
    meetings: tuple[int, ...] = ()
    all_meetings: bool = False
    seen_meetings: tuple[int, ...] = ()
    carried: bool = False  # whether marks were typed before these meetings were chosen
    all_present: bool = False
    ignore_maximum: bool = False
    reason: str = ""

    @property
    def is_worth_keeping(self) -> bool:
        """Whether something would be lost if this were forgotten."""
        other_meetings = set(self.meetings) != set(self.seen_meetings)
        return bool(self.rows) or self.all_present or self.all_meetings or other_meetings

    @property
    def touches_presence(self) -> bool:
        return self.all_present or any(row.touches_mark for row in self.rows.values())

    @property
    def digest(self) -> str:
        """Recognise the same form, sent twice; the token is no part of it."""
        content = {**to_json(self), "token": ""}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def read_form(post: QueryDict, earlier: Typed) -> Typed:
    """Add what a posted page says to what was typed before: touched cells only."""
    ids = _ids(post.getlist("row"))
    all_present = _wants_all_present(post, earlier)
    seen = tuple(_ids(post.get("seen", "").split()))
    ticks = Ticks(
        present=frozenset(_ids(post.getlist("present"))),
        before=frozenset(_ids(post.getlist("ticked"))),
        absent=frozenset(_ids(post.getlist("absent"))),
        taken_back=frozenset(_ids(post.getlist("taken_back"))),
        excused=frozenset(_ids(post.getlist("excused"))),
        all_present=all_present,
        seen=seen,
    )
    rows = dict(earlier.rows)
    for pk in ids:
        row = read_row(pk, post, rows.get(pk, TypedRow()), ticks)
        if row.is_touched:
            rows[pk] = row
        else:
            rows.pop(pk, None)
    meetings = tuple(_ids(post.getlist("meeting")))
    is_marked = all_present or any(row.touches_mark for row in rows.values())
    return Typed(
        token=earlier.token,
        rows=rows,
        shown=earlier.shown | frozenset(ids),
        on_page=frozenset(ids),
        meetings=meetings,
        all_meetings="all_meetings" in post,
        seen_meetings=seen,
        carried=is_marked and (earlier.carried or "carried" in post or set(meetings) != set(seen)),
        all_present=all_present,
        ignore_maximum="ignore_maximum" in post,
        reason=post.get("reason", "").strip(),
    )


def _wants_all_present(post: QueryDict, earlier: Typed) -> bool:
    command = post.get("command")
    if command in ("all_present", "not_all_present"):
        return command == "all_present"
    return earlier.all_present or "all_present" in post


def _ids(texts: Iterable[str]) -> list[int]:
    return [pk for text in texts if (pk := key_in(text)) is not None]


def to_json(typed: Typed) -> dict:
    """Write it as it is stored."""
    return {
        **{name: getattr(typed, name) for name in _PLAIN},
        "token": str(typed.token),
        "rows": {str(pk): asdict(row) for pk, row in sorted(typed.rows.items())},
        "shown": sorted(typed.shown),
        "on_page": sorted(typed.on_page),
        "meetings": sorted(typed.meetings),
        "seen_meetings": sorted(typed.seen_meetings),
    }


_PLAIN = ("all_meetings", "all_present", "carried", "ignore_maximum", "reason")


def from_json(content: Mapping) -> Typed:
    """Read what `to_json` wrote."""
    return Typed(
        **{name: content[name] for name in _PLAIN if name in content},
        token=UUID(content["token"]),
        rows={int(pk): TypedRow(**row) for pk, row in content["rows"].items()},
        shown=frozenset(content["shown"]),
        on_page=frozenset(content["on_page"]),
        meetings=tuple(content["meetings"]),
        seen_meetings=tuple(content["seen_meetings"]),
    )


def find(*, run: Run, by: User, token: UUID | None = None) -> Typed | None:
    """Return what this person typed in this form; without a token, in the last one that they left.

    Ignoring the maximum is never remembered by a page: it counts for the question that follows.
    """
    drafts = RegisterDraft.objects.filter(run=run, by=by, updated_at__gt=timezone.now() - KEPT)
    if token is not None:
        drafts = drafts.filter(token=token)
    draft = drafts.order_by("-updated_at").first()
    return from_json(draft.content) if draft else None


@transaction.atomic
def keep(*, run: Run, by: User, typed: Typed) -> None:
    """Store what was typed, and forget what this person left long ago."""
    old = RegisterDraft.objects.filter(by=by, updated_at__lte=timezone.now() - KEPT)
    old.delete()
    if RegisterDraft.objects.filter(token=typed.token).exclude(run=run, by=by).exists():
        typed = replace(typed, token=uuid4())
    RegisterDraft.objects.update_or_create(
        token=typed.token,
        defaults={
            "run": run,
            "by": by,
            "content": to_json(typed),
            "updated_at": timezone.now(),
        },
    )


def forget(*, run: Run, by: User, token: UUID | None = None) -> None:
    """Throw away what was typed in this form; without a token, in all forms of this register."""
    drafts = RegisterDraft.objects.filter(run=run, by=by)
    (drafts.filter(token=token) if token else drafts).delete()
