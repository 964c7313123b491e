"""What the cells of a table mean: ids and answers as people and programs write them into files."""

import json
from collections.abc import Mapping
from typing import Final

from mapping.models import Question, QuestionKind

_YES: Final = frozenset({"1", "true", "t", "yes", "y", "ja", "j", "wahr", "x"})
_NO: Final = frozenset({"0", "false", "f", "no", "n", "nein", "falsch"})
_SEPARATORS: Final = (";", "|", ",")


def text_of(value: object) -> str:
    """A cell as text, without surrounding blanks; empty where nothing is in it."""
    return "" if value is None else str(value).strip()


def answer_of(question: Question, value: object) -> object:
    """A cell as an answer of the question's kind, or the cell itself where it is none (the check then says so).

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
            # GDAL may have read a time of day as time with seconds and fractions.
            return text_of(value).partition(".")[0]


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
    try:
        return json.loads(value.strip().replace(",", "."))
    except ValueError:
        return value


def _yes_or_no(value: object) -> object:
    word = text_of(value).lower()
    return True if word in _YES else False if word in _NO else value
