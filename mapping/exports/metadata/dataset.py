"""What a catalogue says of one dataset, whoever it belongs to; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from mapping.exports.metadata.site import Site
from mapping.registry import Registry

Changes = Literal["continuously", "irregularly", "never"]
"""How often data change."""


@dataclass(frozen=True)
class Distribution:
    """One way to get the data: `name` ends its address, `url` is where the data are."""

    name: str
    title: str
    url: str
    format_name: str
    media_type: str
    description: str
    is_service: bool = False


@dataclass(frozen=True)
class Dataset:
    """One dataset in German; nothing in here depends on what the public may not see.

    `address` names it and answers with a description of it (W3C DCAT 3, 6.2), `page` is for people. The repr of all but
    the distributions is the version of the description: what decides these belongs into `edition`.
    """

    address: str
    page: str
    title: str
    description: str
    created_at: datetime
    modified_at: datetime
    distributions: Callable[[], Sequence[Distribution]] = field(repr=False)
    """Called where the dataset is written: addresses take time, and whoever has the version needs none."""
    edition: str = ""
    changes: Changes = "irregularly"
    organiser: str = ""
    contact: str = ""
    attribution: str = ""
    keywords: tuple[str, ...] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    box: str | None = None
    """WKT of a bounding box; degrees, longitude first."""
    outline: str | None = None
    """WKT of where the data lie, simplified; None in catalogues of many datasets."""
    summary: str = ""
    """On the page about open data, in the language of the reader."""
    data_page: str = ""
    """Where people choose a format; empty where there is no such page."""
    description_file: str = ""
    """Where the description alone is as Turtle; empty where it stands in the catalogue only."""
    k: int | None = None
    """How many people released areas stand for at least; None where data are not protected in this way."""


@dataclass(frozen=True, eq=False)
class DatasetSource:
    """The datasets of one kind: all that the public may know of, with distributions titled in a language."""

    name: str
    datasets: Callable[[Site, str], Iterable[Dataset]]


DATASET_SOURCES: Final[Registry[DatasetSource]] = Registry("source of datasets")


def all_datasets(site: Site, language: str = "de") -> tuple[Dataset, ...]:
    """The datasets of all apps."""
    return tuple(dataset for source in DATASET_SOURCES for dataset in source.datasets(site, language))
