"""Every page that is looked at: by axe in the tests, by people in `make pictures`."""

from dataclasses import dataclass

LEARNER, TEACHER, ADMIN = "learner@example.org", "teacher@example.org", "admin@example.org"


@dataclass(frozen=True)
class Page:
    """An address, as whom it is visited, and which links to follow from there to get to it."""

    name: str
    path: str
    who: str = ""
    follow: tuple[str, ...] = ()

    def visit(self, window: object) -> None:
        """Go there; the window has a base address and is signed in."""
        window.goto(self.path)  # type: ignore[attr-defined]
        for link in self.follow:
            href = window.locator(link).first.get_attribute("href")  # type: ignore[attr-defined]
            window.goto(href)  # type: ignore[attr-defined]


PAGES = (
    Page("sign-in", "/accounts/login/"),
    Page("forgotten", "/accounts/forgotten/"),
    Page("forgotten-sent", "/accounts/forgotten/sent/"),
    Page("forgotten-too-late", "/accounts/forgotten/MQ/set-password/"),
    Page("forgotten-complete", "/accounts/forgotten/complete/"),
    Page("home", "/", LEARNER),
    Page("my-learning", "/my-learning/", LEARNER),
    Page("my-courses", "/my-learning/courses/", LEARNER),
    Page("my-course", "/my-learning/courses/", LEARNER, ("main .row-title a",)),
    Page("my-programmes", "/my-learning/programmes/", LEARNER),
    Page("catalogue", "/catalogue/", LEARNER),
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
    Page("search", "/search/?q=e", LEARNER),
    Page("nothing-found", "/search/?q=zzz", LEARNER),
    Page("not-there", "/nowhere/", LEARNER),
    Page("home-teacher", "/", TEACHER),
    Page("home-admin", "/", ADMIN),
    Page("admin", "/admin/", ADMIN),
)
