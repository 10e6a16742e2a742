"""Subscriptions and codes for tests."""

from datetime import timedelta

from django.utils import timezone

from learners.enrolling import entering
from learners.models import (
    Actor,
    Enrolment,
    Programme,
    Role,
    Subscription,
    SubscriptionCodeBatch,
    SubscriptionKind,
    User,
)
from learners.people import code_batches
from learners.tests.factories import OrganisationFactory, a_member, an_administrator


def a_batch(**fields: object) -> SubscriptionCodeBatch:
    """Make a batch of codes of three months, to be used within a month."""
    said = {
        "organisation": fields.get("organisation") or OrganisationFactory(),
        "name": "Autumn",
        "days": 90,
        "number": 1,
        "ends_on": timezone.localdate() + timedelta(days=30),
    }
    return code_batches.make(**{**said, "by": fields.get("by") or an_administrator(), **fields})  # type: ignore[arg-type]


def a_follower(programme: Programme, learner: User | None = None) -> Enrolment:
    """Let somebody follow a programme with its courses."""
    learner = learner or a_member(Role.LEARNER, programme.organisation, language="en")
    return entering.enrol_in_programme(
        learner=learner, programme=programme, by=learner, actor=Actor.LEARNER
    )


def subscribe(enrolment: Enrolment, first: int, last: int) -> Subscription:
    """Give somebody paid days in a programme, counted from today there."""
    today = enrolment.organisation.today()
    return Subscription.objects.create(
        user=enrolment.learner,
        organisation=enrolment.organisation,
        kind=SubscriptionKind.PAID,
        starts_on=today + timedelta(days=first),
        ends_on=today + timedelta(days=last),
    )
