"""Everything of one browser's person, erased in one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import get_language

from mapping.services.erase import erase_participant
from mapping.services.own.kinds import OWN_KINDS
from mapping.services.own.person import person_with


def erase_everything(secret: str | None, signed_in: Mapping[int, str] | None = None) -> None:
    """Delete whatever a person has in all campaigns and elsewhere on the site; all or nothing, and idempotent.

    What has ended stays without them: stored results of votes, and ballots that wait for theirs. Callers must check
    that the holder of the secrets requests it. Campaigns are locked in the order of their ids.
    """
    with transaction.atomic():
        person = person_with(secret, get_language() or "", signed_in)
        for kind in OWN_KINDS:
            if kind.erase is not None:
                kind.erase(person)
        for participant in person.participants:
            erase_participant(participant)
