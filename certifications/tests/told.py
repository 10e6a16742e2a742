"""What certificates and certifications tell people by mail, each kind with what it may say."""

from learners.tests.told import REASON, RIGHT_TO_LEFT, TITLES, Sample

NUMBER = {
    "title": "Eerste hulp & AED <script>",
    "number": "VAV-2026-000123",
    "check_url": "/c/9F2K/",
}
CYCLE = {
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
DUE = {**CYCLE, "moment": "due", "due_on": "2026-12-31"}
ENDS = {**CYCLE, "moment": "ends"}
OF_OTHERS = [{**ENDS, "who": RIGHT_TO_LEFT}, {**DUE, "who": "Noor <b>"}]

SAMPLES: list[Sample] = [
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
]
