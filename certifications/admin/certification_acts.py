"""What administrators do with certifications and their versions, each through its own function."""

from collections.abc import Sequence
from functools import partial

from django import forms
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from certifications.defining import publication
from certifications.models import Certification, CertificationAssignment, CertificationVersion
from learners.admin.parts.acting import Act, RemarkForm
from learners.admin.parts.doing import all_at_once, first_of, one_by_one, refused


def _unpublishable(rows: Sequence[CertificationVersion]) -> dict[int, str]:
    refused = {}
    for row in rows:
        if row.published_at:
            refused[row.pk] = str(_("published already"))
        elif why := publication.whats_missing(row):
            refused[row.pk] = why
    return refused


def _whom_it_touches(rows: Sequence[CertificationVersion]) -> dict[int, str]:
    """Published from the list a version moves nobody over; its own page shows and offers more."""
    said = {row.pk: str(_("from now on nothing in it changes; it can be assigned")) for row in rows}
    for row in rows:
        if row.number > 1:
            follow = _("%(later)d certified now follow with their next round, nobody before that")
            said[row.pk] = str(follow % vars(publication.touched_by(row)))
    return said


def _page_of_draft(certification: Certification) -> str:
    draft = publication.draft_of(certification)
    assert draft is not None, "made just now"
    return reverse("admin:certifications_certificationversion_change", args=[draft.pk])


def _who_is_in(rows: Sequence[Certification]) -> dict[int, str]:
    """Say of how many people a certification that is retired will not ask a renewal."""
    assigned = CertificationAssignment.objects.filter(ended_at=None).order_by()
    counted = assigned.values_list("certification").annotate(n=Count("pk"))
    numbers = dict(counted.filter(certification__in=[row.pk for row in rows]))
    words = partial(ngettext, "%(n)d person has it", "%(n)d people have it")
    return {row.pk: words(n := numbers.get(row.pk, 0)) % {"n": n} for row in rows}


PUBLISH = Act(
    name="publish",
    title=_("Publish"),
    lead=_(
        "A published version is frozen: who is in it can count on it. Certificates that were "
        "issued never change."
    ),
    form=forms.Form,
    refuse=_unpublishable,
    follows=_whom_it_touches,
    do=one_by_one(publication.publish, "version", says=()),
    done=ngettext_lazy("%(n)d version was published.", "%(n)d versions were published.", "n"),
    refusals=(publication.DefinitionRefused,),
    related=("certification__organisation",),
)
NEW_VERSION = Act(
    name="new_version",
    title=_("Make a new version"),
    lead=_("The newest version is copied, unpublished. What was earned by the old one stays."),
    form=forms.Form,
    refuse=refused(_("a version is being made already"), publication.draft_of),
    do=one_by_one(publication.begin, "certification", says=()),
    done=ngettext_lazy("%(n)d new version was made.", "%(n)d new versions were made.", "n"),
    leads_to=_page_of_draft,
    one_only=True,
    related=("organisation",),
)
RETIRE = Act(
    name="retire",
    title=_("Retire"),
    lead=_(
        "Nobody begins it any more. Who is in it goes on; what was earned stays valid until its "
        "end, and nobody is asked to renew it or reminded of it."
    ),
    form=RemarkForm,
    follows=_who_is_in,
    refuse=first_of(
        refused(_("retired already"), lambda row: row.retired_at),
        refused(_("not published yet"), lambda row: not row.published_at),
    ),
    do=all_at_once(publication.retire, "certifications"),
    done=ngettext_lazy("%(n)d was retired.", "%(n)d were retired.", "n"),
)
BRING_BACK = Act(
    name="bring_back",
    title=_("Bring back"),
    lead=_("It can be assigned and chosen again."),
    form=RemarkForm,
    refuse=refused(_("not retired"), lambda row: not row.retired_at),
    do=all_at_once(publication.bring_back, "certifications"),
    done=ngettext_lazy("%(n)d was brought back.", "%(n)d were brought back.", "n"),
)
