"""Which files a part of an exam takes, in words: of each sort the kinds, and what helps where
browsers do not show one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from exams.defining.file_sorts import KINDS
from exams.models import ExpectedFile, FileSort
from learners.files.file_kinds import Kind


@dataclass(frozen=True)
class Taken:
    """A sort of file: the kinds that are taken, as their names end, and what to know of them."""

    sort: str
    kinds: str
    advice: str = ""
    is_film: bool = False


ICONS = {
    FileSort.ANY: "file-earmark",
    FileSort.DOCUMENT: "file-earmark-text",
    FileSort.PICTURE: "file-earmark-image",
    FileSort.FILM: "file-earmark-play",
    FileSort.SOUND: "file-earmark-music",
}


@dataclass(frozen=True)
class Expected:
    """A file that is expected, with the icon of its sort."""

    file: ExpectedFile

    @property
    def icon(self) -> str:
        return ICONS[FileSort(self.file.sort)]


def taken_for(expected: Iterable[ExpectedFile]) -> list[Taken]:
    """Return the sorts of file among these, in their order; any kind stands for all of them."""
    wanted = {FileSort(one.sort) for one in expected}
    every = [sort for sort in FileSort if sort != FileSort.ANY]
    if FileSort.ANY not in wanted:
        return [_taken(sort) for sort in every if sort in wanted]
    known = {kind for sort in every for kind in KINDS[sort]}
    others = [kind for kind in KINDS[FileSort.ANY] if kind not in known]
    return [*(_taken(sort) for sort in every), Taken(_("something else"), _named(others))]


def _taken(sort: FileSort) -> Taken:
    is_film = sort == FileSort.FILM
    return Taken(str(sort.label), _named(KINDS[sort]), _advice(sort), is_film)


def _named(kinds: Sequence[Kind]) -> str:
    return ", ".join(kind.endings[0].upper() for kind in kinds)


def _advice(sort: FileSort) -> str:
    match sort:
        case FileSort.DOCUMENT:
            return _(
                "Browsers show a PDF, and no other document. Make a PDF if you can; it looks the "
                "same to everybody."
            )
        case FileSort.PICTURE:
            return _("Many browsers do not show HEIC. Make a JPEG of it.")
        case FileSort.FILM:
            return _(
                "Not every browser plays a MOV, a 3GP or what a phone films as HEVC. Make an MP4 "
                "of it."
            )
    return ""
