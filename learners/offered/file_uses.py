"""What the ground floor uses files for."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learners.content.knowledge_centre import content_read_by
from learners.hooks.file_uses import FileUse, named_in
from learners.models import (
    ForceMajeureFile,
    ImportJob,
    ImportKind,
    Lesson,
    Material,
    Organisation,
    User,
)

READERS_OF_CONTENT = _(
    "The teachers of the course, whoever follows it as long as its content is open to them, and "
    "every administrator."
)
LISTED_AS = {ImportKind.ENROLMENTS: "importjob", ImportKind.EXEMPTIONS: "exemptionimport"}


def imports_read_by(user: User) -> Q:
    """Keep the files of the lists of imports that somebody may see in the administration."""
    return _imports(user, ImportKind.ENROLMENTS) | _imports(user, ImportKind.EXEMPTIONS)


def _imports(user: User, kind: ImportKind) -> Q:
    may_see = user.holds(*(f"learners.{verb}_{LISTED_AS[kind]}" for verb in ("view", "change")))
    return may_see & named_in(ImportJob.objects.filter(kind=kind), "file")


def force_majeure_read_by(user: User) -> Q:
    """Keep the files of evidence of force majeure of one's own, and of what one may judge."""
    return named_in(ForceMajeureFile.objects.read_by(user), "file")


USES = (
    FileUse(
        title=_("lesson of a course"),
        readers=READERS_OF_CONTENT,
        kept=_("As long as a lesson has it, an archived one too."),
        fields=(Lesson.file.field, Lesson.captions_nl.field, Lesson.captions_en.field),
        read_by=content_read_by,
        staff_may_read=True,
    ),
    FileUse(
        title=_("material of a knowledge centre"),
        readers=READERS_OF_CONTENT,
        kept=_("As long as it stands in the knowledge centre."),
        fields=(Material.file.field,),
        read_by=content_read_by,
        staff_may_read=True,
    ),
    FileUse(
        title=_("logo of an institution"),
        readers=_("Every administrator; certificates show it to everybody."),
        kept=_("As long as it is the logo."),
        fields=(Organisation.logo.field,),
        staff_may_read=True,
    ),
    FileUse(
        title=_("import of enrolments or exemptions"),
        readers=_("Administrators with the permission to see that list of imports."),
        kept=_("As many years as the institution keeps personal data, where it clears them."),
        fields=(ImportJob.file.field,),
        read_by=imports_read_by,
    ),
    FileUse(
        title=_("proof of force majeure"),
        readers=_("Whose withdrawal it is about, and administrators who may decide on it."),
        kept=_("Until it is judged, or whom it is about is cleared."),
        fields=(ForceMajeureFile.file.field,),
        read_by=force_majeure_read_by,
        is_of_person=True,
    ),
)
