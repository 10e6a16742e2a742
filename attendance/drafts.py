"""What a teacher typed in a register: which cells they touched, and what stood there before.

A cell is touched when the form comes back with something else than the page showed. What was shown
travels in the form ('base'), so that a mark that somebody else changed meanwhile is recognised.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from attendance.models import Presence, RegisterDraft
from attendance.registers import Marks, Participant
from learners.keys import key_in
from learners.models import Run, User

KEPT = timedelta(days=7)
PRESENT, ABSENT = Presence.PRESENT.value, Presence.ABSENT.value
LETTERS = {"p": PRESENT, "a": ABSENT}


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a row showed when its page was made."""

    marks: Marks = field(default_factory=dict)
    status: str = ""
    effort: str = ""
    remark_sum: str = ""


@dataclass(frozen=True, kw_only=True)
class TypedRow:
    """The touched cells of one row; None and '' are cells that nobody touched."""

    base: str = ""
    mark: str = ""
    status: str = ""
    effort: str | None = None
    remark: str | None = None

    @property
    def is_touched(self) -> bool:
        return bool(self.mark or self.status) or (self.effort, self.remark) != (None, None)


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
        return self.all_present or any(row.mark for row in self.rows.values())

    @property
    def digest(self) -> str:
        """Recognise the same form, sent twice; the token is no part of it."""
        content = {**to_json(self), "token": ""}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def write_base(participant: Participant) -> str:
    """Write what a row shows into one short field: 's=started e=good r=1c291ca3 12:p7 13:a9'."""
    enrolment = participant.enrolment
    marks = (
        f"{meeting}:{presence[0]}{version}"
        for meeting, (presence, version) in sorted(participant.marks.items())
    )
    return " ".join(
        [
            f"s={enrolment.status}",
            f"e={enrolment.effort}",
            f"r={remark_sum(enrolment.remark)}",
            *marks,
        ]
    )


def read_base(text: str) -> Base:
    """Read what `write_base` wrote; what is not understood counts as not shown."""
    values: dict[str, str] = {}
    marks: dict[int, tuple[str, int]] = {}
    for word in text.split():
        name, equals, value = word.partition("=")
        if equals:
            values[name] = value
            continue
        meeting, _colon, mark = word.partition(":")
        pk, version = key_in(meeting), key_in(mark[1:])
        if pk is not None and version is not None and mark[0] in LETTERS:
            marks[pk] = (LETTERS[mark[0]], version)
    return Base(
        marks=marks,
        status=values.get("s", ""),
        effort=values.get("e", ""),
        remark_sum=values.get("r", ""),
    )


def remark_sum(remark: str) -> str:
    """Recognise a remark without sending it twice."""
    return f"{zlib.crc32(remark.encode()):08x}"


def read_form(post: QueryDict, earlier: Typed) -> Typed:
    """Add what a posted page says to what was typed before: touched cells only."""
    ids = _ids(post.getlist("row"))
    all_present = _wants_all_present(post, earlier)
    ticks = _Ticks(
        present=frozenset(_ids(post.getlist("present"))),
        before=frozenset(_ids(post.getlist("ticked"))),
        absent=frozenset(_ids(post.getlist("absent"))),
        taken_back=frozenset(_ids(post.getlist("taken_back"))),
        all_present=all_present,
    )
    rows = dict(earlier.rows)
    for pk in ids:
        row = _read_row(pk, post, rows.get(pk, TypedRow()), ticks)
        if row.is_touched:
            rows[pk] = row
        else:
            rows.pop(pk, None)
    return Typed(
        token=earlier.token,
        rows=rows,
        shown=earlier.shown | frozenset(ids),
        on_page=frozenset(ids),
        meetings=tuple(_ids(post.getlist("meeting"))),
        all_meetings="all_meetings" in post,
        seen_meetings=tuple(_ids(post.get("seen", "").split())),
        all_present=all_present,
        ignore_maximum="ignore_maximum" in post,
        reason=post.get("reason", "").strip(),
    )


@dataclass(frozen=True, kw_only=True)
class _Ticks:
    present: frozenset[int]
    before: frozenset[int]
    absent: frozenset[int]
    taken_back: frozenset[int]
    all_present: bool


def _read_row(pk: int, post: QueryDict, earlier: TypedRow, ticks: _Ticks) -> TypedRow:
    base = earlier.base or post.get(f"base-{pk}", "")
    shown = read_base(base)
    effort = post.get(f"effort-{pk}")
    remark = post.get(f"remark-{pk}")
    if remark is not None:
        remark = remark.strip()
    return TypedRow(
        base=base,
        mark=_read_mark(pk, earlier, ticks),
        status=post.get(f"status-{pk}", ""),
        effort=None if effort == shown.effort else effort,
        remark=None if remark is None or remark_sum(remark) == shown.remark_sum else remark,
    )


def _read_mark(pk: int, earlier: TypedRow, ticks: _Ticks) -> str:
    """Return what was said about this presence: a tick put, a tick taken away, or nothing new."""
    if pk in ticks.taken_back:
        return ""
    is_ticked, was_ticked = pk in ticks.present, pk in ticks.before
    if is_ticked and not was_ticked:
        return PRESENT
    if pk in ticks.absent and not is_ticked:
        return ABSENT
    if was_ticked and not is_ticked:
        took_back = earlier.mark == PRESENT and not ticks.all_present
        return "" if took_back else ABSENT
    return earlier.mark


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


_PLAIN = ("all_meetings", "all_present", "ignore_maximum", "reason")


def from_json(content: Mapping) -> Typed:
    """Read what `to_json` wrote."""
    return Typed(
        **{name: content[name] for name in _PLAIN},
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
