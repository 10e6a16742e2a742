"""Removing a row within a page: what follows is said first, and history is not removed at all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class RemovalFormSet(BaseInlineFormSet):
    """Says what removing rows means, and asks for a tick before it does so."""

    def refuses(self, row: Any) -> str:
        """Return why a row stays; nothing if it may go."""
        return ""

    def follows(self, row: Any) -> str:
        """Return what it means that a row goes."""
        return ""

    def clean(self) -> None:
        super().clean()
        leaving = [form.instance for form in self.deleted_forms if form.instance.pk]
        if any(self.errors) or not leaving:
            return
        if refusals := [said for row in leaving if (said := self.refuses(row))]:
            raise ValidationError([ValidationError(said) for said in refusals])
        if self.data.get(self._asked) != _key_of(leaving):
            raise ValidationError(self._question(leaving))

    @property
    def _asked(self) -> str:
        return f"{self.prefix}-agreed"

    def _question(self, leaving: list[Model]) -> SafeString:
        said = format_html_join("", "<p>{}: {}</p>", ((row, self.follows(row)) for row in leaving))
        return format_html(
            '{}<label class="remove-asked"><input type="checkbox" name="{}" value="{}"> {}</label>',
            said,
            self._asked,
            _key_of(leaving),
            _("Yes, remove this. Tick here, and save again."),
        )


def _key_of(rows: list[Model]) -> str:
    """Name these rows, so that who agrees to the one does not remove the other."""
    return ",".join(str(row.pk) for row in sorted(rows, key=lambda row: row.pk))
