"""What administrators do with certificates, many at a time: each through its own function."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from certifications import rendering, standing
from certifications.models import Certificate
from learners.admin.acting import Act, ReasonForm, RemarkForm
from learners.models import User

Rows = Sequence[Certificate]
Do = Callable[[Rows, Mapping[str, Any], User], int]


def _each(function: Callable[..., Certificate], *, with_reason: bool = True) -> Do:
    def do(rows: Rows, said: Mapping[str, Any], by: User) -> int:
        more = {"reason": said["reason"]} if with_reason else {}
        for row in rows:
            function(certificate=row, by=by, **more)
        return len(rows)

    return do


def _render_again(rows: Rows, said: Mapping[str, Any], by: User) -> int:
    chosen = Certificate.objects.filter(pk__in=[row.pk for row in rows])
    return rendering.try_again_now(certificates=chosen, by=by)


def _withdrawn(rows: Rows) -> dict[int, str]:
    return {row.pk: str(_("was withdrawn already")) for row in rows if row.revoked_at}


def _not_suspendable(rows: Rows) -> dict[int, str]:
    suspended = {row.pk: str(_("is suspended already")) for row in rows if row.suspended_at}
    return suspended | _withdrawn(rows)


def _not_suspended(rows: Rows) -> dict[int, str]:
    return {row.pk: str(_("is not suspended")) for row in rows if not row.suspended_at}


def _not_held(rows: Rows) -> dict[int, str]:
    handed_over = {row.pk: str(_("was handed over already")) for row in rows if row.released_at}
    return handed_over | _withdrawn(rows)


def _made(rows: Rows) -> dict[int, str]:
    made = {row.pk: str(_("was made already")) for row in rows if row.rendered_at}
    return made | _withdrawn(rows)


def _state_now(rows: Rows) -> dict[int, str]:
    return {row.pk: f"{row.title} · {row.state.label}" for row in rows}


ACTS = (
    Act(
        name="withdraw",
        title=pgettext_lazy("certificate", "Withdraw"),
        lead=_("This cannot be taken back: the public page says so at once, and people are told."),
        form=ReasonForm,
        refuse=_withdrawn,
        follows=_state_now,
        do=_each(standing.revoke),
        done=ngettext_lazy(
            "%(n)d certificate was withdrawn.", "%(n)d certificates were withdrawn.", "n"
        ),
        refusals=(standing.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="suspend",
        title=_("Suspend"),
        lead=_("The public page says that it does not count for now, until you lift it."),
        form=ReasonForm,
        refuse=_not_suspendable,
        follows=_state_now,
        do=_each(standing.suspend),
        done=ngettext_lazy(
            "%(n)d certificate was suspended.", "%(n)d certificates were suspended.", "n"
        ),
        refusals=(standing.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="lift",
        title=_("Lift the suspension"),
        lead=_("From now on it counts again."),
        form=RemarkForm,
        refuse=_not_suspended,
        follows=_state_now,
        do=_each(standing.lift),
        done=ngettext_lazy(
            "%(n)d certificate counts again.", "%(n)d certificates count again.", "n"
        ),
        related=("organisation",),
    ),
    Act(
        name="release",
        title=_("Hand over what is held"),
        lead=_("The learner is told, and anybody can check it from now on."),
        form=forms.Form,
        refuse=_not_held,
        follows=_state_now,
        do=_each(standing.release, with_reason=False),
        done=ngettext_lazy(
            "%(n)d certificate was handed over.", "%(n)d certificates were handed over.", "n"
        ),
        refusals=(standing.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="render_again",
        title=_("Make a missing PDF now"),
        lead=_("The worker tries again at once, however often it failed. What was made is final."),
        form=forms.Form,
        refuse=_made,
        follows=_state_now,
        do=_render_again,
        done=ngettext_lazy("%(n)d PDF is being made.", "%(n)d PDFs are being made.", "n"),
        related=("organisation",),
    ),
)
