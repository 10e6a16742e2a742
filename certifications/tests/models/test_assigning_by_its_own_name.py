"""What is assigned to many got a name that is not that of an assignment; what is stored follows."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from certifications.models import AssigningJob
from certifications.tests.bulk import a_job
from certifications.tests.factories import a_certification, an_elearning
from learners import audit
from learners.models import AuditEntry

VERBS = ("add", "change", "delete", "view")


def migrate(*names: str) -> None:
    call_command("migrate", "certifications", *names, verbosity=0)
    ContentType.objects.clear_cache()


def codenames(ending: str) -> set[str]:
    found = Permission.objects.filter(codename__endswith=ending)
    return set(found.values_list("codename", flat=True))


def kinds(job: AssigningJob) -> set[str]:
    """Return what the audit log says of it that it is."""
    entries = AuditEntry.objects.filter(object_id=job.pk, action="certifications.assigning_tried")
    return set(entries.values_list("object_type", flat=True))


@pytest.mark.django_db(transaction=True)
def test_permissions_and_history_follow_the_name_both_ways():
    certification = a_certification(an_elearning())
    job = a_job(
        certification, group="role", role="teacher", organisation=certification.organisation
    )
    audit.record(action="certifications.assigning_tried", on=job, by=job.by)
    held = {*Permission.objects.filter(codename__endswith="_assigningjob")}
    group = Group.objects.create(name="Who assign")
    group.permissions.set(held)

    migrate("0012")
    assert kinds(job) == {"certifications.assignmentjob"}
    assert codenames("_assignmentrule") == {f"{verb}_assignmentrule" for verb in VERBS}
    assert codenames("_assigningrule") == set()
    assert "certifications_assignmentline" in connection.introspection.table_names()

    migrate()
    assert kinds(job) == {"certifications.assigningjob"}
    assert codenames("_assigningrule") == {f"{verb}_assigningrule" for verb in VERBS}
    assert codenames("_assignmentrule") == set()
    assert {*group.permissions.all()} == held
    assert {one.codename for one in held} == codenames("_assigningjob")
    assert AssigningJob.objects.get() == job
