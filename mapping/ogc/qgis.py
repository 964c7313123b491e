"""Which layers QGIS gets of a collection or of a campaign, and how they look."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from mapping.aggregation.heatmap import heatmap
from mapping.aggregation.publication import current_release
from mapping.aggregation.query import HeatmapQuery
from mapping.exports.fields import Field
from mapping.exports.qgis import Group, Layer, LayerGeometry
from mapping.exports.styles import (
    HEAT,
    HeatRange,
    Look,
    StyledShape,
    by_category,
    by_number,
    looks_of,
    outlines,
)
from mapping.models import Campaign
from mapping.ogc.access import sees_contributions
from mapping.ogc.collections import PLACE_TYPES, Collection, Kind, possible_kinds
from mapping.ogc.views.collections import fields_of
from mapping.reports.classes import HeatClass, classes_of, density_classes_of
from mapping.wording import in_words_number

_SHAPES: Final[dict[Kind, tuple[LayerGeometry, StyledShape]]] = {
    "points": ("Point", "Point"),
    "lines": ("Line", "LineString"),
    "areas": ("Polygon", "Polygon"),
}
_DENSITY: Final = "\"contributions\" / area(transform($geometry, 'EPSG:4326', 'EPSG:3035')) * 1000000"
"""Released areas differ in size: contributions per km², as on the web."""
_OTHERS: Final = Look("", "…", "#6f6b72")
"""What has none of the categories that take this kind of place any more: QGIS reads an empty value as all others."""


def group_of_campaign(root: str, campaign: Campaign, *, is_exact: bool) -> Group:
    """All that a campaign's map shows: places above the heat map above outlines.

    `root` is where the API begins for the reader: a private link stays in the layers' addresses.
    """
    kinds = possible_kinds(campaign, is_exact=is_exact, has_area=campaign.area is not None)
    if PLACE_TYPES.keys() & kinds:
        kinds.remove("contributions")
    return _group(root, [Collection(campaign, kind, is_exact) for kind in kinds])


def group_of_collection(root: str, collection: Collection) -> Group:
    """The layer of a collection; contributions are one layer for each kind of place, as QGIS needs it."""
    if collection.kind != "contributions":
        return _group(root, [collection])
    possible = possible_kinds(collection.campaign, is_exact=collection.is_exact, has_area=False)
    kinds = [kind for kind in possible if kind in PLACE_TYPES] or ["contributions"]
    return _group(root, [replace(collection, kind=kind) for kind in kinds])


def _group(root: str, collections: list[Collection]) -> Group:
    campaign = collections[0].campaign
    layers = [_layer(one, is_alone=len(collections) == 1) for one in collections]
    return Group(campaign.title, root, layers, campaign.summary, campaign.attribution)


def _layer(collection: Collection, *, is_alone: bool) -> Layer:
    fields = fields_of(collection)
    if collection.kind in _SHAPES:
        geometry, shape = _SHAPES[collection.kind]
        renderer = by_category(_looks(collection), shape)
        return Layer(collection.id, collection.title, geometry, fields, renderer, preview="text")
    if collection.kind == "cells":
        return _cells(collection, fields, is_alone=is_alone)
    if collection.kind == "contributions":
        return Layer(collection.id, collection.title, "No geometry", fields, preview="text")
    is_area = collection.kind == "area"
    return Layer(
        collection.id,
        collection.title,
        "Polygon",
        fields,
        outlines(),
        is_shown=is_area or is_alone,
        label="" if is_area else "name",
        preview="title" if is_area else "name",
    )


def _looks(collection: Collection) -> list[Look]:
    campaign, wanted = collection.campaign, collection.place_type
    taking = {one.slug for one in campaign.categories.all() if wanted in one.geometry_types}
    return [*(look for look in looks_of(campaign) if look.value in taking), _OTHERS]


def _cells(collection: Collection, fields: tuple[Field, ...], *, is_alone: bool) -> Layer:
    # Where single places are shown the heat map would lie below them: one click away.
    is_shown = is_alone or not sees_contributions(collection.campaign, is_exact=collection.is_exact)
    return Layer(
        collection.id,
        collection.title,
        "Polygon",
        fields,
        _heat(collection),
        is_shown=is_shown,
    )


def _heat(collection: Collection) -> ET.Element:
    campaign = collection.campaign
    if collection.is_release:
        release = current_release(campaign)
        cells = () if release is None else release.cells
        classes = density_classes_of([one.contributions / one.area * 1e6 for one in cells if one.area])
        return by_number(_DENSITY, [_range(one) for one in classes])
    counts = [int(row[1]) for row in heatmap(HeatmapQuery(campaign.pk)).rows]
    return by_number("contributions", [_range(one) for one in classes_of(counts)])


def _range(one: HeatClass) -> HeatRange:
    low, high = in_words_number(one.low), in_words_number(one.high)
    label = low if one.low == one.high else f"{low} – {high}"
    return HeatRange(one.low, one.high, label, HEAT[one.step])
