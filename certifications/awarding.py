"""From a study status to a certificate: what should exist given today's status, and what does.

A change of study status that is due says no more than 'look at this enrolment'. Whoever looks
compares and settles the difference, so it may be done any number of times, by any number of
workers, and stopped anywhere: there is one certificate, one notification and one audit entry.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from certifications.certificates import frozen_words, news, numbers
from certifications.cycles import settling
from certifications.cycles.counts_from import achieved_days
from certifications.cycles.validity import last_valid_day
from certifications.models import Certificate, CertificateKind
from learners import audit
from learners.models import (
    CompletedBy,
    Course,
    Enrolment,
    Meeting,
    ProgrammeCourse,
    Run,
    StudyStatus,
    StudyStatusChange,
)
from learners.studying import places, status_news

BATCH = 5_000  # enrolments in one transaction: three seconds, and 38 queries for 10,000


def drain(*, limit: int = BATCH) -> int:
    """Settle enrolments whose newest change is due; return how many. Nothing due is one query."""
    now = timezone.now()
    due = StudyStatusChange.objects.due(now).order_by("due_at")
    ids = list(due.values_list("enrolment_id", flat=True)[:limit])
    return _settle(ids, now) if ids else 0


def earns_certificate(enrolment: Enrolment) -> bool:
    """Whether the status of today gives a certificate: only 'completed' does, exempt does not."""
    gives = enrolment.course is None or enrolment.course.gives_certificate
    return gives and enrolment.status == StudyStatus.COMPLETED


@transaction.atomic
def _settle(enrolment_ids: Collection[int], now: datetime) -> int:
    """Lock enrolments before their changes, as the study status does; pass over what somebody
    else holds at this moment, which the next sweep finds again."""
    enrolments = {
        enrolment.pk: enrolment
        for enrolment in Enrolment.objects.filter(pk__in=enrolment_ids)
        .select_related("learner", "course__organisation", "programme__organisation")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    }
    changes = list(
        StudyStatusChange.objects.due(now)
        .filter(enrolment__in=enrolments)
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    for change in changes:
        change.enrolment = enrolments[change.enrolment_id]
    _issue_what_is_missing(changes, now)
    StudyStatusChange.objects.filter(pk__in=[c.pk for c in changes]).update(handled_at=now)
    status_news.tell(changes)
    if concerned := settling.concerned_by(change.enrolment for change in changes):
        settling.settle(concerned, now)
    return len(changes)


def _issue_what_is_missing(changes: Sequence[StudyStatusChange], now: datetime) -> None:
    active = {
        certificate.enrolment_id: certificate
        for certificate in Certificate.objects.active().filter(
            enrolment__in=[change.enrolment_id for change in changes]
        )
    }
    earned = [change for change in changes if earns_certificate(change.enrolment)]
    issue([change for change in earned if change.enrolment_id not in active], now)
    lost = [change for change in changes if not earns_certificate(change.enrolment)]
    _withdraw(
        {change: active[change.enrolment_id] for change in lost if change.enrolment_id in active},
        now,
    )


def issue(changes: Sequence[StudyStatusChange], now: datetime) -> list[Certificate]:
    """Make the certificates of these completions, frozen as they are now, and tell who earned one
    where the newest change of the enrolment tells.

    The proof of a programme that an exam completes is held until somebody releases it.
    """
    if not changes:
        return []
    run_of = places.runs_of([change.enrolment for change in changes])
    days = achieved_days(changes, run_of)
    details = _details([change.enrolment for change in changes], run_of)
    asked = [(c.enrolment.organisation, days[c.enrolment_id].year) for c in changes]
    made = []
    for change, number in zip(changes, numbers.take(asked), strict=True):
        certificate = _frozen(change.enrolment, now)
        certificate.number = number
        certificate.achieved_on = days[change.enrolment_id]
        certificate.details = details[change.enrolment_id]
        certificate.valid_until = _valid_until(certificate)
        made.append(certificate)
    Certificate.objects.bulk_create(made)
    audit.record_all(action="certifications.certificate_issued", on=made, by=None)
    told = [
        certificate
        for change, certificate in zip(changes, made, strict=True)
        if change.tells_learner and certificate.released_at
    ]
    news.tell_issued(told)
    return made


def _frozen(enrolment: Enrolment, now: datetime) -> Certificate:
    """The learner's name and the title as they are today, in the certificate's language."""
    organisation, learner = enrolment.organisation, enrolment.learner
    language = _language(enrolment)
    waits_for_exam = enrolment.programme and enrolment.programme.completed_by == CompletedBy.EXAM
    return Certificate(
        kind=CertificateKind.COURSE if enrolment.course else CertificateKind.PROOF,
        learner=learner,
        enrolment=enrolment,
        organisation=organisation,
        language=language,
        learner_name=learner.name,
        title=enrolment.subject.title_in(language),
        created_at=now,
        released_at=None if waits_for_exam else now,
        render_due_at=now,
    )


def _valid_until(certificate: Certificate) -> date | None:
    course = certificate.enrolment.course if certificate.enrolment else None
    return last_valid_day(certificate.achieved_on, course.certificate_months if course else None)


def _details(enrolments: Sequence[Enrolment], run_of: Mapping[int, Run]) -> dict[int, str]:
    """Return the line that says what was done for each."""
    meetings = _meetings_of({run.pk for run in run_of.values()})
    courses = _courses_of({e.programme_id for e in enrolments if e.programme_id})

    @cache  # most enrolments of a batch are in the same few courses
    def of_course(course: Course, number: int, language: str) -> str:
        return frozen_words.course_details(course, number, language)

    details = {}
    for enrolment in enrolments:
        language = _language(enrolment)
        if enrolment.course is None:
            line = frozen_words.programme_details(courses[enrolment.programme_id], language)
        else:
            run = run_of.get(enrolment.pk)
            line = of_course(enrolment.course, meetings.get(run.pk, 0) if run else 0, language)
        details[enrolment.pk] = line
    return details


def _language(enrolment: Enrolment) -> str:
    """The learner's; where that is not known the institution's."""
    return enrolment.learner.language or enrolment.organisation.language


def _meetings_of(run_ids: Collection[int]) -> dict[int, int]:
    """Return how many meetings each run has."""
    if not run_ids:
        return {}
    counted = Meeting.objects.going_on().filter(run__in=run_ids).order_by()
    return dict(counted.values_list("run").annotate(Count("pk")))


def _courses_of(programme_ids: Collection[int]) -> dict[int | None, list[Course]]:
    """Return the courses that completing each programme needed, in order: others were perhaps not
    done."""
    courses: dict[int | None, list[Course]] = {pk: [] for pk in programme_ids}
    if courses:
        rows = ProgrammeCourse.objects.filter(programme__in=courses, is_needed=True)
        for row in rows.select_related("course").order_by("position", "pk"):
            courses[row.programme_id].append(row.course)
    return courses


def _withdraw(lost: Mapping[StudyStatusChange, Certificate], now: datetime) -> None:
    """Withdraw what the status of today no longer gives, held or issued."""
    if not lost:
        return
    for change, certificate in lost.items():
        certificate.revoked_at = now
        certificate.revoked_by_id = change.by_id
        certificate.revoked_because = frozen_words.left_completed(
            StudyStatus(change.enrolment.status), change.enrolment.organisation.language
        )
    certificates = list(lost.values())
    Certificate.objects.bulk_update(certificates, ["revoked_at", "revoked_by", "revoked_because"])
    audit.record_all(action="certifications.certificate_revoked", on=certificates, by=None)
    news.tell_revoked([one for change, one in lost.items() if change.tells_learner])
