"""Documents become texts: read, matched with the standing sections, shown to planners, then stored as the draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext, override

from mapping.services.errors import invalid
from texts.models import Text, Wording
from texts.reading.blocks import ReadText
from texts.reading.documents import read_document
from texts.reading.matching import Standing, matches
from texts.reading.problems import DocumentProblem
from texts.services.setup.drafts import Entry, shown_version, wordings_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A section that a part of a document may continue; `is_gone` if the newest version has it no more."""

    wording: Wording
    is_gone: bool


def read_file(text: Text, data: bytes, name: str) -> ReadText:
    """The sections of a document; raises Invalid on "file" with the code of its problem (`texts.reading`)."""
    with override(text.campaign.language):
        preamble = gettext("Preamble")
    try:
        return read_document(data, name, preamble=preamble)
    except DocumentProblem as problem:
        raise invalid("file", problem.code, **problem.params) from problem


def candidates_of(text: Text) -> list[Candidate]:
    """The sections that are there, in their order, then those that are gone, as they read last."""
    standing = wordings_of(shown_version(text))
    known = [one.section_id for one in standing]
    last = (
        Wording.objects.filter(section__text=text)
        .exclude(section__in=known)
        .select_related("section")
        .order_by("section_id", "-version__number")
        .distinct("section_id")
    )
    return [
        *(Candidate(one, is_gone=False) for one in standing),
        *(Candidate(one, is_gone=True) for one in last),
    ]


def proposed(read: ReadText, candidates: Sequence[Candidate]) -> list[UUID | None]:
    """The section that each part of the document most likely continues, or None for a new one.

    Standing sections are matched first; what was gone returns only for the rest.
    """
    words = [(one.heading, one.body) for one in read.sections]
    found: list[UUID | None] = [None] * len(words)
    for is_gone in (False, True):
        offered: list[Standing[UUID | None]] = [
            Standing(one.wording.section_id, one.wording.heading, one.wording.body)
            for one in candidates
            if one.is_gone == is_gone
        ]
        open_numbers = [number for number, one in enumerate(found) if one is None]
        for number, key in zip(
            open_numbers, matches([words[one] for one in open_numbers], offered), strict=True
        ):
            found[number] = key
    return found


def entries_of(read: ReadText, sections: Sequence[UUID | None]) -> list[Entry]:
    """What `drafts.replace_draft` stores: each part of the document with the section that it continues."""
    return [
        Entry(one.heading, one.body, one.level, key) for one, key in zip(read.sections, sections, strict=True)
    ]
