"""Evidence of force majeure: it makes of a withdrawal without a valid reason one with.

Source: the teachers' guide ('of een bewijs van overmacht heeft voorgelegd') and the study rules.
Evidence is handed in within the days that the institution gives, an administrator accepts or
refuses it, and then its files are purged while the verdict stays. See docs/decisions/0021.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from learners import audit
from learners.enrolling import withdrawing
from learners.evidence import judging
from learners.evidence.judging import EvidenceRefused
from learners.files import keeping
from learners.models import (
    Actor,
    Enrolment,
    EvidenceState,
    ForceMajeure,
    ForceMajeureFile,
    StoredFile,
    StudyStatus,
    StudyStatusChange,
    User,
)
from learners.studying import outbox, places
from learners.studying.status_wishes import Wish
from learners.studying.study_status import StatusRefused, change_statuses
from learners.telling import notify

MOST_FILES = 5
RELATED = ("course__organisation", "programme__organisation", "learner")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where somebody stands with evidence for one withdrawal; `until` is the last day to hand it
    in, None where there is nothing to prove."""

    enrolment: Enrolment
    evidence: Sequence[ForceMajeure]
    until: date | None

    @property
    def latest(self) -> ForceMajeure | None:
        return self.evidence[0] if self.evidence else None

    @property
    def waits(self) -> bool:
        """Whether evidence is being judged."""
        return any(one.waits for one in self.evidence)

    @property
    def may_hand_in(self) -> bool:
        """Whether the learner can hand in evidence today."""
        today = self.enrolment.organisation.today()
        return self.until is not None and not self.waits and today <= self.until


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """One withdrawal that evidence would change, with what whoever judges wants to know of it."""

    enrolment: Enrolment
    change: StudyStatusChange
    first_day: date | None

    @property
    def days_before(self) -> int | None:
        """How many days before the first meeting somebody let know."""
        known = self.first_day and self.change.notified_on
        return (self.first_day - self.change.notified_on).days if known else None  # type: ignore[operator]


def withdrawals(evidence: ForceMajeure) -> list[Withdrawal]:
    """Return what accepting evidence would change."""
    affected = covered(evidence.enrolment)
    newest = outbox.newest_changes([each.pk for each in affected])
    run_of = places.runs_of(affected)
    return [
        Withdrawal(
            enrolment=each,
            change=newest[each.pk],
            first_day=run_of[each.pk].first_day(each.organisation) if each.pk in run_of else None,
        )
        for each in affected
        if each.pk in newest
    ]


def standing(enrolment: Enrolment) -> Standing:
    """Say whether evidence can be handed in for an enrolment, until when, and what became of it."""
    about = ForceMajeure.objects.about(enrolment)
    evidence = list(about.select_related("decided_by").prefetch_related("files__file"))
    until = _until(enrolment, covered(enrolment), evidence)
    return Standing(enrolment=enrolment, evidence=evidence, until=until)


def covered(enrolment: Enrolment) -> list[Enrolment]:
    """Return what evidence would change: this withdrawal without a valid reason, or of a programme
    those of its courses."""
    rows = Enrolment.objects.filter(status=StudyStatus.WITHDRAWN_INVALID)
    own = {"pk": enrolment.pk} if enrolment.course_id else {"part_of": enrolment}
    return list(rows.filter(**own).select_related(*RELATED).order_by("pk"))


def _until(
    enrolment: Enrolment, affected: Collection[Enrolment], evidence: Collection[ForceMajeure]
) -> date | None:
    """Return the last day to hand in: so many after the withdrawal, or after the last refusal."""
    if not affected:
        return None
    organisation = enrolment.organisation
    changes = outbox.newest_changes([each.pk for each in affected]).values()
    refused = [p.decided_at for p in evidence if p.state == EvidenceState.REFUSED and p.decided_at]
    last = max([*(change.at for change in changes), *refused], default=timezone.now())
    return organisation.day_of(last) + timedelta(days=organisation.proof_days)


@transaction.atomic
def hand_in(
    *, enrolment: Enrolment, files: Sequence[StoredFile], by: User, explanation: str = ""
) -> ForceMajeure:
    """Hand in evidence for a withdrawal, by the learner in time, or by staff at any time.

    Raises `EvidenceRefused` without a file, where nothing can be proved, or where some waits.
    """
    rows = Enrolment.objects.select_related(*RELATED).select_for_update(of=("self",))
    locked = rows.get(pk=enrolment.pk)
    stands = standing(locked)
    if stands.until is None:
        raise EvidenceRefused(
            _("Proof changes nothing here: it is no withdrawal without a reason.")
        )
    if stands.waits:
        raise EvidenceRefused(_("A proof is being judged already."))
    if by.pk == locked.learner_id and not stands.may_hand_in:
        raise EvidenceRefused(_("The days in which you could hand in proof are over."))
    if not files:
        raise EvidenceRefused(_("Choose the file that is your proof."))
    made = ForceMajeure.objects.create(
        enrolment=locked,
        submitted_by=by,
        explanation=explanation.strip()[:500],
        number_of_files=len(files),
    )
    for file in files:
        kept = keeping.claim(stored=file, owner=locked.learner)
        ForceMajeureFile.objects.create(force_majeure=made, file=kept)
    audit.record(action="learners.force_majeure_handed_in", on=made, by=by)
    return made


