"""What is handed in of force majeure got a name that is not that of a proof; what is stored
follows."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from learners.enrolling import force_majeure
from learners.evidence import judging
from learners.models import AuditEntry, ForceMajeure, StudyStatus
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment, with_status

VERBS = ("add", "change", "delete", "view")


def migrate(*names: str) -> None:
    call_command("migrate", *names, verbosity=0)
    ContentType.objects.clear_cache()


def codenames(ending: str) -> set[str]:
    found = Permission.objects.filter(codename__endswith=ending)
    return set(found.values_list("codename", flat=True))


def kinds(evidence: ForceMajeure) -> set[str]:
    """Return what the audit log says of it that it is."""
    entries = AuditEntry.objects.filter(
        object_id=evidence.pk, action="learners.force_majeure_handed_in"
    )
    return set(entries.values_list("object_type", flat=True))


def names_of(table: str) -> set[str]:
    """Return how the constraints and indexes of a table are called that have a name of ours."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return {name for name in found if name.startswith(("withdrawalproof_", "forcemajeure_"))}


def handed_in() -> ForceMajeure:
    learner = UserFactory()
    late = with_status(an_enrolment(CourseFactory(), learner), StudyStatus.WITHDRAWN_INVALID)
    note = SimpleUploadedFile("note.pdf", b"%PDF-1.7 a doctor's note")
    stored = judging.store(files=[note], by=learner)
    return force_majeure.hand_in(enrolment=late, files=stored, by=learner)


@pytest.mark.django_db(transaction=True)
def test_permissions_history_and_rules_follow_the_name_both_ways():
    evidence = handed_in()
    file = evidence.files.get()
    decides = Permission.objects.get(codename="decide_on_force_majeure")
    held = {*Permission.objects.filter(codename__endswith="_forcemajeure"), decides}
    group = Group.objects.create(name="Who judge")
    group.permissions.set(held)
    rules = names_of("learners_forcemajeure")

    migrate("learners", "0013")
    assert kinds(evidence) == {"learners.withdrawalproof"}
    assert codenames("_withdrawalprooffile") == {f"{verb}_withdrawalprooffile" for verb in VERBS}
    assert codenames("_forcemajeure") | codenames("_forcemajeurefile") == set()
    before = {name.replace("forcemajeure", "withdrawalproof") for name in rules}
    assert names_of("learners_withdrawalproof") == before
    assert len(before) == 5

    migrate()
    assert kinds(evidence) == {"learners.forcemajeure"}
    assert codenames("_forcemajeurefile") == {f"{verb}_forcemajeurefile" for verb in VERBS}
    assert codenames("_withdrawalproof") | codenames("_withdrawalprooffile") == set()
    assert {*group.permissions.all()} == held
    assert names_of("learners_forcemajeure") == rules
    assert ForceMajeure.objects.get() == evidence
    assert evidence.files.get() == file
