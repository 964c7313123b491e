"""What the public sees of a question's numbers, by example and attacked: every small world, random histories."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mapping.aggregation.surveys.release import (
    TOTAL,
    Shown,
    Told,
    changes_needed,
    remember,
    tell_choices,
    tell_partition,
)


def tell(*counts: int, k: int = 5, shown: Shown | None = None) -> tuple[list[int | None], int]:
    told = tell_partition(dict(zip("abcdef", counts, strict=False)), shown or {}, k)
    return list(told.counts.values()), told.responses


def test_large_groups_and_nobody_are_shown_exactly() -> None:
    assert tell(12, 7, 0) == ([12, 7, 0], 19)


def test_small_group_is_hidden_with_the_smallest_other_one() -> None:
    assert tell(12, 7, 3) == ([12, None, None], 20)


def test_all_that_are_as_small_are_hidden_together() -> None:
    assert tell(12, 7, 7, 3) == ([12, None, None, None], 25)


def test_two_small_groups_of_k_people_hide_no_other() -> None:
    assert tell(12, 2, 4) == ([12, None, None], 15)


def test_groups_of_one_that_follow_from_their_number_hide_another() -> None:
    assert tell(12, 9, *[1] * 4, k=4) == ([12, None, *[None] * 4], 24)
    assert tell(12, 9, 3, 3, k=4) == ([12, None, None, None], 24)


def test_zeros_are_hidden_where_nothing_else_is_left() -> None:
    assert tell(3, 0) == ([None, None], 0)
    assert tell(0, 0) == ([0, 0], 0)


def test_number_stays_until_k_people_have_come() -> None:
    shown = {"a": [10], "b": [10], TOTAL: [20]}
    assert tell(14, 15, shown=shown) == ([10, 10], 20)
    assert tell(15, 15, shown=shown) == ([15, 15], 30)
    assert tell(14, 21, shown=shown) == ([10, 15], 25)


def test_numbers_lag_so_that_those_not_told_yet_are_no_small_group() -> None:
    """Two newcomers are not told yet; whoever knew that there are 37 people would subtract 35 and find them."""
    shown = {"a": [10], "b": [10], TOTAL: [20]}
    assert tell(12, 25, shown=shown) == ([10, 20], 30)


def test_number_between_two_earlier_ones_is_hidden_with_another() -> None:
    assert tell(14, 30, 20, shown={"a": [10, 20], "b": [30], "c": [20]}) == ([None, 30, None], 60)


def test_number_of_all_people_never_changes_by_a_few() -> None:
    """Seven came, five went: each is enough, but all together are two more, so that the seven have to wait."""
    assert tell(17, 10, shown={"a": [10], "b": [15], TOTAL: [25]}) == ([10, 10], 20)


def test_choice_is_hidden_where_few_chose_it_or_few_did_not() -> None:
    told = tell_choices({"a": 3, "b": 10, "c": 17, "d": 20, "e": 0}, 20, {}, 5)
    assert told == Told({"a": None, "b": 10, "c": None, "d": 20, "e": 0}, 20)


def test_choice_does_not_follow_after_few_changes() -> None:
    assert tell_choices({"a": 13}, 30, {"a": [10]}, 5) == Told({"a": 10}, 30)
    # The old number would stand for others than all but two who now answer.
    assert tell_choices({"a": 12}, 12, {"a": [10]}, 5) == Told({"a": None}, 10)


def test_changes_needed_grow_with_the_survey() -> None:
    assert [changes_needed(responses, 5) for responses in (5, 500, 100_000)] == [5, 5, 1000]


# --- every small world ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "most", "k"), [(2, 14, 4), (2, 12, 3), (3, 9, 3), (4, 6, 3)])
def test_no_small_group_follows_from_one_release(cells: int, most: int, k: int) -> None:
    """Whoever knows the rules lists all counts by which the public numbers could have come about."""
    worlds = defaultdict(list)
    for world in product(range(most + 1), repeat=cells):
        told = tell_partition({str(cell): count for cell, count in enumerate(world)}, {}, k)
        worlds[tuple(told.counts.values()), told.responses].append(world)
    for public, possible in worlds.items():
        for group in groups(cells):
            sizes = {sum(world[cell] for cell in group) for world in possible}
            assert len(sizes) > 1 or not 0 < min(sizes) < k, (public, possible)


@pytest.mark.parametrize(("cells", "most", "k"), [(2, 14, 4), (3, 9, 3)])
def test_nor_for_those_who_know_how_many_answered(cells: int, most: int, k: int) -> None:
    """As above, with the exact number of people from elsewhere; it tells nothing if each choice has one of k people."""
    worlds = defaultdict(list)
    for world in product(range(most + 1), repeat=cells):
        told = tell_partition({str(cell): count for cell, count in enumerate(world)}, {}, k)
        worlds[tuple(told.counts.values()), sum(world)].append(world)
    for (counts, people), possible in worlds.items():
        if set(counts) == {None} and people <= k:
            continue
        for group in groups(cells):
            sizes = {sum(world[cell] for cell in group) for world in possible}
            assert len(sizes) > 1 or not 0 < min(sizes) < k, (counts, people, possible)


def groups(cells: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, cells + 1):
        yield from combinations(range(cells), size)


# --- random histories -------------------------------------------------------------------------------------------------

NOBODY = "-"
CHOICES = "abcd"
MOVES = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(CHOICES + CHOICES + NOBODY)), min_size=1, max_size=40
)
HISTORIES = st.lists(MOVES, min_size=1, max_size=7)


@dataclass(frozen=True)
class View:
    """What the public saw at one moment, and the truth of it."""

    told: Told
    truth: Mapping[str, int]

    @property
    def visible(self) -> dict[str, int]:
        return {cell: number for cell, number in self.told.counts.items() if number is not None}

    @property
    def hidden(self) -> list[int]:
        return [self.truth[cell] for cell, number in self.told.counts.items() if number is None]


def is_group(people: int, k: int) -> bool:
    return people == 0 or abs(people) >= k


@settings(max_examples=400, deadline=None)
@given(HISTORIES, st.integers(2, 6))
@example(
    [[(n, "a") for n in range(10)] + [(n, "b") for n in range(10, 20)], [(n, "a") for n in range(20, 23)]], 5
)
@example([[(n, "ab"[n % 2]) for n in range(20)], [(n, "b") for n in range(20, 26)] + [(26, "a")]], 5)
@example(
    [
        [(n, "ab"[n % 2]) for n in range(20)],
        [(n, "a") for n in range(20, 30)],
        [(n, NOBODY) for n in range(0, 12, 2)],
    ],
    5,
)
def test_attacker_finds_no_small_group_in_a_partition(history: list[list[tuple[int, str]]], k: int) -> None:
    answers: dict[int, str] = {}
    shown: dict[str, list[int]] = {}
    views: list[View] = []
    for moves in history:
        answers.update(moves)
        given = [choice for choice in answers.values() if choice != NOBODY]
        truth = {choice: given.count(choice) for choice in CHOICES}
        told = tell_partition(truth, shown, k, views[-1].told if views else None)
        shown = remember(told, shown)
        views.append(View(told, truth))
        attack_one_moment(views[-1], k)
    for before, after in combinations(views, 2):
        attack_two_moments(before, after, k)
    for before, after in pairwise(views):
        attack_from_elsewhere(before, after, k)


def attack_one_moment(view: View, k: int) -> None:
    told = view.told
    # Every number, and the complement of every group of shown ones.
    assert all(is_group(number, k) for number in view.visible.values())
    assert told.responses >= sum(view.visible.values())
    if not view.hidden:
        assert told.responses == sum(view.visible.values())
    elif view.visible:
        # What is hidden is more than one cell, and all together are a group; its size is known up to k - 1.
        assert len(view.hidden) > 1
        assert sum(view.hidden) >= k
        assert told.responses == sum(view.visible.values()) or told.responses % k == 0
        assert not (max(view.hidden) < k and len(set(view.hidden)) == 1 and view.hidden[0] in (1, k - 1))
    else:
        assert told.responses % k == 0


def attack_two_moments(before: View, after: View, k: int) -> None:
    for cell in before.visible.keys() & after.visible.keys():
        assert is_group(after.visible[cell] - before.visible[cell], k)
    if not before.hidden and not after.hidden:
        assert is_group(after.told.responses - before.told.responses, k)


def attack_from_elsewhere(before: View, after: View, k: int) -> None:
    """Who knows how many people there are now finds no small group beside numbers that are new."""
    if not after.hidden and after.told != before.told:
        pending = sum(after.truth.values()) - sum(after.visible.values())
        lagging = [cell for cell, number in after.visible.items() if number != after.truth[cell]]
        assert is_group(pending, k)
        assert len(lagging) != 1 or abs(after.truth[lagging[0]] - after.visible[lagging[0]]) >= k


@settings(max_examples=150, deadline=None)
@given(HISTORIES, st.integers(2, 6))
def test_attacker_finds_no_small_group_among_several_choices(
    history: list[list[tuple[int, str]]], k: int
) -> None:
    """Each person chooses whatever was named last for them, and "d" besides if their number is even."""
    answers: dict[int, set[str]] = {}
    shown: dict[str, list[int]] = {}
    views: list[tuple[Told, int]] = []
    for moves in history:
        for person, choice in moves:
            answers[person] = set() if choice == NOBODY else {choice} | ({"d"} if person % 2 == 0 else set())
        answered = sum(1 for chosen in answers.values() if chosen)
        truth = {choice: sum(1 for chosen in answers.values() if choice in chosen) for choice in CHOICES}
        told = tell_choices(truth, answered, shown, k)
        shown = remember(told, shown)
        views.append((told, answered))
        for choice, number in told.counts.items():
            if number is not None:
                assert is_group(number, k)
                assert is_group(answered - number, k)
                assert is_group(answered - truth[choice], k)
                assert told.responses >= number
    for (before, _people), (after, _people_after) in combinations(views, 2):
        for choice in CHOICES:
            first, second = before.counts[choice], after.counts[choice]
            assert first is None or second is None or is_group(second - first, k)
