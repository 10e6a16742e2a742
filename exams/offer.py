"""All that assignments offer, in one object."""

from exams.offered import coaching, home, programme
from exams.offered.file_uses import USES
from exams.offered.health import QUEUES
from exams.offered.listed import LISTED, leads_to
from exams.offered.looks import LOOKS
from exams.offered.open_exams import open_exams
from exams.offered.personal import PERSONAL
from exams.offered.schedule import SCHEDULE
from exams.offered.what_is_open import what_is_open
from learners.hooks.offer import Offer

OFFER = Offer(
    nav=home.nav,
    waiting_for=home.waiting_for,
    learned=home.learned,
    programme_head=programme.programme_head,
    programme_tabs=programme.programme_tabs,
    courses_shown=programme.courses_shown,
    coached_sections=coaching.coached_sections,
    coaching_pages=coaching.coaching_pages,
    looks=LOOKS,
    queues=QUEUES,
    schedule=SCHEDULE,
    personal=PERSONAL,
    files=USES,
    keeps_completed_by=programme.keeps_completed_by,
    what_is_open=what_is_open,
    open_exams=open_exams,
    administration=LISTED,
    leads_to=leads_to,
)
