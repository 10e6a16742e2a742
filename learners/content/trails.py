"""Where a learner goes on after a course, and the way back, for whoever leads them into one.

The session remembers the order in which something was begun; what is shown is looked up anew among
the learner's own enrolments. Who lays a trail, and why, is no matter here.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from learners.models import DONE, Enrolment, User
from learners.models.catalogue import Titled

KEY = "trails"
MOST = 5  # that are remembered


@dataclass(frozen=True)
class Stop:
    """A course or a programme on the way: one that was not begun leads back to where one begins."""

    title: str
    url: str
    is_done: bool = False
    is_here: bool = False


@dataclass(frozen=True)
class Trail:
    """What somebody is doing, its page, and what belongs to it in the order of doing."""

    title: str
    url: str
    stops: Sequence[Stop]

    @property
    def leads_on(self) -> bool:
        """Whether there is anything beside what is being done."""
        return any(not stop.is_here for stop in self.stops)


def lay(
    session: MutableMapping[str, Any],
    *,
    what: Titled,
    url: str,
    stops: Sequence[tuple[Titled, Enrolment | None]],
) -> None:
    """Remember a trail in a session, in place of an older one of the same address."""
    laid = {
        "titles": _titles(what),
        "url": url,
        "stops": [
            {"titles": _titles(subject), "enrolment": enrolment.pk if enrolment else None}
            for subject, enrolment in stops
        ],
    }
    others = [one for one in session.get(KEY, ()) if one["url"] != url]
    session[KEY] = [laid, *others][:MOST]


def _titles(what: Titled) -> dict[str, str]:
    return {"nl": what.title_nl, "en": what.title_in("en")}


def trail_of(session: Mapping[str, Any], user: User, enrolment: Enrolment) -> Trail | None:
    """Return the newest trail that leads through this enrolment: one query where there is one."""
    for laid in session.get(KEY, ()):
        keys = {stop["enrolment"] for stop in laid["stops"]}
        if enrolment.pk in keys:
            mine = Enrolment.objects.for_user(user).select_related("course", "programme")
            own = mine.in_bulk([key for key in keys if key is not None])
            stops = [
                _stop(stop, own.get(stop["enrolment"]), laid, enrolment) for stop in laid["stops"]
            ]
            return Trail(_said(laid["titles"]), laid["url"], stops)
    return None


def _stop(
    stop: Mapping[str, Any], own: Enrolment | None, laid: Mapping[str, Any], here: Enrolment
) -> Stop:
    url = address_of(own) if own else laid["url"]
    is_done = own is not None and own.status in DONE
    return Stop(_said(stop["titles"]), url, is_done, is_here=own is not None and own.pk == here.pk)


def _said(titles: Mapping[str, str]) -> str:
    return titles.get((get_language() or "nl")[:2]) or titles["nl"]


def address_of(enrolment: Enrolment) -> str:
    """Return where its learner goes on: an e-learning in its lessons, anything else on its page."""
    if enrolment.course is not None and not enrolment.course.has_meetings:
        return reverse("learners:learn", args=[enrolment.pk])
    return enrolment.get_absolute_url()
