"""What is somebody's own: who may read it anywhere, and a page on which they do."""

from collections.abc import Iterator

from learners.hooks.registry import merged
from learners.tests.permissions.parts import World
from lms.tests.permissions.gathered import PARTS

THINGS = dict.fromkeys(thing for part in PARTS for thing in part.readers)
READERS = {thing: merged(part.readers.get(thing, {}) for part in PARTS) for thing in THINGS}
SAID = merged(part.said for part in PARTS)


def things_read(world: World, text: str) -> Iterator[str]:
    """Yield what of READERS stands in a text."""
    return (thing for thing in READERS if (SAID[thing](world) if thing in SAID else thing) in text)
