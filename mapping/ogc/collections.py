"""The collections of `/ogc/`; apps register their kinds here.

Most are one per campaign and kind, named `<campaign>-<kind>`; those of the whole site are named by their kind alone.
The kinds of `mapping` are in `campaign_kinds`. A neighbour's kind has a `source`, and everything else follows from it:
items, filters by CQL2 and by attribute, sorting, pages, schemas, layers for QGIS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, Literal

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.exports.sources import Source
from mapping.models import Campaign
from mapping.models.campaign import PlaceType
from mapping.models.setup.profile import current_city
from mapping.registry import Registry

Contents = Literal["contributions", "cells", "rows"]
"""What items are: contributions behind the gate, cells that are counted or released, or rows of a source."""

Times = tuple[datetime | None, datetime | None]
"""Both included; None is open."""


@dataclass(frozen=True)
class Reading:
    """A campaign for one reader: what decides which collections of it can hold something for them."""

    campaign: Campaign
    is_exact: bool
    """Whether the reader gets contributions in every status, and exact cells instead of a release."""
    has_area: bool

    @cached_property
    def place_types(self) -> frozenset[str]:
        """The types of places that its categories take."""
        return frozenset(
            one for category in self.campaign.categories.all() for one in category.geometry_types
        )


@dataclass(frozen=True, eq=False)
class CollectionKind:
    """One kind of collection. The name ends ids of collections: letters and digits only.

    `models` are the tables that its public answers read. They are kept by the campaign's revision, so that each needs a
    trigger that calls `mapping_note_changes` (the system check mapping.E001 looks for it).
    """

    name: str
    title: str | Promise
    """Behind the title of the campaign."""
    heading: str | Promise
    """On pages, below the campaign."""
    description: str | Promise
    is_offered: Callable[[Reading], bool]
    """Called for every campaign in a list: the kinds of `mapping` go by what a campaign has, without a query."""
    models: tuple[type[Model], ...]
    source: Callable[[Collection], Source] | None = None
    """The rows; those of contributions and cells are read in their own ways."""
    contents: Contents = "rows"
    place: str = "geometry-any"
    """The type of places as schemas call it (OGC 23-058r1, `format`)."""
    place_type: PlaceType | None = None
    description_for_staff: str | Promise = ""
    icon: str = "layers"
    times: Callable[[Campaign], Times] | None = None
    """When its rows are; None where they have no time. Not asked for contributions and cells."""
    numbers: Callable[[Sequence[Campaign]], Mapping[int, int]] | None = None
    """How many rows campaigns have, by their keys, for lists."""
    label: str = ""
    """The attribute that QGIS writes beside a row."""
    preview: str = ""
    """The attribute that stands for a row in lists of QGIS."""


@dataclass(frozen=True, eq=False)
class SiteKind:
    """A collection of the whole site, which holds public rows only and is the same for every reader.

    Its name is its id: letters and digits only, so that it cannot be that of a campaign's collection. It is listed once
    it has rows, and answered always: programs store names. Nothing of it is kept: no campaign's revision covers it.
    """

    name: str
    title: str | Promise
    description: str | Promise
    source: Callable[[], Source]
    place: str = "geometry-any"
    """The type of places as schemas call it (OGC 23-058r1, `format`)."""
    icon: str = "layers"
    label: str = ""
    """The attribute that QGIS writes beside a row."""
    preview: str = ""
    """The attribute that stands for a row in lists of QGIS."""

    @property
    def heading(self) -> str | Promise:
        """On pages, below the city."""
        return self.title


COLLECTION_KINDS: Final[Registry[CollectionKind]] = Registry("kind of collection")


SITE_KINDS: Final[Registry[SiteKind]] = Registry("collection of the site")


def register_site_kind(kind: SiteKind) -> SiteKind:
    """Enter a collection of the whole site; raises ValueError for a name that is no id, or that there is already."""
    if not kind.name.isalnum():
        raise ValueError(f"The name of the collection {kind.name} is not letters and digits.")
    return SITE_KINDS.register(kind)


def register_kind(kind: CollectionKind) -> CollectionKind:
    """Enter a kind of collection; raises ValueError for a name that cannot end an id, or that there is already."""
    if not kind.name.isalnum():
        raise ValueError(f"The name of the kind of collection {kind.name} is not letters and digits.")
    if (kind.contents == "rows") != (kind.source is not None):
        raise ValueError(f"The kind of collection {kind.name} needs a source.")
    return COLLECTION_KINDS.register(kind)


@dataclass(frozen=True)
class Collection:
    """One collection of a campaign, as one reader sees it."""

    campaign: Campaign
    kind: CollectionKind
    is_exact: bool
    """Whether the reader gets contributions in every status, and exact cells instead of a release."""

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{self.campaign.slug}-{self.kind.name}"

    @property
    def title(self) -> str:
        """Its name for people."""
        kind = _("protected areas") if self.is_release else self.kind.title
        return f"{self.campaign.title} – {kind}"

    @property
    def owner(self) -> str:
        """Whose it is, above its name on pages."""
        return self.campaign.title

    @property
    def summary(self) -> str:
        """What it is about."""
        return self.campaign.summary

    @property
    def attribution(self) -> str:
        """Who has to be named."""
        return self.campaign.attribution

    @property
    def scope(self) -> str:
        """Its name in what is bound to it, whatever the campaign is called."""
        return f"{self.campaign.pk}:{self.kind.name}"

    @property
    def holds_contributions(self) -> bool:
        """Whether its items are contributions."""
        return self.kind.contents == "contributions"

    @property
    def holds_cells(self) -> bool:
        """Whether its items are cells."""
        return self.kind.contents == "cells"

    @property
    def place_type(self) -> PlaceType | None:
        """The one type of place that its contributions have; None where they may have any."""
        return self.kind.place_type

    @property
    def is_release(self) -> bool:
        """Whether its cells are those of a release rather than of a heat map."""
        return self.holds_cells and not self.campaign.publishes_points and not self.is_exact

    def rows(self) -> Source:
        """The source of a kind that has one."""
        source: Callable[[Collection], Any] | None = self.kind.source
        if source is None:
            raise TypeError(f"{self.id} is read in a way of its own.")
        found: Source = source(self)
        return found


@dataclass(frozen=True)
class SiteCollection:
    """A collection of the whole site."""

    kind: SiteKind
    is_exact: Literal[False] = False
    is_release: Literal[False] = False
    holds_contributions: Literal[False] = False
    holds_cells: Literal[False] = False
    attribution: str = ""

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return self.kind.name

    @property
    def title(self) -> str:
        """Its name for people."""
        return str(self.kind.title)

    @property
    def owner(self) -> str:
        """Whose it is, above its name on pages."""
        return current_city().name

    @property
    def summary(self) -> str:
        """What it is about."""
        return str(self.kind.description)

    @property
    def scope(self) -> str:
        """Its name in what is bound to it."""
        return f"site:{self.kind.name}"

    def rows(self) -> Source:
        """Its public rows."""
        return self.kind.source()


AnyCollection = Collection | SiteCollection
