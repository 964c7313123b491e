"""Writes a survey as an XLSForm from which the same questions are read again.

What the dialect has no words for stands in columns and appearances of this site's own, which other programs leave
alone: `audience`, `results`, `unit`, `start_label`, `end_label`, and in choices `other` and `alt`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

import xlsxwriter
from django.utils.translation import gettext, override
from xlsxwriter.worksheet import Worksheet

from mapping.imports.xlsform.conditions import as_rule
from mapping.imports.xlsform.types import MULTILINE, PART_OF_DAY, PICTURES, TABLE_LIST, YES_NO
from mapping.models import Audience, Campaign, Question, ResultsShown
from mapping.questions.choices import other_values
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS

LANGUAGE: Final = "Deutsch (de)"
_SURVEY: Final = (
    *("type", "name", f"label::{LANGUAGE}", f"hint::{LANGUAGE}", "required", "relevant", "appearance"),
    *("constraint", "parameters", "audience", "results", "unit", "start_label", "end_label"),
)
_CHOICES: Final = ("list_name", "name", f"label::{LANGUAGE}", "other")
_PICTURES: Final = (f"media::image::{LANGUAGE}", "alt")
_WIDTHS: Final[Mapping[str, int]] = {"type": 24, "name": 20, "relevant": 40}
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TYPES: Final[Mapping[str, tuple[str, str]]] = {
    QuestionKind.TEXT: ("text", ""),
    QuestionKind.LONG_TEXT: ("text", MULTILINE),
    QuestionKind.SINGLE_CHOICE: ("select_one", ""),
    QuestionKind.MULTIPLE_CHOICE: ("select_multiple", ""),
    QuestionKind.SCALE: ("range", ""),
    QuestionKind.NUMBER: ("decimal", ""),
    QuestionKind.YES_NO: ("select_one", YES_NO),
    QuestionKind.TIME_OF_DAY: ("time", ""),
    QuestionKind.DATE: ("date", ""),
    QuestionKind.PART_OF_DAY: ("select_one", PART_OF_DAY),
    QuestionKind.PICTURE_CHOICE: ("select_one", PICTURES),
    QuestionKind.RANKING: ("rank", ""),
    QuestionKind.PLACE: ("geopoint", ""),
    QuestionKind.NOTE: ("note", ""),
}
"""Type and appearance of every kind but matrices, which are groups."""

Line = Mapping[str, str]


class Written(Protocol):
    """What is written of a question; `Question` and `FormQuestion` fit."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def help_text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def options(self) -> Any: ...
    @property
    def show_if(self) -> Any: ...
    @property
    def starts_page(self) -> bool: ...
    @property
    def audience(self) -> str: ...
    @property
    def results(self) -> str: ...


def write_xlsform(campaign: Campaign) -> bytes:
    """The survey of a campaign as a workbook."""
    return form_of(list(Question.objects.of_survey(campaign.pk)), campaign.title, campaign.slug)


def form_of(questions: Sequence[Written], title: str, name: str) -> bytes:
    """Questions as a workbook with the sheets survey, choices and settings."""
    target = io.BytesIO()
    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, safe) as book, override("de"):
        choices = list(_choices(questions))
        has_pictures = any(one.keys() & set(_PICTURES) for one in choices)
        settings = {"form_title": title, "form_id": name, "default_language": LANGUAGE}
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet, columns, lines in (
            ("survey", _SURVEY, list(_survey(questions))),
            ("choices", (*_CHOICES, *_PICTURES) if has_pictures else _CHOICES, choices),
            ("settings", tuple(settings), [settings]),
        ):
            _write(book.add_worksheet(sheet), columns, lines, bold)
    return target.getvalue()


def _write(sheet: Worksheet, columns: Sequence[str], lines: Sequence[Line], bold: object) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDTHS.get(column, 44 if "::" in column else 14))
        sheet.write_string(0, at, column, bold)
    for number, line in enumerate(lines, start=1):
        for at, column in enumerate(columns):
            if text := _CONTROLS.sub("", line.get(column, "")):
                sheet.write_string(number, at, text)


