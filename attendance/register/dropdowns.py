"""The lines of the register's dropdowns: written once for all rows that have the same."""

from collections.abc import Set
from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from learners.models import Effort, StudyStatus
from learners.studying.status_rules import TEACHERS_CHOICE

CHOSEN, DISABLED = SafeString(" selected"), SafeString(" disabled")


def statuses(choices: Set[StudyStatus], chosen: str) -> SafeString:
    """Return the five of 'adjust study status'; what may not be chosen is disabled."""
    return _statuses(frozenset(choices), chosen, get_language() or "")


def efforts(chosen: str) -> SafeString:
    """Return the four words for effort."""
    return _efforts(chosen, get_language() or "")


@lru_cache(maxsize=1024)
def _statuses(choices: frozenset[StudyStatus], chosen: str, _language: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}{}>{}</option>',
        (
            (
                status.value,
                CHOSEN if status == chosen else "",
                "" if status in choices else DISABLED,
                capfirst(status.label),
            )
            for status in TEACHERS_CHOICE
        ),
    )


@lru_cache(maxsize=64)
def _efforts(chosen: str, _language: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, CHOSEN if value == chosen else "", capfirst(label))
            for value, label in Effort.choices
        ),
    )
