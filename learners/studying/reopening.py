"""What a missing subscription keeps closed of what somebody follows through a programme, and what
opens it again. What they did and earned stays; so do meetings that they booked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext

from learners.models import Enrolment, User
from learners.people import subscriptions
from learners.people.subscriptions import Access
from learners.studying.whose_turn import Expected


def lacks_subscription(enrolment: Enrolment) -> bool:
    """Whether a course is followed through a programme that a missing subscription keeps closed:
    one query where an institution asks one."""
    return bool(lacking(enrolment.learner, [enrolment]))


def lacking(learner: User, enrolments: Sequence[Enrolment]) -> set[int]:
    """Return which of these courses of one person a missing subscription keeps closed, by their
    keys: one query for all, where an institution asks one."""
    wholes = {one.pk: one.part_of for one in enrolments if _is_asked(one)}
    access = subscriptions.accesses(learner, (one.organisation for one in wholes.values() if one))
    return {pk for pk, one in wholes.items() if one and not access[one.organisation.pk].is_open}


def opened(
    user: User, stands: Sequence[tuple[Enrolment, Expected]]
) -> list[tuple[Enrolment, Expected]]:
    """Lead, where a course is of a programme that a missing subscription keeps closed and its
    learner has to act, to what opens it again: one query more where an institution asks one."""
    wholes = [one.part_of for one, _said in stands if _is_asked(one)]
    access = subscriptions.accesses(user, (whole.organisation for whole in wholes if whole))
    return [(one, _opens(one, said, access)) for one, said in stands]


def address(whole: Enrolment) -> str:
    """Return where a programme is opened again."""
    return f"{whole.get_absolute_url()}#subscription"


def subscription_words(access: Access) -> str:
    """Say what opens a programme that is closed."""
    if access.has_trial_left:
        return gettext("You can go on with a subscription; ten days are free")
    return gettext("You can go on with a subscription")


def needed_words() -> str:
    """Say why something is closed, and that nothing is lost."""
    return gettext("You need a subscription to go on. What you did is kept.")


def _is_asked(part: Enrolment) -> bool:
    return part.part_of is not None and part.part_of.is_followed


def _opens(part: Enrolment, said: Expected, access: Mapping[int, Access]) -> Expected:
    whole = part.part_of
    if whole is None or not (_is_asked(part) and said.is_mine):
        return said
    here = access[whole.organisation.pk]
    if here.is_open:
        return said
    return replace(
        said,
        text=subscription_words(here),
        url=address(whole),
        action=gettext("To the subscription"),
    )
