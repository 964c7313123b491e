"""A ballot on paper as one line of numbers: the quickest way to type a pile.

Proposals have the numbers under which they stand on the ballot, from 1. Signs between numbers are blanks, commas or
semicolons. What is written, by rule: the chosen ones ("3 7 12"); for and against ("3 -7"); points ("3=2 7=1", a number
alone is one point); a ranking, the best first ("7 3 12"). "0" alone is an empty ballot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from mapping.services.errors import Invalid, Problem, invalid
from voting.models import Rule

LINE: Final = "line"
"""The field of all problems."""
LONGEST_LINE: Final = 2_000
EMPTY: Final = "0"
_BETWEEN: Final = re.compile(r"[\s,;]+")
_MARK: Final = re.compile(r"(?P<against>[-\u2212])?(?P<number>[0-9]{1,4})(?:=(?P<value>[0-9]{1,5}))?")


def read_line(rule: str, line: str, ids: Sequence[UUID]) -> dict[UUID, int]:
    """The choices on a line, values by id; `ids` are those of the proposals in the order of their numbers.

    Raises Invalid on "line": required, too_long, line_unreadable, line_unknown_number, line_repeats_number (params:
    word, number, last).
    """
    if len(line) > LONGEST_LINE:
        raise invalid(LINE, "too_long", max=LONGEST_LINE)
    words = [word for word in _BETWEEN.split(line) if word]
    if not words:
        raise invalid(LINE, "required")
    if words == [EMPTY]:
        return {}
    choices: dict[UUID, int] = {}
    for place, word in enumerate(words, start=1):
        number, value = _marked(rule, word, place)
        if not 1 <= number <= len(ids):
            raise invalid(LINE, "line_unknown_number", number=number, last=len(ids))
        if ids[number - 1] in choices:
            raise invalid(LINE, "line_repeats_number", number=number)
        choices[ids[number - 1]] = value
    return choices


def written_line(rule: str, choices: Mapping[UUID, int], ids: Sequence[UUID]) -> str:
    """The line that `read_line` reads as these choices."""
    numbers = {pk: number for number, pk in enumerate(ids, start=1)}
    marks = [(numbers[pk], value) for pk, value in choices.items() if pk in numbers]
    if not marks:
        return EMPTY
    if rule == Rule.RANKING:
        return " ".join(str(number) for number, _rank in sorted(marks, key=lambda one: one[1]))
    return " ".join(_written(rule, number, value) for number, value in sorted(marks))


def on_the_line(error: Invalid, ids: Sequence[UUID]) -> Invalid:
    """Problems of a ballot (`checking.check_choices`) at the line, each with the number of its proposal."""
    numbers = {str(pk): number for number, pk in enumerate(ids, start=1)}
    found = []
    for name, problems in error.fields.items():
        number = numbers.get(name.partition(".")[2])
        for problem in problems:
            params = {**problem.params, **({} if number is None else {"proposal_number": number})}
            found.append(Problem(problem.code, params))
    return Invalid({LINE: found})


def _marked(rule: str, word: str, place: int) -> tuple[int, int]:
    """The number of a proposal and its value."""
    mark = _MARK.fullmatch(word)
    fits = mark is not None and (mark["against"] is None or rule == Rule.FOR_AGAINST)
    if mark is None or not fits or (mark["value"] is not None and rule != Rule.POINTS):
        raise invalid(LINE, "line_unreadable", word=word[:20])
    if rule == Rule.RANKING:
        return int(mark["number"]), place
    if mark["against"] is not None:
        return int(mark["number"]), -1
    return int(mark["number"]), 1 if mark["value"] is None else int(mark["value"])


def _written(rule: str, number: int, value: int) -> str:
    if rule == Rule.POINTS:
        return f"{number}={value}"
    return f"-{number}" if value < 0 else str(number)
