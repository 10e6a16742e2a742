"""What is going on while a state is kept: people signed in, and work that waits for a worker."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from attendance.tests.factories import Browser
from certifications.assigning import answering
from certifications.assigning import jobs as assigning_jobs
from certifications.assigning.jobs import Terms, Whom
from certifications.certificates import rendering
from certifications.models import AssigningJob, Certificate, Certification, GroupKind
from learners.admin.parts.words import permissions_asked_for
from learners.enrolling import force_majeure, standing_in
from learners.files import keeping
from learners.importing import jobs as import_jobs
from learners.meetings import calendars
from learners.models import (
    Enrolment,
    ForceMajeure,
    ImportJob,
    ImportState,
    Membership,
    Organisation,
    Role,
    Run,
    StudyStatus,
    Subscription,
    SubscriptionCode,
    SubscriptionKind,
    User,
)
from learners.people import subscriptions
from learners.studying import redeeming
from learners.telling import notify
from learners.uploading import receiving
from learners.uploading.tickets import Ticket
from lms.demo.chapters import importing
from lms.demo.logins import LOGINS, PASSWORD
from lms.demo.people import ADMIN, COACH, MARIEKE, SANNE
from lms.tests.samples import SAMPLES
from lms.tests.upgrade import assignments

# An administrator who may do what their group may, and one who may do what is theirs alone.
IN_GROUP, ALONE = "group@example.org", "alone@example.org"
PRINTED = 2  # certificates, so that as many files are kept; all others wait to be made


def person(email: str) -> User:
    """Return one of the people of the demo."""
    return User.objects.get(email=email)


def begin() -> None:
    """Leave everything half done that can be."""
    give_rights()
    take_calendars()
    subscribe()
    use_a_code()
    let_stand_in()
    tell_of_everything()
    leave_imports()
    leave_assigning()
    leave_an_unused_file()
    leave_a_file_on_its_way()
    assignments.leave()
    judge()
    for certificate in Certificate.objects.to_render(timezone.now())[:PRINTED]:
        rendering.render(certificate.pk)
    keep_a_register()


def give_rights() -> None:
    """Let one administrator be in a group with every permission, and give another those to look."""
    asked = permissions_asked_for()
    group = Group.objects.create(name="Beheer")
    group.permissions.set(asked)
    for email, name in ((IN_GROUP, "Griet Peeters"), (ALONE, "Arno Maes")):
        user = User.objects.create_user(email, name=name, password=PASSWORD, is_staff=True)
        if email == IN_GROUP:
            user.groups.add(group)
        else:
            user.user_permissions.set(asked.filter(codename__startswith="view_"))


def take_calendars() -> None:
    """Give a learner and a teacher an address of their calendar."""
    for email in (SANNE, MARIEKE):
        calendars.renew_key(person=person(email), by=person(email))


def subscribe() -> None:
    """Let two people have a subscription, of each kind."""
    subscriptions.start_trial(user=person(SANNE), by=person(SANNE))
    today = timezone.localdate()
    Subscription.objects.create(
        user=person(COACH),
        kind=SubscriptionKind.PAID,
        starts_on=today,
        ends_on=today + timedelta(days=365),
    )


def use_a_code() -> None:
    """Let somebody use a code of the batch of the demo."""
    asks = {"programme__organisation__programmes_need_subscription": True}
    whole = Enrolment.objects.followed().filter(**asks).order_by("pk").first()
    code = SubscriptionCode.objects.unused().filter(batch__organisation=whole.organisation).first()
    redeeming.redeem(typed=code.code, by=whole.learner)


def let_stand_in() -> None:
    """Let another coach stand in for the coach, now and for the days to come."""
    coach = person(COACH)
    here = Organisation.objects.get(code="VAV")
    other = person(MARIEKE)
    Membership.objects.get_or_create(user=other, organisation=here, role=Role.COACH)
    standing_in.name_stand_in(
        coach=coach,
        stand_in=other,
        organisation=here,
        starts_on=here.today(),
        ends_on=here.today() + timedelta(days=14),
        by=coach,
    )


def tell_of_everything() -> None:
    """Tell the learner once of all that there are words for."""
    sanne = person(SANNE)
    url = sanne.enrolments.filter(course__isnull=False).earliest("pk").get_absolute_url()
    organisation = Organisation.objects.earliest("pk")
    for number, (kind, said) in enumerate(SAMPLES):
        message = notify.Message(
            user_id=sanne.pk,
            organisation_id=organisation.pk,
            key=f"sample:{number}",
            params=said,
            url=url,
        )
        notify.tell(kind=kind, messages=[message])


def leave_imports() -> None:
    """Leave a file to be looked at, and one that may be applied."""
    begin_import("eerste@example.org")
    agreed = begin_import("tweede@example.org")
    import_jobs.run(job_id=agreed.pk)
    agreed.refresh_from_db()
    assert import_jobs.consent(job=agreed, by=person(ADMIN), tells=True)


def begin_import(email: str) -> ImportJob:
    """Take in a file that enrols somebody, for the worker to look at."""
    today = timezone.localdate().isoformat()
    lines = [importing.HEADINGS, (email, "Nieuw Iemand", "EHBO", "", today)]
    file = _upload("inschrijvingen.csv", "\n".join(map(";".join, lines)), import_jobs.KINDS)
    organisation = Organisation.objects.get(code="VAV")
    return import_jobs.begin(organisation=organisation, file=file, by=person(ADMIN))


def leave_assigning() -> None:
    """Leave a group to be looked at, and one to which it may be assigned."""
    agreed = AssigningJob.objects.get(state=ImportState.READY)
    assert assigning_jobs.consent(job=agreed, by=person(ADMIN))
    vav = Organisation.objects.get(code="VAV")
    whom = Whom(group={"group": GroupKind.ROLE, "role": "coach", "organisation": vav})
    certification = Certification.objects.get(code="PRIVACY", organisation=vav)
    terms = Terms("mandatory", due_days=30)
    assigning_jobs.begin(certification=certification, whom=whom, terms=terms, by=person(ADMIN))


def judge() -> None:
    """Accept evidence of force majeure, and let the learner choose a certification."""
    evidence = ForceMajeure.objects.filter(decided_by=None).earliest("pk")
    force_majeure.accept(evidence=evidence, by=person(ADMIN))
    offered = Certification.objects.choosable_by(person(SANNE)).earliest("pk")
    answering.choose(certification=offered, learner=person(SANNE))


def leave_an_unused_file() -> None:
    """Leave a file that was uploaded and never used."""
    _upload("vergeten.csv", "een;twee", import_jobs.KINDS)


def leave_a_file_on_its_way() -> None:
    """Leave a file of which a part has come in."""
    ticket = Ticket(import_jobs.KINDS, import_jobs.MAX_SIZE)
    begun = receiving.begin(owner=person(ADMIN), name="lang.csv", size=900, ticket=ticket)
    receiving.append(upload=begun, at=0, pieces=[b"een;twee\n"])


def _upload(name: str, text: str, kinds):  # type: ignore[no-untyped-def]
    upload = SimpleUploadedFile(name, text.encode())
    return keeping.store(upload=upload, owner=person(ADMIN), kinds=kinds, max_size=1_000_000)


def keep_a_register() -> None:
    """Let a teacher complete somebody, whose certificate waits, and leave another row as typed."""
    run = Run.objects.get(course__code="EHBO", code="GENT-3")
    one, other = Enrolment.objects.participants_of(run).filter(status=StudyStatus.ENROLLED)[:2]
    browser = Browser(Client(), run, person(MARIEKE)).open()
    browser.follow(browser.tick(one).press("continue", **{f"status-{one.pk}": "completed"}))
    browser.open().press("keep", **{f"remark-{other.pk}": "Belt nog terug"})


def sign_in() -> dict[str, str]:
    """Sign everybody in, one of them after a wrong password; return their cookies."""
    sessions = {}
    with override_settings(AXES_ENABLED=True, AXES_RESET_ON_SUCCESS=False):
        Client().post(reverse("login"), {"username": SANNE, "password": "wrong"})
        for email in [*(login.email for login in LOGINS), IN_GROUP, ALONE]:
            client = Client()
            client.post(reverse("login"), {"username": email, "password": PASSWORD})
            sessions[email] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert AccessAttempt.objects.exists()
    assert Permission.objects.exists()
    return sessions
