"""The counters that certificates take their numbers from."""

from django.db import models

from learners.models import Organisation


class CertificateNumbers(models.Model):
    """The last number that an institution gave in a year; the row is locked while one is taken."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"], name="certificate_numbers_once_per_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.code}-{self.year}: {self.last}"
