"""A walk that somebody is to take."""

from django.db import models

from learners.models import Enrolment, StoredFile


class Walk(models.Model):
    """One walk of somebody: let go, handed in with a photo, passed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=50)
    let_go_on = models.DateField(null=True)
    let_go_at = models.DateTimeField(null=True)
    handed_in_on = models.DateField(null=True)
    passed_on = models.DateField(null=True)
    photo = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        app_label = "beside"

    def __str__(self) -> str:
        return self.place
