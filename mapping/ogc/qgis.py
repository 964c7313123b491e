"""The QGIS layers of a collection or of a campaign, and their styles."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.releases.publication import current_release
from mapping.exports.fields import Field
from mapping.exports.styles.layers import Group, Layer, LayerGeometry, Scales, TileLayer
from mapping.exports.styles.symbols import (
    HEAT,
    OF_HEAT,
    HeatRange,
    Look,
    StyledShape,
    by_category,
    by_number,
    looks_of,
    outlines,
)
from mapping.exports.styles.tiles import TileClass, column, text
from mapping.filters.contribution_filter import STATUSES
from mapping.models import Campaign, ContributionStatus
from mapping.ogc.access import sees_contributions
from mapping.ogc.campaign_kinds import AREA, AREAS, BY_PLACE_TYPE, CELLS, CONTRIBUTIONS, LINES, POINTS
from mapping.ogc.collections import AnyCollection, Collection, CollectionKind, SiteCollection
from mapping.ogc.links import Addresses
from mapping.ogc.lookup import possible_kinds
from mapping.ogc.tiles.levels import LAST_LEVEL, first_level_of_features
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
from mapping.ogc.tiles.read import CELL_LAYER, FEATURE_LAYER
from mapping.ogc.tiles.style import OTHERS, cell_classes
from mapping.ogc.views.collections import fields_of
from mapping.reports.classes import HeatClass, classes_of, density_classes_of
from mapping.wording import in_words_number

_SHAPES: Final[dict[CollectionKind, tuple[LayerGeometry, StyledShape]]] = {
    POINTS: ("Point", "Point"),
    LINES: ("Line", "LineString"),
    AREAS: ("Polygon", "Polygon"),
}
_GEOMETRIES: Final[dict[str, LayerGeometry]] = {
    "geometry-point": "Point",
    "geometry-multipoint": "Point",
    "geometry-linestring": "Line",
    "geometry-multilinestring": "Line",
    "geometry-polygon": "Polygon",
    "geometry-multipolygon": "Polygon",
}
"""Layers have one type of place; rows with any are a table."""
_DENSITY: Final = "\"contributions\" / area(transform($geometry, 'EPSG:4326', 'EPSG:3035')) * 1000000"
"""Released areas differ in size: coloured by contributions per km², as on the web."""
_LEVELS_OF_TILES: Final = 2
"""Levels below the first one whose tiles hold single contributions: a tile then has some hundred of them, few enough
to tell apart."""
_LEVELS_OF_PAGES: Final = 3
"""Levels likewise for contributions that are fetched page by page: a map is at most eight tiles wide and high and
shows the contents of one tile of the first level."""


def group_of_campaign(root: str, campaign: Campaign, *, is_exact: bool) -> Group:
    """All layers of a campaign's map: places above the heat map above outlines.

    `root` is the reader's root of the API: a private link stays in the layers' addresses.
    """
    kinds = possible_kinds(campaign, is_exact=is_exact, has_area=campaign.area is not None)
    if BY_PLACE_TYPE.intersection(kinds):
        kinds.remove(CONTRIBUTIONS)
    return _group(root, [Collection(campaign, kind, is_exact) for kind in kinds])


def group_of_collection(root: str, collection: AnyCollection) -> Group:
    """The layers of a collection; contributions have one layer per geometry type, as QGIS requires."""
    if isinstance(collection, SiteCollection):
        layer = _layer_of_rows(collection, is_alone=True)
        return Group(collection.owner, root, [layer], collection.summary, collection.attribution)
    if collection.kind is not CONTRIBUTIONS:
        return _group(root, [collection])
    possible = possible_kinds(collection.campaign, is_exact=collection.is_exact, has_area=False)
    kinds = [kind for kind in possible if kind in BY_PLACE_TYPE] or [CONTRIBUTIONS]
    return _group(root, [replace(collection, kind=kind) for kind in kinds])


def _group(root: str, collections: list[Collection]) -> Group:
    campaign = collections[0].campaign
    layers: list[Layer | TileLayer] = []
    is_alone = len(collections) == 1
    places = [one for one in collections if one.kind in _SHAPES]
    level = _first_level(places[0]) if places else 0
    for one in collections:
        layer = _layer(one, is_alone=is_alone)
        layers.append(_drawn_from_near(layer, level, is_alone=is_alone) if level and one in places else layer)
    if level:
        layers[: len(places)] = _with_tiles(root, places, layers[: len(places)], level, is_alone=is_alone)
    return Group(campaign.title, root, layers, campaign.summary, campaign.attribution)


def _first_level(places: Collection) -> int:
    """The first level whose tiles hold single contributions: 0 if there are few enough for QGIS to fetch them all."""
    statuses = STATUSES if places.is_exact else (ContributionStatus.PUBLISHED.value,)
    return first_level_of_features(places.campaign, statuses, WEB_MERCATOR_QUAD)


def _scale(level: int, levels_more: int) -> float:
    return WEB_MERCATOR_QUAD.scale(min(level + levels_more, LAST_LEVEL))


def _drawn_from_near(layer: Layer, level: int, *, is_alone: bool) -> Layer:
    """Restrict a layer of very many places, fetched page by page, to scales at which a map shows a few pages."""
    return replace(layer, is_shown=is_alone, scales=Scales(widest=_scale(level, _LEVELS_OF_PAGES)))


def _with_tiles(
    root: str, places: list[Collection], layers: list[Layer | TileLayer], level: int, *, is_alone: bool
) -> list[Layer | TileLayer]:
    """The layers of very many places, with tiles around them: cells first, contributions from a scale on."""
    cells = replace(places[0], kind=CELLS)
    if is_alone:
        return [*layers, _cell_tiles(root, cells, _scale(level, _LEVELS_OF_PAGES))]
    scale = _scale(level, _LEVELS_OF_TILES)
    return [_place_tiles(root, places, scale), *layers, _cell_tiles(root, cells, scale)]


def _place_tiles(root: str, places: list[Collection], scale: float) -> TileLayer:
    collection = replace(places[0], kind=CONTRIBUTIONS)
    classes: list[TileClass] = []
    # Later classes are drawn above earlier ones: areas below lines below points.
    for one in reversed(places):
        _geometry, shape = _SHAPES[one.kind]
        looks = [look for look in _looks(one) if look.value]
        known = ", ".join(text(look.value) for look in looks)
        name = column("category")
        classes += [TileClass(FEATURE_LAYER, shape, look, f"{name} = {text(look.value)}") for look in looks]
        classes.append(TileClass(FEATURE_LAYER, shape, OTHERS, f"{name} NOT IN ({known})" if known else ""))
    return _tiles(root, collection, classes, Scales(widest=scale))


def _cell_tiles(root: str, cells: Collection, scale: float) -> TileLayer:
    classes = [
        TileClass(
            CELL_LAYER,
            "Polygon",
            Look("", one.label, one.colour),
            " AND ".join(
                f"{column(name)} {'=' if sign == '==' else sign} {value}"
                for name, sign, value in one.conditions
            ),
            OF_HEAT,
        )
        for one in cell_classes(cells)
    ]
    return _tiles(root, cells, classes, Scales(closest=scale))


def _tiles(root: str, collection: Collection, classes: list[TileClass], scales: Scales) -> TileLayer:
    template = Addresses(root).collection(collection.id, "tiles", WEB_MERCATOR_QUAD.id)
    title = _("%(collection)s (tiles)") % {"collection": collection.title}
    return TileLayer(
        collection.id, title, f"{template}/{{z}}/{{y}}/{{x}}", LAST_LEVEL, classes, scales=scales
    )


def _layer(collection: Collection, *, is_alone: bool) -> Layer:
    fields = fields_of(collection)
    if collection.kind in _SHAPES:
        geometry, shape = _SHAPES[collection.kind]
        renderer = by_category(_looks(collection), shape)
        return Layer(collection.id, collection.title, geometry, fields, renderer, preview="text")
    if collection.holds_cells:
        return _cells(collection, fields, is_alone=is_alone)
    if collection.kind is CONTRIBUTIONS:
        return Layer(collection.id, collection.title, "No geometry", fields, preview="text")
    return _layer_of_rows(collection, is_alone=is_alone)


def _layer_of_rows(collection: AnyCollection, *, is_alone: bool) -> Layer:
    kind = collection.kind
    geometry = _GEOMETRIES.get(kind.place, "No geometry")
    return Layer(
        collection.id,
        collection.title,
        geometry,
        fields_of(collection),
        outlines() if geometry == "Polygon" else None,
        is_shown=is_alone or kind is AREA,
        label=kind.label,
        preview=kind.preview,
    )


def _looks(collection: Collection) -> list[Look]:
    campaign, wanted = collection.campaign, collection.place_type
    taking = {one.slug for one in campaign.categories.all() if wanted in one.geometry_types}
    return [*(look for look in looks_of(campaign) if look.value in taking), OTHERS]


def _cells(collection: Collection, fields: tuple[Field, ...], *, is_alone: bool) -> Layer:
    # At scales with single places the heat map would lie below them: it is switched off, one click away.
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