def _survey(questions: Sequence[Written]) -> Iterator[Line]:
    kinds = {question.slug: question.kind for question in questions}
    taken = set(kinds)
    is_in_page = False
    for question in questions:
        if question.starts_page:
            if is_in_page:
                yield {"type": "end_group"}
            is_in_page = True
            yield {"type": "begin_group", "name": _free("page", taken), "appearance": "field-list"}
        yield from _question(question, kinds, taken)
    if is_in_page:
        yield {"type": "end_group"}


def _question(question: Written, kinds: Mapping[str, str], taken: set[str]) -> Iterator[Line]:
    options: Mapping[str, Any] = question.options
    line = {
        "name": question.slug,
        f"label::{LANGUAGE}": question.title,
        f"hint::{LANGUAGE}": question.help_text,
        "required": "yes" if question.required else "",
        "relevant": as_rule(question.show_if, kinds),
        "audience": "" if question.audience == Audience.PUBLIC else question.audience,
        "results": "" if question.results == ResultsShown.LIVE else question.results,
    }
    if question.kind == QuestionKind.MATRIX:
        yield from _matrix(question, line, taken)
        return
    word, appearance = _TYPES[question.kind]
    is_listed = word in ("select_one", "select_multiple", "rank")
    yield {
        **line,
        **_details(question.kind, options),
        "type": f"{word} {question.slug}" if is_listed else word,
        "appearance": appearance,
    }
    others = other_values(options) if KINDS[question.kind].lists_choices else frozenset()
    if others:
        asking = [one for one, _title in KINDS[question.kind].choices(options) if one in others]
        yield {
            "type": "text",
            "name": _free(f"{question.slug}_other", taken),
            f"label::{LANGUAGE}": _other_label(question, others),
            "relevant": as_rule({"question": question.slug, "is": asking}, kinds),
        }


def _other_label(question: Written, others: frozenset[str]) -> str:
    titles = [title for value, title in KINDS[question.kind].choices(question.options) if value in others]
    return gettext("In your words: %(choice)s") % {"choice": " / ".join(titles)}


def _matrix(question: Written, line: dict[str, str], taken: set[str]) -> Iterator[Line]:
    yield {**line, "type": "begin_group", "appearance": TABLE_LIST}
    for row in question.options["rows"]:
        name = f"{question.slug}_{row['value']}"
        taken.add(name)
        yield {
            "type": f"select_one {question.slug}",
            "name": name,
            f"label::{LANGUAGE}": str(row["title"]),
            "required": line["required"],
        }
    yield {"type": "end_group"}


def _details(kind: str, options: Mapping[str, Any]) -> Line:
    if kind == QuestionKind.SCALE:
        ends = f"start={options.get('minimum', 1)} end={options.get('maximum', 5)} step=1"
        titles = {"start_label": options.get("minimum_title"), "end_label": options.get("maximum_title")}
        return {"parameters": ends} | {name: str(title) for name, title in titles.items() if title}
    if kind in (QuestionKind.NUMBER, QuestionKind.DATE):
        bounds = [
            f". {sign} " + (f"date('{options[name]}')" if kind == QuestionKind.DATE else str(options[name]))
            for name, sign in (("minimum", ">="), ("maximum", "<="))
            if options.get(name) not in (None, "")
        ]
        return {"constraint": " and ".join(bounds), "unit": str(options.get("unit") or "")}
    return {}


def _choices(questions: Sequence[Written]) -> Iterator[Line]:
    """A list for each question, named like it."""
    for question in questions:
        kind = KINDS[question.kind]
        if question.kind in (QuestionKind.YES_NO, QuestionKind.PART_OF_DAY):
            listed: list[Mapping[str, Any]] = [
                {"value": value, "title": title} for value, title in kind.choices(question.options)
            ]
        elif kind.lists_choices:
            listed = list(question.options["choices"])
        else:
            continue
        for one in listed:
            line = {
                "list_name": question.slug,
                "name": str(one["value"]),
                f"label::{LANGUAGE}": str(one["title"]),
                "other": "yes" if one.get("other") is True else "",
            }
            if one.get("picture"):
                line[_PICTURES[0]] = f"{one['picture']}.jpg"
            if one.get("alt"):
                line["alt"] = str(one["alt"])
            yield line


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
