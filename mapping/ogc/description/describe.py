"""Descriptions of collections: extent, CRS, links (OGC 17-069r4 section 7.14, 18-058r1 section 6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models import Extent as Around
from django.contrib.gis.db.models.functions import Envelope
from django.db.models import Aggregate, Max, Min

from mapping.aggregation.releases.publication import current_release, public_revision
from mapping.exports.cells.outlines import cell_outlines
from mapping.exports.cells.release import outline
from mapping.exports.counts import sent_between
from mapping.filters.contribution_filter import STATUSES
from mapping.geo.crs import to_lonlat
from mapping.geo.grid import SIZES
from mapping.models import Campaign, Tally
from mapping.ogc.collections import AnyCollection, Collection, SiteCollection, Times
from mapping.ogc.crs import CRS84, SUPPORTED
from mapping.ogc.links import (
    GEOJSON,
    HTML,
    QUERYABLES,
    SCHEMA,
    SCHEMAS,
    SORTABLES,
    Addresses,
    Link,
    link,
)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Extent:
    """Spatial and temporal extent of the items of a collection; None where unknown."""

    box: Box | None = None
    times: Times | None = None


_EXTENT_SIZE: Final = 1000
"""Metres of the cells from which the extent of a campaign without an area is derived."""


def collection_body(
    collection: AnyCollection, addresses: Addresses, more: list[Link], extent: Extent
) -> dict[str, Any]:
    """The description of a collection."""
    described: dict[str, Any] = {}
    if extent.box is not None:
        described["spatial"] = {"bbox": [extent.box], "crs": CRS84.uri}
    if extent.times is not None:
        described["temporal"] = {"interval": [[_in_utc(one) for one in extent.times]]}
    body: dict[str, Any] = {
        "id": collection.id,
        "title": collection.title,
        "description": collection.summary,
        "itemType": "feature",
        "crs": [known.uri for known in SUPPORTED],
        "storageCrs": CRS84.uri,
        "links": [*more, *_links(collection, addresses)],
    }
    if collection.attribution:
        body["attribution"] = collection.attribution
    return body | ({"extent": described} if described else {})


def _in_utc(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _links(collection: AnyCollection, addresses: Addresses) -> list[Link]:
    here = collection.id
    links = [
        link(addresses.collection(here, "items"), "items", GEOJSON, collection.title),
        link(addresses.collection(here, "items", f="html"), "items", HTML, collection.title),
        # GDAL reads types of attributes from here if the first features have no values.
        link(addresses.collection(here, "feature-schema"), "describedby", SCHEMA),
        link(addresses.collection(here, "schema"), SCHEMAS, SCHEMA),
        link(addresses.collection(here, "queryables"), QUERYABLES, SCHEMA),
    ]
    if not collection.holds_cells:
        links.append(link(addresses.collection(here, "sortables"), SORTABLES, SCHEMA))
    return links


def extents(collections: Sequence[AnyCollection]) -> dict[str, Extent]:
    """Extents of collections, by the collections' ids."""
    of_campaigns = [one for one in collections if isinstance(one, Collection)]
    boxes, times = campaign_boxes(of_campaigns), _times(of_campaigns)
    return {
        one.id: _extent_of_rows(one)
        if isinstance(one, SiteCollection)
        else Extent(boxes.get(one.campaign.pk), times.get(one.id))
        for one in collections
    }


def box_of_collection(collection: AnyCollection) -> Box | None:
    """The box around a collection: that of its campaign, or of the rows of the site."""
    if isinstance(collection, SiteCollection):
        return _extent_of_rows(collection).box
    return campaign_boxes([collection]).get(collection.campaign.pk)


def _extent_of_rows(collection: SiteCollection) -> Extent:
    source = collection.rows()
    wanted: dict[str, Aggregate] = {"box": Around(source.place)}
    if source.period is not None:
        begins, ends = source.period
        wanted |= {"first": Min(begins), "last": Max(ends)}
    found = source.rows.aggregate(**wanted)
    times = (found.get("first"), found.get("last"))
    return Extent(found["box"], None if times == (None, None) else times)


def _times(collections: Sequence[Collection]) -> dict[str, Times]:
    """When contributions were sent, or the campaign's period where that is protected; other kinds by their rows."""
    of_data = [one for one in collections if one.holds_contributions or one.holds_cells]
    first_and_last: dict[int, Times] = {}
    for is_exact in (False, True):
        open_ones = {one.campaign.pk for one in of_data if one.is_exact == is_exact and not one.is_release}
        first_and_last |= sent_between(open_ones, STATUSES if is_exact else None)
    found: dict[str, Times] = {}
    for one in collections:
        times: Times = (None, None)
        if one.is_release:
            times = _times_of_release(one.campaign)
        elif one.kind.contents != "rows":
            times = first_and_last.get(one.campaign.pk, (one.campaign.opens_at, one.campaign.closes_at))
        elif one.kind.times is not None:
            times = one.kind.times(one.campaign)
        if times != (None, None):
            found[one.id] = times
    return found


def _times_of_release(campaign: Campaign) -> Times:
    """From the campaign's beginning to its end, or to its release if that is earlier: nothing finer may be revealed."""
    made_at, closes_at = public_revision(campaign).changed_at, campaign.closes_at
    ends = [one for one in (made_at, closes_at) if one is not None]
    return campaign.opens_at, min(ends, default=None)


def campaign_boxes(collections: Sequence[Collection]) -> dict[int, Box]:
    """West, south, east and north, in degrees, of the campaigns: their area, else their public data."""
    campaigns = {collection.campaign.pk: collection.campaign for collection in collections}
    with_area = Campaign.objects.filter(pk__in=campaigns, area__isnull=False)
    boxes: dict[int, Box] = {
        pk: box.extent for pk, box in with_area.annotate(box=Envelope("area")).values_list("pk", "box")
    }
    for pk, campaign in campaigns.items():
        if pk not in boxes and (found := _box_of_data(campaign)) is not None:
            boxes[pk] = found
    return boxes


def box_of_tiles(collection: Collection) -> Box | None:
    """A box around everything in a reader's tiles: places drawn or imported by staff may lie outside the area."""
    campaign = collection.campaign
    boxes = [
        campaign_boxes([collection]).get(campaign.pk),
        _box_of_data(campaign, STATUSES if collection.is_exact else ()),
    ]
    known = [shapely.box(*one) for one in boxes if one is not None]
    if not known:
        return None
    west, south, east, north = shapely.union_all(known).bounds
    return west, south, east, north


def _box_of_data(campaign: Campaign, statuses: Sequence[str] = ()) -> Box | None:
    """The box around the public data, or around those with some statuses, for readers who may see these."""
    if campaign.publishes_points or statuses:
        rows = Tally.objects.with_status(statuses or ("published",))
        rows = rows.filter(campaign_id=campaign.pk, level=SIZES.index(_EXTENT_SIZE))
        keys = np.array(rows.values_list("cell", flat=True), dtype=np.int64)
        outlines = cell_outlines("square", _EXTENT_SIZE, keys)
    else:
        release = current_release(campaign)
        cells = () if release is None else release.cells
        outlines = np.array([to_lonlat(outline(cell)) for cell in cells], dtype=object)
    if not len(outlines):
        return None
    west, south, east, north = shapely.total_bounds(outlines).round(7).tolist()
    return west, south, east, north
