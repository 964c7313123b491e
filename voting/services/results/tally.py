"""Ballots counted by PostgreSQL. Ballots that were set aside are in no number but their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from voting.counting.profile import Group
from voting.counting.ranking import RankedGroup
from voting.models import Vote

_BALLOTS: Final = """
SELECT count(*) FILTER (WHERE set_aside_id IS NULL),
       count(*) FILTER (WHERE set_aside_id IS NULL AND is_on_paper),
       count(*) FILTER (WHERE set_aside_id IS NOT NULL)
FROM voting_ballot WHERE vote_id = %s
"""

# Choices are read without their ballots: set-aside ones are few, and subtracted.
_VOTES: Final = """
SELECT option_id, count(*) FILTER (WHERE value > 0), count(*) FILTER (WHERE value < 0), sum(value)
FROM voting_choice WHERE option_id = ANY (%s) GROUP BY option_id
"""
_VOTES_SET_ASIDE: Final = """
SELECT choice.option_id, count(*) FILTER (WHERE choice.value > 0), count(*) FILTER (WHERE choice.value < 0),
       sum(choice.value)
FROM voting_ballot ballot JOIN voting_choice choice ON choice.ballot_id = ballot.id
WHERE ballot.vote_id = %s AND ballot.set_aside_id IS NOT NULL AND choice.option_id = ANY (%s)
GROUP BY choice.option_id
"""
_EMPTY: Final = """
SELECT count(*) FROM voting_ballot ballot WHERE vote_id = %s AND set_aside_id IS NULL
AND NOT EXISTS (SELECT FROM voting_choice choice WHERE choice.ballot_id = ballot.id)
"""
_WITH_A_WIN: Final = """
SELECT count(*) FROM voting_ballot WHERE vote_id = %s AND set_aside_id IS NULL
AND id IN (SELECT ballot_id FROM voting_choice WHERE option_id = ANY (%s) AND value BETWEEN 1 AND %s)
"""
_GROUPS: Final = """
SELECT district_id, options, marks, count(*) FROM (
    SELECT ballot.district_id, array_agg(choice.option_id ORDER BY choice.option_id) AS options,
           {marks} AS marks
    FROM voting_ballot ballot LEFT JOIN voting_choice choice ON choice.ballot_id = ballot.id
    WHERE ballot.vote_id = %s AND ballot.set_aside_id IS NULL
    GROUP BY ballot.id
) AS ballots GROUP BY district_id, options, marks
"""
_STATE: Final = """
SELECT count(*), max(changed_at), sum(id) FILTER (WHERE set_aside_id IS NOT NULL), max(set_aside_id)
FROM voting_ballot WHERE vote_id = %s
"""


@dataclass(frozen=True, slots=True)
class BallotCounts:
    """Ballots that count, of these on paper, and those that were set aside."""

    counted: int
    paper: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """The votes of one option: for it, against it, and the sum of all values."""

    votes: int = 0
    against: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class DistrictGroup:
    """Equal ballots of one district (None: of no known one)."""

    district: int | None
    group: Group


def ballots_of(vote: Vote) -> BallotCounts:
    """How many ballots there are."""
    ((counted, paper, set_aside),) = _rows(_BALLOTS, [vote.pk])
    return BallotCounts(counted, paper, set_aside)


def votes_of(vote: Vote, options: Iterable[int], *, has_set_asides: bool) -> dict[int, VoteCounts]:
    """The votes by option, options without any included."""
    found = {key: VoteCounts() for key in options}
    for key, votes, against, total in _rows(_VOTES, [list(found)]):
        found[key] = VoteCounts(votes, against, total)
    if has_set_asides:
        for key, votes, against, total in _rows(_VOTES_SET_ASIDE, [vote.pk, list(found)]):
            one = found[key]
            found[key] = VoteCounts(one.votes - votes, one.against - against, one.total - total)
    return found


def empty_ballots(vote: Vote) -> int:
    """How many ballots chose nothing."""
    return int(_rows(_EMPTY, [vote.pk])[0][0])


def ballots_with(vote: Vote, options: Sequence[int], up_to: int) -> int:
    """How many ballots gave one of the options a value from 1 to `up_to`."""
    return int(_rows(_WITH_A_WIN, [vote.pk, list(options), up_to])[0][0])


def groups_of(vote: Vote) -> list[DistrictGroup]:
    """Equal ballots merged, by district."""
    rows = _rows(_GROUPS.format(marks="NULL::int"), [vote.pk])
    return [
        DistrictGroup(district, Group(frozenset(one for one in options if one is not None), size))
        for district, options, _marks, size in rows
    ]


def ranked_groups_of(vote: Vote) -> list[RankedGroup]:
    """Equal ballots of a ranking merged."""
    marks = "array_agg(choice.value ORDER BY choice.option_id)"
    return [
        RankedGroup({key: mark for key, mark in zip(options, marks, strict=True) if key is not None}, size)
        for _district, options, marks, size in _rows(_GROUPS.format(marks=marks), [vote.pk])
    ]


def state_of(vote: Vote) -> tuple[object, ...]:
    """What is another one whenever ballots have changed."""
    return tuple(_rows(_STATE, [vote.pk])[0])


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
