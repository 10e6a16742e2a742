"""Everything that people are told by mail, with what it may say; `test_mails.py` knows when one is
missing."""

from pathlib import Path

TITLES = {"title_nl": "Eerste hulp & AED <script>", "title_en": "First aid & AED <script>"}
COURSE = {"course_nl": "Eerste hulp & AED <script>", "course_en": "First aid & AED <script>"}
BEGINS = {"begins_at": "2026-11-24T18:00:00+00:00"}
PLACE = {"place": "Lokaal 2, Gent"}
UNTIL = {"until": "2026-12-08"}
REASON = {"reason": "De zaal staat onder water; we <plannen> hem opnieuw."}
RIGHT_TO_LEFT = "نور الدين"
NUMBER = {
    "title": "Eerste hulp & AED <script>",
    "number": "VAV-2026-000123",
    "check_url": "/c/9F2K/",
}
ROUND = {
    **TITLES,
    "valid_until": "2028-01-30",
    "window_opens_on": "2027-12-01",
    "grace_until": "2028-02-29",
    "is_external": False,
    "counts_from_completion": False,
    "can_renew_now": True,
    "url": "/my-certifications/4/",
    "who": "",
}
DUE = {**ROUND, "moment": "due", "due_on": "2026-12-31"}
ENDS = {**ROUND, "moment": "ends"}
OF_OTHERS = [{**ENDS, "who": RIGHT_TO_LEFT}, {**DUE, "who": "Noor <b>"}]

SAMPLES: list[tuple[str, dict[str, object]]] = [
    ("attendance/register_reopened", {**COURSE, **UNTIL, **REASON, "code": "EHBO-1"}),
    ("certifications/badge_left_out", {**TITLES, "file": "badge <1>.png"}),
    ("certifications/certificate_issued", NUMBER),
    ("certifications/certificate_revoked", NUMBER),
    (
        "certifications/certification_assigned",
        {**TITLES, "mode": "assigned", "due_on": "2026-12-31"},
    ),
    ("certifications/certification_assigned", {**TITLES, "mode": "nominated", "due_on": ""}),
    ("certifications/certification_exempted", {**TITLES, **REASON}),
    ("certifications/certification_taken", {**TITLES, **REASON, "valid_until": "2028-01-30"}),
    ("certifications/logo_left_out", {"title": "Academie & <Co>", "file": "logo.png"}),
    ("certifications/proof_accepted", {**TITLES, "valid_until": "2028-01-30"}),
    ("certifications/proof_refused", {**TITLES, **REASON}),
    ("certifications/proof_revoked", {**TITLES, **REASON}),
    ("certifications/proof_waits", {**TITLES, "learner": RIGHT_TO_LEFT}),
    ("certifications/reminders", {"own": [ENDS], "of_others": [], "about": "renewals"}),
    ("certifications/reminders", {"own": [DUE, ENDS], "of_others": OF_OTHERS, "about": "both"}),
    ("certifications/reminders", {"own": [], "of_others": OF_OTHERS, "about": "both"}),
    ("learners/enrolled", TITLES),
    ("learners/enrolment_archived", {**TITLES, "newer_nl": "Eerste hulp 2027", "newer_en": ""}),
    ("learners/enrolment_cancelled", {**TITLES, **REASON}),
    ("learners/exempted", {**TITLES, "ground": "Diploma verpleegkunde"}),
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
    ("learners/status_corrected", {**TITLES, "status": "enrolled"}),
    ("learners/term_extended", {**TITLES, **UNTIL}),
    ("learners/waiting_list_closed", {**COURSE, **BEGINS, **PLACE}),
    ("learners/withdrawn_by_somebody", {**TITLES, **UNTIL, "status": "withdrawn_invalid"}),
]


def kinds() -> set[str]:
    """Return every kind that there are words for."""
    found = Path("templates").glob("*/notifications/[!_]*.txt")
    return {f"{path.parts[1]}/{path.stem}" for path in found}
