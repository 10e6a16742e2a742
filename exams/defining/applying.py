"""Which version of an assignment somebody is asked, as whoever published each version chose."""

from collections.abc import Iterable
from datetime import datetime

from exams.models import AssignmentVersion, Reaches, Work, WorkState


def version_for(
    versions: Iterable[AssignmentVersion], *, enrolled_at: datetime, work: Work | None
) -> AssignmentVersion | None:
    """Return the version of one assignment that is asked of somebody now; None where it is not
    asked of them: nothing was published, or all of it for people who enrol later.

    What was handed in stays what it was; where it was sent back, a newer version may ask something
    else of the next. `versions` are the published ones, in any order.
    """
    newest_first = sorted(versions, key=lambda version: -version.number)
    return next((v for v in newest_first if _reaches(v, enrolled_at, work)), None)


def _reaches(version: AssignmentVersion, enrolled_at: datetime, work: Work | None) -> bool:
    had = work.version if work else None
    if had is not None and version.number <= had.number:
        return version.number == had.number
    if had is not None:
        is_improving = work is not None and work.state == WorkState.SENT_BACK
        return is_improving and version.reaches == Reaches.IMPROVING
    assert version.published_at is not None, "only what was published is asked"
    return version.reaches != Reaches.NEW or enrolled_at >= version.published_at
