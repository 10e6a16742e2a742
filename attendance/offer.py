"""All that teaching offers, in one object."""

from attendance.offered import home
from attendance.offered.listed import LISTED
from attendance.offered.looks import LOOKS
from attendance.offered.personal import PERSONAL
from attendance.offered.searching import SEARCHES
from learners.hooks.offer import Offer

OFFER = Offer(
    tiles=home.tiles,
    nav=home.nav,
    waiting_for=home.waiting_for,
    calendar=home.calendar,
    course_sections=home.course_sections,
    point_words=home.point_words,
    coach_words=home.coach_words,
    looks=LOOKS,
    searches=SEARCHES,
    administration=LISTED,
    personal=PERSONAL,
)
