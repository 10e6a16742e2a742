"""The settings of a version explained by an example, worked out from what was typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certifications.cycles.validity import ONE_DAY, Before, Dates, dates_of
from certifications.models import Anchor, Certification, CertificationVersion
from certifications.reminding.moments import CLOSING

USUAL_DEADLINE = 90  # days, in an example of what has none


@dataclass(frozen=True)
class Example:
    """A setting, and what it means for somebody who completes it on a certain day."""

    setting: str
    text: str


def examples(version: CertificationVersion, today: date) -> list[Example]:
    """Explain each setting of a version as it was typed, saved or not, in the page's language."""
    return [Example(str(setting), text) for setting, text in _examples(version, today)]


def reminders(
    certification: Certification, version: CertificationVersion | None, today: date
) -> list[Example]:
    """Explain who hears of what on which days, as it was saved, by its version if it has one."""
    has_deadline = version is not None and version.due_days is not None
    days = version.due_days if version and has_deadline else USUAL_DEADLINE
    due = today + timedelta(days=days or 0)
    found = [Example(_("First deadline"), _of_deadline(certification, today, due))]
    if version is not None and version.is_recurring:
        found.append(Example(_("End of the validity"), _of_end(certification, version, today)))
    is_reminded = certification.reminds_before_due or len(found) > 1
    if certification.reminds_coach and is_reminded:
        text = _("Who coaches the learner in a programme hears of it on the same days.")
        found.append(Example(_("Coach"), text))
    return found


def _of_deadline(certification: Certification, today: date, due: date) -> str:
    before = certification.reminds_before_due
    if not before:
        return _("Nobody is reminded of it.")
    days = [day for n in before if (day := due - timedelta(days=n)) >= today]
    text = _("Who has until %(due)s hears of it on %(days)s, as long as it is not completed.")
    return text % {"due": _day(due), "days": _days([*days, due + ONE_DAY])}


def _of_end(certification: Certification, version: CertificationVersion, today: date) -> str:
    dates = dates_of(version, date(today.year + 1, 1, 31))
    assert dates.valid_until is not None, "only what recurs ends"
    assert dates.grace_until is not None, "kept by cycle_window_validity_grace_in_order"
    before = certification.reminds_before
    days = [dates.valid_until - timedelta(days=n) for n in before]
    opens = dates.window_opens_on
    if version.window_days and opens and opens < min(days, default=dates.valid_until):
        days = [opens, *days]
    ended = dates.valid_until + ONE_DAY
    days += [ended]
    if version.grace_days:
        days += [max(ended, dates.grace_until - CLOSING), dates.grace_until + ONE_DAY]
    text = _("Who is valid until %(until)s hears of it on %(days)s, as long as it is not renewed.")
    return text % {"until": _day(dates.valid_until), "days": _days(days)}


def _days(days: Sequence[date]) -> str:
    """Return days in their order as a sentence lists them."""
    said = [_day(day) for day in sorted(set(days))]
    if len(said) == 1:
        return said[0]
    return _("%(days)s and %(last)s") % {"days": ", ".join(said[:-1]), "last": said[-1]}


def _examples(version: CertificationVersion, today: date) -> Iterator[tuple[str, str]]:
    if version.due_days is not None:
        due = {"today": _day(today), "due": _day(today + timedelta(days=version.due_days))}
        yield (
            _("Deadline"),
            _("Whom it is assigned on %(today)s has until %(due)s.") % due,
        )
    else:
        yield _("Deadline"), _("There is none: nobody is late.")
    first = date(today.year + 1, 1, 31)
    if version.is_recurring and not version.period_months:
        yield _("Validity"), _("Say for how many months it is valid, and this counts the days out.")
        return
    dates = dates_of(version, first)
    yield _("Validity"), _validity(dates)
    if dates.valid_until is not None:
        yield from _of_recurring(version, dates)


def _validity(dates: Dates) -> str:
    said = {"day": _day(dates.completed_on), "until": _day(dates.valid_until)}
    if dates.valid_until is None:
        return _("Who finishes on %(day)s stays certified.") % said
    return _("Who finishes on %(day)s is valid until %(until)s.") % said


def _of_recurring(version: CertificationVersion, dates: Dates) -> Iterator[tuple[str, str]]:
    assert dates.valid_until is not None, "only what recurs ends"
    if version.window_days:
        opens = {"opens": _day(dates.window_opens_on)}
        yield _("Renewing"), _("May renew from %(opens)s.") % opens
    else:
        yield _("Renewing"), _("Begins anew after the end: there is no time in which to renew.")
    if version.grace_days:
        grace = ngettext(
            "Who is %(n)d day late can still renew, until %(until)s; the days between are a gap.",
            "Who is %(n)d days late can still renew, until %(until)s; the days between are a gap.",
            version.grace_days,
        )
        yield (
            _("Grace"),
            grace % {"n": version.grace_days, "until": _day(dates.grace_until)},
        )
    else:
        yield _("Grace"), _("There is none: who is a day late does all of it again.")
    yield _("Counted from"), _renewed(version, dates)


def _renewed(version: CertificationVersion, dates: Dates) -> str:
    """Say what renewing ten days before the end gives, as the anchor decides that."""
    assert dates.valid_until is not None, "only what recurs ends"
    early = max(dates.valid_until - timedelta(days=10), dates.completed_on + ONE_DAY)
    before = Before(dates.anchor_on, dates.anchor_months, dates.valid_until)
    then = dates_of(version, early, before)
    said = {"day": _day(early), "until": _day(then.valid_until), "from": _day(then.valid_from)}
    if version.anchor == Anchor.EXPIRY:
        text = _("Who renews on %(day)s loses nothing: valid from %(from)s until %(until)s.")
        return text % said
    return _("Who renews on %(day)s is valid until %(until)s.") % said


def _day(day: date | None) -> str:
    return format_date(day, "j F Y") if day else ""
