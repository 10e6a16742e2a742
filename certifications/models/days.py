"""The rule that a moment has its day where the institution is beside it."""

from collections.abc import Iterator

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def days_of_moments(table: str, *names: str) -> Iterator[models.CheckConstraint]:
    """Yield the rules that what has a moment (`revoked_at`) has its day (`revoked_on`) as well."""
    for name in names:
        neither = {f"{name}_at__isnull": True, f"{name}_on__isnull": True}
        both = {f"{name}_at__isnull": False, f"{name}_on__isnull": False}
        yield models.CheckConstraint(
            condition=Q(**neither) | Q(**both),
            name=f"{table}_{name}_has_its_day",
            violation_error_message=_("What has a moment has its day, where the institution is."),
        )
