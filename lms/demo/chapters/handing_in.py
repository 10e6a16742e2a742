"""What the learners of the demo write, hand in and ask, and what their coach says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from exams.assignments import drafts, hand_ins, works
from exams.conversing import conversations
from exams.models import Assignment, HandIn, Verdict, Work
from exams.reviewing import reviews
from exams.reviewing.reviews import NewRemark
from learners.files import file_kinds, keeping
from learners.models import Enrolment, StoredFile, User
from lms.demo.drawn import materials, papers, slides

MAX_SIZE = 500_000  # bytes
LATER = timedelta(minutes=10)
KINDS = (file_kinds.PDF, file_kinds.PNG, file_kinds.MP4)


@dataclass(frozen=True)
class Working:
    """Somebody's work on one assignment: what they say of it, and who reviews it. `number` is the
    learner's, by which everybody gets the next text; `is_weak` where it will be sent back."""

    enrolment: Enrolment
    assignment: Assignment
    said: Mapping[str, Any]
    reviewer: User
    number: int
    is_weak: bool

    @property
    def learner(self) -> User:
        return self.enrolment.learner

    def work(self, at: datetime) -> Work:
        """Return the work, begun where it was not."""
        return works.begin(
            enrolment=self.enrolment, assignment=self.assignment, by=self.learner, at=at
        )

    def begin(self, at: datetime) -> None:
        """Write the first half of an answer."""
        self._write(at, _half(self._text))

    def begin_twice(self, at: datetime) -> None:
        """Write in one window, and then something else in another that did not see it."""
        work, first, other = self.work(at), self.said["says"][0], self.said["other"]
        for window, text, then in (("home", _half(first), at), ("work", other, at + LATER)):
            drafts.save_text(
                work=work, by=self.learner, text=text.strip(), revision=0, window=window, at=then
            )

    def go_on(self, at: datetime) -> None:
        """Begin the version that is better."""
        self._write(at, _half(self.said["better"]))

    def hand_in(self, at: datetime) -> None:
        """Hand in what they say, with their files."""
        work = self.work(at)
        files = () if self._weak else self.said.get("files", ())
        stored = [_stored(self.learner, *row) for row in files]
        drafts.add_files(work=work, files=stored, by=self.learner, at=at)
        self._hand_in(work, self._text, at)

    def hand_in_again(self, at: datetime) -> None:
        """Hand in what is better: another text, or the first file made anew."""
        work = self.work(at)
        text = self.said.get("better", "")
        if not text:
            name, *says = self.said["files"][0]
            anew = f"{PurePath(name).stem}, tweede keer{PurePath(name).suffix}"
            first = self._last(work).files.all()[0]
            drafts.remove_file(work=work, file=first.file_id, by=self.learner)
            files = [_stored(self.learner, anew, *says)]
            drafts.add_files(work=work, files=files, by=self.learner, at=at)
        self._hand_in(work, text, at)

    def send_back(self, at: datetime) -> None:
        """Send the newest version back, with remarks on its lines or on its first file."""
        newest = self._last(self.work(at))
        on_file = newest.files.all()[0].file if self.said.get("on_file") else None
        remarks = [NewRemark(text, place, on_file) for place, text in self.said["lines"]]
        self._review(newest, Verdict.SENT_BACK, self.said["back"], at, remarks)

    def approve(self, at: datetime) -> None:
        """Approve the newest version."""
        newest = self._last(self.work(at))
        feedback = self.said["improved"] if self.is_weak else self._next("approved")
        self._review(newest, Verdict.APPROVED, feedback, at)

    def ask(self, at: datetime) -> None:
        """Ask the coach something."""
        conversations.say(work=self.work(at), by=self.learner, text=self.said["asks"][0], at=at)

    def answer(self, at: datetime) -> None:
        """Answer what was asked, which the learner reads."""
        work = self.work(at)
        said = conversations.say(work=work, by=self.reviewer, text=self.said["asks"][1], at=at)
        conversations.read(last=said)

    @property
    def _text(self) -> str:
        return self._weak or self._next("says")

    @property
    def _weak(self) -> str:
        weak: str = self.said.get("weak", "") if self.is_weak else ""
        return weak

    def _next(self, name: str) -> str:
        texts: Sequence[str] = self.said.get(name, ())
        return texts[self.number % len(texts)] if texts else ""

    def _write(self, at: datetime, text: str) -> int:
        """Write a text into the draft; return its revision."""
        work = self.work(at)
        revision = drafts.of(work).revision
        saved = drafts.save_text(
            work=work, by=self.learner, text=text.strip(), revision=revision, at=at
        )
        return saved.draft.revision

    def _hand_in(self, work: Work, text: str, at: datetime) -> None:
        revision = self._write(at, text)
        hand_ins.hand_in(work=work, by=self.learner, number=work.number, revision=revision, at=at)

    def _last(self, work: Work) -> HandIn:
        return work.hand_ins.select_related("work", "version").latest("number")

    def _review(
        self,
        newest: HandIn,
        verdict: Verdict,
        feedback: str,
        at: datetime,
        remarks: Sequence[NewRemark] = (),
    ) -> None:
        reviews.give(
            hand_in=newest,
            by=self.reviewer,
            verdict=verdict,
            feedback=feedback,
            remarks=remarks,
            at=at,
        )


def _half(text: str) -> str:
    lines = text.strip().split("\n")
    return "\n".join(lines[: max(1, len(lines) // 2)])


def _stored(owner: User, name: str, *says: str) -> StoredFile:
    """Store a file that is drawn: a page, a paper that was photographed, or a film."""
    upload = SimpleUploadedFile(name, _drawn(PurePath(name).suffix, says))
    return keeping.store(upload=upload, owner=owner, kinds=KINDS, max_size=MAX_SIZE)


@cache
def _drawn(kind: str, says: tuple[str, ...]) -> bytes:
    if kind == ".pdf":
        return materials.hand_out(says[0], says[1])
    if kind == ".mp4":
        return slides.film_of(says)
    return papers.photographed("paper.png", *says).read()
