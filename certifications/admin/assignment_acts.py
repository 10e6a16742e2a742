"""What administrators do with what was assigned, many at a time: each through its own function."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from certifications import evidence
from certifications.assigning import giving, taking_back
from certifications.cycles import renewing
from certifications.models import CertificationAssignment, Cycle, Evidence
from learners.admin.parts.acting import Act, ReasonAndTellForm, ReasonForm
from learners.admin.parts.doing import Refuse, Rows, all_at_once, first_of, one_by_one, refused
from learners.models import User

has_ended = refused(_("has ended already"), lambda row: row.ended_at)


def _completed(among: Callable[[Rows], Collection[int]]) -> Refuse:
    """Refuse what is completed, as this finds it once what is due has begun."""
    words = _("completed; withdraw the certificate")

    def refuse(rows: Rows) -> dict[int, str]:
        renewing.begin_among(rows)
        return dict.fromkeys(among(rows), str(words))

    return refuse


WITHDRAW = Act(
    name="withdraw",
    title=_("Assign no longer"),
    lead=_(
        "It no longer waits for them, and is not asked again. What they earned stays valid until "
        "its end; assigned anew they go on where they were."
    ),
    form=ReasonForm,
    refuse=first_of(has_ended, _completed(taking_back.completed_for_good_among)),
    do=all_at_once(taking_back.withdraw, "assignments"),
    done=ngettext_lazy("%(n)d is no longer assigned.", "%(n)d are no longer assigned.", "n"),
    refusals=(giving.AssigningRefused,),
    related=("learner", "certification"),
)


def _exempt(rows: Rows, said: Mapping[str, Any], by: User) -> int:
    return taking_back.exempt(
        assignments=rows, by=by, reason=said["reason"], tells_learners=said["tell_them"]
    )


EXEMPT = Act(
    name="exempt",
    title=_("Exempt"),
    lead=_("Nothing is expected of them, and nothing is issued. The reason is kept."),
    form=ReasonAndTellForm,
    refuse=first_of(has_ended, _completed(taking_back.completed_among)),
    do=_exempt,
    done=ngettext_lazy("%(n)d person is exempt.", "%(n)d people are exempt.", "n"),
    refusals=(giving.AssigningRefused,),
    related=("learner", "certification"),
)


def _revoke(*, assignment: CertificationAssignment, by: User, reason: str) -> None:
    for cycle in _proven(assignment)[:1]:
        evidence.revoke(cycle=cycle, by=by, reason=reason)


def _proven(row: CertificationAssignment) -> QuerySet[Cycle]:
    """Return the cycles for which evidence counts, the last one first."""
    accepted = Evidence.objects.accepted().filter(cycle__assignment=row)
    counting = Cycle.objects.filter(pk__in=accepted.values("cycle"), revoked_at=None)
    return counting.order_by("-number")


REVOKE = Act(
    name="revoke",
    title=_("Withdraw an accepted proof"),
    lead=_("The public page says that it was withdrawn, with the date. A reason is kept."),
    form=ReasonForm,
    refuse=refused(_("no proof was accepted"), lambda row: not _proven(row).exists()),
    do=one_by_one(_revoke, "assignment"),
    done=ngettext_lazy("%(n)d proof was withdrawn.", "%(n)d proofs were withdrawn.", "n"),
    refusals=(evidence.EvidenceRefused,),
    related=("learner", "certification"),
)


ACTS = (WITHDRAW, EXEMPT, REVOKE)
