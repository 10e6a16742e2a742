"""What is told of applications and samples: to whoever assesses them, and to their learner."""

from django.urls import reverse

from exams.models import Sample
from learners.enrolling.coaches import board_of, coaches_of
from learners.models import Enrolment
from learners.telling import notify


def tell_coaches(enrolment: Enrolment, key: str, *, is_again: bool) -> None:
    """Tell who coaches somebody, or the board where nobody does, that they applied for their exam,
    or that they ask for a new sample."""
    coaches = coaches_of([enrolment])[enrolment.pk] or board_of(enrolment.organisation)
    messages = [
        notify.Message(
            user_id=one.pk,
            organisation_id=enrolment.organisation.pk,
            key=key,
            params=titles(enrolment) | {"name": enrolment.learner.name},
            url=enrolment_url(enrolment),
        )
        for one in coaches
        if one.pk != enrolment.learner_id
    ]
    notify.tell(kind="exams/new_sample_asked" if is_again else "exams/applied", messages=messages)


def tell_learner(sample: Sample) -> None:
    """Tell somebody that their sample was decided; the mail says that there is feedback, not what
    it says."""
    enrolment = sample.enrolment
    assert sample.decided_by is not None, "it was decided"
    message = notify.Message(
        user_id=enrolment.learner_id,
        organisation_id=enrolment.organisation.pk,
        key=f"sample:{sample.pk}",
        params=titles(enrolment) | {"coach": sample.decided_by.name},
        url=f"{enrolment.get_absolute_url()}?tab=samples",
    )
    notify.tell(kind=f"exams/sample_{sample.state}", messages=[message])


def titles(enrolment: Enrolment) -> dict[str, str]:
    """Return the titles of a programme in both languages, as mails need them."""
    return {
        "programme_nl": enrolment.subject.title_nl,
        "programme_en": enrolment.subject.title_in("en"),
    }


def enrolment_url(enrolment: Enrolment) -> str:
    """Return the page on which somebody's way to the exam is looked after."""
    return reverse("exams:learner_exam", args=[enrolment.pk])
