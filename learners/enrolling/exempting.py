"""Exempting people of courses, by a base list, an exemption file, or one by one.

Source: the teachers' guide ('de deelnemer is vrijgesteld van de cursus op basis van een basislijst
of vrijstellingsdossier'); only administrators do it. It counts for programmes and certifications,
and gives no certificate and no points by itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from learners.models import Actor, Course, Enrolment, StudyStatus, StudyStatusChange, User
from learners.studying import new_enrolments, study_status
from learners.studying.status_wishes import Wish
from learners.telling import notify


@dataclass(frozen=True, kw_only=True)
class Exemption:
    """Somebody to exempt of a course, and on which ground; without an enrolment they get one that
    is exempt from its beginning."""

    learner: User
    course: Course | None
    ground: str
    enrolment: Enrolment | None = None


@transaction.atomic
def exempt(
    *, exemptions: Sequence[Exemption], by: User, tells_learners: bool = True
) -> list[Enrolment]:
    """Exempt people, all or none, and return their enrolments. Who is exempt already is passed
    over. They are told, and on which ground, unless `tells_learners` is off: then of nothing that
    follows from it either. Raises `StatusRefused` where somebody has completed the course."""
    wishes = [
        Wish(
            enrolment_id=one.enrolment.pk,
            to=StudyStatus.EXEMPT,
            reason=one.ground,
            tells_learner=tells_learners,
        )
        for one in exemptions
        if one.enrolment
    ]
    changes = study_status.change_statuses(wishes=wishes, by=by, actor=Actor.ADMINISTRATOR)
    news = [
        new_enrolments.NewEnrolment(
            learner=one.learner,
            course=one.course,
            exempt_because=one.ground,
            tells_learner=tells_learners,
        )
        for one in exemptions
        if not one.enrolment
    ]
    made = new_enrolments.enrol_many(news=news, by=by, actor=Actor.ADMINISTRATOR)
    study_status.follow_births(made)
    exempted = [*(change.enrolment for change in changes), *made]
    if tells_learners:
        _tell(exempted)
    return exempted


def _tell(enrolments: Collection[Enrolment]) -> None:
    """Tell people that they were exempted, and on which ground; each once."""
    newest = StudyStatusChange.objects.filter(
        enrolment__in=[e.pk for e in enrolments], to_status=StudyStatus.EXEMPT
    )
    grounds = dict(newest.order_by("pk").values_list("enrolment", "reason"))
    notify.tell(
        kind="learners/exempted",
        messages=[
            notify.Message(
                user_id=e.learner_id,
                organisation_id=e.subject.organisation_id,
                key=f"exempted:{e.pk}",
                params={
                    "title_nl": e.subject.title_nl,
                    "title_en": e.subject.title_in("en"),
                    "ground": grounds.get(e.pk, ""),
                },
                url=e.get_absolute_url(),
            )
            for e in enrolments
        ],
    )
