"""What was read of an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mapping.imports.xlsform.messages import sentence
from mapping.models import Audience, ResultsShown

SheetName = Literal["survey", "choices", "settings"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, or a note on what was read in another way: the sheet, its row as spreadsheets number it (0: the whole
    sheet), a machine-readable code and the parameters of its message.
    """

    sheet: SheetName
    row: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The message in the active language."""
        return sentence(self.code, self.params)


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question of the form as `mapping.models.Question` stores it; `row` is the one that it was read from.

    `translations` are its texts in further languages, by tag and place (`mapping.models.Translation.field`).
    """

    row: int
    slug: str
    title: str
    kind: str
    help_text: str = ""
    required: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    show_if: Mapping[str, Any] = field(default_factory=dict)
    starts_page: bool = False
    audience: str = Audience.PUBLIC.value
    results: str = ResultsShown.LIVE.value
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its title, its questions, all faults at once, and notes on what was left out or read differently.

    A form with `problems` cannot be stored. `language` is the one whose texts are the originals, empty where the form
    names none; `further` are the tags of those that are read as translations, `left_out` the other ones.
    """

    title: str
    questions: tuple[FormQuestion, ...]
    problems: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    language: str = ""
    further: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
