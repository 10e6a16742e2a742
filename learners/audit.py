"""The audit log: what somebody did, kept beside what it changed."""

from collections.abc import Mapping, Sequence

from django.db import models

from learners.models import AuditEntry, User


def record(
    *,
    action: str,
    on: models.Model,
    by: User | None,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write that somebody did this; `action` is '<app>.<verb>', `changes` holds [before, after]."""
    return record_all(action=action, on=[on], by=by, changes=changes, reason=reason)[0]


def record_each(
    *, action: str, changes: Sequence[tuple[models.Model, Mapping[str, object]]], by: User | None
) -> list[AuditEntry]:
    """Write an act that changed many objects, each in its own way, in one query."""
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            by=by,
            action=action,
            object_type=row._meta.label_lower,
            object_id=row.pk,
            label=str(row)[:200],
            changes=dict(changed),
        )
        for row, changed in changes
    )


def record_all(
    *,
    action: str,
    on: Sequence[models.Model],
    by: User | None,
    changes: Mapping[str, object] | None = None,
    reason: str = "",
) -> list[AuditEntry]:
    """Write the same act on many objects, in one query."""
    return AuditEntry.objects.bulk_create(
        AuditEntry(
            by=by,
            action=action,
            object_type=row._meta.label_lower,
            object_id=row.pk,
            label=str(row)[:200],
            changes=dict(changes or {}),
            reason=reason,
        )
        for row in on
    )
