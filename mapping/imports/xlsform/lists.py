"""The lists of the sheet `choices`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from mapping.geo.text import TextProblem, clean_text
from mapping.geo.unseen import undisguised
from mapping.imports.xlsform.form import Finding, SheetName
from mapping.imports.xlsform.languages import Languages
from mapping.imports.xlsform.sheets import Sheet, SheetRow
from mapping.questions.choices import MOST_CHOICES
from mapping.translated.texts import ALTS, CHOICES

LONGEST_CHOICE: Final = 200
"""Characters of a choice's value or title."""
LONGEST_ALT: Final = 300
LONGEST_PLACE: Final = 200
"""Characters of `Translation.field`."""

_OTHER: Final = re.compile(r"(?:others?|ander\w*|sonstige?\w*|autre\w*)\b", re.IGNORECASE)
_TRUE: Final = frozenset({"yes", "true", "true()", "ja", "1", "x"})
_LEFT_OUT: Final = ("audio", "video", "big-image")

Report = Callable[[Finding], object]


@dataclass(frozen=True, slots=True)
class Texts:
    """Reads texts in the form's language, as they may be stored; faults are reported."""

    sheet: SheetName
    languages: Languages
    report: Report

    def raw(self, row: SheetRow, column: str) -> str:
        """The text as written, with a note where it is in another language than the form's first one."""
        for language in self.languages.order:
            if text := row.translated(column, [language]):
                if language not in ("", self.languages.first):
                    params = {"language": language, "first": self.languages.first or column}
                    self.report(Finding(self.sheet, row.number, "text_missing", params))
                return text
        return ""

    def line(self, row: SheetRow, column: str, longest: int) -> str | None:
        """The text of a column as one line; None where it is too long."""
        return self.cleaned(self.raw(row, column), row, column, longest)

    def own(self, row: SheetRow, column: str, longest: int) -> str | None:
        """The original in a column whose heading need not name its language; None where it is too long."""
        return self.cleaned(row.translated(column, (self.languages.first, "")), row, column, longest)

    def further(self, row: SheetRow, column: str, longest: int) -> dict[str, str]:
        """The text of a column as one line in each further language that has one, by tag."""
        found: dict[str, str] = {}
        for tag, language in self.languages.further.items():
            if text := row.translated(column, [language]):
                cleaned = self.cleaned(text, row, f"{column}::{language}", longest)
                found |= {tag: cleaned} if cleaned else {}
        return found

    def cleaned(self, text: str, row: SheetRow, column: str, longest: int) -> str | None:
        """A text of a column as one line; None where it is too long."""
        if "${" in text:
            self.report(Finding(self.sheet, row.number, "inserted_answer", {"column": column}))
        try:
            return clean_text(text, max_length=longest, multiline=False)
        except TextProblem:
            self.report(Finding(self.sheet, row.number, "too_long", {"column": column, "max": longest}))
            return None


@dataclass(slots=True)
class ChoiceList:
    """A list of choices as questions store them; `others` are the values of those that ask for a text of one's own.

    `translations` are texts of the choices by language and place as of `Translation.field` ("choices.red", "alts.red").
    """

    choices: list[dict[str, Any]] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    first_row: int = 0
    translations: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def values(self) -> list[str]:
        """The values in order."""
        return [str(one["value"]) for one in self.choices]

    @property
    def has_pictures(self) -> bool:
        """Whether a choice has a picture."""
        return any("picture" in one for one in self.choices)


def is_true(text: str) -> bool:
    """Whether a cell says yes."""
    return text.strip().lower() in _TRUE


def read_lists(sheet: Sheet, languages: Languages, report: Report) -> dict[str, ChoiceList]:
    """The lists by name; faults are reported with their rows."""
    lists: dict[str, ChoiceList] = {}
    texts = Texts("choices", languages, report)
    says_other = any(column.name == "other" for column in sheet.columns)
    for row in sheet.rows:
        name = row["list_name"]
        value = undisguised(row["name"] or row["value"])
        if not name:
            if value or row.filled("label"):
                report(Finding("choices", row.number, "choice_without_list"))
            continue
        found = lists.setdefault(name, ChoiceList(first_row=row.number))
        choice = _choice(row, value, texts)
        if choice is None or _is_double(found, choice, row, name, report):
            continue
        if len(found.choices) == MOST_CHOICES:
            report(Finding("choices", row.number, "list_too_long", {"list": name, "most": MOST_CHOICES}))
        if says_other:
            if is_true(row["other"]):
                found.others.add(value)
        elif _OTHER.match(value) or _OTHER.match(choice["title"]):
            found.others.add(value)
        found.choices.append(choice)
        _translate(found, choice, row, texts)
    return lists


def _translate(found: ChoiceList, choice: Mapping[str, Any], row: SheetRow, texts: Texts) -> None:
    for column, name, longest in (("label", CHOICES, LONGEST_CHOICE), ("alt", ALTS, LONGEST_ALT)):
        place = f"{name}.{choice['value']}"
        for tag, text in texts.further(row, column, longest).items():
            if len(place) <= LONGEST_PLACE:
                found.translations.setdefault(tag, {})[place] = text
            else:
                texts.report(
                    Finding("choices", row.number, "too_long", {"column": "name", "max": LONGEST_PLACE})
                )


def _choice(row: SheetRow, value: str, texts: Texts) -> dict[str, Any] | None:
    title, report = texts.line(row, "label", LONGEST_CHOICE), texts.report
    if not value:
        report(Finding("choices", row.number, "choice_without_name"))
        return None
    if len(value) > LONGEST_CHOICE:
        report(Finding("choices", row.number, "too_long", {"column": "name", "max": LONGEST_CHOICE}))
        return None
    if title is None:
        return None
    choice: dict[str, Any] = {"value": value, "title": title or value}
    if not title and not row.filled("image"):
        report(Finding("choices", row.number, "without_label", {"name": value}))
    _add_picture(choice, row, texts)
    for name in _LEFT_OUT:
        if row.filled(name):
            report(Finding("choices", row.number, "media", {"column": name}))
    return choice


def _add_picture(choice: dict[str, Any], row: SheetRow, texts: Texts) -> None:
    """A picture that this site holds is named by its id; workbooks hold no other ones."""
    file = next((text for column, text in row.cells.items() if column.name == "image"), "")
    if file:
        try:
            choice["picture"] = str(UUID(file.removesuffix(".jpg")))
        except ValueError:
            texts.report(Finding("choices", row.number, "picture_not_here", {"file": file[:80]}))
    if alt := texts.own(row, "alt", LONGEST_ALT):
        choice["alt"] = alt


def _is_double(found: ChoiceList, choice: dict[str, Any], row: SheetRow, name: str, report: Report) -> bool:
    for member, code in (("value", "choice_twice"), ("title", "choice_title_twice")):
        text = str(choice[member]).casefold()
        if any(str(one[member]).casefold() == text for one in found.choices):
            report(Finding("choices", row.number, code, {"value": choice[member], "list": name}))
            return True
    return False


def options_of(choices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The options of a question with these choices; each question has its own copy."""
    return {"choices": [dict(one) for one in choices]}