@transaction.atomic
def accept(*, evidence: ForceMajeure, by: User) -> ForceMajeure:
    """Accept evidence: the withdrawal had a valid reason. Its files are let go; people are told.

    Raises `EvidenceRefused` without a file, or where the study status is another one by now.
    """
    locked = _locked(evidence)
    if locked.state == EvidenceState.ACCEPTED:
        return locked
    judging.refuse_decided(locked)
    judging.refuse_unread(locked.files)
    _make_valid(locked, by)
    _decide(locked, EvidenceState.ACCEPTED, by, "")
    return locked


@transaction.atomic
def refuse(*, evidence: ForceMajeure, by: User, reason: str) -> ForceMajeure:
    """Refuse evidence, with a reason that the learner reads; the withdrawal stays without a valid
    reason, and they may try again. Its files are let go."""
    locked = _locked(evidence)
    if locked.state == EvidenceState.REFUSED:
        return locked
    judging.refuse_decided(locked)
    _decide(locked, EvidenceState.REFUSED, by, judging.said_why(reason))
    return locked


@transaction.atomic
def withdraw(
    *,
    enrolment: Enrolment,
    by: User,
    actor: Actor,
    notified_on: date | None,
    reason: str = "",
    files: Sequence[StoredFile] = (),
    explanation: str = "",
) -> ForceMajeure | None:
    """Withdraw somebody, and hand in the evidence that came along where some is needed; return it.
    Who was withdrawn by somebody else is told.

    Raises what `withdrawing.withdraw` and `hand_in` raise; then neither is done.
    """
    change = withdrawing.withdraw(
        enrolment=enrolment, by=by, actor=actor, notified_on=notified_on, reason=reason
    )
    made = None
    if files and covered(enrolment) and not standing(enrolment).waits:
        made = hand_in(enrolment=enrolment, files=files, by=by, explanation=explanation)
    if change is not None and by.pk != enrolment.learner_id:
        _tell_withdrawn(change)
    return made


def _locked(evidence: ForceMajeure) -> ForceMajeure:
    rows = ForceMajeure.objects.select_for_update(of=("self",)).select_related(
        "submitted_by", *(f"enrolment__{name}" for name in RELATED)
    )
    return rows.get(pk=evidence.pk)


def _make_valid(evidence: ForceMajeure, by: User) -> None:
    """Change what the evidence is about; the day on which somebody let know stays what it was."""
    affected = covered(evidence.enrolment)
    if not affected and evidence.enrolment.status != StudyStatus.WITHDRAWN_VALID:
        raise EvidenceRefused(
            _("The study status is “%(status)s” by now; accepting would change nothing.")
            % {"status": evidence.enrolment.shown_status}
        )
    newest = outbox.newest_changes([each.pk for each in affected])
    with translation.override(evidence.learner.language):
        reason = _("Proof of force majeure was accepted")
    wishes = [
        Wish(
            enrolment_id=each.pk,
            to=StudyStatus.WITHDRAWN_VALID,
            reason=reason,
            notified_on=newest[each.pk].notified_on if each.pk in newest else None,
            tells_learner=False,  # the verdict does
        )
        for each in affected
    ]
    try:
        change_statuses(wishes=wishes, by=by, actor=Actor.ADMINISTRATOR)
    except StatusRefused as refused:
        raise EvidenceRefused(str(refused)) from refused


def _decide(evidence: ForceMajeure, state: EvidenceState, by: User, reason: str) -> None:
    judging.decide(
        evidence=evidence, state=state, by=by, reason=reason, action="learners.force_majeure"
    )
    judging.forget_files(held=ForceMajeureFile.objects.filter(force_majeure=evidence))
    _tell(evidence)


def _tell_withdrawn(change: StudyStatusChange) -> None:
    """Tell somebody that they were withdrawn, as what, and until when evidence can change it."""
    enrolment = change.enrolment
    until = standing(enrolment).until
    message = notify.Message(
        user_id=enrolment.learner_id,
        organisation_id=enrolment.subject.organisation_id,
        key=f"withdrawn:{change.pk}",
        params={
            **_titles(enrolment),
            "status": change.to_status,
            "until": until.isoformat() if until else "",
        },
        url=enrolment.get_absolute_url(),
    )
    notify.tell(kind="learners/withdrawn_by_somebody", messages=[message])


def _titles(enrolment: Enrolment) -> dict[str, object]:
    return {"title_nl": enrolment.subject.title_nl, "title_en": enrolment.subject.title_in("en")}


def _tell(evidence: ForceMajeure) -> None:
    """Tell the learner of the verdict, and who handed it in for them."""
    learner = evidence.learner
    people = {learner.pk, evidence.submitted_by_id}
    notify.tell(
        kind=f"learners/force_majeure_{evidence.state}",
        messages=[
            notify.Message(
                user_id=person,
                organisation_id=evidence.enrolment.subject.organisation_id,
                key=f"force-majeure:{evidence.pk}",
                params={
                    **_titles(evidence.enrolment),
                    "reason": evidence.reason,
                    "whose": "" if person == learner.pk else learner.name,
                },
                url=evidence.enrolment.get_absolute_url() if person == learner.pk else "",
            )
            for person in sorted(people)
        ],
    )
