"""Who sees and may do what of the ground, and by whom every floor is tried."""

from learners.tests.permissions.addresses import ADDRESSES
from learners.tests.permissions.administration import ADMINISTRATION
from learners.tests.permissions.parts import Permissions
from learners.tests.permissions.people import SECRET_NAME
from learners.tests.permissions.world import MATERIAL_TITLE, PROGRAMME_TITLE, RUN_CODE, WORLD

COACHED = "learners:coached_list"

PERMISSIONS = Permissions(
    world=WORLD,
    addresses=ADDRESSES,
    administration=ADMINISTRATION,
    readers={
        SECRET_NAME: {"learner": "learners:profile_edit", "coach": COACHED},
        MATERIAL_TITLE: {"learner": "learners:my_course_detail"},
        PROGRAMME_TITLE: {"learner": "learners:my_programme_list", "coach": COACHED},
        RUN_CODE: {"learner": "learners:my_course_detail"},
    },
)
