"""People on the way to the exam of a programme, as the product brings them there."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from exams.models import (
    Criterion,
    Exam,
    ExamPart,
    ExpectedFile,
    InstructionPage,
    SampleAct,
    Verdict,
)
from exams.releasing import releases
from exams.sampling import assessing, samples
from learners.models import Enrolment, Programme, User

ON_THE_WAY = 10  # of so many learners one in a sample, and one with an exam
TEXT = "Lees **goed** wat er gevraagd wordt, en kijk na wat je inlevert.\n\n" * 10
SAID = "Mooi beschreven."


def publish_exam(programme: Programme) -> Exam:
    """Publish an exam of two parts, each with three pages to read."""
    exam = Exam.objects.create(
        programme=programme, title_nl="Examen", published_at=timezone.now() - timedelta(days=400)
    )
    for position in (1, 2):
        part = ExamPart.objects.create(
            exam=exam, position=position, title_nl=f"Deel {position}", cut_score=10
        )
        ExpectedFile.objects.create(part=part, title_nl="Verslag")
        Criterion.objects.create(part=part, title_nl="Het verslag is volledig.", points=20)
        for number in (1, 2, 3):
            InstructionPage.objects.create(
                part=part, position=number, title_nl=f"Pagina {number}", text_nl=TEXT
            )
    return exam


def go_on(enrolments: Sequence[Enrolment], board: User) -> None:
    """Let one of ten have a sample that is assessed, and one of ten an exam that was released."""
    rows = (n for n in range(len(enrolments)) if n % ON_THE_WAY < 2)
    for n in rows:
        sample = samples.draw(enrolment=enrolments[n], by=board)
        if n % ON_THE_WAY == 1:
            for item in sample.items.all():
                assessing.judge(
                    item=item, by=board, verdict=Verdict.APPROVED, feedback=SAID, revision=0
                )
            assessing.decide(sample=sample, by=board, act=SampleAct.APPROVE)
            releases.release(enrolment=enrolments[n], by=board)
