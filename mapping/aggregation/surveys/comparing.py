"""The answers to a question beside its reference distribution, from exact or from public numbers alike.

Nothing but the result of the question and the stored reference goes in: what is made of public numbers reveals nothing
that these do not.
"""

from __future__ import annotations

from dataclasses import dataclass

from mapping.aggregation.statistics.representation import Group, Representation, represent
from mapping.aggregation.surveys.results import QuestionResult
from mapping.models import Comparison, Question


@dataclass(frozen=True, slots=True)
class Compared:
    """The groups of a comparison with those who answered `question`, in the language of its result.

    `hidden` are the groups with a number that is not shown, `unasked` those without a choice, `left_out` the choices in
    no group that anybody gave; all of them take no part.
    """

    comparison: Comparison
    question: Question
    representation: Representation
    hidden: tuple[str, ...]
    unasked: tuple[str, ...]
    left_out: tuple[str, ...]


def compared(comparison: Comparison, result: QuestionResult) -> Compared:
    """Compare the counted answers to a question with its reference distribution."""
    numbers = {cell.value: cell.responses for cell in result.cells}
    groups: list[Group] = []
    hidden, unasked = [], []
    used: set[str] = set()
    for group in comparison.groups:
        choices = [value for value in group["choices"] if value in numbers]
        used.update(choices)
        counts = [numbers[value] for value in choices]
        if not choices:
            unasked.append(group["title"])
        elif None in counts:
            hidden.append(group["title"])
        else:
            groups.append(Group(group["title"], sum(one or 0 for one in counts), group["size"]))
    return Compared(
        comparison,
        result.question,
        represent(groups),
        tuple(hidden),
        tuple(unasked),
        tuple(cell.title for cell in result.cells if cell.value not in used and cell.responses != 0),
    )
