"""Disclosure control between releases: no difference of published numbers may concern fewer than k people.

An attacker takes some regions A of one release and some regions B of another, adds up each side and subtracts. What is
left are the contributions that only one side counts. Draw the regions of both releases as points of a graph, with one
more point O for "in no region"; each contribution is an edge from its region in the one release to its region in the
other (or to O). A choice of A and B is a set of points without O, and what the attacker is left with are the edges that
cross its border: a cut. The promise is that every cut is empty or crossed by contributions of at least k people.

`follows` decides that for what happens in one piece of the plane, given that it held before; docs/privacy/releases.md
has the proof. Pure: neither Django nor a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

MOST_LIGHT: Final = 10
"""Most light parts (see `follows`) of which all choices are tried; with more of them the result is False."""

People = AbstractSet[int]


@dataclass(frozen=True, slots=True)
class Part:
    """A region that is to be published, seen from an earlier release.

    `stayed` are the people with a contribution that was counted around here then and is counted in this part now,
    `joined` those with a contribution that was counted nowhere then.
    """

    stayed: People
    joined: People


def follows(parts: Sequence[Part], gone: People, departed: int, k: int) -> bool:
    """Whether `parts` may be published in a piece of the plane that an earlier region held (perhaps with more around).

    `gone` are people with a contribution that was counted in this piece then and is counted nowhere now; `departed` is
    how many more were counted in it then and have withdrawn since (their names are deleted; who came back may be among
    those who joined, hence the larger of both counts instead of the sum).

    The attacker's choices that matter take the earlier region and some of the parts. A part in which at least k people
    stayed must be among them, for leaving it out leaves these; one that at least k people joined must not be. What
    crosses then, whatever the choice: those who went, those who joined the former, those who stayed in the latter. If
    these are k people, all is well. If not, each choice of the remaining, light parts must do.
    """
    crossing = set(gone)
    light: list[Part] = []
    is_any_kept = is_safe_anyway = False
    for part in parts:
        keeps, fills = len(part.stayed) >= k, len(part.joined) >= k
        if keeps and fills:
            is_safe_anyway = True
        elif keeps:
            is_any_kept = True
            crossing |= part.joined
        elif fills:
            crossing |= part.stayed
        else:
            light.append(part)
    if is_safe_anyway or max(len(crossing), departed) >= k:
        return True
    if len(light) > MOST_LIGHT:
        return False
    # Choosing none of several parts was possible for the attacker before.
    for chosen in range(0 if is_any_kept else 1, 1 << len(light)):
        moving = (part.joined if chosen >> index & 1 else part.stayed for index, part in enumerate(light))
        if len(crossing.union(*moving)) < k:
            return False
    return True
