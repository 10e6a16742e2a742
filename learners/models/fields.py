"""Kinds of fields that several models have."""

from typing import Any

from django.db import models
from django.forms import Field


class LinkField(models.URLField):
    """An address on the web; one typed without its scheme is taken for https.

    For migrations it is a `URLField`: only forms see the difference, which Django 6 itself makes.
    """

    def formfield(self, **kwargs: Any) -> Field | None:
        return super().formfield(**{"assume_scheme": "https", **kwargs})

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
