"""All that certificates and certifications offer, in one object."""

from certifications.offered import coached, health, home, imports, my_learning
from certifications.offered.file_uses import USES
from certifications.offered.listed import LISTED
from certifications.offered.looks import LOOKS
from certifications.offered.personal import PERSONAL
from certifications.offered.schedule import SCHEDULE
from certifications.offered.searching import SEARCHES
from learners.hooks.offer import Offer

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    endings=home.endings,
    learned=my_learning.learned,
    course_sections=home.course_sections,
    coached_sections=coached.coached_sections,
    looks=LOOKS,
    searches=SEARCHES,
    administration=LISTED,
    checks=health.CHECKS,
    queues=health.QUEUES,
    schedule=SCHEDULE,
    foreseen=(imports.COMPLETED,),
    personal=PERSONAL,
    files=USES,
)
