"""Somebody by the secret of their browser, with their rows in all campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mapping.models import Participant
from mapping.services.identity import participants_with
from mapping.translated.reading import Reading, in_languages


@dataclass(frozen=True)
class Person:
    """Who holds secrets: that of their browser, if it has one, and those of the campaigns in which they are signed in.

    `readings` are the campaigns of their rows, by the row's id, in the language of a page.
    """

    secret: str | None
    participants: Sequence[Participant]
    readings: Mapping[int | None, Reading]


def person_with(secret: str | None, language: str, signed_in: Mapping[int, str] | None = None) -> Person:
    """The person with these secrets (`identity.participants_with`). Three queries at most.

    Texts of campaigns are read in a language where they have it.
    """
    participants = participants_with(secret, signed_in)
    campaigns = [one.campaign for one in participants]
    readings = in_languages(campaigns, {one.pk: language for one in campaigns})
    return Person(
        secret,
        participants,
        {one.pk: reading for one, reading in zip(participants, readings, strict=True)},
    )
