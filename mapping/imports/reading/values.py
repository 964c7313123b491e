"""Parsing of cells of a table: ids and answers as written by people and programs."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from mapping.models import Question, QuestionKind

_YES: Final = frozenset({"1", "true", "t", "yes", "y", "ja", "j", "wahr", "x"})
_NO: Final = frozenset({"0", "false", "f", "no", "n", "nein", "falsch"})
_SEPARATORS: Final = (";", "|", ",")
# 1.234,5 and 1,234.5: with both signs, the last one is the decimal separator.
_GROUPED: Final = (
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"), "."),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"), ","),
)
_CLOCK: Final = re.compile(
    r"([0-9]{1,2})[:.h]([0-9]{2})(?:[:.][0-9]{2}(?:\.[0-9]+)?)?\s*(?:uhr|h)?", re.IGNORECASE
)


def text_of(value: object) -> str:
    """A cell as text, without surrounding blanks; empty for an empty cell."""
    return "" if value is None else str(value).strip()


def answer_of(question: Question, value: object) -> object:
    """Parse a cell as an answer of the question's kind, or return it unchanged (validation then fails).

    Choices may be written by their value or their title, several of them with ; | or , between.
    """
    match question.kind:
        case QuestionKind.TEXT | QuestionKind.LONG_TEXT:
            return text_of(value)
        case QuestionKind.SINGLE_CHOICE:
            return _choice(question, text_of(value))
        case QuestionKind.MULTIPLE_CHOICE:
            return [_choice(question, part) for part in _parts(text_of(value))]
        case QuestionKind.SCALE | QuestionKind.NUMBER:
            return _number(value)
        case QuestionKind.YES_NO:
            return _yes_or_no(value)
        case _:
            return _time_of_day(value)


def _choice(question: Question, text: str) -> str:
    choices = question.options.get("choices", []) if isinstance(question.options, Mapping) else []
    for choice in choices:
        if isinstance(choice, Mapping) and text in (choice.get("value"), choice.get("title")):
            return str(choice.get("value"))
    return text


def _parts(text: str) -> list[str]:
    if text.startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except ValueError:
            return [text]
    separator = next((one for one in _SEPARATORS if one in text), ";")
    return [part.strip() for part in text.split(separator) if part.strip()]


def _number(value: object) -> object:
    if not isinstance(value, str):
        return value
    plain = value.strip()
    for form, thousands in _GROUPED:
        if form.fullmatch(plain):
            plain = plain.replace(thousands, "")
    try:
        return json.loads(plain.replace(",", "."))
    except ValueError:
        return value


def _time_of_day(value: object) -> str:
    """Parse hours and minutes, ignoring the rest: 8:05, 08:05:00.000, 8.05 Uhr, a moment of a workbook."""
    if isinstance(value, datetime):
        value = value.time()
    text = text_of(value)
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else text


def _yes_or_no(value: object) -> object:
    word = text_of(value).lower()
    return True if word in _YES else False if word in _NO else value
