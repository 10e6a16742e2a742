"""From a completed cycle to its certificate: what should exist, and what does.

A certificate that was issued never changes: where its day is no longer right, because a result on
which it rested was taken back, it is withdrawn and another one is issued.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, override

from certifications.certificates import frozen_words, news, numbers
from certifications.cycles.silence import Silence
from certifications.models import Certificate, CertificateKind, Cycle, Fulfilment
from learners import audit


def settle(rows: Sequence[Cycle], now: datetime, silence: Silence) -> None:
    """Issue and withdraw what these cycles, which the caller has locked, ask for; a certificate is
    superseded by that of a later cycle of the same assignment. Who earned one or lost it is told,
    but for where silence was asked for."""
    earned = [row for row in rows if _gives_certificate(row)]
    theirs = Certificate.objects.filter(cycle__assignment__in={row.assignment_id for row in rows})
    active = {certificate.cycle_id: certificate for certificate in theirs.active()}
    wrong = [
        certificate
        for row in earned
        if (certificate := active.get(row.pk)) and not _is_right(certificate, row)
    ]
    _withdraw(wrong, rows, now)
    news.tell_revoked([one for one in wrong if one.cycle_id not in silence.withdrawn])
    right = [one for one in active.values() if one not in wrong]
    has_one = {certificate.cycle_id for certificate in right}
    made = issue([row for row in earned if row.completed_on and row.pk not in has_one], now)
    news.tell_issued([one for one in made if one.cycle_id not in silence.issued])
    _supersede([*right, *made], rows)


def _gives_certificate(row: Cycle) -> bool:
    """Whether a certificate follows from a cycle: not from evidence, and none comes back."""
    is_over = row.revoked_at or row.exempted_at
    return not is_over and not row.certification.is_external


def _supersede(certificates: Sequence[Certificate], rows: Sequence[Cycle]) -> None:
    """Let each certificate point to that of the last later cycle; where that was withdrawn, it
    stands again."""
    place = {row.pk: (row.assignment_id, row.number) for row in rows}
    newest: dict[int, Certificate] = {}
    changed = []
    for one in sorted(certificates, key=lambda one: place[one.cycle_id or 0], reverse=True):
        later = newest.setdefault(place[one.cycle_id or 0][0], one)
        wanted = None if later is one else later.pk
        if one.superseded_by_id != wanted:
            one.superseded_by_id = wanted
            changed.append(one)
    Certificate.objects.bulk_update(changed, ["superseded_by"], batch_size=1_000)


def _is_right(certificate: Certificate, row: Cycle) -> bool:
    return (certificate.achieved_on, certificate.valid_until) == (row.completed_on, row.valid_until)


def issue(rows: Sequence[Cycle], now: datetime) -> list[Certificate]:
    """Make the certificates of these cycles, frozen as they are now."""
    if not rows:
        return []
    done = _done_for(rows)
    years = [(row.organisation, row.completed_on.year) for row in rows if row.completed_on]
    made = [
        _frozen(row, number, done.get(row.pk, []), now)
        for row, number in zip(rows, numbers.take(years), strict=True)
    ]
    Certificate.objects.bulk_create(made)
    audit.record_all(action="certifications.certificate_issued", on=made, by=None)
    return made


def _frozen(row: Cycle, number: str, done: Sequence[Fulfilment], now: datetime) -> Certificate:
    """The learner's name and the title as they are today, in the learner's language."""
    learner, organisation = row.assignment.learner, row.organisation
    language = learner.language or organisation.language
    assert row.completed_on is not None, "only what is completed gets a certificate"
    return Certificate(
        kind=CertificateKind.CERTIFICATION,
        number=number,
        learner=learner,
        cycle=row,
        organisation=organisation,
        language=language,
        learner_name=learner.name,
        title=row.certification.title_in(language),
        details=_details(done, language),
        achieved_on=row.completed_on,
        valid_until=row.valid_until,
        created_at=now,
        released_at=now,
        render_due_at=now,
    )


def _details(done: Sequence[Fulfilment], language: str) -> str:
    """Name what was done for it, as far as that fits in a line."""
    return frozen_words.listed([one.requirement.subject for one in done], language)


def _done_for(rows: Sequence[Cycle]) -> dict[int, list[Fulfilment]]:
    done: dict[int, list[Fulfilment]] = {}
    found = Fulfilment.objects.filter(cycle__in=rows)
    related = ("requirement__course", "requirement__programme")
    for one in found.select_related(*related).order_by("requirement__position", "pk"):
        done.setdefault(one.cycle_id, []).append(one)
    return done


def _withdraw(wrong: Sequence[Certificate], rows: Sequence[Cycle], now: datetime) -> None:
    if not wrong:
        return
    by_pk = {row.pk: row for row in rows}
    for certificate in wrong:
        row = by_pk[certificate.cycle_id or 0]
        certificate.revoked_at = now
        with override(row.organisation.language):
            certificate.revoked_because = (
                gettext("A result on which it rested was corrected, and with it the day.")
                if row.completed_on
                else gettext("A result on which it rested was taken back.")
            )
    Certificate.objects.bulk_update(wrong, ["revoked_at", "revoked_because"])
    audit.record_all(action="certifications.certificate_revoked", on=wrong, by=None)
