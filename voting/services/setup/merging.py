"""Options that are alike: found by common trigrams, merged into one before anybody has voted, and split again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from accounts.models import User
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.setup.changes import note
from voting.models import Option
from voting.services.setup.options import locked_for
from voting.services.setup.votes import STEP

_ALIKE: Final = 0.3
"""Share of common trigrams from which two texts count as alike: the threshold of PostgreSQL's pg_trgm."""
_MOST_PAIRS: Final = 30
_SQL: Final = """
WITH words AS MATERIALIZED (
    SELECT option.id, left(contribution.title || ' ' || contribution.text, 300) AS words
    FROM voting_option option JOIN mapping_contribution contribution ON contribution.id = option.contribution_id
    WHERE option.id = ANY (%(options)s)
), pairs AS MATERIALIZED (
    SELECT one.id AS first, other.id AS second, similarity(one.words, other.words) AS likeness
    FROM words one JOIN words other ON one.id < other.id
)
SELECT first, second, likeness FROM pairs WHERE likeness >= %(alike)s
ORDER BY likeness DESC, first, second LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two options that are alike; `likeness` is the share of common trigrams, from 0 to 1."""

    first: Option
    second: Option
    likeness: float


def alike(options: Sequence[Option]) -> list[Pair]:
    """Pairs of options that have much of their title and text in common, the most alike first."""
    by_key = {one.pk: one for one in options}
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"options": list(by_key), "alike": _ALIKE, "most": _MOST_PAIRS})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return [Pair(by_key[first], by_key[second], likeness) for first, second, likeness in found]


def merge(option: Option, into: Option, *, actor: User) -> None:
    """Put an option into another one of the vote: people choose that one alone, which keeps the ideas of both.

    Raises NotAllowed "not_manager" and, once there is a ballot, "merge_too_late"; Invalid on "into", Conflict "gone".
    """
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        if vote.ballots.exists():
            raise NotAllowed("merge_too_late")
        found = {one.pk: one for one in vote.options.select_related("contribution")}
        merged, target = found.get(option.pk), found.get(into.pk)
        if merged is None or target is None:
            raise Conflict("gone")
        if merged.pk == target.pk or target.merged_into_id is not None or target.withdrawn_at is not None:
            raise invalid("into", "merge_target")
        before = _into(merged)
        target.ideas.add(*merged.ideas.all())
        # What was merged into it before goes along: no chains.
        vote.options.filter(merged_into=merged).update(merged_into=target)
        merged.merged_into = target
        merged.save(update_fields=["merged_into"])
        _note(merged, actor, before=before)


def split(option: Option, *, actor: User) -> None:
    """Let people choose a merged option by itself again, with its own ideas; raises as `merge`. Idempotent."""
    with transaction.atomic():
        vote = locked_for(option.vote, actor)
        if vote.ballots.exists():
            raise NotAllowed("merge_too_late")
        merged = (
            vote.options.select_related("contribution", "merged_into__contribution")
            .filter(pk=option.pk)
            .first()
        )
        if merged is None:
            raise Conflict("gone")
        if merged.merged_into is None:
            return
        before = _into(merged)
        merged.merged_into.ideas.remove(*merged.ideas.all())
        merged.merged_into = None
        merged.save(update_fields=["merged_into"])
        _note(merged, actor, before=before)


def _into(option: Option) -> str:
    return "" if option.merged_into is None else option.merged_into.contribution.title


def _note(option: Option, actor: User, *, before: str) -> None:
    key = f"merged {option.contribution.title}"
    note(option.vote.campaign, actor, STEP, before={key: before}, after={key: _into(option)})
