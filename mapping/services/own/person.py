"""Somebody by the secret of their browser, with their rows in all campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapping.models import Participant
from mapping.services.identity import participants_with
from mapping.translated.reading import Reading, in_languages


@dataclass(frozen=True)
class Person:
    """Who holds a secret; `readings` are the campaigns of their rows, by the row's id, in the language of a page."""

    secret: str
    participants: Sequence[Participant]
    readings: Mapping[int | None, Reading]


def person_with(secret: str, language: str) -> Person:
    """The person with a secret; texts of campaigns are read in a language where they have it. Three queries at most."""
    participants = participants_with(secret)
    campaigns = [one.campaign for one in participants]
    readings = in_languages(campaigns, {one.pk: language for one in campaigns})
    return Person(
        secret,
        participants,
        {one.pk: reading for one, reading in zip(participants, readings, strict=True)},
    )
