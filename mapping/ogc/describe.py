"""Collections as the standards describe them: extent, CRS, links (OGC 17-069r4 section 7.14, 18-058r1 section 6.2)."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import shapely
from django.contrib.gis.db.models.functions import Envelope

from mapping.aggregation.publication import current_release
from mapping.exports.cells import cell_outlines
from mapping.exports.release import outline
from mapping.geo.crs import to_lonlat
from mapping.geo.grid import SIZES
from mapping.models import Campaign, Tally
from mapping.models.footprint import STATUS_CODES
from mapping.ogc.collections import Collection
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
_EXTENT_SIZE: Final = 1000
"""Metres of the cells that tell the extent of a campaign without an area."""


def collection_body(
    collection: Collection, addresses: Addresses, more: list[Link], box: Box | None
) -> dict[str, Any]:
    """The description of a collection."""
    campaign = collection.campaign
    extent: dict[str, Any] = {}
    if box is not None:
        extent["spatial"] = {"bbox": [box], "crs": CRS84.uri}
    if campaign.opens_at or campaign.closes_at:
        times = (campaign.opens_at, campaign.closes_at)
        extent["temporal"] = {"interval": [[None if one is None else one.isoformat() for one in times]]}
    body: dict[str, Any] = {
        "id": collection.id,
        "title": collection.title,
        "description": campaign.summary,
        "itemType": "feature",
        "crs": [known.uri for known in SUPPORTED],
        "storageCrs": CRS84.uri,
        "links": [*more, *_links(collection, addresses)],
    }
    if campaign.attribution:
        body["attribution"] = campaign.attribution
    return body | ({"extent": extent} if extent else {})


def _links(collection: Collection, addresses: Addresses) -> list[Link]:
    here = collection.id
    links = [
        link(addresses.collection(here, "items"), "items", GEOJSON, collection.title),
        link(addresses.collection(here, "items", f="html"), "items", HTML, collection.title),
        # GDAL takes types of attributes from here, where the first features have no values.
        link(addresses.collection(here, "feature-schema"), "describedby", SCHEMA),
        link(addresses.collection(here, "schema"), SCHEMAS, SCHEMA),
        link(addresses.collection(here, "queryables"), QUERYABLES, SCHEMA),
    ]
    if collection.kind != "cells":
        links.append(link(addresses.collection(here, "sortables"), SORTABLES, SCHEMA))
    return links


def campaign_boxes(collections: list[Collection]) -> dict[int, Box]:
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


def _box_of_data(campaign: Campaign) -> Box | None:
    if campaign.publishes_points:
        rows = Tally.objects.filter(
            campaign_id=campaign.pk, status=STATUS_CODES["published"], level=SIZES.index(_EXTENT_SIZE)
        )
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
