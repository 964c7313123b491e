"""What can be found; apps register their kinds of texts here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import QuerySet
from django.utils.functional import Promise

from mapping.models.campaign import Palette
from mapping.models.search.indexing import IndexedTable
from mapping.registry import Registry


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as pages and answers show it; `key` is the primary key of its row, `address` a path of the site."""

    key: str
    title: str
    text: str
    address: str
    at: datetime | None = None
    place: GEOSGeometry | None = None
    """Lon/lat (EPSG:4326)."""
    colour: str = Palette.GREY
    note: str = ""
    """A few words beside the kind, e.g. a page number."""


@dataclass(frozen=True, eq=False)
class SearchGroup:
    """What people look for: several kinds of texts may find the same things (a document by its pages)."""

    name: str
    """In addresses, too."""
    title: str | Promise
    """The heading of its results, in the plural."""
    one: str | Promise
    """The kind of one result."""
    icon: str


@dataclass(frozen=True, eq=False)
class SearchKind:
    """One kind of texts; `name` is the `kind` of its table in the index."""

    table: IndexedTable
    group: SearchGroup
    public: Callable[[], QuerySet[Any]]
    """The gate: rows that everyone may read at this moment."""
    show: Callable[[QuerySet[Any]], Iterable[Shown]]
    """Results of some public rows."""
    campaigns: str = ""
    """The many-to-many field that names the campaigns of a row, where it may have several."""
    is_personal: bool = False
    """Texts by people, or about what they wrote: a word of them is collected for suggestions only if many have it."""

    @property
    def name(self) -> str:
        """The name in the index."""
        return self.table.kind


SEARCH_KINDS: Final[Registry[SearchKind]] = Registry("kind of search results")


def groups() -> list[SearchGroup]:
    """All groups in the order in which they were registered."""
    return list(dict.fromkeys(kind.group for kind in SEARCH_KINDS))


def group_named(name: str) -> SearchGroup | None:
    """The group of an address, or None."""
    return next((group for group in groups() if group.name == name), None)
