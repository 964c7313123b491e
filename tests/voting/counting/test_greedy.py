"""The most votes that fit, with ties."""

from tests.voting.counting.test_equal_shares import projects_of
from voting.counting.greedy import greedy
from voting.counting.profile import Project


def test_what_does_not_fit_is_skipped_and_the_next_may_fit() -> None:
    found = greedy(projects_of(60, 50, 40, 10), {0: 9, 1: 8, 2: 7, 3: 1}, 100)
    assert found.winners == (0, 2)
    assert found.skipped == (1, 3)
    assert found.spent == 100


def test_options_without_votes_never_win() -> None:
    assert greedy(projects_of(1, 1), {0: 0, 1: 2}, 100).winners == (1,)


def test_equal_votes_go_to_the_lower_cost_without_any_lot() -> None:
    found = greedy(projects_of(60, 50), {0: 5, 1: 5}, 60)
    assert found.winners == (1,)
    assert found.ties == ()


def test_tie_is_reported_where_only_some_of_the_tied_fit() -> None:
    votes = {0: 5, 1: 5, 2: 5}
    assert [one.keys for one in greedy(projects_of(50, 50, 50), votes, 100).ties] == [(1, 2)]
    assert greedy(projects_of(50, 50, 50), votes, 150).ties == ()
    assert greedy(projects_of(50, 50, 50), votes, 40).ties == ()


def test_lot_orders_what_is_tied() -> None:
    projects = [Project(0, 50, "z"), Project(1, 50, "a"), Project(2, 50, "k")]
    assert greedy(projects, {0: 1, 1: 1, 2: 1}, 100).winners == (1, 2)
