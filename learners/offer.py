"""All that the ground floor offers, in one object."""

from learners import completing, health, home, my_learning, programme_page
from learners.files import USES
from learners.listed import LISTED
from learners.looks import LOOKS
from learners.models import CompletedBy
from learners.offers.offer import Offer
from learners.personal import PERSONAL
from learners.schedule import SCHEDULE
from learners.searching import SEARCHES

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    calendar=home.calendar,
    learned=my_learning.learned,
    course_sections=home.course_sections,
    programme_sections=programme_page.programme_sections,
    looks=LOOKS,
    searches=SEARCHES,
    administration=LISTED,
    checks=health.CHECKS,
    queues=health.QUEUES,
    schedule=SCHEDULE,
    personal=PERSONAL,
    files=USES,
    completes={CompletedBy.COURSES: completing.BY_COURSES},
)
