"""Further files of a campaign for `bin/manage export --what`; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from mapping.exports.labels import Labels
from mapping.models import Campaign
from mapping.registry import Registry


@dataclass(frozen=True)
class FileOrder:
    """What a file is to hold; `part` is the short name of a category, empty where the campaign is meant."""

    campaign: Campaign
    format: str
    labels: Labels
    part: str = ""


@dataclass(frozen=True)
class FileContent:
    """The pieces of a file, and whether everybody may read it."""

    pieces: Iterable[bytes]
    is_public: bool


@dataclass(frozen=True, eq=False)
class CampaignFile:
    """One kind of file. `write` raises a DomainError where it is refused."""

    name: str
    """The value of `--what`."""
    help: str
    """What it is, for operators."""
    formats: tuple[str, ...]
    labels: tuple[Labels, ...]
    write: Callable[[FileOrder], FileContent]


CAMPAIGN_FILES: Final[Registry[CampaignFile]] = Registry("file of a campaign")
