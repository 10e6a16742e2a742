"""`manage.py draw_again`: draw every sample that is stored again, and compare."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exams.models import Sample
from exams.sampling import again


class Command(BaseCommand):
    help = (
        "Draws every sample again from its seed and its list, and compares. Changes nothing; ends "
        "with 1 where a sample is another than its seed draws, and names it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="the number of one sample; all, if not said")

    def handle(self, *args: Any, sample: int | None, **options: Any) -> None:
        chosen = Sample.objects.order_by("pk")
        if sample is not None:
            chosen = chosen.filter(pk=sample)
            if not chosen.exists():
                raise CommandError(f"There is no sample {sample}.")
        compared = again.compare(chosen)
        self.stdout.write(f"{compared.same} of {compared.all} samples are what their seeds draw.")
        if compared.different:
            said = "\n".join(f"  sample {pk}: {why}" for pk, why in compared.different)
            raise CommandError(f"Others are not:\n{said}", returncode=1)
