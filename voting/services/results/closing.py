"""Votes that ended: ballots are cut off from the people who cast them, counted, and the result is stored for good."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from voting.models import StoredResult, Vote
from voting.rules import has_ended
from voting.services.results.counting import count
from voting.services.results.shapes import Result
from voting.services.results.storing import VERSION, content_of, digest_of, result_from

# Whoever is casting a ballot at this moment is waited for.
_LOCK: Final = "SELECT id FROM voting_ballot WHERE vote_id = %s ORDER BY id FOR UPDATE"

# New numbers in a random order: the old ones follow the order in which people came.
_CUT: Final = """
WITH shuffled AS MATERIALIZED (
    SELECT id FROM voting_ballot WHERE vote_id = %s ORDER BY random()
), numbered AS MATERIALIZED (
    SELECT id AS old, nextval(pg_get_serial_sequence('voting_ballot', 'id')) AS new FROM shuffled
), choices AS MATERIALIZED (
    SELECT choice.id AS old, numbered.new AS ballot
    FROM numbered JOIN voting_choice choice ON choice.ballot_id = numbered.old
    ORDER BY numbered.new, choice.option_id
), moved AS (
    UPDATE voting_choice choice
    SET id = nextval(pg_get_serial_sequence('voting_choice', 'id')), ballot_id = choices.ballot
    FROM choices WHERE choice.id = choices.old
)
UPDATE voting_ballot ballot
SET id = numbered.new, participant_id = NULL, code_id = NULL, pile_id = NULL, created_at = NULL, changed_at = NULL
FROM numbered WHERE ballot.id = numbered.old
"""


def close(vote: Vote, at: datetime) -> Result | None:
    """The stored result; stored now where the vote has ended and was not counted yet. None: it goes on.

    Nothing is stored while a pile of paper ballots is open: these are entered after the end. Idempotent.
    """
    stored = StoredResult.objects.filter(vote=vote).first()
    if stored is None and is_due(vote, at):
        stored = _stored(vote, at)
    return None if stored is None else result_from(stored)


def is_due(vote: Vote, at: datetime) -> bool:
    """Whether nobody can vote any more and no pile of paper waits for its ballots."""
    return has_ended(vote.campaign, at) and not vote.piles.filter(closed_at=None).exists()


def close_ended() -> int:
    """Store the results of all votes that have ended; returns how many. Run every minute."""
    at = timezone.now()
    votes = Vote.objects.filter(stored_result=None).select_related("category__campaign")
    return sum(close(one, at) is not None for one in votes.defer("category__campaign__area"))


def _stored(vote: Vote, at: datetime) -> StoredResult:
    """Cut, count and store in one transaction; the second of two readers waits and reads what the first one stored."""
    with transaction.atomic():
        # Conflicts with the key that each new ballot holds of its vote, and with other readers.
        Vote.objects.select_for_update(of=("self",)).get(pk=vote.pk)
        found = StoredResult.objects.filter(vote=vote).first()
        if found is not None:
            return found
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [vote.pk])
            cursor.execute(_CUT, [vote.pk])
        content = content_of(count(vote, at, counts_empty=True))
        return StoredResult.objects.create(
            vote=vote, version=VERSION, content=content, digest=digest_of(content), created_at=at
        )
