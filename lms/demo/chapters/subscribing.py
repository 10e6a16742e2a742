"""Codes for paid time at the institution whose programmes ask a subscription."""

from learners.models import Enrolment, SubscriptionCode
from learners.people import code_batches
from learners.studying import redeeming
from lms.demo.world import World

INSTITUTION = "ZCU"
FREE_CODE = "ZCUPRAAT2728"  # which the guide of the demo names
USED = 3


def hand_out_codes(world: World) -> int:
    """Make a batch, of which one code can be tried and some were used; return how many are left."""
    batch = code_batches.make(
        organisation=world.organisations[INSTITUTION],
        name="Voorjaarsactie",
        days=90,
        number=20,
        ends_on=world.clock.day(120),
        by=world.admin,
    )
    first, *others = batch.codes.all()
    SubscriptionCode.objects.filter(pk=first.pk).update(code=FREE_CODE)
    wholes = Enrolment.objects.followed().filter(programme__organisation=batch.organisation)
    followers = wholes.exclude(learner=world.sanne).order_by("-pk")[:USED]
    for whole, code in zip(followers.select_related("learner"), others, strict=False):
        redeeming.redeem(typed=code.code, by=whole.learner)
    return batch.codes.unused().count()
