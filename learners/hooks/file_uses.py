"""What files are used for, as each app says it of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Exists, ForeignKey, OuterRef, Q, QuerySet
from django.utils.functional import Promise

from learners.models import User

Reading = Callable[[User], Q]
NONE = Q(pk__in=())


def nobody(user: User) -> Q:
    """Let nobody read it at the address of all files."""
    return NONE


def named_in(rows: QuerySet, *names: str) -> Q:
    """Keep the files to which one of these fields of these rows points."""
    return reduce(or_, (Q(Exists(rows.filter(**{name: OuterRef("pk")}))) for name in names))


@dataclass(frozen=True, kw_only=True, eq=False)
class FileUse:
    """One use of files: the fields that point to them, who may read them, and when they go.

    `read_by` keeps those of them that somebody may read; uses of which one question answers for
    both share it, and it is asked once. Administrators read all of them for being that only where
    `staff_may_read`. Files of a use that is `is_of_person` go when whom they are about is cleared,
    and the app's own clearing takes them out of use; others stay when who uploaded them is cleared,
    and have no owner then. `readers` says in words who may read them, `kept` until when.
    """

    title: str | Promise
    readers: str | Promise
    kept: str | Promise
    fields: Sequence[ForeignKey]
    read_by: Reading = nobody
    staff_may_read: bool = False
    is_of_person: bool = False

    @property
    def used(self) -> Q:
        """Keep the files that are used so."""
        rows = ((field.model._base_manager.all(), field.name) for field in self.fields)
        return reduce(or_, (named_in(*each) for each in rows))
