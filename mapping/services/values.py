"""What the cells of a table mean: ids, dates and answers as people and programs write them into files."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from mapping.models import Question, QuestionKind

EARLIEST: Final = 1900
"""The year before which a date in a file is a mistake."""
_GERMAN_FORMATS: Final = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d")
_YES: Final = frozenset({"1", "true", "t", "yes", "y", "ja", "j", "wahr", "x"})
_NO: Final = frozenset({"0", "false", "f", "no", "n", "nein", "falsch"})
_SEPARATORS: Final = (";", "|", ",")


def text_of(value: object) -> str:
    """A cell as text, without surrounding blanks; empty where nothing is in it."""
    return "" if value is None else str(value).strip()


def moment_of(value: object) -> datetime | None:
    """The moment that a cell names, or None where it names none between 1900 and tomorrow.

    ISO 8601 and German dates are understood. Without a zone it is the site's time; without a time it is midnight.
    """
    found = value if isinstance(value, date) else _read(text_of(value))
    if found is None:
        return None
    if not isinstance(found, datetime):
        found = datetime.combine(found, time())
    if not EARLIEST <= found.year <= timezone.now().year + 1:
        return None
    aware = found if timezone.is_aware(found) else timezone.make_aware(found)
    return aware if aware <= timezone.now() + timedelta(days=1) else None


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


def _read(text: str) -> date | datetime | None:
    try:
        found = parse_date(text) if len(text) <= 10 else parse_datetime(text)
    except ValueError:
        return None
    return found or _read_german(text)


def _read_german(text: str) -> date | datetime | None:
    for form in _GERMAN_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            continue
    return None


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
