"""All that certificates and certifications offer, in one object."""

from certifications import coached, home, my_learning
from certifications.looks import LOOKS
from learners.offers.offer import Offer

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    endings=home.endings,
    learned=my_learning.learned,
    course_sections=home.course_sections,
    coached_sections=coached.coached_sections,
    looks=LOOKS,
)
