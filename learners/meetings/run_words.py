"""A run in a line of words, by which people recognise it among others."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learners.models import Run
from learners.studying import places
from learners.telling.days import days_span


def run_words(run: Run, left: int | None) -> str:
    """Say which course a run is of, its code, when and where it is, and how many places are free;
    `left` is None where there is no limit."""
    when = days_span(run.starts_at, run.ends_at) or _("not planned")
    said = [f"{run.course}", run.code, when, run.place, _free(run, left)]
    return " · ".join(part for part in said if part)


def words_of(run: Run) -> str:
    """Say the same of one run, after counting what is free."""
    return run_words(run, places.room([run])[run.pk])


def _free(run: Run, left: int | None) -> str:
    if run.cancelled_at:
        return _("cancelled")
    if left is None:
        return _("no limit of places")
    if left == 0:
        return _("full")
    return ngettext("%(n)d free", "%(n)d free", left) % {"n": left}
