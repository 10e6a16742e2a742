"""How certificates and the cycles of certifications look; who is exempt looks as anywhere."""

from collections.abc import Mapping

from certifications.models import CertificateState, CycleState
from learners.hooks.pages import Look

LOOKS: Mapping[str, Look] = {
    CertificateState.HELD: Look("waits", "hourglass-split"),
    CertificateState.VALID: Look("good", "patch-check-fill"),
    CertificateState.EXPIRED: Look("late", "calendar-x"),
    CertificateState.SUSPENDED: Look("waits", "pause-circle"),
    CertificateState.REVOKED: Look("late", "x-octagon"),
    CertificateState.SUPERSEDED: Look("neutral", "arrow-repeat"),
    CycleState.ASSIGNED: Look("neutral", "circle"),
    CycleState.IN_PROGRESS: Look("action", "play-circle"),
    CycleState.AWAITING_APPROVAL: Look("waits", "hourglass-split"),
    CycleState.CERTIFIED: Look("good", "patch-check-fill"),
    CycleState.RENEWABLE: Look("waits", "arrow-repeat"),
    CycleState.IN_GRACE: Look("late", "arrow-repeat"),
    CycleState.EXPIRED: Look("late", "calendar-x"),
    CycleState.WITHDRAWN: Look("neutral", "slash-circle"),
    CycleState.DECLINED: Look("neutral", "hand-thumbs-down"),
}
