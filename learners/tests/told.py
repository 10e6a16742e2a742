"""What the ground tells people by mail, each kind with what it may say, and words that all use."""

Sample = tuple[str, dict[str, object]]

TITLES = {"title_nl": "Eerste hulp & AED <script>", "title_en": "First aid & AED <script>"}
COURSE = {"course_nl": "Eerste hulp & AED <script>", "course_en": "First aid & AED <script>"}
BEGINS = {"begins_at": "2026-11-24T18:00:00+00:00"}
PLACE = {"place": "Lokaal 2, Gent"}
UNTIL = {"until": "2026-12-08"}
REASON = {"reason": "De zaal staat onder water; we <plannen> hem opnieuw."}
INFECTED = {"file": "Verslag <1>.pdf"}
COACH = {"coach": "Karel <Coach>"}
AT = {"institution": "Vlaamse Academie & Co"}
DAYS = {"first": "2026-12-21", "last": "2027-01-12"}
RIGHT_TO_LEFT = "نور الدين"

SAMPLES: list[Sample] = [
    ("learners/coach_assigned", {**TITLES, **COACH}),
    ("learners/coaches_assigned", {"number": 1}),
    ("learners/coaches_assigned", {"number": 23}),
    ("learners/enrolled", TITLES),
    ("learners/enrolment_archived", {**TITLES, "newer_nl": "Eerste hulp 2027", "newer_en": ""}),
    ("learners/enrolment_cancelled", {**TITLES, **REASON}),
    ("learners/exempted", {**TITLES, "ground": "Diploma verpleegkunde"}),
    ("learners/file_infected", {**INFECTED, "is_yours": True, "whose": RIGHT_TO_LEFT}),
    ("learners/file_infected", {**INFECTED, "is_yours": False, "whose": RIGHT_TO_LEFT}),
    ("learners/file_infected", {**INFECTED, "is_yours": False, "whose": ""}),
    ("learners/force_majeure_accepted", {**TITLES, "whose": "", "reason": ""}),
    ("learners/force_majeure_accepted", {**TITLES, "whose": RIGHT_TO_LEFT, "reason": ""}),
    ("learners/force_majeure_refused", {**TITLES, **REASON, "whose": ""}),
    ("learners/force_majeure_refused", {**TITLES, **REASON, "whose": RIGHT_TO_LEFT}),
    ("learners/meeting_cancelled", {**COURSE, **BEGINS, **PLACE, **REASON}),
    (
        "learners/meeting_elsewhere",
        {**COURSE, **BEGINS, **PLACE, "link": "https://meet.example/ab"},
    ),
    ("learners/meeting_moved", {**COURSE, **BEGINS, **PLACE}),
    ("learners/meetings_planned", {**COURSE, **BEGINS, **PLACE, "number": 3}),
    ("learners/moved_up", {**COURSE, **BEGINS, **PLACE}),
    ("learners/not_passed", {**TITLES, "status": "not_passed"}),
    ("learners/on_waiting_list", {**COURSE, **BEGINS, **PLACE}),
    ("learners/run_cancelled", {**COURSE, **BEGINS, "chooses": True}),
    ("learners/run_changed", {**COURSE, **BEGINS, **PLACE}),
    ("learners/stands_in", {**COACH, **AT, **DAYS}),
    ("learners/stands_in_no_more", {**COACH, **AT, **DAYS}),
    ("learners/status_corrected", {**TITLES, "status": "enrolled"}),
    ("learners/subscription_ends", {**TITLES, **UNTIL, "exam": "Examen: <de praktijk>"}),
    ("learners/term_extended", {**TITLES, **UNTIL}),
    ("learners/waiting_list_closed", {**COURSE, **BEGINS, **PLACE}),
    ("learners/withdrawn_by_somebody", {**TITLES, **UNTIL, "status": "withdrawn_invalid"}),
]
