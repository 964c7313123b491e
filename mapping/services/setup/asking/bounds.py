"""Limits, titles of ends and units of scales, numbers and dates, as they are typed in the editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mapping.models import QuestionKind
from mapping.questions.numbers import LARGEST_NUMBER, Number
from mapping.services.errors import Invalid, Problem
from mapping.services.setup.asking.owners import checked_line

MOST_STEPS: Final = 101
LONGEST_WORDS: Final = 80
OF_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    QuestionKind.SCALE: ("minimum", "maximum", "minimum_title", "maximum_title"),
    QuestionKind.NUMBER: ("minimum", "maximum", "unit"),
    QuestionKind.DATE: ("minimum", "maximum"),
}
"""What can be typed, by kind; other kinds have no limits."""
_ENDS: Final = ("minimum", "maximum")


def with_bounds(options: Mapping[str, Any], typed: Mapping[str, str], kind: str) -> dict[str, Any]:
    """Options with the typed limits in the place of the former ones; raises Invalid by their names."""
    names = OF_KINDS.get(kind, ())
    made = {name: value for name, value in options.items() if name not in names}
    problems: dict[str, list[Problem]] = {}
    for name in names:
        text = typed.get(name, "").strip()
        if not text:
            continue
        try:
            made[name] = _end(name, text, kind) if name in _ENDS else checked_line(name, text, LONGEST_WORDS)
        except Invalid as refused:
            problems |= refused.fields
    if not problems and kind == QuestionKind.SCALE:
        problems = _scale_problems(made)
    if problems:
        raise Invalid(problems)
    return made


def _end(name: str, text: str, kind: str) -> int | float | str:
    if kind == QuestionKind.DATE:
        return text
    number = Number().posted(text)
    if not isinstance(number, int | float):
        raise Invalid({name: [Problem("not_a_number_answer")]})
    if abs(number) > LARGEST_NUMBER:
        raise Invalid(
            {name: [Problem("out_of_range_answer", {"minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER})]}
        )
    if kind == QuestionKind.SCALE and not isinstance(number, int):
        raise Invalid({name: [Problem("whole_number")]})
    return number


def _scale_problems(options: dict[str, Any]) -> dict[str, list[Problem]]:
    """Both ends of a scale are always stored: answers mean nothing without them."""
    options["minimum"], options["maximum"] = options.get("minimum", 1), options.get("maximum", 5)
    steps = options["maximum"] - options["minimum"] + 1
    return {"maximum": [Problem("too_many_steps", {"max": MOST_STEPS})]} if steps > MOST_STEPS else {}
