"""How a mark looks; who was absent looks as with that study status."""

from collections.abc import Mapping

from attendance.models import Presence
from learners.hooks.pages import Look

LOOKS: Mapping[str, Look] = {Presence.PRESENT: Look("good", "check-lg")}
