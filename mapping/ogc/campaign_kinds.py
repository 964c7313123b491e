"""The kinds of collections that `mapping` brings to every campaign.

| kind | what | for whom |
| --- | --- | --- |
| `contributions` | every contribution, whatever its place | everyone, or analysts where a campaign publishes cells |
| `points`, `lines`, `areas` | the same by type of place, for programs that need one type | as above |
| `cells` | the heat map, or the release of campaigns that publish cells | everyone |
| `districts`, `area` | outlines | everyone |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from mapping.exports.sources import area_source, districts_source
from mapping.models import Campaign, Category, Contribution, District, Photo, Question, Reply
from mapping.models.campaign import PlaceType
from mapping.ogc.access import sees_contributions
from mapping.ogc.collections import CollectionKind, Reading, Times

_CONTRIBUTIONS: Final = (Contribution, Photo, Reply, Category, Question, Campaign)


def _reads_contributions(reading: Reading) -> bool:
    return bool(reading.campaign.categories.all()) and sees_contributions(
        reading.campaign, is_exact=reading.is_exact
    )


def _takes(place_type: PlaceType) -> Callable[[Reading], bool]:
    """Decided by the geometry types of categories, not by existing data: programs store the names of collections.

    Contributions of types that no category accepts any more are still among all contributions.
    """

    def is_offered(reading: Reading) -> bool:
        return place_type in reading.place_types and _reads_contributions(reading)

    return is_offered


def _period(campaign: Campaign) -> Times:
    return campaign.opens_at, campaign.closes_at


def _districts(campaigns: Sequence[Campaign]) -> Mapping[int, int]:
    layers = {one.district_layer_id for one in campaigns}
    counted = District.objects.filter(layer__in=layers).order_by().values_list("layer")
    in_layer: dict[int, int] = dict(counted.annotate(number=Count("pk")))
    return {one.pk: in_layer.get(one.district_layer_id or 0, 0) for one in campaigns}


CONTRIBUTIONS: Final = CollectionKind(
    "contributions",
    title=_("contributions"),
    heading=_("All contributions"),
    description=_(
        "Every published contribution with its answers: points, lines, areas and those without a place."
    ),
    description_for_staff=_(
        "Every contribution with its answers, whether published, waiting for review or rejected:"
        " points, lines, areas and those without a place."
    ),
    is_offered=_reads_contributions,
    models=_CONTRIBUTIONS,
    contents="contributions",
    icon="speech",
)
POINTS: Final = CollectionKind(
    "points",
    title=_("contributions, points"),
    heading=_("Only points"),
    description=_("Contributions that are points, for programs that want one type of place."),
    description_for_staff=_("Contributions in every status that are points."),
    is_offered=_takes(PlaceType.POINT),
    models=_CONTRIBUTIONS,
    contents="contributions",
    place="geometry-point",
    place_type=PlaceType.POINT,
    icon="pin",
)
LINES: Final = CollectionKind(
    "lines",
    title=_("contributions, lines"),
    heading=_("Only lines"),
    description=_("Contributions that are lines, for programs that want one type of place."),
    description_for_staff=_("Contributions in every status that are lines."),
    is_offered=_takes(PlaceType.LINE),
    models=_CONTRIBUTIONS,
    contents="contributions",
    place="geometry-linestring",
    place_type=PlaceType.LINE,
    icon="line",
)
AREAS: Final = CollectionKind(
    "areas",
    title=_("contributions, areas"),
    heading=_("Only areas"),
    description=_("Contributions that are areas, for programs that want one type of place."),
    description_for_staff=_("Contributions in every status that are areas."),
    is_offered=_takes(PlaceType.POLYGON),
    models=_CONTRIBUTIONS,
    contents="contributions",
    place="geometry-polygon",
    place_type=PlaceType.POLYGON,
    icon="area",
)
CELLS: Final = CollectionKind(
    "cells",
    title=_("heat map"),
    heading=_("Heat map"),
    description=_(
        "Contributions and people per square of the European grid. Other sizes, hexagons and districts by parameter."
    ),
    is_offered=lambda reading: bool(reading.place_types - {PlaceType.NONE}),
    models=_CONTRIBUTIONS,
    contents="cells",
    place="geometry-polygon",
    icon="grid",
)
DISTRICTS: Final = CollectionKind(
    "districts",
    title=_("districts"),
    heading=_("Districts"),
    description=_("Outlines of the districts by which this project counts."),
    is_offered=lambda reading: reading.campaign.district_layer_id is not None,
    models=(District, Campaign),
    source=lambda collection: districts_source(collection.campaign),
    place="geometry-multipolygon",
    numbers=_districts,
    label="name",
    preview="name",
)
AREA: Final = CollectionKind(
    "area",
    title=_("area"),
    heading=_("Area of the project"),
    description=_("The outline of where contributions can be placed."),
    is_offered=lambda reading: reading.has_area,
    models=(Campaign,),
    source=lambda collection: area_source(collection.campaign),
    place="geometry-multipolygon",
    icon="map",
    times=_period,
    preview="title",
)

KINDS: Final = (CONTRIBUTIONS, POINTS, LINES, AREAS, CELLS, DISTRICTS, AREA)
BY_PLACE_TYPE: Final = frozenset({POINTS, LINES, AREAS})
