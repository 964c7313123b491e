"""The Method of Equal Shares: by hand, against the slow count, and where few ballots share much money."""

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest

from tests.voting.counting.slow import slow_equal_shares
from voting.counting import equal_shares as counted
from voting.counting.equal_shares import SharesResult, equal_shares
from voting.counting.profile import Group, Project, lot_of, merged, people_with_a_win, votes_of
from voting.counting.shares_run import Run


def projects_of(*costs: int) -> list[Project]:
    """Projects 0, 1, 2, ... whose lots are in the order of their keys."""
    return [Project(key, cost, f"{key:03}") for key, cost in enumerate(costs)]


def ballots_of(*lines: tuple[int, Sequence[int]]) -> list[Group]:
    """Groups of (number, choices)."""
    return [Group(frozenset(choices), number) for number, choices in lines]


def random_instance(seed: int) -> tuple[list[Project], list[frozenset[int]], int]:
    """A small instance; many have equal costs and equal numbers of votes, so that ties are frequent."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    voters, options = chance.randint(1, 14), chance.randint(1, 9)
    scale, share = chance.choice((1, 1, 5, 10)), chance.choice((0.2, 0.35, 0.5))
    projects = [
        Project(key, chance.randint(1, 12) * scale, lot_of("lot", str(key))) for key in range(options)
    ]
    ballots = [frozenset(key for key in range(options) if chance.random() < share) for _ in range(voters)]
    return projects, ballots, chance.randint(5, 40) * scale


def compare(projects: Sequence[Project], ballots: Sequence[frozenset[int]], budget: int) -> SharesResult:
    """Count both ways and compare winners, order, exact payments and how far the share was raised."""
    fast = equal_shares(projects, merged(ballots), budget)
    slow = slow_equal_shares([one for one in projects if one.cost <= budget], ballots, budget)
    costs = {one.key: one.cost for one in projects}
    assert fast.winners == slow.winners
    assert fast.raised == slow.raised
    assert [one.payment / costs[one.key] for one in fast.purchases] == list(slow.prices)
    assert fast.spent == sum(costs[key] for key in slow.winners) <= budget
    return fast


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_fast_count_equals_the_exact_one(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        compare(*random_instance(seed))


@pytest.mark.slow
def test_few_ballots_with_much_money_are_counted_by_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(12)  # noqa: S311 - no secret
    projects = [Project(key, chance.randrange(500, 9_000, 50), lot_of("l", str(key))) for key in range(12)]
    ballots = [frozenset(key for key in range(12) if chance.random() < 0.3) for _ in range(5)]
    runs = []
    finish = Run.finish

    def counting(run: Run) -> Run:
        runs.append(run.share)
        return finish(run)

    monkeypatch.setattr(Run, "finish", counting)
    found = compare(projects, ballots, 20_000)
    assert found.raised > 200
    assert len(runs) < found.raised / 5


def test_minority_gets_its_share_and_greedy_would_not_give_it() -> None:
    # 60 people want 0, 1, 2; 40 people want 3. Each share is 10 euros: 600 and 400.
    projects = projects_of(300, 300, 300, 300)
    found = equal_shares(projects, ballots_of((60, (0, 1, 2)), (40, (3,))), 1000)
    assert set(found.winners) == {0, 1, 3}
    payments = {one.key: one.payment for one in found.purchases}
    assert payments == {0: Fraction(5), 1: Fraction(5), 3: Fraction(15, 2)}
    assert found.share == 10
    assert found.raised == 4  # with 15 euros each, the third of the majority would make 1,200
    assert found.ties[0].keys == (0, 1, 2)


def test_the_poor_pay_what_they_have_and_others_the_rest() -> None:
    # Share 10. Option 0 takes 9 from each of its four. Of the three who want 1, one has 1 euro left: 1 + 7 + 7.
    groups = ballots_of((3, (0,)), (1, (0, 1)), (2, (1,)))
    first, second = equal_shares(projects_of(36, 15), groups, 60).purchases
    assert (first.key, first.payment, first.in_full, first.rest) == (0, Fraction(9), 4, 0)
    assert (second.key, second.payment, second.in_full, second.rest) == (1, Fraction(7), 2, 1)


def test_empty_ballots_lower_the_share_of_everyone() -> None:
    projects = projects_of(50, 60)
    full = equal_shares(projects, ballots_of((2, (0,))), 100)
    empty = equal_shares(projects, ballots_of((2, (0,)), (6, ())), 100)
    assert (full.share, empty.share) == (Fraction(50), Fraction(100, 8))
    assert full.winners == empty.winners == (0,)


def test_everything_affordable_needs_one_run_and_no_votes_win_nothing() -> None:
    projects = projects_of(10, 20, 30)
    found = equal_shares(projects, ballots_of((1, (0,)), (9, (1,))), 100)
    assert set(found.winners) == {0, 1}
    assert found.raised == 0
    assert found.filled == ()


def test_options_above_the_whole_sum_cannot_win_and_stop_nothing() -> None:
    projects = projects_of(999_999_998, 6, 6)
    found = equal_shares(projects, ballots_of((5, (0, 1)), (1, (2,))), 10)
    assert found.winners == (1,)


def test_rest_goes_to_the_most_votes_that_fit() -> None:
    found = equal_shares(projects_of(7, 4, 3, 3), ballots_of((2, (0,)), (1, (1,)), (1, (2,)), (2, (3,))), 10)
    spent = sum({0: 7, 1: 4, 2: 3, 3: 3}[key] for key in found.winners)
    assert spent == found.spent <= 10


def test_nobody_and_nothing_have_no_winners() -> None:
    assert equal_shares(projects_of(5), [], 10).winners == ()
    assert equal_shares([], ballots_of((3, ())), 10).winners == ()
    assert equal_shares(projects_of(5), ballots_of((3, ())), 10).winners == ()


def test_tie_is_reported_only_where_it_changes_who_wins() -> None:
    alike = ballots_of((1, (0,)), (1, (1,)))
    assert equal_shares(projects_of(5, 5), alike, 10).ties == ()
    tied = equal_shares(projects_of(6, 6), alike, 10)
    assert tied.winners == (0,)
    assert [one.keys for one in tied.ties] == [(0, 1)]


def test_the_lot_decides_and_never_the_key() -> None:
    alike = ballots_of((1, (0,)), (1, (1,)))
    projects = [Project(0, 6, "b"), Project(1, 6, "a")]
    assert equal_shares(projects, alike, 10).winners == (1,)
    assert equal_shares(projects[::-1], alike, 10).winners == (1,)


def test_number_of_other_lots_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted, "MOST_LOTS", 4)
    found = equal_shares(projects_of(*[6] * 8), ballots_of(*((1, (key,)) for key in range(8))), 10)
    assert found.winners == (0,)
    assert found.ties


def test_people_with_a_win_are_counted_once() -> None:
    groups = ballots_of((3, (0, 1)), (2, (1,)), (4, (2,)), (1, ()))
    assert people_with_a_win((0, 1), groups) == 5
    assert votes_of(projects_of(1, 1, 1), groups) == {0: 3, 1: 5, 2: 4}
