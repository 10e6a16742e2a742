"""What the tests of the roof need from several floors."""

from datetime import timedelta

from django.utils import timezone

from certifications.models import Certificate, CertificateKind
from learners.models import User
from learners.tests.factories import CourseFactory, an_enrolment


def certified(user: User, days: int) -> Certificate:
    """Give somebody a certificate of a year ago that ends so many days from now."""
    enrolment = an_enrolment(CourseFactory(), user)
    today = timezone.localdate()
    return Certificate.objects.create(
        number=f"RD-{enrolment.pk}",
        kind=CertificateKind.COURSE,
        learner=user,
        enrolment=enrolment,
        organisation=enrolment.course.organisation,
        language="en",
        learner_name=user.name,
        title="First aid",
        achieved_on=today - timedelta(days=365),
        valid_until=today + timedelta(days=days),
        released_at=timezone.now(),
    )
