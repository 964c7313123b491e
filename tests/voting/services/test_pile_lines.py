"""A ballot on paper as one line of numbers."""

from uuid import UUID

import pytest

from mapping.services.errors import Invalid, Problem
from voting.models import Rule
from voting.services.pile_lines import LINE, LONGEST_LINE, on_the_line, read_line, written_line

IDS = [UUID(int=number) for number in range(1, 13)]
LINES = [
    (Rule.UP_TO, "3 7 12", {3: 1, 7: 1, 12: 1}),
    (Rule.UP_TO, " 3,7;12 ,", {3: 1, 7: 1, 12: 1}),
    (Rule.ONE_OF, "7", {7: 1}),
    (Rule.BUDGET, "1\t2", {1: 1, 2: 1}),
    (Rule.APPROVAL, "12 1", {12: 1, 1: 1}),
    (Rule.FOR_AGAINST, "3 -7", {3: 1, 7: -1}),
    (Rule.FOR_AGAINST, "−7", {7: -1}),
    (Rule.POINTS, "3=2 7=1 9", {3: 2, 7: 1, 9: 1}),
    (Rule.RANKING, "7 3 12", {7: 1, 3: 2, 12: 3}),
    *((rule, "0", {}) for rule in Rule),
]


def codes_of(error: Invalid) -> list[str]:
    return [problem.code for problem in error.fields[LINE]]


@pytest.mark.parametrize(("rule", "line", "expected"), LINES)
def test_line_is_read(rule: Rule, line: str, expected: dict[int, int]) -> None:
    assert read_line(rule, line, IDS) == {IDS[number - 1]: value for number, value in expected.items()}


@pytest.mark.parametrize(("rule", "line", "expected"), LINES)
def test_written_line_is_read_as_the_same_ballot(rule: Rule, line: str, expected: dict[int, int]) -> None:
    choices = {IDS[number - 1]: value for number, value in expected.items()}
    assert read_line(rule, written_line(rule, choices, IDS), IDS) == choices


@pytest.mark.parametrize(
    ("rule", "line", "code"),
    [
        (Rule.UP_TO, "", "required"),
        (Rule.UP_TO, " ,; ", "required"),
        (Rule.UP_TO, "13", "line_unknown_number"),
        (Rule.UP_TO, "0 3", "line_unknown_number"),
        (Rule.UP_TO, "3 3", "line_repeats_number"),
        (Rule.UP_TO, "three", "line_unreadable"),
        (Rule.UP_TO, "-3", "line_unreadable"),
        (Rule.UP_TO, "3=2", "line_unreadable"),
        (Rule.UP_TO, "99999", "line_unreadable"),
        (Rule.UP_TO, "3.5", "line_unreadable"),
        (Rule.UP_TO, "٣", "line_unreadable"),
        (Rule.FOR_AGAINST, "--3", "line_unreadable"),
        (Rule.POINTS, "3=-1", "line_unreadable"),
        (Rule.POINTS, "3=1000000000", "line_unreadable"),
        (Rule.RANKING, "1 2 1", "line_repeats_number"),
        (Rule.UP_TO, "3" * (LONGEST_LINE + 1), "too_long"),
    ],
)
def test_wrong_line_is_refused(rule: Rule, line: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_line(rule, line, IDS)
    assert codes_of(refused.value) == [code]


def test_problems_of_a_ballot_name_the_number_of_the_proposal() -> None:
    error = Invalid(
        {
            f"choices.{IDS[6]}": [Problem("points_out_of_range", {"most": 3})],
            "choices": [Problem("too_many_points", {"given": 9, "most": 5})],
        }
    )
    first, second = on_the_line(error, IDS).fields[LINE]
    assert first == Problem("points_out_of_range", {"most": 3, "proposal_number": 7})
    assert second == Problem("too_many_points", {"given": 9, "most": 5})
