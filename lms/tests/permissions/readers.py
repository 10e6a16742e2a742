"""What is somebody's own: who may read it anywhere, and a page on which they do."""

from collections.abc import Iterator

from learners.tests.permissions.names import ADMINISTRATOR
from learners.tests.permissions.parts import World
from learners.tests.permissions.people import SECRET_NAME
from lms.tests.permissions.world import (
    MATERIAL_TITLE,
    PROGRAMME_TITLE,
    REMARK_FOR_STAFF,
    RUN_CODE,
)

NUMBER = "the number of the certificate"
REGISTER = "attendance:run_register"
TEACHING = "attendance:teaching"
COACHED = "learners:coached_list"
# Whoever was given the code reads the certificate; the whole of a person's data is handed out by
# an administrator.
FOR_OTHERS = {"certifications:certificate_check", "administration:person_data"}
READERS = {
    SECRET_NAME: {
        "learner": "learners:profile_edit",
        "teacher": REGISTER,
        "teacher of a meeting": REGISTER,
        "coach": COACHED,
        ADMINISTRATOR: REGISTER,
    },
    REMARK_FOR_STAFF: {
        "teacher": REGISTER,
        "teacher of a meeting": REGISTER,
        ADMINISTRATOR: REGISTER,
    },
    MATERIAL_TITLE: {"learner": "learners:my_course_detail"},
    PROGRAMME_TITLE: {"learner": "learners:my_programme_list", "coach": COACHED},
    RUN_CODE: {
        "learner": "learners:my_course_detail",
        "teacher": TEACHING,
        "teacher of a meeting": TEACHING,
        ADMINISTRATOR: TEACHING,
    },
    NUMBER: {"learner": "certifications:my_certificate_list"},
}


def things_read(world: World, text: str) -> Iterator[str]:
    """Yield what of READERS stands in a text."""
    numbers = {NUMBER: world.certificate.number}
    return (thing for thing in READERS if numbers.get(thing, thing) in text)
