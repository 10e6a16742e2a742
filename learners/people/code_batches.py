"""Batches of codes for paid time: made, and what nobody used withdrawn."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from learners import audit
from learners.models import Organisation, SubscriptionCode, SubscriptionCodeBatch, User
from learners.people import codes


@transaction.atomic
def make(
    *,
    organisation: Organisation,
    name: str,
    days: int,
    number: int,
    ends_on: date,
    by: User | None,
) -> SubscriptionCodeBatch:
    """Make a batch with its codes, which come by themselves."""
    batch = SubscriptionCodeBatch.objects.create(
        organisation=organisation, name=name, days=days, number=number, ends_on=ends_on, made_by=by
    )
    SubscriptionCode.objects.bulk_create(
        SubscriptionCode(batch=batch, code=code) for code in _new_codes(number)
    )
    audit.record(action="learners.codes_made", on=batch, by=by, changes={"number": [None, number]})
    return batch


@transaction.atomic
def withdraw_unused(*, batch: SubscriptionCodeBatch, by: User) -> int:
    """Withdraw the codes of a batch that nobody used, and return how many; what was used goes on.
    Done twice, it is done once."""
    rows = batch.codes.select_for_update(of=("self",)).unused()
    keys = list(rows.values_list("pk", flat=True))
    gone = batch.codes.unused().filter(pk__in=keys).update(withdrawn_at=timezone.now())
    if gone:
        changes = {"withdrawn": [None, gone]}
        audit.record(action="learners.codes_withdrawn", on=batch, by=by, changes=changes)
    return gone


def _new_codes(number: int) -> list[str]:
    """Return so many codes of which no two are the same, and none is there already."""
    found: set[str] = set()
    while len(found) < number:
        found |= {codes.new_code() for _one in range(number - len(found))}
        found -= set(_taken(found))
    return sorted(found)


def _taken(new: set[str]) -> list[str]:
    rows = SubscriptionCode.objects.filter(code__in=new)
    return list(rows.values_list("code", flat=True))
