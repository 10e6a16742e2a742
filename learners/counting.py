"""Counting rows beside a list, in the query of the list itself."""

from django.db.models import Count, IntegerField, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def number_of(model: type[Model], key: str, only: Q | None = None, *, of: str = "pk") -> Coalesce:
    """Return an expression for how many rows of a model point by this key to the row at hand, or to
    the row that it names by `of`."""
    rows = model._default_manager.filter(only or Q(), **{key: OuterRef(of)})
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
