"""What people are told, in parts that can be shown as text and as HTML.

A template says what happened in parts ('{% paragraph %}…{% endparagraph %}') and knows of no form;
what stands between them is nothing. Its values are plain text, which each form escapes.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.template import Context
from django.template.engine import Engine
from django.utils import translation

TURNS = {"R", "AL"}  # the letters that are written from right to left, by their bidirectional class
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Part:
    """Something that is told; its kind names the templates that show it."""

    kind: ClassVar[str]

    @property
    def in_mail(self) -> str:
        return f"email/_{self.kind}.html"

    @property
    def on_page(self) -> str:
        return f"learners/told/_{self.kind}.html"


@dataclass(frozen=True)
class Paragraph(Part):
    kind = "paragraph"
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Heading(Paragraph):
    kind = "heading"


@dataclass(frozen=True)
class Button(Part):
    """The one thing to do, at an address, with the words that a button has."""

    kind = "button"
    label: str
    address: str

    def __str__(self) -> str:
        return f"{self.label}:\n{self.address}"


@dataclass(frozen=True)
class Address(Part):
    """An address that is itself what is told."""

    kind = "address"
    address: str

    def __str__(self) -> str:
        return self.address


@dataclass(frozen=True)
class Item:
    """One of several: what it is about, what is said of it, and where it is, if anywhere."""

    title: str
    text: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.title}: {self.text}\n{self.address}".strip()


@dataclass(frozen=True)
class Items(Part):
    kind = "items"
    items: list[Item]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.items))


@dataclass
class Words:
    """What is told, in one language: a subject, and parts below it."""

    subject: str = ""
    parts: list[Part] = field(default_factory=list)

    @property
    def body(self) -> str:
        """All parts as text."""
        return "\n\n".join(map(str, self.parts))

    def add_item(self, item: Item) -> None:
        """Add to the list that this follows, else begin one."""
        last = self.parts[-1] if self.parts else None
        if isinstance(last, Items):
            last.items.append(item)
        else:
            self.parts.append(Items([item]))


def read(template: str, said: Mapping[str, object]) -> Words:
    """Return what a template says with these values, in the language that is active."""
    words = Words()
    values = {name: _shown(value) for name, value in _in_language(said).items()}
    # Escaping is for the form that these words get.
    context = Context({**values, "words": words}, autoescape=False)
    Engine.get_default().get_template(template).render(context)
    return words


def isolated(text: str) -> str:
    """Keep a name that is written from right to left from turning the words around it."""
    if any(unicodedata.bidirectional(letter) in TURNS for letter in text):
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"
    return text


def _shown(value: object) -> object:
    """Ready a value for a sentence, whatever it stands in."""
    if isinstance(value, str):
        return isolated(value)
    if isinstance(value, Mapping):
        return {name: _shown(inner) for name, inner in _in_language(value).items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    return value


def _in_language(said: Mapping[str, object]) -> dict[str, object]:
    """Give what is there in both languages its plain name: 'title', beside 'title_nl'."""
    language = translation.get_language()
    plain = {}
    for name, dutch in said.items():
        base, _, ending = name.rpartition("_")
        if ending == "nl":
            plain[base] = said.get(f"{base}_{language}") or dutch
    return {**said, **plain}
