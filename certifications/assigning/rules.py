"""Rules that keep assigning: who newly fits gets it, whoever looks and however often.

A rule gives each person a certification once: who declined it, or lost it by hand, is left alone.
Nobody loses it by no longer fitting, unless the rule says so; what was completed stays, and what is
being judged is judged first. Who fits by something that was to be told nobody is not told either.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from certifications.assigning import audiences, giving, previewing, taking_back
from certifications.assigning.giving import Wanted
from certifications.models import (
    AssigningJob,
    AssigningRule,
    Certification,
    CertificationAssignment,
    Cycle,
)
from certifications.models.assignment import EndedAs
from certifications.models.groups import GROUP_FIELDS, GROUP_RELATED
from learners import audit
from learners.models import User

BATCH = 500  # people in one transaction


@transaction.atomic
def make(*, job: AssigningJob, by: User) -> AssigningRule:
    """Make the rule that a job asks for; it applies from when the job is done."""
    fields = {name: getattr(job, name) for name in GROUP_FIELDS}
    made = AssigningRule.objects.create(
        certification=job.certification,
        mode=job.mode,
        due_days=job.due_days,
        withdraws=job.withdraws,
        by=by,
        **fields,
    )
    audit.record(action="certifications.rule_made", on=made, by=by)
    return made


def switch_on(*, rule: AssigningRule) -> None:
    """Let a rule apply from now on; done twice, it is done once."""
    waiting = AssigningRule.objects.filter(pk=rule.pk, switched_on_at=None)
    waiting.update(switched_on_at=timezone.now())


@transaction.atomic
def switch_off(*, rules: Collection[AssigningRule], by: User) -> int:
    """Let rules apply no longer; who has it by them keeps it."""
    going_on = AssigningRule.objects.filter(pk__in=[r.pk for r in rules], switched_off_at=None)
    related = ("certification", *GROUP_RELATED)
    locked = list(going_on.select_related(*related).select_for_update(of=("self",)))
    AssigningRule.objects.filter(pk__in=[rule.pk for rule in locked]).update(
        switched_off_at=timezone.now(), switched_off_by=by
    )
    audit.record_all(action="certifications.rule_switched_off", on=locked, by=by)
    return len(locked)


def apply_all() -> int:
    """Apply every rule that is on to who newly fits, and where it says so to who no longer does;
    return to how many people something happened. Twice at once, or broken off, is no matter."""
    published = Certification.objects.published()
    on = AssigningRule.objects.on().filter(certification__in=published)
    return sum(apply(pk) for pk in list(on.order_by("pk").values_list("pk", flat=True)))


def apply(rule_id: int) -> int:
    """Apply one rule, batch by batch."""
    people = 0
    for act in (_assign_batch, _withdraw_batch):
        while number := act(rule_id):
            people += number
    return people


def newly_fitting(rule: AssigningRule) -> QuerySet[User]:
    """Keep who fits a rule and never had its certification, but for what a rule itself ended."""
    had = CertificationAssignment.objects.filter(
        certification=rule.certification_id, learner=OuterRef("pk"), is_ended_by_rule=False
    )
    return audiences.people_of(rule).filter(~Exists(had), is_active=True)


def no_longer_fitting(rule: AssigningRule) -> QuerySet[CertificationAssignment]:
    """Keep what a rule gave, was not completed nor handed in, and fits no rule that is on now."""
    over = Q(completed_on__isnull=False) | Q(exempted_at__isnull=False)
    over |= Q(revoked_at__isnull=False) | Q(submitted_at__isnull=False)
    over |= Q(awaited_at__isnull=False)
    stays = Cycle.objects.filter(over, assignment=OuterRef("pk"))
    rows = CertificationAssignment.objects.going_on().filter(~Exists(stays), rule=rule)
    others = AssigningRule.objects.on().filter(certification=rule.certification_id)
    for one in others:
        rows = rows.exclude(learner__in=audiences.people_of(one).values("pk"))
    return rows


def _locked(rule_id: int) -> AssigningRule | None:
    """Lock a rule's certification, as assigning does, and return the rule while it is on: of two
    workers the second sees what the first did."""
    rule = AssigningRule.objects.select_related(
        "by", "certification__organisation", *GROUP_RELATED
    ).get(pk=rule_id)
    list(Certification.objects.filter(pk=rule.certification_id).select_for_update(of=("self",)))
    return rule if AssigningRule.objects.on().filter(pk=rule_id).exists() else None


@transaction.atomic
def _assign_batch(rule_id: int) -> int:
    rule = _locked(rule_id)
    if rule is None:
        return 0
    people = list(newly_fitting(rule).order_by("pk").only(*audiences.SHOWN)[:BATCH])
    due_on = previewing.due_day(rule)
    if not people:
        return 0
    rows = giving.assign_each(
        certification=rule.certification,
        wanted=[Wanted(learner, rule.mode, due_on) for learner in people],
        by=rule.by,
        rule=rule,
        leaves=True,
        once=True,
        untold=audiences.in_silence(rule, people),
    )
    return sum(not row.refusal for row in rows)


@transaction.atomic
def _withdraw_batch(rule_id: int) -> int:
    rule = _locked(rule_id)
    if rule is None or not rule.withdraws:
        return 0
    locked = taking_back.lock(no_longer_fitting(rule).order_by("pk")[:BATCH])
    keys = [row.pk for row in locked]
    still = set(no_longer_fitting(rule).filter(pk__in=keys).values_list("pk", flat=True))
    with translation.override(rule.certification.organisation.language):
        why = gettext("No longer: %(group)s") % {"group": rule.group_words}
    taking_back.end(
        [row for row in locked if row.pk in still],
        ended_as=EndedAs.WITHDRAWN,
        by=rule.by,
        reason=why[: taking_back.LONGEST_REASON],
        by_rule=True,
    )
    return len(still)
