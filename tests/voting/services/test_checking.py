"""What a ballot may hold, by rule: one problem at each wrong field, or one of the whole."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import pytest

from mapping.services.errors import Invalid
from voting.models import Option, Rule, Vote
from voting.services.checking import check_choices

A, B, C = (UUID(int=number) for number in (1, 2, 3))
GONE, MERGED, ELSEWHERE = (UUID(int=number) for number in (4, 5, 6))
VOTES: Mapping[Rule, Vote] = {
    Rule.FOR_AGAINST: Vote(rule=Rule.FOR_AGAINST),
    Rule.ONE_OF: Vote(rule=Rule.ONE_OF),
    Rule.UP_TO: Vote(rule=Rule.UP_TO, most_choices=2),
    Rule.POINTS: Vote(rule=Rule.POINTS, points=5, most_points=3),
    Rule.BUDGET: Vote(rule=Rule.BUDGET, budget=100),
    Rule.APPROVAL: Vote(rule=Rule.APPROVAL, budget=100),
    Rule.RANKING: Vote(rule=Rule.RANKING),
}
OPTIONS = [
    Option(pk=1, contribution_id=A, cost=60),
    Option(pk=2, contribution_id=B, cost=40),
    Option(pk=3, contribution_id=C, cost=1),
    Option(pk=4, contribution_id=GONE, cost=1, withdrawn_at=datetime(2026, 5, 1, tzinfo=UTC)),
    Option(pk=5, contribution_id=MERGED, cost=1, merged_into_id=1),
]


def problems_of(rule: Rule, choices: Mapping[UUID, int], *, allow_withdrawn: bool = False) -> dict[str, str]:
    """The first code by field; nothing for a good ballot."""
    try:
        check_choices(VOTES[rule], OPTIONS, choices, allow_withdrawn=allow_withdrawn)
    except Invalid as error:
        return {name: problems[0].code for name, problems in error.fields.items()}
    return {}


@pytest.mark.parametrize(
    ("rule", "choices"),
    [
        (Rule.FOR_AGAINST, {A: 1, B: -1}),
        (Rule.ONE_OF, {B: 1}),
        (Rule.UP_TO, {A: 1, C: 1}),
        (Rule.POINTS, {A: 3, B: 2}),
        (Rule.POINTS, {A: 1}),
        (Rule.BUDGET, {A: 1, B: 1}),
        (Rule.APPROVAL, {A: 1, B: 1, C: 1}),
        (Rule.RANKING, {C: 1, A: 2, B: 3}),
        (Rule.RANKING, {B: 1}),
    ],
)
def test_good_ballots_pass(rule: Rule, choices: Mapping[UUID, int]) -> None:
    assert problems_of(rule, choices) == {}


@pytest.mark.parametrize("rule", Rule)
def test_empty_ballot_is_a_ballot(rule: Rule) -> None:
    assert problems_of(rule, {}) == {}


@pytest.mark.parametrize(
    ("rule", "choices", "expected"),
    [
        (Rule.FOR_AGAINST, {A: 2, B: 0}, {f"choices.{A}": "not_for_or_against", f"choices.{B}": "not_for_or_against"}),
        (Rule.ONE_OF, {A: 1, B: 1}, {"choices": "too_many_chosen"}),
        (Rule.ONE_OF, {A: 2}, {f"choices.{A}": "not_chosen"}),
        (Rule.UP_TO, {A: 1, B: 1, C: 1}, {"choices": "too_many_chosen"}),
        (Rule.UP_TO, {A: -1}, {f"choices.{A}": "not_chosen"}),
        (Rule.POINTS, {A: 3, B: 3}, {"choices": "too_many_points"}),
        (Rule.POINTS, {A: 4}, {f"choices.{A}": "points_out_of_range"}),
        (Rule.POINTS, {A: -1}, {f"choices.{A}": "points_out_of_range"}),
        (Rule.POINTS, {A: 0}, {f"choices.{A}": "points_out_of_range"}),
        (Rule.POINTS, {A: 10**9}, {f"choices.{A}": "points_out_of_range"}),
        (Rule.BUDGET, {A: 1, B: 1, C: 1}, {"choices": "over_budget"}),
        (Rule.APPROVAL, {A: 10**9}, {f"choices.{A}": "not_chosen"}),
        (Rule.RANKING, {A: 1, B: 3}, {"choices": "rank_missing"}),
        (Rule.RANKING, {A: 1, B: 1}, {f"choices.{B}": "rank_repeated"}),
        (Rule.RANKING, {A: 4}, {f"choices.{A}": "rank_out_of_range"}),
        (Rule.RANKING, {A: 0}, {f"choices.{A}": "rank_out_of_range"}),
        (Rule.UP_TO, {ELSEWHERE: 1}, {f"choices.{ELSEWHERE}": "option_unknown"}),
        (Rule.UP_TO, {GONE: 1}, {f"choices.{GONE}": "option_withdrawn"}),
        (Rule.UP_TO, {MERGED: 1}, {f"choices.{MERGED}": "option_merged"}),
    ],
)  # fmt: skip
def test_bad_ballots_name_what_is_wrong(
    rule: Rule, choices: Mapping[UUID, int], expected: Mapping[str, str]
) -> None:
    assert problems_of(rule, choices) == expected


def test_paper_printed_before_a_withdrawal_is_valid() -> None:
    assert problems_of(Rule.UP_TO, {GONE: 1, MERGED: 1}, allow_withdrawn=True) == {}
    assert problems_of(Rule.RANKING, {GONE: 1, A: 2, B: 3, C: 4, MERGED: 5}, allow_withdrawn=True) == {}


def test_message_of_a_ballot_over_the_sum_has_all_numbers() -> None:
    with pytest.raises(Invalid) as refused:
        check_choices(VOTES[Rule.BUDGET], OPTIONS, {A: 1, B: 1, C: 1})
    assert refused.value.fields["choices"][0].params == {"most": "100", "given": "101", "over": "1"}
