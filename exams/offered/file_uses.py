"""What assignments use files for."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models import DraftFile, HandInFile, Remark, Work
from learners.hooks.file_uses import FileUse, named_in
from learners.models import User


def drafts_read_by(user: User) -> Q:
    """Keep the files of drafts of one's own."""
    return named_in(DraftFile.objects.filter(draft__work__enrolment__learner=user), "file")


def hand_ins_read_by(user: User) -> Q:
    """Keep the files of work that somebody made, coaches or looks after as the board."""
    works = Work.objects.read_by(user).values("pk")
    return named_in(HandInFile.objects.filter(hand_in__work__in=works), "file")


USES = (
    FileUse(
        title=_("draft of an assignment"),
        readers=_("Whoever is making the assignment."),
        kept=_("Until it is taken out of the draft, or its maker is cleared."),
        fields=(DraftFile.file.field,),
        read_by=drafts_read_by,
        is_of_person=True,
    ),
    FileUse(
        title=_("work that was handed in"),
        readers=_(
            "Whoever made it, their coaches, the examination board, and administrators with the "
            "permission to see pieces of work."
        ),
        kept=_("Until its maker is cleared."),
        fields=(HandInFile.file.field, Remark.file.field),
        read_by=hand_ins_read_by,
        is_of_person=True,
    ),
)
