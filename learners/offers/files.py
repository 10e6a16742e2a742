"""What files are used for, as each app says it of its own."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from learners.models import User


def nobody(user: User) -> Q:
    """Let nobody read it at the address of all files: the app has one of its own."""
    return Q(pk__in=())


@dataclass(frozen=True, kw_only=True)
class FileUse:
    """One use of files. Conditions are about `StoredFile`.

    `used` keeps the files that are used so, `read_by` those of them that somebody may fetch;
    administrators read them for being that only where `staff_may_read`. Who uploaded a file may
    always read it. `is_of_person` says that the file is about who handed it in, so that the app's
    own clearing lets it go; another stays when who uploaded it is cleared, and has no owner then.
    `kept` says in words until when it is kept.
    """

    name: str
    title: str | Promise
    kept: str | Promise
    used: Callable[[], Q]
    read_by: Callable[[User], Q] = nobody
    staff_may_read: bool = False
    is_of_person: bool = False
