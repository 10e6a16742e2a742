"""What teaching tells people by mail, each kind with what it may say."""

from learners.tests.told import COURSE, REASON, UNTIL, Sample

SAMPLES: list[Sample] = [
    ("attendance/register_reopened", {**COURSE, **UNTIL, **REASON, "code": "EHBO-1"}),
]
