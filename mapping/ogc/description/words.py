"""Titles and descriptions of collections, attributes and standards, for the pages of `/ogc/`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.exports.counts import matching_exactly, tallied
from mapping.exports.selection import Selection
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.ogc.campaign_kinds import CONTRIBUTIONS
from mapping.ogc.collections import AnyCollection, Collection, SiteCollection
from mapping.ogc.crs import Crs

KINDS_OF_VALUES: Final[dict[str, Promise]] = {
    "text": gettext_lazy("Text"),
    "integer": gettext_lazy("Whole number"),
    "number": gettext_lazy("Number"),
    "boolean": gettext_lazy("Yes or no"),
    "datetime": gettext_lazy("Date and time"),
    "texts": gettext_lazy("List of texts"),
}
_CRS_NAMES: Final[dict[int, Promise]] = {
    25832: gettext_lazy("ETRS89 / UTM zone 32N, what German cities use"),
    3035: gettext_lazy("ETRS89-LAEA, the European grid"),
    3857: gettext_lazy("Web Mercator, what most web maps use"),
}


def crs_in_words(crs: Crs) -> str:
    """The common name of a coordinate reference system."""
    if crs.is_degrees:
        return _("WGS 84, latitude first") if crs.northing_first else _("WGS 84, longitude first")
    return str(_CRS_NAMES.get(crs.epsg, ""))


@dataclass(frozen=True)
class Entry:
    """A collection in a list: its name within its campaign, its description, its number of items (None: not shown)."""

    collection: AnyCollection
    name: str
    what: str
    icon: str
    number: int | None = None


@dataclass(frozen=True)
class Group:
    """The collections of one campaign, or of the site. `id` is the campaign's short name, empty for the site."""

    id: str
    title: str
    summary: str
    is_protected: bool
    entries: tuple[Entry, ...]


def entry_of(collection: AnyCollection, number: int | None = None) -> Entry:
    """The list entry of a collection."""
    kind = collection.kind
    name, what = str(kind.heading), str(kind.description)
    if isinstance(collection, SiteCollection):
        return Entry(collection, name, what, kind.icon, number)
    if collection.is_exact:
        what = str(collection.kind.description_for_staff or what)
    if collection.is_release:
        name = _("Protected areas")
        what = _("Areas that each stand for at least %(k)s people; no single contribution is published.") % {
            "k": collection.campaign.k
        }
    return Entry(collection, name, what, kind.icon, number)


def counted_entry(collection: AnyCollection) -> Entry:
    """The list entry of a collection with its number of items."""
    return entry_of(collection, numbers_of([collection]).get(collection.id))


def groups_of(collections: Iterable[AnyCollection]) -> list[Group]:
    """Group collections by campaign, those of the site first."""
    found = list(collections)
    numbers = numbers_of(found)
    entries: dict[str, list[Entry]] = {}
    owners: dict[str, AnyCollection] = {}
    for one in found:
        key = one.campaign.slug if isinstance(one, Collection) else ""
        entries.setdefault(key, []).append(entry_of(one, numbers.get(one.id)))
        owners.setdefault(key, one)
    return [_group(key, owner, tuple(entries[key])) for key, owner in owners.items()]


def _group(key: str, owner: AnyCollection, entries: tuple[Entry, ...]) -> Group:
    if isinstance(owner, SiteCollection):
        return Group(key, owner.owner, "", is_protected=False, entries=entries)
    campaign = owner.campaign
    return Group(key, campaign.title, campaign.summary, not campaign.publishes_points, entries)


def numbers_of(collections: Iterable[AnyCollection]) -> dict[str, int]:
    """Numbers of items visible to the reader, by collection id, where they are cheap to get."""
    everything = list(collections)
    numbers = {one.id: one.rows().rows.count() for one in everything if isinstance(one, SiteCollection)}
    found = [one for one in everything if isinstance(one, Collection)]
    campaigns = {one.campaign.pk for one in found}
    totals = {status: tallied(campaigns, status) for status in STATUSES}
    of_rows = {
        kind: kind.numbers([one.campaign for one in found if one.kind is kind])
        for kind in {one.kind for one in found}
        if kind.numbers is not None
    }
    for one in found:
        number: int | None = None
        statuses = STATUSES if one.is_exact else None
        if one.kind is CONTRIBUTIONS:
            counted = statuses or ("published",)
            number = sum(totals[status].get(one.campaign.pk, (0, 0))[0] for status in counted)
        elif one.place_type is not None:
            number = matching_exactly(
                Selection(one.campaign, ContributionFilter(statuses), place_types=(one.place_type,))
            )
        elif one.kind in of_rows:
            number = of_rows[one.kind].get(one.campaign.pk, 0)
        if number is not None:
            numbers[one.id] = number
    return numbers


@dataclass(frozen=True)
class Standard:
    """A standard, and its parts that are implemented."""

    title: str
    classes: tuple[str, ...]


_STANDARDS: Final[tuple[tuple[str, Promise], ...]] = (
    ("ogcapi-common-1/1.0", gettext_lazy("OGC API Common, Part 1: core")),
    ("ogcapi-common-2/1.0", gettext_lazy("OGC API Common, Part 2: collections")),
    ("ogcapi-features-1/1.0", gettext_lazy("OGC API Features, Part 1: reading places and attributes")),
    ("ogcapi-features-2/1.0", gettext_lazy("OGC API Features, Part 2: coordinate reference systems")),
    ("ogcapi-features-3/1.0", gettext_lazy("OGC API Features, Part 3: filtering")),
    ("ogcapi-features-4/1.0", gettext_lazy("OGC API Features, Part 4: writing")),
    ("ogcapi-features-5/1.0", gettext_lazy("OGC API Features, Part 5: description of attributes")),
    ("ogcapi-features-6/1.0", gettext_lazy("OGC API Features, Part 6: choice of attributes")),
    ("ogcapi-features-8/1.0", gettext_lazy("OGC API Features, Part 8: sorting")),
    ("cql2/1.0", gettext_lazy("CQL2: the language of filters")),
    ("ogcapi-tiles-1/1.0", gettext_lazy("OGC API Tiles, Part 1: vector tiles")),
    ("tms/2.0", gettext_lazy("Two-dimensional tile matrix sets")),
)


def standards_of(uris: Iterable[str]) -> list[Standard]:
    """Group conformance classes by standard; those of a standard without a name here are listed by their URIs."""
    grouped: dict[str, list[str]] = {}
    titles = dict(_STANDARDS)
    for uri in uris:
        before, _conf, name = uri.rpartition("/conf/")
        standard = before.split("/spec/")[-1]
        grouped.setdefault(standard, []).append(name or uri)
    return [
        Standard(str(titles.get(standard, standard)), tuple(names)) for standard, names in grouped.items()
    ]
