"""Borda and Schulze: the examples of the paper, cycles, ties, and ballots that do not rank everything."""

from voting.counting.ranking import RankedGroup, rank

A, B, C, D, E = range(5)


def ranked(size: int, *keys: int) -> RankedGroup:
    """Equal ballots, the best first."""
    return RankedGroup({key: place for place, key in enumerate(keys, start=1)}, size)


# Schulze 2011, section 3.1 of the long version: 45 ballots, order E > A > C > B > D.
EXAMPLE = (
    ranked(5, A, C, B, E, D),
    ranked(5, A, D, E, C, B),
    ranked(8, B, E, D, A, C),
    ranked(3, C, A, B, E, D),
    ranked(7, C, A, E, B, D),
    ranked(2, C, B, A, D, E),
    ranked(7, D, C, E, B, A),
    ranked(8, E, B, A, D, C),
)


def test_example_of_the_paper() -> None:
    found = rank((A, B, C, D, E), EXAMPLE)
    assert found.places == ((E,), (A,), (C,), (B,), (D,))
    assert found.preferred[A, B] == 20
    assert found.preferred[C, B] == 29
    assert found.condorcet_winner is None


def test_who_beats_everybody_is_first() -> None:
    found = rank((A, B, C), (ranked(3, A, B, C), ranked(2, B, A, C), ranked(2, C, A, B)))
    assert found.condorcet_winner == A
    assert found.places[0] == (A,)


def test_cycle_of_equal_strength_is_a_tie() -> None:
    found = rank((A, B, C), (ranked(1, A, B, C), ranked(1, B, C, A), ranked(1, C, A, B)))
    assert found.places == ((A, B, C),)


def test_winning_votes_differ_from_margins_on_incomplete_ballots() -> None:
    # By winning votes A over B (6) is the weakest link of the cycle, so that B is first. By margins (2, 2, 4) A and B
    # would be tied.
    groups = (
        RankedGroup({A: 1, B: 2}, 3),
        RankedGroup({B: 1, C: 2}, 3),
        RankedGroup({C: 1, A: 2}, 2),
        RankedGroup({B: 1}, 1),
        RankedGroup({C: 1}, 2),
        RankedGroup({A: 1, C: 1}, 1),
    )
    found = rank((A, B, C), groups)
    pairs = found.preferred
    assert (pairs[A, B], pairs[B, A]) == (6, 4)
    assert (pairs[B, C], pairs[C, B]) == (7, 5)
    assert (pairs[C, A], pairs[A, C]) == (7, 3)
    assert found.places == ((B,), (C,), (A,))


def test_options_without_rank_come_last_together() -> None:
    found = rank((A, B, C), (RankedGroup({A: 1}, 2),))
    assert found.places == ((A,), (B, C))
    assert found.preferred[B, C] == found.preferred[C, B] == 0


def test_points_of_borda_count_the_options_that_stand() -> None:
    groups = (ranked(2, A, B, C), RankedGroup({C: 1}, 1), RankedGroup({}, 4))
    assert rank((A, B, C), groups).points == {A: 6, B: 4, C: 5}
    assert rank((B, C), groups).points == {B: 4, C: 4}  # without A, B is the first of two
    assert rank((A, B, C), groups).firsts == {A: 2, B: 0, C: 1}


def test_no_options_and_no_ballots_are_ranked() -> None:
    assert rank((), ()).places == ()
    assert rank((A, B), ()).places == ((A, B),)
