"""Which texts campaigns, phases, categories and questions have, by name: what is translated, and where it stands.

A name within a row is that of its column, "picture" for the alternative text of the title picture, or a place in the
options of a question: "choices.red", "alts.red" (alternative text of a picture), "rows.r1", "minimum_title",
"maximum_title", "unit".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mapping.models import Campaign, Category, Phase, Question, TextOf

Row = Campaign | Phase | Category | Question

PICTURE: Final = "picture"
CHOICES: Final = "choices"
ALTS: Final = "alts"
ROWS: Final = "rows"
ENDS: Final = ("minimum_title", "maximum_title", "unit")
"""Options of a question that are texts themselves."""
_LONGEST_CHOICE: Final = 200
_LONGEST_ALT: Final = 300
_LONGEST_END: Final = 80
_LONGEST_TEXT: Final = 20_000
_COLUMNS: Final[Mapping[type[Row], Mapping[str, int]]] = {
    Campaign: {
        "title": 160,
        "summary": 300,
        "description": _LONGEST_TEXT,
        "outcome": _LONGEST_TEXT,
        "organiser": 160,
        "contact": 200,
        "attribution": 300,
    },
    Phase: {"title": 120, "description": 300},
    Category: {"title": 120, "description": 300},
    Question: {"title": 200, "help_text": 300},
}
"""Characters of each text; the limits of the originals (`tests/translated` compares them)."""
_FORMATTED: Final = frozenset({"description", "outcome"})
_KINDS: Final[Mapping[type[Row], TextOf]] = {
    Campaign: TextOf.CAMPAIGN,
    Phase: TextOf.PHASE,
    Category: TextOf.CATEGORY,
    Question: TextOf.QUESTION,
}


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a row as it was written; `max_length` are characters."""

    kind: TextOf
    object_id: int
    field: str
    original: str
    max_length: int
    is_long: bool = False
    is_formatted: bool = False

    @property
    def name(self) -> str:
        """What names the text in its campaign: `question.12.choices.red`."""
        return name_of(self.kind, self.object_id, self.field)


def name_of(kind: str, object_id: int, field: str) -> str:
    """What names a text in its campaign."""
    return f"{kind}.{object_id}.{field}"


def kind_of(row: Row) -> TextOf:
    """What kind of row this is."""
    return _KINDS[type(row)]


def columns_of(row: Row) -> Mapping[str, int]:
    """The columns of a row that are texts, with the longest text of each in characters."""
    return _COLUMNS[type(row)]


def texts_of(row: Row) -> Iterator[Text]:
    """The texts that a row has, in the order in which people read them; empty ones are left out."""
    kind = kind_of(row)
    for column, longest in columns_of(row).items():
        is_long = longest == _LONGEST_TEXT
        yield from _text(row, kind, column, getattr(row, column), longest, is_long=is_long)
        if column == "summary" and isinstance(row, Campaign) and row.picture is not None:
            yield from _text(row, kind, PICTURE, row.picture.alt, _LONGEST_ALT)
    if isinstance(row, Question):
        yield from _of_options(row, row.options)


def listed(options: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The choices or statements of a question as its options list them; what is none is left out."""
    given = options.get(name)
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and one.get("value") is not None:
            yield one


def _of_options(question: Question, options: Mapping[str, Any]) -> Iterator[Text]:
    kind = TextOf.QUESTION
    for name in (ROWS, CHOICES):
        for one in listed(options, name):
            title = f"{name}.{one['value']}"
            yield from _text(question, kind, title, one.get("title"), _LONGEST_CHOICE)
            if name == CHOICES:
                yield from _text(question, kind, f"{ALTS}.{one['value']}", one.get("alt"), _LONGEST_ALT)
    for name in ENDS:
        yield from _text(question, kind, name, options.get(name), _LONGEST_END)


def _text(
    row: Row, kind: TextOf, field: str, original: object, longest: int, *, is_long: bool = False
) -> Iterator[Text]:
    if isinstance(original, str) and original:
        is_formatted = is_long and field in _FORMATTED
        yield Text(kind, int(row.pk), field, original, longest, is_long, is_formatted)
