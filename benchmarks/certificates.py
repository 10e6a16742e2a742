"""Award and print certificates: how many a second, and how near to the bare library that is.

    python benchmarks/certificates.py [PRINTED [AWARDED]]

Works in a database of its own: DATA_DIR and DATABASE_URL say which. The floor is WeasyPrint given
the finished pages, the parsed style sheet and the typefaces; both are timed in turns, in this run.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
os.environ.setdefault("SECRET_KEY", "only for this benchmark, whose database is thrown away")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="mijlpaal-certificates-"))

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from certifications import awarding, pdf, rendering  # noqa: E402
from certifications.models import Certificate  # noqa: E402
from certifications.sheet import sheet_of  # noqa: E402
from learners import new_enrolments, study_status  # noqa: E402
from learners.models import Actor, Course, CourseKind, Organisation, StudyStatus, User  # noqa: E402
from learners.study_status import Wish  # noqa: E402

USUAL = (200, 10_000)  # printed, awarded
TURN = 20


def main() -> None:
    """Print what was measured."""
    asked = [int(number) for number in sys.argv[1:]]
    printed, awarded = [*asked, *USUAL[len(asked) :]]
    call_command("migrate", verbosity=0)
    complete(max(printed, awarded))
    award()
    print_certificates(printed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory at most       {peak:>8} MB")


def complete(number: int) -> None:
    """Have so many people complete an e-learning course, with their certificates due."""
    organisation = Organisation.objects.create(name="Vrijwilligersacademie", code="BENCH")
    course = Course.objects.create(
        organisation=organisation,
        code="B1",
        title_nl="Hulpverlener EHBO",
        kind=CourseKind.ELEARNING,
        study_points=12,
        certificate_months=24,
        published_at=timezone.now(),
    )
    names = ("Yasmina El Idrissi", "Emma Van den Broeck", "Bram Jansen", "Noor de Vries")
    people = User.objects.bulk_create(
        [User(name=names[n % 4], email=f"{n}@example.org") for n in range(number)],
        batch_size=2_000,
    )
    news = [new_enrolments.NewEnrolment(learner=person, course=course) for person in people]
    for enrolments in _parts(
        new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM), 2_000
    ):
        wishes = [Wish(enrolment_id=e.pk, to=StudyStatus.COMPLETED) for e in enrolments]
        study_status.change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)


def award() -> None:
    """Drain the outbox, and count queries."""
    begun, number = time.perf_counter(), 0
    with CaptureQueriesContext(connection) as queries:
        while handled := awarding.drain():
            number += handled
    seconds = time.perf_counter() - begun
    per = 10_000 * len(queries) / number
    print(f"awarded              {number:>8} in {seconds:.1f} s, {per:.0f} queries for 10,000 due")


def print_certificates(number: int) -> None:
    """Print with the product and with the bare library in turns, and compare."""
    ids = list(Certificate.objects.order_by("pk").values_list("pk", flat=True)[:number])
    press = pdf.press()
    rendering.render(ids.pop(0))
    ours, bare = [], []
    for part in _parts(ids, TURN):
        begun = time.process_time()
        for pk in part:
            rendering.claim(pk, timezone.now())
            rendering.render(pk)
        ours.append((time.process_time() - begun) / len(part))
        rows = Certificate.objects.select_related("organisation__logo").filter(pk__in=part)
        pages = [press.html(sheet_of(row)) for row in rows]
        begun = time.process_time()
        for page in pages:
            html = press.weasyprint.HTML(string=page, url_fetcher=press.fetcher)
            html.write_pdf(
                font_config=press.fonts, stylesheets=[press.style], pdf_variant=pdf.VARIANT
            )
        bare.append((time.process_time() - begun) / len(part))
    mine, floor = statistics.median(ours), statistics.median(bare)
    print(f"printed and stored   {1 / mine:>8.1f} a second and core")
    print(f"bare WeasyPrint      {1 / floor:>8.1f} a second and core")
    print(f"ratio                {mine / floor:>8.2f} (budget 1.3)")


def _parts(rows: list, size: int) -> list[list]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


if __name__ == "__main__":
    main()
