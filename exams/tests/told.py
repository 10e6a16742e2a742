"""What assignments tell people by mail, each kind with what it may say."""

from learners.tests.told import AT, COACH, RIGHT_TO_LEFT, TITLES, Sample

PROGRAMME = {"programme_nl": "Begeleider & <coach>", "programme_en": "Supervisor & <coach>"}
GROUND = {"ground": "Al gedaan bij een <andere> onderwijsinstelling"}
SINCE = {"since": "2026-12-01"}

SAMPLES: list[Sample] = [
    ("exams/applied", {**PROGRAMME, "name": RIGHT_TO_LEFT}),
    ("exams/assignment_approved", {**TITLES, **PROGRAMME, **COACH}),
    ("exams/assignment_exempted", {**TITLES, **PROGRAMME, **GROUND, "is_over": False}),
    ("exams/assignment_exempted", {**TITLES, **PROGRAMME, **GROUND, "is_over": True}),
    ("exams/assignment_sent_back", {**TITLES, **PROGRAMME, "coach": RIGHT_TO_LEFT}),
    ("exams/exam_released", {**PROGRAMME, **COACH}),
    ("exams/late_for_board", {**AT, **SINCE, "number": 1, "left": 0, "alone": 1}),
    ("exams/late_for_board", {**AT, **SINCE, "number": 5, "left": 3, "alone": 2}),
    ("exams/late_for_board", {**AT, **SINCE, "number": 1, "left": 1, "alone": 0}),
    ("exams/late_for_coach", {**AT, **SINCE, "number": 1}),
    ("exams/late_for_coach", {**AT, **SINCE, "number": 7}),
    ("exams/message", {**TITLES, "name": RIGHT_TO_LEFT}),
    ("exams/new_sample_asked", {**PROGRAMME, "name": RIGHT_TO_LEFT}),
    ("exams/sample_approved", {**PROGRAMME, **COACH}),
    ("exams/sample_refused", {**PROGRAMME, "coach": RIGHT_TO_LEFT}),
]
