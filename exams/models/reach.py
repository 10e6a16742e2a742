"""Of whom somebody judges what they make, and of whom they may look at it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q, QuerySet

from learners.models import Enrolment, Membership, Role, User
from learners.people.roles import memberships_of


def judged_by(user: User) -> QuerySet[Enrolment, Any]:
    """Return the keys of the enrolments that this person judges: of whom they coach or stand in
    for, and as a member of the board of who has no coach; their own are among them."""
    theirs = Enrolment.objects.coached_by(user).order_by().values("pk")
    if boards := [one.organisation for one in memberships_of(user) if one.role == Role.BOARD]:
        alone = Enrolment.objects.without_coach().filter(programme__organisation__in=boards)
        # A union, not OR, and for the board alone: databases then find rows by index.
        theirs = theirs.union(alone.order_by().values("pk"))
    return theirs


class OfEnrolment(models.QuerySet):
    """Rows about an enrolment in a programme, and who may look at them."""

    def for_user(self, user: User) -> Self:
        """Keep a person's own."""
        return self.filter(enrolment__learner=user)

    def judged_by(self, user: User) -> Self:
        """Keep those that this person judges; never their own."""
        return self.filter(enrolment__in=judged_by(user)).exclude(enrolment__learner=user)

    def seen_by(self, user: User) -> Self:
        """Keep those of whom this person coaches, and for the board all of its institution; never
        their own, which have a page of their own."""
        boards = Membership.objects.of(user, Role.BOARD).values("organisation")
        coached = Enrolment.objects.coached_by(user).values("pk")
        theirs = Q(enrolment__in=coached) | Q(enrolment__programme__organisation__in=boards)
        return self.filter(theirs).exclude(enrolment__learner=user)
