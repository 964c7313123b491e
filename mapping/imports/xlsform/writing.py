"""Writes a survey as an XLSForm from which the same questions are read again.

What the dialect has no words for stands in columns and appearances of this site's own, which other programs leave
alone: `audience`, `results`, `unit`, `start_label`, `end_label`, and in choices `other` and `alt`. Translations
have a column for each further language.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import xlsxwriter
from django.conf import settings as site
from django.utils.translation import gettext, override
from xlsxwriter.worksheet import Worksheet

from mapping.imports.xlsform.conditions import as_rule
from mapping.imports.xlsform.languages import heading_of
from mapping.imports.xlsform.types import MULTILINE, PART_OF_DAY, PICTURES, TABLE_LIST, YES_NO
from mapping.languages import ORIGINAL, listed
from mapping.models import Audience, Campaign, Question, ResultsShown, TextOf, Translation
from mapping.questions.choices import other_values
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.translated.texts import ALTS, CHOICES, ROWS

_SURVEY: Final = (
    *("type", "name", "label", "hint", "required", "relevant", "appearance"),
    *("constraint", "parameters", "audience", "results", "unit", "start_label", "end_label"),
)
_CHOICES: Final = ("list_name", "name", "label", "other")
_PICTURE: Final = "media::image"
_PICTURES: Final = (_PICTURE, "alt")
_OF_PYXFORM: Final = frozenset({"label", "hint", _PICTURE})
"""Columns that have a language in every form; the other texts have one only where they are translations."""
_PLACES: Final[Mapping[str, str]] = {
    "title": "label",
    "help_text": "hint",
    "unit": "unit",
    "minimum_title": "start_label",
    "maximum_title": "end_label",
}
"""The column of a question's texts by their place (`Translation.field`)."""
_WIDTHS: Final[Mapping[str, int]] = {"type": 24, "name": 20, "relevant": 40}
_OWN_LANGUAGES: Final = frozenset(dict(site.LANGUAGES))
"""The languages of this site's own words."""
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
Texts = Mapping[str, Mapping[str, str]]
"""Translations of a question by language and place, as `FormQuestion.translations`."""


@dataclass(frozen=True, slots=True)
class Translated:
    """The languages of a form that is written: that of the originals, the further ones, translations by question."""

    original: str = ORIGINAL
    further: tuple[str, ...] = ()
    texts: Mapping[str, Texts] = field(default_factory=dict)

    def of(self, slug: str, place: str, column: str) -> Line:
        """The cells of a column with the translations of one text."""
        found = self.texts.get(slug, {})
        return {f"{column}::{tag}": found[tag][place] for tag in self.further if place in found.get(tag, {})}

    def heading(self, column: str) -> str:
        """What names a column in the workbook."""
        name, _colons, tag = column.rpartition("::")
        if tag in self.further and name:
            return f"{name}::{heading_of(tag)}"
        return f"{column}::{heading_of(self.original)}" if column in _OF_PYXFORM else column


NOT_TRANSLATED: Final = Translated()


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
    """The survey of a campaign as a workbook, with its translations in the campaign's further languages."""
    questions = list(Question.objects.of_survey(campaign.pk))
    slugs = {question.pk: question.slug for question in questions}
    further = tuple(language.tag for language in listed(set(campaign.languages) - {campaign.language}))
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for one in Translation.objects.filter(
        campaign=campaign, kind=TextOf.QUESTION, object_id__in=slugs, language__in=further
    ):
        texts.setdefault(slugs[one.object_id], {}).setdefault(one.language, {})[one.field] = one.text
    translated = Translated(campaign.language, further, texts)
    return form_of(questions, campaign.title, campaign.slug, translated)


def form_of(
    questions: Sequence[Written], title: str, name: str, translated: Translated = NOT_TRANSLATED
) -> bytes:
    """Questions as a workbook with the sheets survey, choices and settings."""
    target = io.BytesIO()
    safe = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    language = translated.original if translated.original in _OWN_LANGUAGES else ORIGINAL
    with xlsxwriter.Workbook(target, safe) as book, override(language):
        settings = {"form_title": title, "form_id": name, "default_language": heading_of(translated.original)}
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for sheet, columns, lines in (
            ("survey", _SURVEY, list(_survey(questions, translated))),
            ("choices", (*_CHOICES, *_PICTURES), list(_choices(questions, translated))),
        ):
            wanted = list(_wanted(columns, lines, translated))
            _write(book.add_worksheet(sheet), wanted, lines, translated.heading, bold)
        _write(book.add_worksheet("settings"), tuple(settings), [settings], str, bold)
    return target.getvalue()


