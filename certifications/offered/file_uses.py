"""What certifications use files for."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certifications.models import AssigningJob, Certification, EvidenceFile
from learners.hooks.file_uses import FileUse, named_in
from learners.models import User

MAY_SEE_LISTS = ("certifications.view_assigningjob", "certifications.change_assigningjob")


def badges_read_by(user: User) -> Q:
    """Keep the badges of what was published: their own address shows them to everybody."""
    return named_in(Certification.objects.exclude(published_at=None), "badge")


def lists_read_by(user: User) -> Q:
    """Keep the files of people, where somebody may see what was assigned to many."""
    return user.holds(*MAY_SEE_LISTS) & named_in(AssigningJob.objects.all(), "file")


def evidence_read_by(user: User) -> Q:
    """Keep the files of evidence of one's own, and of what one judges."""
    return named_in(EvidenceFile.objects.read_by(user), "file")


USES = (
    FileUse(
        title=_("badge of a certification"),
        readers=_("Everybody, once the certification is published; before that administrators."),
        kept=_("As long as it is the badge."),
        fields=(Certification.badge.field,),
        read_by=badges_read_by,
        staff_may_read=True,
    ),
    FileUse(
        title=_("people to whom something was assigned"),
        readers=_("Administrators with the permission to see what was assigned to many."),
        kept=_("As many years as the institution keeps personal data, where it clears them."),
        fields=(AssigningJob.file.field,),
        read_by=lists_read_by,
    ),
    FileUse(
        title=_("proof for a certification"),
        readers=_("Whoever handed it in, and whoever judges proofs of that certification."),
        kept=_("Until who handed it in is cleared."),
        fields=(EvidenceFile.file.field,),
        read_by=evidence_read_by,
        is_of_person=True,
    ),
)
