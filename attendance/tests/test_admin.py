import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from attendance.models import Attendance, AttendanceChange, Participation, RegisterSaving
from attendance.tests.factories import a_class, mark, save, typed
from learners.models import Enrolment, StudyStatus, StudyStatusChange
from learners.tests.factories import an_administrator, with_status

pytestmark = pytest.mark.django_db

LIST = "/admin/attendance/participation/"


@pytest.fixture
def office(client):
    """Somebody of head office, and a run with a saving."""
    run, teacher, people = a_class(-7, 7)
    rows = {people[0]: {"status": "completed", "mark": "present"}}
    save(run, teacher, typed(run, rows, run.meetings.first()))
    client.force_login(an_administrator())
    return run, teacher, people


def act(client, name, people, **said):
    chosen = {"action": name, ACTION_CHECKBOX_NAME: [one.pk for one in people]}
    return client.post(LIST, {**chosen, **said})


def test_a_status_is_changed_for_many_after_a_page_that_says_what_follows(client, office):
    _run, _teacher, people = office
    preview = act(client, "set_withdrawn_valid", people)
    assert preview.status_code == 200
    assert {follow for _row, follow in preview.context["possible"]} == {
        "voltooid · de plaats komt vrij · wat werd vastgehouden, wordt niet uitgereikt",
        "ingeschreven · de plaats komt vrij",
    }
    assert not Enrolment.objects.filter(status="withdrawn_valid").exists()
    act(client, "set_withdrawn_valid", people, confirmed="1", reason="Brief van 3 mei")
    assert Enrolment.objects.filter(status="withdrawn_valid").count() == 3
    change = StudyStatusChange.objects.filter(to_status="withdrawn_valid").first()
    assert (change.actor, change.reason) == ("administrator", "Brief van 3 mei")


def test_whether_people_are_told_is_asked_and_is_so_until_somebody_unticks_it(client, office):
    _run, _teacher, people = office
    preview = act(client, "set_not_passed", people)
    assert preview.context["form"]["tell_them"].value() is True
    act(client, "set_not_passed", people[:1], confirmed="1", reason="", tell_them="on")
    act(client, "set_not_passed", people[1:], confirmed="1", reason="")
    changes = StudyStatusChange.objects.filter(to_status="not_passed")
    told = set(changes.filter(tells_learner=True).values_list("enrolment", flat=True))
    assert told == {people[0].pk}


def test_who_cannot_get_a_status_is_named_with_the_reason(client, office):
    _run, _teacher, people = office
    with_status(people[1], StudyStatus.EXEMPT)
    preview = act(client, "set_completed", people)
    assert [row.pk for row, _follow in preview.context["possible"]] == [people[2].pk]
    assert preview.context["refused_number"] == 2


def test_what_is_held_is_issued_by_an_administrator(client, office):
    _run, _teacher, people = office
    assert act(client, "issue_now", people).context["refused_number"] == 2
    act(client, "issue_now", people, confirmed="1", reason="")
    assert StudyStatusChange.objects.get(enrolment=people[0], handled_at=None).released_by


@pytest.mark.parametrize(
    ("model", "queries"),
    [(Participation, 6), (RegisterSaving, 5), (Attendance, 5), (AttendanceChange, 5)],
)
def test_lists_open_with_constant_queries(
    client, office, model, queries, django_assert_max_num_queries
):
    run, teacher, people = office
    mark(run, teacher, run.meetings.first(), absent=people[1:])
    address = reverse(f"admin:attendance_{model._meta.model_name}_changelist")
    with django_assert_max_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("model", [Participation, RegisterSaving, Attendance, AttendanceChange])
def test_history_is_read_and_never_written(client, office, model):
    row = model.objects.first()
    page = reverse(f"admin:attendance_{model._meta.model_name}_change", args=[row.pk])
    assert client.get(page).status_code == 200
    add = reverse(f"admin:attendance_{model._meta.model_name}_add")
    assert client.get(add).status_code == 403
    client.post(page, {"presence": "absent", "status": "exempt", "effort": "good"})
    assert model.objects.values().get(pk=row.pk) == model.objects.values().get(pk=row.pk)
    delete = reverse(f"admin:attendance_{model._meta.model_name}_delete", args=[row.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
