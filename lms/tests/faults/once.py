"""What must be true after every fault: one certificate, one notification, one audit entry each."""

from collections import Counter
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from certifications import awarding
from certifications.certificates import rendering
from certifications.models import Certificate
from certifications.tests.factories import an_elearning, completed
from learners.models import AuditEntry, Course, Enrolment, Notification, StudyStatusChange
from learners.telling import notify
from learners.tests.factories import an_enrolment
from lms.tests.processes import wait_until

HOUR = timedelta(hours=1)


def completions(number: int, course: Course | None = None) -> list[Enrolment]:
    """Let so many people complete an e-learning, an hour ago; nobody has looked at it yet."""
    course = course or an_elearning()
    made = [completed(an_enrolment(course)) for _ in range(number)]
    StudyStatusChange.objects.waiting().update(due_at=timezone.now() - HOUR)
    return made


def an_hour_passes() -> None:
    """Everything that somebody claimed, or waits for another attempt, did so an hour ago."""
    for row in Certificate.objects.unrendered():
        Certificate.objects.filter(pk=row.pk).update(render_due_at=row.render_due_at - HOUR)
    for row in Notification.objects.exclude(claimed_at=None):
        Notification.objects.filter(pk=row.pk).update(claimed_at=row.claimed_at - HOUR)


def sweep() -> None:
    """What the scheduler would have done, here and now."""
    while awarding.drain():
        pass
    rendering.render_waiting(seconds=60)
    while notify.send_due():
        pass


def wait_until_done(enrolments: list[Enrolment]) -> None:
    """Wait until each has a certificate that can be downloaded."""
    done = Certificate.objects.exclude(rendered_at=None).filter(enrolment__in=enrolments)
    wait_until(lambda: done.count() >= len(enrolments))


def wait_until_mailed() -> None:
    """Wait until everybody was mailed what they were told."""
    wait_until(lambda: not Notification.objects.to_mail().exists())


def assert_once(enrolments: list[Enrolment], *, are_printed: bool = True) -> None:
    """One certificate, file, notification and audit entry each, and numbers without gaps."""
    rows = list(Certificate.objects.filter(enrolment__in=enrolments))
    each = {enrolment.pk: 1 for enrolment in enrolments}
    assert Counter(row.enrolment_id for row in rows) == each
    told = Notification.objects.filter(kind="certifications/certificate_issued")
    assert Counter(told.values_list("user", flat=True)) == Counter(r.learner_id for r in rows)
    issued = AuditEntry.objects.filter(action="certifications.certificate_issued")
    assert Counter(issued.values_list("object_id", flat=True)) == {row.pk: 1 for row in rows}
    if are_printed:
        assert [len(_files_of(row)) for row in rows] == [1] * len(rows)
    ends = sorted(int(row.number[-6:]) for row in rows)
    assert ends == list(range(1, len(rows) + 1))
    assert not StudyStatusChange.objects.waiting().exists()


def _files_of(certificate: Certificate) -> list[str]:
    assert certificate.file, f"{certificate} has no file"
    return list(default_storage.listdir(certificate.file.name.rpartition("/")[0])[1])
