"""What people are told about their place in a run: once each, in the product and by mail."""

from collections.abc import Sequence

from learners import audit
from learners.models import Place, Run
from learners.telling import notify


def tell_moved_up(given: Sequence[Place]) -> None:
    """Tell who got a place from a waiting list, and record it."""
    _tell("learners/moved_up", given)
    moved = [place.enrolment for place in given]
    if moved:
        audit.record_all(action="learners.moved_up", on=moved, by=None)


def tell_waiting(places: Sequence[Place]) -> None:
    """Tell whom somebody else put on a waiting list."""
    _tell("learners/on_waiting_list", places)


def tell_list_closed(places: Sequence[Place]) -> None:
    """Tell who waited until the run began that no place became free."""
    _tell("learners/waiting_list_closed", places)


def tell_run_changed(place: Place, entry: int) -> None:
    """Tell whose run was changed by somebody else in which run they have a place now."""
    _tell("learners/run_changed", [place], key=f"run-changed:{entry}")


def _tell(kind: str, places: Sequence[Place], key: str = "") -> None:
    if not places:
        return
    runs = Run.objects.select_related("course").in_bulk({place.run_id for place in places})
    notify.tell(
        kind=kind,
        messages=[
            notify.Message(
                user_id=place.enrolment.learner_id,
                organisation_id=runs[place.run_id].course.organisation_id,
                key=key or _key(kind, place),
                params=said_of(runs[place.run_id]),
                url=place.enrolment.get_absolute_url(),
            )
            for place in places
        ],
    )


def _key(kind: str, place: Place) -> str:
    """Each time that somebody waits is told once."""
    since = place.waits_since.isoformat() if place.waits_since else ""
    return f"{kind}:{place.pk}:{since}"


def said_of(run: Run) -> dict[str, str]:
    """Return what a message says of a run."""
    return {
        "course_nl": run.course.title_nl,
        "course_en": run.course.title_in("en"),
        "begins_at": run.starts_at.isoformat() if run.starts_at else "",
        "place": run.place,
    }
