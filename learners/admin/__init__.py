"""Django's administration of the ground floor. It calls the same functions as every other page."""

from learners.admin import (  # noqa: F401
    catalogue,
    code_batches,
    enrolments,
    imports,
    lessons,
    organisations,
    people,
    programmes,
    records,
    runs,
    stand_ins,
)
