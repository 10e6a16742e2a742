"""How long somebody stays signed in: while they come back in time, and never longer than so.

Kept by the store itself, so that no page asks the database once more for it; a session is written
again when a twelfth of its time has passed, and not with every page.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends import db
from django.utils import timezone

BEGAN = "began"  # when they signed in, in seconds since 1970


class SessionStore(db.SessionStore):
    """Django's, in the database, with an end that coming back does not put off."""

    def load(self) -> dict:
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        data = self.decode(row.session_data) if row else {}
        if row is None or _is_over(data):
            self._session_key = None
            return {}
        idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
        if BEGAN not in data or row.expire_date - timezone.now() < idle * 11 / 12:
            self.modified = True
        return data

    def save(self, must_create: bool = False) -> None:
        self.setdefault(BEGAN, _now())
        super().save(must_create=must_create)

    def cycle_key(self) -> None:
        """Begin anew under another key: somebody has just proved who they are."""
        super().cycle_key()
        self[BEGAN] = _now()


def _now() -> int:
    return int(timezone.now().timestamp())


def _is_over(data: dict) -> bool:
    return _now() - data.get(BEGAN, _now()) > settings.SESSION_LONGEST.total_seconds()
