"""The question that is asked before assignments become needed, or are no longer."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from exams.defining import needing
from exams.models import Assignment

AGREED = "needed-agreed"


def ask(changes: Mapping[Assignment, bool], sent: Mapping[str, str]) -> None:
    """Raise a `ValidationError` that says whom it touches that these become needed or not, with the
    tick that agrees to it; nothing where that was ticked, or nobody is touched."""
    touched = needing.touched(list(changes)) if changes else {}
    agreed = ",".join(f"{one.pk}:{int(is_needed)}" for one, is_needed in changes.items())
    if not any(touched.values()) or sent.get(AGREED) == agreed:
        return
    said = (
        needing.words(one.code, touched[one.pk], is_needed=is_needed)
        for one, is_needed in changes.items()
        if touched[one.pk]
    )
    raise ValidationError(
        format_html(
            '{}<label class="remove-asked"><input type="checkbox" name="{}" value="{}"> {}</label>',
            format_html_join("", "<p>{}</p>", ((words,) for words in said)),
            AGREED,
            agreed,
            _("Yes, change what is needed. Tick here, and save again."),
        )
    )
