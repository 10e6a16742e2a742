"""The numbers of certificates: without gaps per institution and year, and never twice."""

from collections import Counter
from collections.abc import Sequence

from certifications.models import CertificateNumbers
from learners.models import Organisation

Asked = tuple[Organisation, int]  # an institution, and the year in which something was achieved


def take(asked: Sequence[Asked]) -> list[str]:
    """Return a new number for each, in this order: 'VAV-2026-004217'.

    Called inside a transaction, whose end frees the counters.
    """
    wanted = Counter((organisation.pk, year) for organisation, year in asked)
    counters = _locked_counters(wanted)
    numbers = []
    for organisation, year in asked:
        counter = counters[organisation.pk, year]
        counter.last += 1
        numbers.append(f"{organisation.code}-{year}-{counter.last:06d}")
    CertificateNumbers.objects.bulk_update(counters.values(), ["last"])
    return numbers


def _locked_counters(wanted: Counter[tuple[int, int]]) -> dict[tuple[int, int], CertificateNumbers]:
    counters = _lock(wanted)
    if missing := sorted(wanted.keys() - counters.keys()):
        CertificateNumbers.objects.bulk_create(
            [CertificateNumbers(organisation_id=pk, year=year) for pk, year in missing],
            ignore_conflicts=True,
        )
        counters = _lock(wanted)
    return counters


def _lock(wanted: Counter[tuple[int, int]]) -> dict[tuple[int, int], CertificateNumbers]:
    rows = CertificateNumbers.objects.filter(
        organisation__in={pk for pk, _year in wanted}, year__in={year for _pk, year in wanted}
    )
    return {(row.organisation_id, row.year): row for row in rows.select_for_update().order_by("pk")}
