"""Two versions of a text side by side: which sections are new, changed, moved or gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from texts.reading.differences import Piece, differences

Key = TypeVar("Key", bound=Hashable)
State = Literal["same", "changed", "moved", "new", "gone"]


@dataclass(frozen=True, slots=True)
class Worded(Generic[Key]):
    """A section in a version."""

    key: Key
    number: str
    heading: str
    body: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Compared(Generic[Key]):
    """A section in two versions; `before` is None for a new one, `after` for one that is gone.

    "moved" has the same words under another number. Sections whose number changed only because others came or went are
    "same".
    """

    state: State
    before: Worded[Key] | None
    after: Worded[Key] | None

    @property
    def key(self) -> Key:
        """What the section is known by."""
        one = self.after or self.before
        assert one is not None  # noqa: S101 - one of both is there
        return one.key

    @property
    def heading(self) -> list[Piece]:
        """The headings with their differences."""
        return differences(
            self.before.heading if self.before else "", self.after.heading if self.after else ""
        )

    @property
    def body(self) -> list[Piece]:
        """The bodies with their differences."""
        return differences(self.before.body if self.before else "", self.after.body if self.after else "")


def compare(before: Sequence[Worded[Key]], after: Sequence[Worded[Key]]) -> list[Compared[Key]]:
    """All sections of two versions in the order of the later one; those that are gone stand where they stood."""
    old = {one.key: one for one in before}
    new = {one.key for one in after}
    order_before = [one.key for one in before if one.key in new]
    order_after = [one.key for one in after if one.key in old]
    stayed = _longest_common_order(order_before, order_after)
    found = [_compared(old.get(one.key), one, has_moved=one.key not in stayed) for one in after]
    return _with_gone(found, before, new)


def _compared(before: Worded[Key] | None, after: Worded[Key], *, has_moved: bool) -> Compared[Key]:
    if before is None:
        return Compared("new", None, after)
    is_same = (before.heading, before.body) == (after.heading, after.body)
    if not is_same:
        return Compared("changed", before, after)
    return Compared("moved" if has_moved or before.level != after.level else "same", before, after)


def _with_gone(
    found: Sequence[Compared[Key]], before: Sequence[Worded[Key]], new: set[Key]
) -> list[Compared[Key]]:
    behind: dict[Key | None, list[Compared[Key]]] = {}
    last: Key | None = None
    for one in before:
        if one.key in new:
            last = one.key
        else:
            behind.setdefault(last, []).append(Compared("gone", one, None))
    merged = list(behind.get(None, ()))
    for section in found:
        merged.append(section)
        merged += behind.get(section.key, ())
    return merged


def _longest_common_order(before: Sequence[Key], after: Sequence[Key]) -> set[Key]:
    """The most keys whose order is the same in both (longest increasing subsequence): all others were moved."""
    place = {key: number for number, key in enumerate(before)}
    ends: list[int] = []
    last_of: list[int] = []
    previous: list[int] = []
    places = [place[key] for key in after]
    for number, here in enumerate(places):
        length = bisect_left(ends, here)
        previous.append(last_of[length - 1] if length else -1)
        if length == len(ends):
            ends.append(here)
            last_of.append(number)
        else:
            ends[length], last_of[length] = here, number
    kept: set[Key] = set()
    number = last_of[-1] if last_of else -1
    while number >= 0:
        kept.add(after[number])
        number = previous[number]
    return kept
