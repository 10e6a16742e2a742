"""Using a code: it becomes paid time at the institution of its batch."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learners import audit
from learners.hooks import asking
from learners.models import (
    Enrolment,
    Organisation,
    Subscription,
    SubscriptionCode,
    SubscriptionKind,
    User,
)
from learners.people import codes, subscriptions
from learners.telling.days import day


class CodeRefused(Exception):
    """Why a code gives nothing, in words."""


class CodeUnknown(CodeRefused):
    """No code is what was typed."""


@transaction.atomic
def redeem(*, typed: str, by: User) -> Subscription:
    """Give somebody the days of the code that they typed, from the day after what they have there
    ends, else from today.

    Of two who use the same code at once one gets it. Raises `CodeRefused`, and the code is then as
    it was.
    """
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # two codes at once follow on
    code = _locked(typed)
    _refuse(code, by)
    made = _subscribe(code, by)
    code.used_at, code.used_by, code.subscription = timezone.now(), by, made
    code.save(update_fields=["used_at", "used_by", "subscription"])
    changes = {"batch": [None, code.batch.name], "ends_on": [None, made.ends_on.isoformat()]}
    audit.record(action="learners.code_used", on=made, by=by, changes=changes)
    return made


def _locked(typed: str) -> SubscriptionCode:
    rows = SubscriptionCode.objects.select_for_update(of=("self",))
    found = rows.select_related("batch__organisation").filter(code=codes.read(typed)).first()
    if found is None:
        raise CodeUnknown(
            _(
                "This code does not exist. A code has twelve letters and digits, such as "
                "7F3K-92QX-MB4T, without the digits 0 and 1 and the letters I, L and O."
            )
        )
    return found


def _refuse(code: SubscriptionCode, by: User) -> None:
    """Raise `CodeRefused` where a code cannot be used, or not by this person."""
    batch = code.batch
    if code.used_at:
        raise CodeRefused(_said_of_used(code, by))
    if code.withdrawn_at:
        raise CodeRefused(_("This code was withdrawn. Ask whoever gave it to you for another."))
    if batch.is_over(batch.organisation.today()):
        words = _("This code could be used until %(day)s. Ask whoever gave it to you for another.")
        raise CodeRefused(words % {"day": day(batch.ends_on)})
    _refuse_useless(batch.organisation, by)


def _said_of_used(code: SubscriptionCode, by: User) -> str:
    if code.used_by_id != by.pk:
        return _("This code was used already. Ask whoever gave it to you for another.")
    assert code.subscription is not None, "it was used"
    words = _("You used this code already on %(day)s; it gives you time until %(last)s.")
    return words % {"day": day(code.used_at), "last": day(code.subscription.ends_on)}


def _refuse_useless(organisation: Organisation, by: User) -> None:
    """Refuse a code whose days would run to no use, where there is nothing that they would open."""
    if not organisation.programmes_need_subscription:
        words = _(
            "This code is of %(institution)s, where programmes ask no subscription now. It stays "
            "yours to use."
        )
        raise CodeRefused(words % {"institution": organisation})
    mine = Enrolment.objects.for_user(by).filter(programme__organisation=organisation)
    if not (mine.followed().exists() or asking.open_exams(mine)):
        words = _(
            "This code is of %(institution)s, where you follow no programme. Its days would run to "
            "no use, so it was not used: keep it until you follow one there."
        )
        raise CodeRefused(words % {"institution": organisation})


def _subscribe(code: SubscriptionCode, by: User) -> Subscription:
    batch = code.batch
    first = _first_day(batch.organisation, by)
    made = Subscription(
        user=by,
        organisation=batch.organisation,
        kind=SubscriptionKind.PAID,
        starts_on=first,
        ends_on=first + timedelta(days=batch.days - 1),
    )
    made.save()
    return made


def _first_day(organisation: Organisation, by: User) -> date:
    until = subscriptions.access(by, organisation).until
    return until + timedelta(days=1) if until else organisation.today()
