"""All that the ground floor offers, in one object."""

from learners import completing, home, my_learning, programme_page
from learners.looks import LOOKS
from learners.models import CompletedBy
from learners.offers.offer import Offer

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    calendar=home.calendar,
    learned=my_learning.learned,
    course_sections=home.course_sections,
    programme_sections=programme_page.programme_sections,
    looks=LOOKS,
    completes={CompletedBy.COURSES: completing.BY_COURSES},
)
