"""Every page that is looked at: by axe in the tests, by people in `make pictures`."""

from dataclasses import dataclass
from typing import Any

LEARNER, TEACHER, COACH = "learner@example.org", "teacher@example.org", "coach@example.org"
ASSESSOR, BOARD, ADMIN = "assessor@example.org", "board@example.org", "admin@example.org"
ROW = "#result_list tbody th a"  # the first row of a list in the administration


@dataclass(frozen=True)
class Page:
    """An address, as whom it is visited, and which links to follow from there to get to it."""

    name: str
    path: str
    who: str = ""
    follow: tuple[str, ...] = ()
    status: int = 200

    def visit(self, window: Any) -> None:
        """Go there; the window has a base address and is signed in."""
        response = window.goto(self.path)
        for link in self.follow:
            response = window.goto(window.locator(link).first.get_attribute("href"))
        if response.status != self.status:
            raise LookupError(f"{self.name}: {response.url} answers {response.status}")


PAGES = (
    Page("sign-in", "/accounts/login/"),
    Page("forgotten", "/accounts/forgotten/"),
    Page("forgotten-sent", "/accounts/forgotten/sent/"),
    Page("forgotten-too-late", "/accounts/forgotten/MQ/set-password/"),
    Page("forgotten-complete", "/accounts/forgotten/complete/"),
    Page("certificate-lookup", "/c/"),
    Page("certificate-lookup-wrong", "/c/?code=abc"),
    Page("certificate-unknown", "/c/2222-3333-4444/", status=404),
    Page(
        "certificate-check",
        "/my-learning/certificates/",
        LEARNER,
        ("main .row-item:has(.icon-block-good) .row-title a", "main a[href^='/c/']"),
    ),
    Page(
        "certificate-not-valid",
        "/my-learning/certificates/",
        LEARNER,
        ("main .row-item:has(.icon-block-late) .row-title a", "main a[href^='/c/']"),
    ),
    Page("my-certificates", "/my-learning/certificates/", LEARNER),
    Page(
        "my-certificate",
        "/my-learning/certificates/",
        LEARNER,
        ("main .row-item:has(.icon-block-good) .row-title a",),
    ),
    Page(
        "my-certificate-not-valid",
        "/my-learning/certificates/",
        LEARNER,
        ("main .row-item:has(.icon-block-late) .row-title a",),
    ),
    Page("my-certifications", "/my-learning/certifications/", LEARNER),
    Page("my-certifications-pending", "/my-learning/certifications/?mode=pending", LEARNER),
    Page("no-certification-found", "/my-learning/certifications/?text=zzz", LEARNER),
    Page(
        "my-certification",
        "/my-learning/certifications/?text=intern",
        LEARNER,
        ("main .row-title a",),
    ),
    Page(
        "my-certification-external",
        "/my-learning/certifications/?text=extern",
        LEARNER,
        ("main .row-title a",),
    ),
    Page("home", "/", LEARNER),
    Page("my-learning", "/my-learning/", LEARNER),
    Page("my-courses", "/my-learning/courses/", LEARNER),
    Page("my-course", "/my-learning/courses/", LEARNER, ("main .row-title a",)),
    Page(
        "lesson-text",
        "/my-learning/courses/?text=GRENS",
        LEARNER,
        ("main .row-title a", "main ol.rows li:nth-child(1) a"),
    ),
    Page(
        "lesson-picture",
        "/my-learning/courses/?text=GRENS",
        LEARNER,
        ("main .row-title a", "main ol.rows li:nth-child(2) a"),
    ),
    Page(
        "lesson-video",
        "/my-learning/courses/?text=GRENS",
        LEARNER,
        ("main .row-title a", "main ol.rows li:nth-child(3) a"),
    ),
    Page(
        "lesson-pdf",
        "/my-learning/courses/?text=GRENS",
        LEARNER,
        ("main .row-title a", "main ol.rows li:nth-child(6) a"),
    ),
    Page("my-programmes", "/my-learning/programmes/", LEARNER),
    Page("my-programme", "/my-learning/programmes/", LEARNER, ("main .row-title a",)),
    Page(
        "run-choose",
        "/my-learning/programmes/",
        LEARNER,
        ("main .row-title a", "main a[href$='/run/']"),
    ),
    Page("catalogue", "/catalogue/", LEARNER),
    Page("catalogue-nothing", "/catalogue/?text=zzz", LEARNER),
    Page("catalogue-enrol", "/catalogue/", LEARNER, ("main a.btn[href*=enrol]",)),
    Page(
        "withdraw",
        "/my-learning/courses/",
        LEARNER,
        ("main .row-title a", "main a[href*=withdraw]"),
    ),
    Page("notifications", "/notifications/", LEARNER),
    Page("profile", "/profile/", LEARNER),
    Page("password", "/accounts/password/", LEARNER),
    Page("search", "/search/?q=hulp", LEARNER),
    Page("nothing-found", "/search/?q=zzz", LEARNER),
    Page("search-too-short", "/search/?q=a", LEARNER),
    Page("demo-mail", "/demo/mail/", LEARNER),
    Page("password-changed", "/accounts/password/done/", LEARNER),
    Page("not-for-me", "/my-learners/", LEARNER, status=403),
    Page("not-there", "/nowhere/", LEARNER, status=404),
    Page("home-teacher", "/", TEACHER),
    Page("teaching", "/teaching/", TEACHER),
    Page("teaching-today", "/teaching/today/", TEACHER),
    Page("register", "/teaching/", TEACHER, ("main a[href*=participants]",)),
    Page("home-coach", "/", COACH),
    Page("my-learners", "/my-learners/", COACH),
    Page("my-learner", "/my-learners/", COACH, ("main .row-title a",)),
    Page("no-learner-found", "/my-learners/?text=zzz", COACH),
    Page("home-assessor", "/", ASSESSOR),
    Page("home-board", "/", BOARD),
    Page("no-courses", "/my-learning/courses/", BOARD),
    Page("no-programmes", "/my-learning/programmes/", BOARD),
    Page("no-certificates", "/my-learning/certificates/", BOARD),
    Page("no-notifications", "/notifications/", BOARD),
    Page("home-admin", "/", ADMIN),
    Page("admin", "/admin/", ADMIN),
    Page("admin-people", "/admin/learners/user/", ADMIN),
    Page("admin-person", "/admin/learners/user/", ADMIN, (ROW,)),
    Page("admin-enrolments", "/admin/learners/enrolment/", ADMIN),
    Page("admin-enrolment", "/admin/learners/enrolment/", ADMIN, (ROW,)),
    Page("admin-participations", "/admin/attendance/participation/", ADMIN),
    Page("admin-runs", "/admin/learners/run/", ADMIN),
    Page("admin-courses", "/admin/learners/course/", ADMIN),
    Page("admin-lessons", "/admin/learners/lesson/", ADMIN),
    Page("admin-lesson", "/admin/learners/lesson/", ADMIN, ("#result_list tbody th a",)),
    Page("admin-imports", "/admin/learners/importjob/", ADMIN),
    Page("proofs", "/proofs/", ADMIN),
    Page("proof", "/proofs/", ADMIN, ("main .row-title a",)),
    Page("proofs-judged", "/proofs/?state=judged", ADMIN),
    Page("admin-certifications", "/admin/certifications/certification/", ADMIN),
    Page(
        "admin-certification",
        "/admin/certifications/certification/",
        ADMIN,
        ("#result_list th a",),
    ),
    Page(
        "admin-certification-version",
        "/admin/certifications/certificationversion/",
        ADMIN,
        ("#result_list th a",),
    ),
    Page("admin-assigned", "/admin/certifications/certificationassignment/", ADMIN),
    Page("admin-assign", "/admin/certifications/certificationassignment/add/", ADMIN),
    Page("admin-certificates", "/admin/certifications/certificate/", ADMIN),
    Page("teaching-nothing-found", "/teaching/?q=zzz", TEACHER),
    Page("admin-nobody-found", "/admin/learners/user/?q=zzz", ADMIN),
    Page("admin-person-add", "/admin/learners/user/add/", ADMIN),
    Page("admin-enrol", "/admin/learners/enrolment/add/", ADMIN),
    Page("admin-participation", "/admin/attendance/participation/", ADMIN, (ROW,)),
    Page("admin-run", "/admin/learners/run/", ADMIN, (ROW,)),
    Page("admin-run-add", "/admin/learners/run/add/", ADMIN),
    Page("admin-course", "/admin/learners/course/", ADMIN, (ROW,)),
    Page("admin-course-add", "/admin/learners/course/add/", ADMIN),
    Page("admin-programmes", "/admin/learners/programme/", ADMIN),
    Page("admin-programme", "/admin/learners/programme/", ADMIN, (ROW,)),
    Page("admin-import-begin", "/admin/learners/importjob/add/", ADMIN),
    Page("admin-institutions", "/admin/learners/organisation/", ADMIN),
    Page("admin-institution", "/admin/learners/organisation/", ADMIN, (ROW,)),
    Page("admin-groups", "/admin/auth/group/", ADMIN),
    Page("admin-group-add", "/admin/auth/group/add/", ADMIN),
    Page("admin-certificate", "/admin/certifications/certificate/", ADMIN, (ROW,)),
    Page("admin-log", "/admin/learners/auditentry/", ADMIN),
    Page("admin-history", "/admin/learners/run/", ADMIN, (ROW, "a.historylink")),
    Page("admin-savings", "/admin/attendance/registersaving/", ADMIN),
    Page("admin-marks", "/admin/attendance/attendance/", ADMIN),
    Page("admin-changes-of-marks", "/admin/attendance/attendancechange/", ADMIN),
    Page("admin-notifications", "/admin/learners/notification/", ADMIN),
    Page("admin-points", "/admin/learners/studypointaccount/", ADMIN),
    Page("admin-files", "/admin/learners/storedfile/", ADMIN),
    Page("admin-not-there", "/admin/learners/nothing/", ADMIN, status=404),
)
