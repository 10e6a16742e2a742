"""All that the ground floor offers, in one object."""

from learners.hooks.offer import Offer
from learners.models import CompletedBy
from learners.offered import health, home, my_learning
from learners.offered.file_uses import USES
from learners.offered.listed import LISTED
from learners.offered.looks import LOOKS
from learners.offered.personal import PERSONAL
from learners.offered.schedule import SCHEDULE
from learners.offered.searching import SEARCHES
from learners.pages import programme_page
from learners.studying import completing

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    calendar=home.calendar,
    learned=my_learning.learned,
    coaching_pages=home.coaching_pages,
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
