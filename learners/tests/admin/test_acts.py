"""What administrators do: every act through its own function, shown before it happens."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from learners.models import (
    AuditEntry,
    Course,
    Enrolment,
    Meeting,
    Membership,
    Notification,
    Organisation,
    Place,
    Programme,
    Role,
    Run,
    StudyStatus,
    User,
)
from learners.tests.factories import (
    CourseFactory,
    OrganisationFactory,
    UserFactory,
    a_participant,
    a_programme,
    a_run,
    an_administrator,
    an_enrolment,
    with_status,
)

pytestmark = pytest.mark.django_db
S = StudyStatus


@pytest.fixture
def head_office(client: Client) -> Client:
    client.force_login(an_administrator(language="en", email="head@example.org"))
    return client


def act(client: Client, rows: list, name: str, **said: object):
    """Choose rows, and an act; with `said`, confirm it."""
    opts = rows[0]._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    data = {"action": name, "index": 0, "_selected_action": [row.pk for row in rows], **said}
    return client.post(address, data | ({"confirmed": "1"} if said else {}), follow=True)


def test_an_act_is_shown_before_it_happens(head_office: Client) -> None:
    enrolment = a_participant(a_run(20), name="Zoë Çelik")
    page = act(head_office, [enrolment], "exempt")
    assert "Zoë Çelik" in page.text
    enrolment.refresh_from_db()
    assert enrolment.status == S.ENROLLED


def test_an_act_that_was_chosen_on_the_page_of_a_row_leads_back_to_it(head_office: Client) -> None:
    enrolment = a_participant(a_run(20))
    page = reverse("admin:learners_enrolment_change", args=[enrolment.pk])
    assert 'name="from_its_page"' in head_office.get(page).text
    before = act(head_office, [enrolment], "archive", from_its_page="1", reason="x" * 501)
    assert f'<a class="closelink" href="{page}">' in before.text
    done = act(head_office, [enrolment], "archive", from_its_page="1", reason=" ")
    assert done.redirect_chain[-1][0] == page


def test_an_act_that_was_chosen_in_the_list_leads_back_to_the_list(head_office: Client) -> None:
    done = act(head_office, [a_participant(a_run(20))], "archive", reason=" ")
    assert done.redirect_chain[-1][0] == reverse("admin:learners_enrolment_changelist")


def test_an_exemption_has_a_reason_and_frees_the_place(head_office: Client) -> None:
    enrolment = a_participant(a_run(20))
    act(head_office, [enrolment], "exempt", reason="")
    enrolment.refresh_from_db()
    assert enrolment.status == S.ENROLLED
    act(head_office, [enrolment], "exempt", reason="diploma seen")
    enrolment.refresh_from_db()
    assert enrolment.status == S.EXEMPT
    change = enrolment.status_changes.latest("pk")
    assert (change.reason, change.actor) == ("diploma seen", "administrator")
    assert not Place.objects.booked().exists()


def test_whether_who_is_exempted_is_told_is_asked(head_office: Client) -> None:
    told, untold = a_participant(a_run(20)), a_participant(a_run(20))
    page = act(head_office, [told], "exempt")
    assert page.context["form"]["tell_them"].value() is True
    act(head_office, [told], "exempt", reason="list", tell_them="on")
    act(head_office, [untold], "exempt", reason="list")
    assert Notification.objects.get(kind="learners/exempted").user == told.learner
    history = reverse("admin:learners_enrolment_history", args=[untold.pk])
    assert "exempt, without a message of its own" in head_office.get(history).text


def test_who_completed_is_not_exempted_and_the_page_says_why(head_office: Client) -> None:
    run = a_run(-20)
    done, other = a_participant(run, name="Ada Öz"), a_participant(run)
    with_status(done, S.COMPLETED)
    page = act(head_office, [done, other], "exempt")
    assert "Ada Öz is “completed”" in page.text
    act(head_office, [done, other], "exempt", reason="list")
    assert [Enrolment.objects.get(pk=e.pk).status for e in (done, other)] == [
        S.COMPLETED,
        S.EXEMPT,
    ]


def test_a_cancelled_enrolment_is_told_to_its_learner(head_office: Client) -> None:
    enrolment = a_participant(a_run(20))
    act(head_office, [enrolment], "cancel", reason="course full of mould")
    enrolment.refresh_from_db()
    assert enrolment.status == S.CANCELLED
    told = Notification.objects.get(user=enrolment.learner)
    assert told.params["reason"] == "course full of mould"
    from learners.telling.notify import words

    assert "mould" in words(told, "en").body
    entry = AuditEntry.objects.get(action="learners.enrolment_cancelled")
    assert entry.by.email == "head@example.org"


def test_a_term_that_lapsed_is_extended_and_comes_back(head_office: Client) -> None:
    from learners.studying import terms

    course = CourseFactory(term_days=5, kind="elearning")
    enrolment = an_enrolment(course)
    Enrolment.objects.update(term_ends_on=timezone.localdate() - timedelta(days=3))
    terms.lapse_terms()
    until = timezone.localdate() + timedelta(days=30)
    act(head_office, [enrolment], "extend_term", until=until)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.term_ends_on) == (S.NOT_STARTED, until)


def test_a_term_is_not_extended_into_the_past(head_office: Client) -> None:
    enrolment = an_enrolment(CourseFactory())
    page = act(head_office, [enrolment], "extend_term", until="2001-01-01")
    assert "This day is over." in page.text


def test_an_enrolment_is_archived_and_brought_back(head_office: Client) -> None:
    enrolment = with_status(a_participant(a_run(-9)), S.COMPLETED)
    act(head_office, [enrolment], "archive", reason=" ")
    enrolment.refresh_from_db()
    assert enrolment.archived_at is not None
    act(head_office, [enrolment], "bring_back", reason=" ")
    enrolment.refresh_from_db()
    assert enrolment.archived_at is None


def test_a_study_status_cannot_be_typed(head_office: Client) -> None:
    enrolment = a_participant(a_run(20))
    address = reverse("admin:learners_enrolment_change", args=[enrolment.pk])
    form = {
        "status": S.COMPLETED,
        "remark": "phoned",
        "registered_on": "",
        "status_changes-TOTAL_FORMS": 0,
        "status_changes-INITIAL_FORMS": 0,
        "places-TOTAL_FORMS": 0,
        "places-INITIAL_FORMS": 0,
    }
    assert head_office.post(address, form).status_code == 302
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.remark) == (S.ENROLLED, "phoned")
    entry = AuditEntry.objects.get(action="learners.enrolment_changed")
    assert entry.changes == {"remark": ["", "phoned"]}


def test_somebody_is_enrolled_in_a_run(head_office: Client) -> None:
    run, learner = a_run(20), UserFactory()
    address = reverse("admin:learners_enrolment_add")
    page = head_office.post(address, {"learner": learner.pk, "run": run.pk}, follow=True)
    assert "is enrolled." in page.text
    assert Place.objects.get().run == run
    assert Notification.objects.filter(user=learner).exists()


def test_a_full_run_says_so_beside_the_form(head_office: Client) -> None:
    run = a_run(20, capacity=1)
    a_participant(run)
    address = reverse("admin:learners_enrolment_add")
    page = head_office.post(address, {"learner": UserFactory().pk, "run": run.pk})
    assert "is full." in page.text
    assert Enrolment.objects.count() == 1


def test_somebody_is_enrolled_in_a_programme_with_its_courses(head_office: Client) -> None:
    course = CourseFactory()
    programme = a_programme(course, organisation=course.organisation)
    address = reverse("admin:learners_enrolment_add")
    head_office.post(address, {"learner": UserFactory().pk, "programme": programme.pk})
    assert Enrolment.objects.filter(programme=programme).count() == 1
    assert Enrolment.objects.filter(course=course, part_of__programme=programme).count() == 1


def test_exactly_one_of_run_course_and_programme_is_chosen(head_office: Client) -> None:
    run = a_run(20)
    address = reverse("admin:learners_enrolment_add")
    data = {"learner": UserFactory().pk, "run": run.pk, "course": run.course_id}
    assert "one of them" in head_office.post(address, data).text
    assert "one of them" in head_office.post(address, {"learner": data["learner"]}).text


def meeting_form(run: Run, **extra: object) -> dict[str, object]:
    """Return the form of a run as its page would send it, with its meetings."""
    form: dict[str, object] = {"code": run.code, "capacity": "", "place": run.place}
    meetings = list(run.meetings.all())
    form |= {"meetings-TOTAL_FORMS": len(meetings), "meetings-INITIAL_FORMS": len(meetings)}
    form |= {"places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0}  # who waits is not edited
    for n, meeting in enumerate(meetings):
        begins, ends = (timezone.localtime(at) for at in (meeting.begins_at, meeting.ends_at))
        form |= {
            f"meetings-{n}-id": meeting.pk,
            f"meetings-{n}-run": run.pk,
            f"meetings-{n}-begins_at_0": f"{begins:%Y-%m-%d}",
            f"meetings-{n}-begins_at_1": f"{begins:%H:%M:%S}",
            f"meetings-{n}-ends_at_0": f"{ends:%Y-%m-%d}",
            f"meetings-{n}-ends_at_1": f"{ends:%H:%M:%S}",
            f"meetings-{n}-place": meeting.place,
        }
    return form | extra


def save_run(client: Client, run: Run, form: dict[str, object]):
    return client.post(reverse("admin:learners_run_change", args=[run.pk]), form, follow=True)


@pytest.fixture
def coming() -> Run:
    """A run with a meeting at a whole second, as forms know them."""
    run = a_run(20)
    Meeting.objects.update(
        begins_at=run.starts_at.replace(microsecond=0), ends_at=run.ends_at.replace(microsecond=0)
    )
    return run


def test_a_meeting_that_is_moved_moves_the_run_and_is_told(
    head_office: Client, coming: Run
) -> None:
    learner = a_participant(coming).learner
    form = meeting_form(coming)
    later = timezone.localdate() + timedelta(days=30)
    form |= {"meetings-0-begins_at_0": later, "meetings-0-ends_at_0": later}
    assert "1 person would be told" in save_run(head_office, coming, form).text
    assert not Notification.objects.exists()
    save_run(head_office, coming, form | {"tell_them": "on"})
    coming.refresh_from_db()
    assert timezone.localdate(coming.starts_at) == later
    assert Notification.objects.filter(user=learner, kind="learners/meeting_moved").exists()


def test_who_is_booked_is_told_of_a_meeting_that_is_added_and_is_to_come(
    head_office: Client, coming: Run
) -> None:
    learner = a_participant(coming).learner
    form = meeting_form(coming, **{"meetings-TOTAL_FORMS": 3})
    for n, days in enumerate((40, 47), 1):
        day = timezone.localdate() + timedelta(days=days)
        form |= {
            f"meetings-{n}-run": coming.pk,
            f"meetings-{n}-begins_at_0": day,
            f"meetings-{n}-begins_at_1": "09:00",
            f"meetings-{n}-ends_at_0": day,
            f"meetings-{n}-ends_at_1": "12:00",
        }
    assert "1 person would be told" in save_run(head_office, coming, form).text
    save_run(head_office, coming, form | {"tell_them": "on"})
    told = Notification.objects.get(user=learner)
    assert (told.kind, told.params["number"]) == ("learners/meetings_planned", 2)
    assert coming.meetings.count() == 3


def test_the_hour_of_a_meeting_has_seconds_only_where_there_are_any(
    head_office: Client, coming: Run
) -> None:
    address = reverse("admin:learners_run_change", args=[coming.pk])
    meeting = coming.meetings.get()
    for hour in (time(9, 0), time(9, 0, 15)):
        meeting.begins_at = datetime.combine(meeting.begins_at, hour, UTC)
        meeting.save()
        here = timezone.localtime(meeting.begins_at)
        shown = f"{here:%H:%M:%S}".removesuffix(":00")
        assert f'value="{shown}"' in head_office.get(address).text


def test_a_meeting_is_planned_and_one_is_cancelled(head_office: Client, coming: Run) -> None:
    form = meeting_form(coming, **{"meetings-0-cancel": "on", "meetings-TOTAL_FORMS": 2})
    day = timezone.localdate() + timedelta(days=50)
    form |= {
        "meetings-1-run": coming.pk,
        "meetings-1-begins_at_0": day,
        "meetings-1-begins_at_1": "09:00",
        "meetings-1-ends_at_0": day,
        "meetings-1-ends_at_1": "12:00",
        "meetings-1-place": "Gent",
    }
    save_run(head_office, coming, form)
    coming.refresh_from_db()
    assert Meeting.objects.filter(cancelled_at__isnull=False).count() == 1
    assert timezone.localdate(coming.starts_at) == day


def test_a_meeting_elsewhere_keeps_its_time_and_is_recorded(
    head_office: Client, coming: Run
) -> None:
    save_run(head_office, coming, meeting_form(coming, **{"meetings-0-place": "Brugge"}))
    assert Meeting.objects.get().place == "Brugge"
    assert (
        AuditEntry.objects.get(action="learners.meeting_elsewhere").changes["place"][1] == "Brugge"
    )
    assert not Notification.objects.exists()


def test_a_meeting_that_ends_before_it_begins_is_refused(head_office: Client, coming: Run) -> None:
    form = meeting_form(coming, **{"meetings-0-ends_at_0": "2001-01-01"})
    (meeting,) = save_run(head_office, coming, form).context["inline_admin_formsets"][0].formset
    assert meeting.errors == {"ends_at": ["A meeting ends after it begins."]}


def test_nobody_joins_an_act_after_its_preview(head_office: Client) -> None:
    seen = a_participant(a_run(20))
    address = reverse("admin:learners_enrolment_changelist")
    asked = {"action": "cancel", "index": 0, "select_across": 1, "_selected_action": [seen.pk]}
    page = head_office.post(address, asked)
    joined = a_participant(a_run(20))
    agreed = {"action": "cancel", "index": 0, "select_across": 0, "confirmed": 1, "reason": "x"}
    head_office.post(address, agreed | {"_selected_action": page.context["chosen"]})
    assert 'name="select_across" value="0"' in page.text
    assert [Enrolment.objects.get(pk=e.pk).status for e in (seen, joined)] == [
        S.CANCELLED,
        S.ENROLLED,
    ]


def test_a_run_does_not_become_smaller_than_who_is_booked(head_office: Client, coming: Run) -> None:
    a_participant(coming)
    a_participant(coming)
    page = save_run(head_office, coming, meeting_form(coming, capacity=1))
    assert "2 people are booked" in page.text


def test_a_cancelled_run_cancels_or_offers_a_choice(head_office: Client) -> None:
    run = a_run(20)
    alone = a_participant(run)
    programme = a_programme(run.course, organisation=run.course.organisation)
    whole = Enrolment.objects.create(learner=UserFactory(), programme=programme, status=S.ENROLLED)
    part = a_participant(run)
    Enrolment.objects.filter(pk=part.pk).update(learner=whole.learner, part_of=whole)
    page = act(head_office, [run], "cancel_run")
    assert "2 people are told" in page.text
    act(head_office, [run], "cancel_run", reason="no teacher")
    run.refresh_from_db()
    assert run.cancelled_at is not None
    statuses = [Enrolment.objects.get(pk=e.pk).status for e in (alone, part)]
    assert statuses == [S.CANCELLED, S.RUN_CHOICE_REQUIRED]


def test_a_course_is_archived_with_what_is_final(head_office: Client) -> None:
    run = a_run(-20)
    done, going = a_participant(run), a_participant(run)
    with_status(done, S.COMPLETED)
    page = act(head_office, [run.course], "archive").text
    assert "1 enrolments not done, 1 ended" in page
    act(head_office, [run.course], "archive", reason="old", along="ended")
    archived = {e.pk: e.archived_at is not None for e in Enrolment.objects.all()}
    assert archived == {done.pk: True, going.pk: False}
    assert Course.objects.get().archived_at is not None
    act(head_office, [run.course], "bring_back", reason="needed")
    assert Course.objects.get().archived_at is None


def test_a_new_version_archives_who_is_not_done_with_the_old_one(head_office: Client) -> None:
    run = a_run(20, course=CourseFactory(code="EHBO"))
    done, going = a_participant(run), a_participant(run)
    with_status(done, S.COMPLETED)
    act(head_office, [run.course], "new_version", code="EHBO-2")
    act(head_office, [run.course], "archive", reason="new version", along="not_done")
    archived = {e.pk: (e.status, e.archived_at is not None) for e in Enrolment.objects.all()}
    assert archived == {done.pk: (S.COMPLETED, False), going.pk: (S.ENROLLED, True)}
    told = going.learner.notifications.get()
    assert (told.kind, told.params["newer_nl"]) == (
        "learners/enrolment_archived",
        run.course.title_nl,
    )


def test_archiving_by_mistake_is_taken_back_with_the_enrolments_that_went_along(
    head_office: Client,
) -> None:
    run = a_run(20)
    earlier, going = a_participant(run), a_participant(run)
    act(head_office, [earlier], "archive", reason="long ago")
    act(head_office, [run.course], "archive", along="not_done")
    act(head_office, [run.course], "bring_back", with_enrolments="on")
    archived = {e.pk: e.archived_at is not None for e in Enrolment.objects.all()}
    assert archived == {earlier.pk: True, going.pk: False}


def test_a_new_version_satisfies_the_old_and_waits_to_be_published(head_office: Client) -> None:
    course = CourseFactory(code="EHBO", study_points=4)
    page = act(head_office, [course], "new_version", code="EHBO")
    assert "has this code" in page.text
    act(head_office, [course], "new_version", code="EHBO-2")
    newer = Course.objects.get(code="EHBO-2")
    assert (newer.new_version_of, newer.published_at, newer.study_points) == (course, None, 4)


def test_versions_do_not_go_round_in_a_circle(head_office: Client) -> None:
    old = CourseFactory()
    new = CourseFactory(new_version_of=old, organisation=old.organisation)
    from learners.admin.catalogue import CourseForm

    form = CourseForm(instance=old, data={"new_version_of": new.pk})
    assert not form.is_valid()
    assert "new_version_of" in form.errors


def test_a_programme_has_courses_of_its_own_institution(head_office: Client) -> None:
    programme = a_programme()
    form = {
        "code": programme.code,
        "title_nl": programme.title_nl,
        "completed_by": "courses",
        "learners_choose_run": "on",
        "programme_courses-TOTAL_FORMS": 1,
        "programme_courses-INITIAL_FORMS": 0,
        "programme_courses-0-position": 1,
        "programme_courses-0-course": CourseFactory().pk,
    }
    address = reverse("admin:learners_programme_change", args=[programme.pk])
    page = head_office.post(address, form)
    assert "of another institution" in page.text
    assert Programme.objects.get().programme_courses.count() == 0


def programme_form(programme: Programme, *needed: bool) -> dict[str, object]:
    """Say the courses of a programme as its page does, each needed or not."""
    form: dict[str, object] = {
        "code": programme.code,
        "title_nl": programme.title_nl,
        "completed_by": "courses",
        "learners_choose_run": "on",
        "programme_courses-TOTAL_FORMS": len(needed),
        "programme_courses-INITIAL_FORMS": len(needed),
    }
    for n, row in enumerate(programme.programme_courses.all()):
        said = {"id": row.pk, "course": row.course_id, "position": row.position}
        said |= {"is_needed": "on"} if needed[n] else {}
        form |= {f"programme_courses-{n}-{name}": value for name, value in said.items()}
    return form


def test_a_programme_that_its_courses_complete_needs_one_of_them(head_office: Client) -> None:
    here = OrganisationFactory()
    courses = [CourseFactory(organisation=here) for _ in range(2)]
    programme = a_programme(*courses, organisation=here)
    address = reverse("admin:learners_programme_change", args=[programme.pk])
    page = head_office.post(address, programme_form(programme, False, False))
    assert "Tick at least one of them as needed." in page.text
    head_office.post(address, programme_form(programme, False, True))
    assert [row.is_needed for row in programme.programme_courses.all()] == [False, True]


def test_what_a_programme_needs_stays_once_somebody_follows_it(head_office: Client) -> None:
    here = OrganisationFactory()
    courses = [CourseFactory(organisation=here) for _ in range(2)]
    programme = a_programme(*courses, organisation=here)
    Enrolment.objects.create(learner=UserFactory(), programme=programme, status="enrolled")
    address = reverse("admin:learners_programme_change", args=[programme.pk])
    page = head_office.post(address, programme_form(programme, True, False))
    assert "People follow this programme, so this stays." in page.text
    assert head_office.post(address, programme_form(programme, True, True)).status_code == 302


def person_form(**extra: object) -> dict[str, object]:
    nothing = {
        f"{rows}-{name}": 0
        for rows in ("memberships", "subscriptions")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {**nothing, **extra}


def test_a_person_is_added_without_a_password_and_with_a_membership(head_office: Client) -> None:
    organisation = Organisation.objects.create(name="Academie", code="ACA")
    form = person_form(
        **{
            "name": "Zoë Çelik",
            "email": "Zoe@Example.org",
            "language": "nl",
            "memberships-TOTAL_FORMS": 1,
            "memberships-0-organisation": organisation.pk,
            "memberships-0-role": Role.TEACHER,
        }
    )
    page = head_office.post(reverse("admin:learners_user_add"), form, follow=True)
    assert page.status_code == 200
    person = User.objects.get(email="zoe@example.org")
    assert not person.has_usable_password()
    head_office.post(reverse("admin:learners_user_change", args=[person.pk]), {})
    assert AuditEntry.objects.filter(action="learners.user_added", object_id=person.pk).exists()
    assert "password" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "Nog een lidmaatschap"), ("en", "Add another membership")]
)
def test_where_somebody_new_belongs_is_asked_in_a_line_that_stands_ready(
    head_office: Client, language: str, words: str
) -> None:
    User.objects.update(language=language)
    page = head_office.get(reverse("admin:learners_user_add")).text
    assert 'name="memberships-0-organisation"' in page
    assert words in page


def test_somebody_new_without_an_address_or_an_institution_is_not_saved(
    head_office: Client,
) -> None:
    form = person_form(**{"name": "Zoë Çelik", "language": "nl", "memberships-TOTAL_FORMS": 1})
    page = head_office.post(reverse("admin:learners_user_add"), form)
    assert page.context["adminform"].form.errors.keys() == {"email"}
    errors = page.context["inline_admin_formsets"][0].formset.errors
    assert [row.keys() for row in errors] == [{"organisation", "role"}]
    assert not User.objects.filter(name="Zoë Çelik").exists()


def test_an_address_in_another_spelling_is_taken(head_office: Client) -> None:
    UserFactory(email="zoe@example.org")
    form = person_form(name="Zo", email="ZOE@example.org", language="nl")
    page = head_office.post(reverse("admin:learners_user_add"), form)
    assert "Somebody else has this e-mail address." in page.text


def test_only_who_has_all_power_gives_it(client: Client) -> None:
    from django.contrib.auth.models import Permission

    clerk = UserFactory(is_staff=True)
    wanted = ("view_user", "change_user")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(clerk)
    other = UserFactory()
    form = person_form(
        name="New name",
        email=other.email,
        language="nl",
        time_zone="Europe/Brussels",
        is_active="on",
        is_staff="on",
        is_superuser="on",
    )
    client.post(reverse("admin:learners_user_change", args=[other.pk]), form)
    other.refresh_from_db()
    assert (other.name, other.is_staff, other.is_superuser) == ("New name", False, False)


@pytest.mark.parametrize("power", ["is_staff", "is_superuser"])
def test_who_has_not_all_power_cannot_take_over_an_administrator(
    client: Client, power: str
) -> None:
    from django.contrib.auth.models import Group, Permission

    clerk = UserFactory(is_staff=True)
    wanted = ("view_user", "change_user", "view_group", "change_group", "add_group")
    clerk.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    client.force_login(clerk)
    boss = UserFactory(**{power: True})
    passwords = {"password1": "een-heel-lang-woord", "password2": "een-heel-lang-woord"}
    address = reverse("admin:auth_user_password_change", args=[boss.pk])
    assert client.post(address, passwords | {"usable_password": "true"}).status_code == 403
    assert client.post(reverse("admin:learners_user_change", args=[boss.pk])).status_code == 403
    group = Group.objects.create(name="Power")
    assert client.post(reverse("admin:auth_group_change", args=[group.pk])).status_code == 403
    assert client.post(reverse("admin:auth_group_add")).status_code == 403


def test_a_password_that_is_set_for_somebody_stands_in_the_log(head_office: Client) -> None:
    person = UserFactory()
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    passwords = {"password1": "een-heel-lang-woord", "password2": "een-heel-lang-woord"}
    head_office.post(address, passwords | {"usable_password": "true"})
    person.refresh_from_db()
    assert person.check_password("een-heel-lang-woord")
    entry = AuditEntry.objects.get(action="learners.user_password_set")
    assert (entry.object_id, entry.changes) == (person.pk, {})


def test_staff_without_a_permission_cannot_act(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    enrolment = a_participant(a_run(20))
    assert act(client, [enrolment], "exempt", reason="x").status_code == 403
    enrolment.refresh_from_db()
    assert enrolment.status == S.ENROLLED
    assert Membership.objects.exists()
