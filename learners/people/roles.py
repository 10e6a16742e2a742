"""What each role may do, in sentences; a right on one row comes from a relation to it.

- A learner sees their own enrolments, marks, certificates and notifications.
- A teacher opens the register of the runs that they teach, or of which they give a meeting, and no
  other; they plan the meetings of those that they teach. When they are no teacher at the
  institution any more, none of it.
- An author writes the content of the courses of their institution.
- A coach sees the people whose programme they coach, or stand in for.
- An assessor sees the assessments that they claimed or were given.
- The examination board sees the exams of its institution.
- An administrator is Django staff: head office, who define everything and see all.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from learners.models import Membership, Role, User
from learners.models.coaching import held_by

View = Callable[..., HttpResponse]


def memberships_of(user: User) -> list[Membership]:
    """Return what this person is, and where; asked once each time that the person is fetched."""
    return held_by(user)


def has_role(user: User, *roles: Role) -> bool:
    """Whether this person has one of these roles anywhere; administrators have them all."""
    return user.is_staff or any(one.role in roles for one in memberships_of(user))


def is_at_work(user: User) -> bool:
    """Whether this person is more than a learner anywhere."""
    return user.is_staff or any(one.role != Role.LEARNER for one in memberships_of(user))


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in who has one of these roles; others see that the page is not for them (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not has_role(request.user, *roles):  # type: ignore[arg-type]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
