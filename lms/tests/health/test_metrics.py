from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certifications.tests.factories import a_certificate
from learners.files import scanning
from learners.files.file_kinds import MP4
from learners.models import StudyStatusChange
from learners.tests.factories import CourseFactory, UserFactory, an_enrolment
from learners.tests.files.test_keeping import KNOWN
from learners.tests.offered.test_file_uses import a_file
from learners.tests.uploading.sender import a_film
from learners.uploading import receiving
from learners.uploading.tickets import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, settings, broker):
    """What a monitor reads that shows the token."""
    settings.METRICS_TOKEN = "only for the monitor"

    def read() -> list[str]:
        token = {"authorization": "Bearer only for the monitor"}
        return client.get("/metrics", headers=token).text.splitlines()

    return read


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer guessed", "only for the monitor"])
def test_who_does_not_show_the_token_finds_nothing(client, settings, token):
    settings.METRICS_TOKEN = "only for the monitor"
    assert client.get("/metrics", headers={"authorization": token}).status_code == 404


def test_without_a_token_in_the_settings_there_is_nothing(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_the_monitor_sees_how_much_waits_and_for_how_long(read):
    a_certificate()
    enrolment = an_enrolment(CourseFactory())
    due_at = timezone.now() - timedelta(minutes=10)
    StudyStatusChange.objects.filter(enrolment=enrolment).update(due_at=due_at, handled_at=None)
    lines = read()
    assert 'mijlpaal_up{part="database"} 1.0' in lines
    assert 'mijlpaal_up{part="outbox"} 0.0' in lines
    assert 'mijlpaal_waiting{work="consequences"} 1.0' in lines
    assert 'mijlpaal_waiting{work="certificates"} 1.0' in lines
    assert 'mijlpaal_waiting{work="imports"} 0.0' in lines
    (age,) = [x for x in lines if x.startswith('mijlpaal_waiting_seconds{work="consequences"}')]
    assert 600 <= float(age.split()[1]) < 700


def test_the_number_of_queries_does_not_grow_with_the_work(read):
    numbers = []
    for more in (1, 3):
        for _one in range(more):
            a_certificate()
        with CaptureQueriesContext(connection) as queries:
            read()
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 31


def test_that_a_process_lives_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").json() == {"ok": True}


def test_the_monitor_sees_what_is_not_scanned_yet_and_what_is_infected(read, scanner):
    stored = [a_file(content=KNOWN["a.pdf"] + part) for part in (b"a", b"b", b"c")]
    lines = read()
    assert 'mijlpaal_waiting{work="scans"} 3.0' in lines
    assert 'mijlpaal_waiting{work="infected"} 0.0' in lines
    scanning.close(stored=stored[0], found="Eicar")
    lines = read()
    assert 'mijlpaal_up{part="scanner"} 1.0' in lines
    assert 'mijlpaal_waiting{work="scans"} 2.0' in lines
    assert 'mijlpaal_waiting{work="infected"} 1.0' in lines


def test_where_there_is_no_scanner_nothing_waits_for_one(read):
    a_file()
    assert 'mijlpaal_waiting{work="scans"} 0.0' in read()


def test_the_monitor_sees_which_files_in_pieces_nobody_looked_at(read):
    ticket = Ticket((MP4,), 10_000)
    begun = receiving.begin(owner=UserFactory(), name="film.mp4", size=3000, ticket=ticket)
    receiving.append(upload=begun, at=0, pieces=[a_film(1000)])
    assert 'mijlpaal_waiting{work="uploads"} 0.0' in read()
    receiving.append(upload=begun, at=1000, pieces=[bytes(2000)])
    assert 'mijlpaal_waiting{work="uploads"} 1.0' in read()
