"""What administrators do with certificates, many at a time: each through its own function."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from certifications import releasing_and_revoking
from certifications.certificates import rendering
from certifications.models import Certificate
from learners.admin.parts.acting import Act, ReasonForm, RemarkForm
from learners.admin.parts.doing import all_at_once, first_of, one_by_one, refused
from learners.models import User

is_withdrawn = refused(_("was withdrawn already"), lambda row: row.revoked_at)


def _render_again(*, certificates: Sequence[Certificate], by: User) -> int:
    chosen = Certificate.objects.filter(pk__in=[row.pk for row in certificates])
    return rendering.try_again_now(certificates=chosen, by=by)


def _state_now(rows: Sequence[Certificate]) -> Mapping[int, str]:
    return {row.pk: f"{row.title} · {row.state.label}" for row in rows}


ACTS = (
    Act(
        name="withdraw",
        title=pgettext_lazy("certificate", "Withdraw"),
        lead=_("This cannot be taken back: the public page says so at once, and people are told."),
        form=ReasonForm,
        refuse=is_withdrawn,
        follows=_state_now,
        do=one_by_one(releasing_and_revoking.revoke, "certificate"),
        done=ngettext_lazy(
            "%(n)d certificate was withdrawn.", "%(n)d certificates were withdrawn.", "n"
        ),
        refusals=(releasing_and_revoking.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="suspend",
        title=_("Suspend"),
        lead=_("The public page says that it does not count for now, until you lift it."),
        form=ReasonForm,
        refuse=first_of(
            is_withdrawn, refused(_("is suspended already"), lambda row: row.suspended_at)
        ),
        follows=_state_now,
        do=one_by_one(releasing_and_revoking.suspend, "certificate"),
        done=ngettext_lazy(
            "%(n)d certificate was suspended.", "%(n)d certificates were suspended.", "n"
        ),
        refusals=(releasing_and_revoking.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="lift",
        title=_("Lift the suspension"),
        lead=_("From now on it counts again."),
        form=RemarkForm,
        refuse=refused(_("is not suspended"), lambda row: not row.suspended_at),
        follows=_state_now,
        do=one_by_one(releasing_and_revoking.lift, "certificate"),
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
        refuse=first_of(
            is_withdrawn, refused(_("was handed over already"), lambda row: row.released_at)
        ),
        follows=_state_now,
        do=one_by_one(releasing_and_revoking.release, "certificate", says=()),
        done=ngettext_lazy(
            "%(n)d certificate was handed over.", "%(n)d certificates were handed over.", "n"
        ),
        refusals=(releasing_and_revoking.StandingRefused,),
        related=("organisation",),
    ),
    Act(
        name="render_again",
        title=_("Make a missing PDF now"),
        lead=_("The worker tries again at once, however often it failed. What was made is final."),
        form=forms.Form,
        refuse=first_of(is_withdrawn, refused(_("was made already"), lambda row: row.rendered_at)),
        follows=_state_now,
        do=all_at_once(_render_again, "certificates", says=()),
        done=ngettext_lazy("%(n)d PDF is being made.", "%(n)d PDFs are being made.", "n"),
        related=("organisation",),
    ),
)
