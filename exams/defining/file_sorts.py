"""Which kinds of files each sort takes that a part of an exam may expect."""

from collections.abc import Mapping, Sequence

from exams.models import FileSort
from learners.files import file_kinds
from learners.files.file_kinds import Kind

DOCUMENTS = (*file_kinds.DOCUMENTS, file_kinds.CSV)
PICTURES = (*file_kinds.PHOTOS, file_kinds.GIF)
KINDS: Mapping[FileSort, Sequence[Kind]] = {
    FileSort.ANY: file_kinds.MATERIALS,
    FileSort.DOCUMENT: DOCUMENTS,
    FileSort.PICTURE: PICTURES,
    FileSort.FILM: file_kinds.FILMS,
    FileSort.SOUND: file_kinds.SOUNDS,
}
