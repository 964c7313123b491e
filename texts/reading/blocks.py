"""What readers of all formats make: blocks in reading order, which become sections by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from texts.reading.numbers import numbers
from texts.reading.problems import DocumentProblem

MOST_SECTIONS: Final = 500
LONGEST_HEADING: Final = 120
LONGEST_BODY: Final = 20_000
"""Most characters of a section's text."""
LOWEST_LEVEL: Final = 6

Kind = Literal["title", "heading", "paragraph", "item", "row"]
_TYPED_NUMBER: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3}){0,5})[.)]?\s+(?=\S)")
_SPACES: Final = re.compile(r"[^\S\n]+")


class Notice(StrEnum):
    """What planners should know of a document that was read; each has a sentence."""

    TRACKED_CHANGES = "text_notice_tracked_changes"
    PICTURES = "text_notice_pictures"
    NOTES = "text_notice_notes"
    COMMENTS = "text_notice_comments"
    HIDDEN = "text_notice_hidden"
    LONG_HEADINGS = "text_notice_long_headings"
    PREAMBLE = "text_notice_preamble"
    NUMBERS = "text_notice_numbers"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading with its level (from 1), a paragraph, an item of a list with its sign, or a row of a table."""

    kind: Kind
    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section as a document has it; level 0 is a preamble without number."""

    heading: str
    body: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class ReadText:
    """A document as sections; `title` may be empty."""

    title: str
    sections: tuple[ReadSection, ...]
    notices: tuple[Notice, ...] = ()


def one_line(text: str) -> str:
    """A text without line breaks and doubled spaces."""
    return " ".join(text.split())


def several_lines(text: str) -> str:
    """A text whose lines have no doubled spaces nor spaces at their ends."""
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.strip().split("\n")).strip()


def sections_of(blocks: Iterable[Block], notices: Iterable[Notice] = (), *, preamble: str) -> ReadText:
    """The sections of a document; what stands before the first heading gets `preamble` as its heading.

    Raises DocumentProblem text_without_words, no_headings, too_many_sections, section_too_long.
    """
    found, told = list(blocks), list(dict.fromkeys(notices))
    if not any(one.text for one in found):
        raise DocumentProblem("text_without_words")
    title, rest = _title(found)
    if not any(one.kind == "heading" for one in rest):
        raise DocumentProblem("no_headings")
    sections = list(_cut(rest, preamble))
    if len(sections) > MOST_SECTIONS:
        raise DocumentProblem("too_many_sections", number=len(sections), max=MOST_SECTIONS)
    if rest[0].kind != "heading":
        told.append(Notice.PREAMBLE)
    sections, has_numbers = _without_typed_numbers(sections)
    if has_numbers:
        told.append(Notice.NUMBERS)
    short = [_short(one) for one in sections]
    if short != sections:
        told.append(Notice.LONG_HEADINGS)
    for one in short:
        if len(one.body) > LONGEST_BODY:
            raise DocumentProblem("section_too_long", title=one.heading, max=LONGEST_BODY)
    return ReadText(title[:LONGEST_HEADING], tuple(short), tuple(told))


def _title(blocks: Sequence[Block]) -> tuple[str, list[Block]]:
    """The title, and all other blocks; a first heading above all others is a title, too."""
    named = [one.text for one in blocks if one.kind == "title" and one.text]
    rest = [one for one in blocks if one.text and one.kind != "title"]
    headings = [one for one in rest if one.kind == "heading"]
    if named or len(headings) < 2 or rest[0] is not headings[0]:
        return " ".join(named), rest
    if any(one.level <= headings[0].level for one in headings[1:]):
        return "", rest
    return headings[0].text, rest[1:]


def _cut(blocks: Sequence[Block], preamble: str) -> Iterable[ReadSection]:
    top = min(one.level for one in blocks if one.kind == "heading")
    heading, level = preamble, top - 1
    body: list[Block] = []
    is_begun = False
    for one in blocks:
        if one.kind != "heading":
            body.append(one)
            is_begun = True
            continue
        if is_begun:
            yield _section(heading, body, level - top + 1)
        heading, level, body, is_begun = one_line(one.text), one.level, [], True
    yield _section(heading, body, level - top + 1)


def _section(heading: str, body: Sequence[Block], level: int) -> ReadSection:
    text = ""
    before: Block | None = None
    for one in body:
        if before is not None:
            text += "\n" if one.kind == before.kind != "paragraph" else "\n\n"
        text += one.text
        before = one
    return ReadSection(heading, text, min(level, LOWEST_LEVEL))


def _without_typed_numbers(sections: Sequence[ReadSection]) -> tuple[list[ReadSection], bool]:
    """Without numbers that somebody typed into the headings, where they are those that are counted anyway."""
    bare: list[ReadSection] = []
    for one, number in zip(sections, numbers(one.level for one in sections), strict=True):
        typed = _TYPED_NUMBER.match(one.heading) if number else None
        if number and (typed is None or typed[1] != number):
            return list(sections), False
        bare.append(one if typed is None else replace(one, heading=one.heading[typed.end() :]))
    return bare, True


def _short(section: ReadSection) -> ReadSection:
    """A heading that is too long is cut at a word, and stands whole above the text."""
    if len(section.heading) <= LONGEST_HEADING:
        return section
    cut = section.heading[: LONGEST_HEADING - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
    return replace(section, heading=cut, body=f"{section.heading}\n\n{section.body}".strip())