def _wanted(columns: Sequence[str], lines: Sequence[Line], translated: Translated) -> Iterator[str]:
    """The columns with those of the further languages; only labels and hints have one for each, filled or not."""
    filled = {name for line in lines for name in line}
    for column in columns:
        if column not in _PICTURES or filled & set(_PICTURES):
            yield column
        for tag in translated.further:
            name = f"{column}::{tag}"
            if name in filled or column in ("label", "hint"):
                yield name


def _write(
    sheet: Worksheet,
    columns: Sequence[str],
    lines: Sequence[Line],
    heading: Callable[[str], str],
    bold: object,
) -> None:
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        named = heading(column)
        sheet.set_column(at, at, _WIDTHS.get(column, 44 if "::" in named else 14))
        sheet.write_string(0, at, named, bold)
    for number, line in enumerate(lines, start=1):
        for at, column in enumerate(columns):
            if text := _CONTROLS.sub("", line.get(column, "")):
                sheet.write_string(number, at, text)


def _survey(questions: Sequence[Written], translated: Translated) -> Iterator[Line]:
    kinds = {question.slug: question.kind for question in questions}
    taken = set(kinds)
    is_in_page = False
    for question in questions:
        if question.starts_page:
            if is_in_page:
                yield {"type": "end_group"}
            is_in_page = True
            yield {"type": "begin_group", "name": _free("page", taken), "appearance": "field-list"}
        yield from _question(question, kinds, taken, translated)
    if is_in_page:
        yield {"type": "end_group"}


def _question(
    question: Written, kinds: Mapping[str, str], taken: set[str], translated: Translated
) -> Iterator[Line]:
    options: Mapping[str, Any] = question.options
    line = {
        "name": question.slug,
        "label": question.title,
        "hint": question.help_text,
        "required": "yes" if question.required else "",
        "relevant": as_rule(question.show_if, kinds),
        "audience": "" if question.audience == Audience.PUBLIC else question.audience,
        "results": "" if question.results == ResultsShown.LIVE else question.results,
    }
    for place, column in _PLACES.items():
        line |= translated.of(question.slug, place, column)
    if question.kind == QuestionKind.MATRIX:
        yield from _matrix(question, line, taken, translated)
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
            "label": _other_label(question, others),
            "relevant": as_rule({"question": question.slug, "is": asking}, kinds),
        }


def _other_label(question: Written, others: frozenset[str]) -> str:
    titles = [title for value, title in KINDS[question.kind].choices(question.options) if value in others]
    return gettext("In your words: %(choice)s") % {"choice": " / ".join(titles)}


def _matrix(
    question: Written, line: dict[str, str], taken: set[str], translated: Translated
) -> Iterator[Line]:
    yield {**line, "type": "begin_group", "appearance": TABLE_LIST}
    for row in question.options["rows"]:
        name = f"{question.slug}_{row['value']}"
        taken.add(name)
        yield {
            "type": f"select_one {question.slug}",
            "name": name,
            "label": str(row["title"]),
            "required": line["required"],
            **translated.of(question.slug, f"{ROWS}.{row['value']}", "label"),
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


def _choices(questions: Sequence[Written], translated: Translated) -> Iterator[Line]:
    """A list for each question, named like it."""
    for question in questions:
        if question.kind in (QuestionKind.YES_NO, QuestionKind.PART_OF_DAY):
            yield from _fixed(question, translated)
            continue
        if not KINDS[question.kind].lists_choices:
            continue
        for one in question.options["choices"]:
            line = {
                "list_name": question.slug,
                "name": str(one["value"]),
                "label": str(one["title"]),
                "other": "yes" if one.get("other") is True else "",
                **translated.of(question.slug, f"{CHOICES}.{one['value']}", "label"),
                **translated.of(question.slug, f"{ALTS}.{one['value']}", "alt"),
            }
            if one.get("picture"):
                line[_PICTURE] = f"{one['picture']}.jpg"
            if one.get("alt"):
                line["alt"] = str(one["alt"])
            yield line


def _fixed(question: Written, translated: Translated) -> Iterator[Line]:
    """Choices that are this site's own, in the languages that the site itself has."""
    for value, title in KINDS[question.kind].choices(question.options):
        line = {"list_name": question.slug, "name": value, "label": str(title)}
        for tag in translated.further:
            if tag in _OWN_LANGUAGES:
                with override(tag):
                    line[f"label::{tag}"] = str(dict(KINDS[question.kind].choices(question.options))[value])
        yield line


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    taken.add(free)
    return free
