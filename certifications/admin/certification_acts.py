"""What administrators do with certifications and their versions, each through its own function."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from certifications import defining
from certifications.defining import Touches
from certifications.models import Certification, CertificationVersion
from learners.admin.acting import Act, RemarkForm
from learners.models import User


class PublishForm(forms.Form):
    touches = forms.ChoiceField(
        label=_("Whom it is for"),
        choices=Touches.choices,
        initial=Touches.NEXT,
        required=False,
        help_text=_("Who begins from now on is always in the new version."),
    )


def _publish(rows: Sequence[CertificationVersion], said: Mapping[str, Any], by: User) -> int:
    for row in rows:
        defining.publish(version=row, by=by, touches=said["touches"] or Touches.NEXT)
    return len(rows)


def _unpublishable(rows: Sequence[CertificationVersion]) -> dict[int, str]:
    refused = {}
    for row in rows:
        if row.published_at:
            refused[row.pk] = str(_("published already"))
        elif why := defining.whats_missing(row):
            refused[row.pk] = why
    return refused


def _whom_it_touches(rows: Sequence[CertificationVersion]) -> dict[int, str]:
    said = {}
    for row in rows:
        touched = defining.touched_by(row)
        if row.number > 1:
            said[row.pk] = str(
                _("%(not_begun)d have not begun, %(all_open)d have not completed the one before")
                % vars(touched)
            )
        else:
            said[row.pk] = str(_("from now on nothing in it changes; it can be assigned"))
    return said


def _retire(rows: Sequence[Certification], said: Mapping[str, Any], by: User) -> int:
    return defining.retire(certifications=rows, by=by, reason=said["reason"])


def _bring_back(rows: Sequence[Certification], said: Mapping[str, Any], by: User) -> int:
    return defining.bring_back(certifications=rows, by=by, reason=said["reason"])


def _begin_version(rows: Sequence[Certification], said: Mapping[str, Any], by: User) -> int:
    defining.begin(certification=rows[0], by=by)
    return 1


def _has_draft(rows: Sequence[Certification]) -> dict[int, str]:
    return {
        row.pk: str(_("a version is being made already")) for row in rows if defining.draft_of(row)
    }


PUBLISH = Act(
    name="publish",
    title=_("Publish"),
    lead=_(
        "A published version is frozen: who is in it can count on it. Certificates that were "
        "issued never change."
    ),
    form=PublishForm,
    refuse=_unpublishable,
    follows=_whom_it_touches,
    do=_publish,
    done=ngettext_lazy("%(n)d version was published.", "%(n)d versions were published.", "n"),
    refusals=(defining.DefinitionRefused,),
    related=("certification__organisation",),
)
NEW_VERSION = Act(
    name="new_version",
    title=_("Make a new version"),
    lead=_("The newest version is copied, unpublished. What was earned by the old one stays."),
    form=forms.Form,
    refuse=_has_draft,
    do=_begin_version,
    done=ngettext_lazy("%(n)d new version was made.", "%(n)d new versions were made.", "n"),
    one_only=True,
    related=("organisation",),
)
RETIRE = Act(
    name="retire",
    title=_("Retire"),
    lead=_("Nobody begins it any more. Who is in it goes on; what was earned stays earned."),
    form=RemarkForm,
    refuse=lambda rows: {
        row.pk: str(_("retired already") if row.retired_at else _("not published yet"))
        for row in rows
        if row.retired_at or not row.published_at
    },
    do=_retire,
    done=ngettext_lazy("%(n)d was retired.", "%(n)d were retired.", "n"),
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("It can be assigned and chosen again."),
    form=RemarkForm,
    refuse=lambda rows: {row.pk: str(_("not retired")) for row in rows if not row.retired_at},
    do=_bring_back,
    done=ngettext_lazy("%(n)d was brought back.", "%(n)d were brought back.", "n"),
)
