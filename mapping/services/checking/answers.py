"""Answers to a category's questions: parsed strictly, stored in one canonical form per kind.

See `mapping.models.Question` for what an answer of each kind is in JSON.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from mapping.geo.text import TextProblem, clean_text
from mapping.models import Question, QuestionKind
from mapping.services.errors import Invalid, Problem

Answer = str | int | float | bool | list[str]

MAX_TEXT = 300
MAX_LONG_TEXT = 5000
LARGEST_NUMBER = 10**15
"""Beyond it JSON numbers lose precision of integers (RFC 8259 section 6), and no question needs such numbers."""
_REPORTED_UNKNOWN = 20
_TIME = re.compile(r"((?:[01][0-9]|2[0-3]):[0-5][0-9])(?::[0-5][0-9])?")


class _Refused(Exception):
    """An answer cannot be parsed; becomes a `Problem` of its field."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.problem = Problem(code, params)


def clean_answers(questions: Sequence[Question], raw: object, *, require: bool = True) -> dict[str, Answer]:
    """Validate answers by question slug, in the order of the questions; unanswered questions are left out.

    None, blank texts and empty lists count as unanswered. With `require=False` (staff, imports) required questions
    may stay unanswered. Raises Invalid with a problem per field `answers.<slug>`.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        raise Invalid({"answers": [Problem("not_an_object_of_answers")]})
    by_slug = {question.slug: question for question in questions}
    problems = _unknown(by_slug, raw)
    cleaned: dict[str, Answer] = {}
    for slug, question in by_slug.items():
        try:
            answer = _READERS[question.kind](raw.get(slug), question.options)
        except _Refused as refused:
            problems[f"answers.{slug}"] = [refused.problem]
            continue
        if answer is not None:
            cleaned[slug] = answer
        elif question.required and require:
            problems[f"answers.{slug}"] = [Problem("required")]
    if problems:
        raise Invalid(problems)
    return cleaned


def fitting_answers(questions: Sequence[Question], stored: Mapping[str, object]) -> dict[str, Answer]:
    """Select the stored answers that also fit other questions: for a change of category by staff."""
    kept: dict[str, Answer] = {}
    for question in questions:
        try:
            kept |= clean_answers([question], {question.slug: stored.get(question.slug)}, require=False)
        except Invalid:
            continue
    return kept


def _unknown(by_slug: Mapping[str, Question], raw: Mapping[object, object]) -> dict[str, list[Problem]]:
    strangers = [key for key in raw if not isinstance(key, str) or key not in by_slug]
    named = (
        clean_text(str(key)[:80], max_length=80, multiline=False) for key in strangers[:_REPORTED_UNKNOWN]
    )
    return {f"answers.{name}": [Problem("unknown_question")] for name in named}


def _text(value: object, max_length: int, *, multiline: bool) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise _Refused("not_a_text")
    try:
        return clean_text(value, max_length=max_length, multiline=multiline) or None
    except TextProblem as problem:
        raise _Refused(problem.code, **problem.params) from None


def _short_text(value: object, _options: Mapping[str, object]) -> str | None:
    return _text(value, MAX_TEXT, multiline=False)


def _long_text(value: object, _options: Mapping[str, object]) -> str | None:
    return _text(value, MAX_LONG_TEXT, multiline=True)


def _choices(options: Mapping[str, object]) -> list[str]:
    choices = options.get("choices")
    if not isinstance(choices, list):
        return []
    return [choice["value"] for choice in choices if isinstance(choice, dict) and "value" in choice]


def _single_choice(value: object, options: Mapping[str, object]) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in _choices(options):
        raise _Refused("not_a_choice")
    return value


def _multiple_choice(value: object, options: Mapping[str, object]) -> list[str] | None:
    if value is None or value == "":
        return None
    if not isinstance(value, list | tuple):
        raise _Refused("not_a_list_of_choices")
    choices = _choices(options)
    if not all(isinstance(item, str) and item in choices for item in value):
        raise _Refused("not_a_choice")
    return [choice for choice in choices if choice in value] or None


def _number_of(value: object) -> float | None:
    if value is None or value == "":
        return None
    # bool is a subclass of int, but `true` is no number in JSON.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Refused("not_a_number_answer")
    if isinstance(value, float) and not math.isfinite(value):
        raise _Refused("not_a_number_answer")
    if abs(value) > LARGEST_NUMBER:
        raise _Refused("out_of_range_answer", minimum=-LARGEST_NUMBER, maximum=LARGEST_NUMBER)
    return value


def _bound(options: Mapping[str, object], name: str, default: float) -> float:
    value = options.get(name, default)
    return default if isinstance(value, bool) or not isinstance(value, int | float) else value


def _number(value: object, options: Mapping[str, object]) -> int | float | None:
    number = _number_of(value)
    if number is None:
        return None
    minimum = _bound(options, "minimum", -LARGEST_NUMBER)
    maximum = _bound(options, "maximum", LARGEST_NUMBER)
    if not minimum <= number <= maximum:
        raise _Refused("out_of_range_answer", minimum=minimum, maximum=maximum)
    return int(number) if number == int(number) else number


def _scale(value: object, options: Mapping[str, object]) -> int | None:
    number = _number_of(value)
    if number is None:
        return None
    minimum, maximum = _bound(options, "minimum", 1), _bound(options, "maximum", 5)
    if number != int(number) or not minimum <= number <= maximum:
        raise _Refused("not_on_the_scale", minimum=int(minimum), maximum=int(maximum))
    return int(number)


def _yes_no(value: object, _options: Mapping[str, object]) -> bool | None:
    if value is None or value == "":
        return None
    if not isinstance(value, bool):
        raise _Refused("not_yes_no")
    return value


def _time_of_day(value: object, _options: Mapping[str, object]) -> str | None:
    if value is None or value == "":
        return None
    # Browsers' time fields may add seconds; they are dropped.
    match = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise _Refused("not_a_time")
    return match[1]


_READERS: Mapping[str, Callable[[object, Mapping[str, object]], Answer | None]] = MappingProxyType(
    {
        QuestionKind.TEXT: _short_text,
        QuestionKind.LONG_TEXT: _long_text,
        QuestionKind.SINGLE_CHOICE: _single_choice,
        QuestionKind.MULTIPLE_CHOICE: _multiple_choice,
        QuestionKind.SCALE: _scale,
        QuestionKind.NUMBER: _number,
        QuestionKind.YES_NO: _yes_no,
        QuestionKind.TIME_OF_DAY: _time_of_day,
    }
)
