"""Award and print certificates: how many a second, and how near to the bare library that is.

    python -m benchmarks.certificates [PRINTED]

The floor is WeasyPrint given the finished pages, the parsed style sheet and the typefaces; both are
timed in turns, in this run.
"""

import statistics
import sys
import time
from collections.abc import Iterator, Sequence

from django.utils import timezone

from benchmarks import block, printing, world
from benchmarks.measuring import Figure, watching
from certifications import awarding
from certifications.certificates import pdf, rendering
from certifications.certificates.sheet import sheet_of
from certifications.models import Certificate
from learners.models import Actor, StudyStatus
from learners.studying import new_enrolments, study_status
from learners.studying.new_enrolments import NewEnrolment
from learners.studying.status_wishes import Wish

USUAL = 200
TURN = 20
MOST_TIMES_FLOOR = 1.3


def main() -> None:
    """Print what was measured in a new world."""
    world.prepare()
    number = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    printing.print_figures(measure(award(number)))


def award(number: int) -> list[int]:
    """Have so many people complete an e-learning course; return their certificates."""
    _admin, organisations = block.institutions()
    course = block.a_course(organisations[0], "PRINT", len(block.FIRST_MEETINGS))
    news = [NewEnrolment(learner=one, course=course) for one in block.people("reader", number)]
    enrolments = new_enrolments.enrol_many(news=news, by=None, actor=Actor.SYSTEM)
    wishes = [Wish(enrolment_id=e.pk, to=StudyStatus.COMPLETED) for e in enrolments]
    study_status.change_statuses(wishes=wishes, by=None, actor=Actor.SYSTEM)
    while awarding.drain():
        pass
    return waiting(number)


def waiting(number: int) -> list[int]:
    """Return so many certificates that are still to be printed, the first for a warm start."""
    unprinted = Certificate.objects.to_render(timezone.now()).order_by("-pk")
    return list(unprinted.values_list("pk", flat=True)[:number])


def measure(ids: Sequence[int]) -> Iterator[Figure]:
    """Print with the product and with the bare library in turns, and compare."""
    press = pdf.press()
    rendering.render(ids[0])
    ours, bare, seen = [], [], []
    for start in range(1, len(ids), TURN):
        part = ids[start : start + TURN]
        with watching() as watch:
            for pk in part:
                rendering.claim(pk, timezone.now())
                rendering.render(pk)
        seen.append(watch)
        ours.append(watch.cpu / len(part))
        bare.append(print_bare(press, part))
    yield Figure(
        name="one certificate with its QR code",
        queries=round(seen[0].queries / min(TURN, len(ids) - 1)),
        cpu=statistics.median(ours),
        floor=statistics.median(bare),
        memory=max(watch.memory for watch in seen),
        most_times_floor=MOST_TIMES_FLOOR,
    )


def print_bare(press: pdf.Press, ids: Sequence[int]) -> float:
    """Return the milliseconds of the bare library for each of these certificates."""
    rows = Certificate.objects.select_related("organisation__logo").filter(pk__in=ids)
    pages = [press.html(sheet_of(row)) for row in rows]
    began = time.process_time()
    for page in pages:
        html = press.weasyprint.HTML(string=page, url_fetcher=press.fetcher)
        html.write_pdf(font_config=press.fonts, stylesheets=[press.style], pdf_variant=pdf.VARIANT)
    return 1000 * (time.process_time() - began) / len(ids)


if __name__ == "__main__":
    main()
