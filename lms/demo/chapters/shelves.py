"""Stocking the knowledge centres with small real files, and a link here and there."""

from django.conf import settings

from learners.files import keeping
from learners.files.file_kinds import PDF, PNG, Kind
from learners.models import Course, Material, StoredFile, User
from lms.demo.drawn import materials
from lms.demo.world import World

MAX_SIZE = 100_000  # bytes
LINKS = {
    "VAV/EHBO": ("Eerste hulp op Wikipedia", "https://nl.wikipedia.org/wiki/Eerste_hulp"),
    "VAV/REA": ("Reanimatie op Wikipedia", "https://nl.wikipedia.org/wiki/Reanimatie"),
    "ZCU/DIAB": ("Diabetes op Wikipedia", "https://nl.wikipedia.org/wiki/Diabetes_mellitus"),
}


def stock(world: World) -> int:
    """Give every course a hand-out, most of those with meetings a poster, and some a link."""
    made = []
    for key, course in world.courses.items():
        made.append(_hand_out(course, world.admin))
        if course.has_meetings and len(course.title_nl) % 3:
            made.append(_poster(course, world.admin))
        if key in LINKS:
            title, link = LINKS[key]
            made.append(Material(course=course, position=3, title=title, link=link))
    return len(Material.objects.bulk_create(made))


def _hand_out(course: Course, owner: User) -> Material:
    content = materials.hand_out(course.title_nl, course.summary_nl)
    stored = _stored(f"{course.code} samenvatting.pdf", content, PDF, owner)
    return Material(course=course, position=1, title="Samenvatting", file=stored)


def _poster(course: Course, owner: User) -> Material:
    content = materials.picture(f"{settings.PUBLIC_URL}/catalogue/?q={course.code}")
    stored = _stored(f"{course.code} affiche.png", content, PNG, owner)
    return Material(course=course, position=2, title="Affiche met QR-code", file=stored)


def _stored(name: str, content: bytes, kind: Kind, owner: User) -> StoredFile:
    upload = materials.upload(name, content, kind)
    stored = keeping.store(upload=upload, owner=owner, kinds=[kind], max_size=MAX_SIZE)
    return keeping.claim(stored=stored)
