"""What stored files are used for, whichever app says so: who may read them, and which may go.

A file is read by whom a use of it lets read it. One that nothing uses is its owner's alone; one in
which something harmful was found is nobody's. See docs/decisions/0038.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.core.checks import CheckMessage, Error
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from learners.hooks.file_uses import NONE, FileUse
from learners.hooks.registry import offers
from learners.models import StoredFile, User

NOTED = "is_use_{}"  # what `with_uses` notes beside a file, by the number of the use


def uses() -> list[FileUse]:
    """Return all uses of files, the ground's first."""
    return [use for offer in offers() for use in offer.files]


def in_use() -> Q:
    """Keep the files that something uses."""
    return _any(use.used for use in uses())


def kept_without_owner() -> Q:
    """Keep the files that stay when who uploaded them is cleared: an institution uses them."""
    return _any(use.used for use in uses() if not use.is_of_person)


def files_for(user: User) -> QuerySet[StoredFile]:
    """Keep the files that somebody may fetch."""
    open_to_staff = [use for use in uses() if user.is_staff and use.staff_may_read]
    asked = dict.fromkeys(use.read_by for use in uses() if use not in open_to_staff)
    readable = [*(use.used for use in open_to_staff), *(read_by(user) for read_by in asked)]
    unused = Q(owner=user, let_go_at=None) & ~in_use()
    return StoredFile.objects.safe().filter(_any(readable) | unused)


def with_uses(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Note beside files what each is used for, for `uses_of` to tell."""
    noted = {
        NOTED.format(number): ExpressionWrapper(use.used, output_field=BooleanField())
        for number, use in enumerate(uses())
    }
    return files.annotate(**noted)


def uses_of(stored: StoredFile) -> list[FileUse]:
    """Return what a file is used for, as `with_uses` noted it."""
    return [use for number, use in enumerate(uses()) if getattr(stored, NOTED.format(number))]


def check_uses(**_asked: object) -> list[CheckMessage]:
    """Find fields that point to files and of which no app says what for: nobody could read those
    files, and they would be purged."""
    said = {field for use in uses() for field in use.fields}
    related = StoredFile._meta.get_fields(include_hidden=True)
    pointing = (each.field for each in related if each.auto_created and not each.concrete)  # type: ignore[union-attr]
    return [
        Error(f"No app says what {field} uses a file for.", obj=field.model, id="learners.E001")
        for field in pointing
        if field not in said
    ]


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions, NONE)
