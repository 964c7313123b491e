"""The ballots of a vote as a file: shuffled, without times, ids, codes, districts and whether they came on paper.

Nothing is written before the result is stored. Whoever had two files of one open vote would read from their difference
the ballots that were cast between.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from mapping.exports.files import FileContent, FileOrder
from mapping.exports.formats.csv import table
from mapping.exports.labels import Labels
from mapping.services.errors import Missing, NotAllowed, invalid
from voting.models import Ballot, Choice, Option, Shown, StoredResult, Vote

FORMATS: Final = ("csv", "json", "pb")
LABELS: Final[tuple[Labels, ...]] = ("codes", "titles")
"""What names an option in a table: its id as in the API, or its title."""
_AT_ONCE: Final = 2_000

Marks = Mapping[UUID, int]
"""A ballot: values (see `voting.models.Rule`) by the id of an option's contribution."""


def ballots_file(order: FileOrder) -> FileContent:
    """The counted ballots of the vote of a category (`order.part`); without one of the only vote.

    Raises Missing "no_vote", Invalid on "category" (vote_to_choose, params: choices), NotAllowed
    "ballots_before_result" and "no_pabulib_file" (params: rule).
    """
    vote = _called(order)
    if not StoredResult.objects.filter(vote=vote).exists():
        raise NotAllowed("ballots_before_result")
    is_public = vote.results != Shown.STAFF and not vote.campaign.is_draft
    return FileContent(_pieces(vote, order), is_public)


def shuffled_ballots(vote: Vote) -> list[Marks]:
    """All ballots that count, those without choices included, in a random order that is new each time."""
    ballots: dict[int, dict[UUID, int]] = {
        pk: {}
        for pk in Ballot.objects.filter(vote=vote).counted().order_by("pk").values_list("pk", flat=True)
    }
    choices = Choice.objects.filter(ballot__vote=vote, ballot__set_aside=None).order_by()
    rows = choices.values_list("ballot", "option__contribution_id", "value")
    for pk, option, value in rows.iterator(chunk_size=_AT_ONCE):
        ballots[pk][option] = value
    found: list[Mapping[UUID, int]] = list(ballots.values())
    # Unlike `random`, not to be computed from anything that is known.
    secrets.SystemRandom().shuffle(found)
    return found


def _pieces(vote: Vote, order: FileOrder) -> Iterator[bytes]:
    if order.format == "pb":
        # That room reads the shuffled ballots from here.
        from voting.services.pabulib.exporting import KIND_OF, pabulib_file

        if vote.rule not in KIND_OF:
            raise NotAllowed("no_pabulib_file", rule=vote.get_rule_display())
        return (line.encode() for line in pabulib_file(vote))
    options = list(vote.options.all().accepted().select_related("contribution"))
    if order.format == "json":
        return _as_json(vote, options, shuffled_ballots(vote))
    return _as_csv(options, shuffled_ballots(vote), _names(options, order.labels))


def _called(order: FileOrder) -> Vote:
    votes = list(Vote.objects.of(order.campaign).select_related("category__campaign"))
    if not votes:
        raise Missing("no_vote")
    if not order.part and len(votes) == 1:
        return votes[0]
    for vote in votes:
        if vote.category.slug == order.part:
            return vote
    raise invalid("category", "vote_to_choose", choices=", ".join(vote.category.slug for vote in votes))


def _names(options: Sequence[Option], labels: Labels) -> list[str]:
    """The columns; a title that stands twice is numbered."""
    if labels == "codes":
        return [str(option.contribution_id) for option in options]
    names: list[str] = []
    for option in options:
        title = name = option.contribution.title
        number = 1
        while name in names:
            number += 1
            name = f"{title} ({number})"
        names.append(name)
    return names


def _as_csv(options: Sequence[Option], ballots: Sequence[Marks], names: Sequence[str]) -> Iterator[bytes]:
    """One row a ballot, one column an option; nothing where an option was not chosen."""
    ids = [option.contribution_id for option in options]
    yield table([names])
    mark = len(table([]))
    for start in range(0, len(ballots), _AT_ONCE):
        rows = ([marks.get(pk) for pk in ids] for marks in ballots[start : start + _AT_ONCE])
        yield table(rows)[mark:]


def _as_json(vote: Vote, options: Sequence[Option], ballots: Sequence[Marks]) -> Iterator[bytes]:
    """The vote, its options, and the ballots as objects of values by the ids of options."""
    head = {
        "campaign": vote.campaign.slug,
        "category": vote.category.slug,
        "rule": vote.rule,
        "options": [
            {
                "id": str(option.contribution_id),
                "title": option.contribution.title,
                "cost": option.cost,
                "withdrawn": option.withdrawn_at is not None,
            }
            for option in options
        ],
    }
    text = json.dumps(head, ensure_ascii=False)
    yield f'{text[:-1]}, "ballots": ['.encode()
    for place, marks in enumerate(ballots):
        one = json.dumps({str(pk): value for pk, value in marks.items()})
        yield f"{',' if place else ''}\n{one}".encode()
    yield b"\n]}\n"
