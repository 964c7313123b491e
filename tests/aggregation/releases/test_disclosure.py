"""What may follow an earlier region: never yes where a choice of parts isolates fewer than k people."""

from hypothesis import given
from hypothesis import strategies as st

from mapping.aggregation.releases.disclosure import MOST_LIGHT, Part, follows

PEOPLE = st.frozensets(st.integers(0, 9), max_size=5)
PARTS = st.lists(st.builds(Part, PEOPLE, PEOPLE), min_size=1, max_size=4)


@given(PARTS, PEOPLE, st.integers(2, 3))
def test_no_choice_of_parts_isolates_fewer_than_k(parts: list[Part], gone: frozenset[int], k: int) -> None:
    if not follows(parts, gone, 0, k):
        return
    for chosen in range(1, 1 << len(parts)):
        left = set(gone)
        for index, part in enumerate(parts):
            left |= part.joined if chosen >> index & 1 else part.stayed
        assert len(left) >= k


def everyone(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last))


def test_k_newcomers_may_be_told() -> None:
    assert follows([Part(everyone(0, 9), everyone(20, 25))], frozenset(), 0, 5)
    assert not follows([Part(everyone(0, 9), everyone(20, 24))], frozenset(), 0, 5)


def test_people_who_stayed_may_not_be_told_apart_from_one_who_did_not() -> None:
    """Twenty in the west, one in the east; the east is shown once it has five newcomers, and betrays the one."""
    west, east = Part(everyone(0, 20), frozenset()), Part(everyone(20, 21), everyone(30, 35))
    assert not follows([west, east], frozenset(), 0, 5)
    assert follows([Part(west.stayed | east.stayed, east.joined)], frozenset(), 0, 5)


def test_departed_count_but_not_together_with_newcomers() -> None:
    """Who withdrew may have come back as somebody new."""
    part = Part(everyone(0, 9), everyone(20, 23))
    assert follows([part], frozenset(), 5, 5)
    assert not follows([part], frozenset(), 4, 5)


def test_many_light_parts_are_refused_unseen() -> None:
    parts = [
        Part(everyone(3 * one, 3 * one + 2), everyone(100 + 3 * one, 103 + 3 * one))
        for one in range(MOST_LIGHT)
    ]
    assert follows(parts, frozenset(), 0, 4)
    assert not follows([*parts, Part(everyone(90, 92), everyone(190, 193))], frozenset(), 0, 4)
