"""Configuration of `createBaseMap` (js/map/map.js): tiles, the city's own ground, extent, area and districts."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.urls import reverse

from mapping.geo.ground import LAST_ZOOM
from mapping.ground.following import has_streets
from mapping.models import Campaign, Category, Contribution, GroundSource
from mapping.models.campaign import PlaceType
from mapping.services.setup.area import city_extent

type_of_json = Mapping[str, object]

EXTENT_SECONDS = 300
GROUND_SECONDS = 30
"""For so long pages may name the version of the ground before; its tiles are then those of now, kept by nobody."""


def map_config(campaign: Campaign | None = None) -> type_of_json:
    """The configuration of `createBaseMap` (js/map/map.js) for a campaign, or for the whole city without one."""
    config: dict[str, object] = {"tiles": tile_sources(), "ground": ground_source(), "bounds": None}
    if campaign is None:
        config["bounds"] = city_extent()
        return config
    if campaign.area is not None:
        config["bounds"] = list(campaign.area.extent)
        config["area"] = reverse("api:area", args=(campaign.slug,))
    else:
        config["bounds"] = _public_extent(campaign)
    if campaign.district_layer_id is not None:
        config["districts"] = reverse("api:districts", args=(campaign.slug,))
    if campaign.attribution:
        config["attribution"] = campaign.attribution
    return config


def _public_extent(campaign: Campaign) -> list[float] | None:
    """The extent of public contributions of a campaign without an area, else of its districts; cached for a while."""

    def find() -> list[float]:
        placed = Contribution.objects.published().filter(campaign=campaign)
        extent = placed.aggregate(extent=Extent("geom"))["extent"]
        if extent is None and campaign.district_layer is not None:
            extent = campaign.district_layer.districts.aggregate(extent=Extent("geom"))["extent"]
        return list(extent or ())

    return cache.get_or_set(f"public-extent:{campaign.pk}", find, EXTENT_SECONDS) or None


def ground_source() -> type_of_json | None:
    """The vector tiles of the city's own ground (`mapping.ground.tiles`), or None where none was imported.

    Each tile is for 512 px of a map, one zoom level below that of Leaflet; `maximumZoom` is the last one with tiles.
    The version in the address lets browsers keep tiles for good.
    """

    def find() -> dict[str, object]:
        state = GroundSource.objects.state()
        if state is None:
            return {}
        return {
            "url": f"/ground/{{z}}/{{x}}/{{y}}.mvt?v={state.version}",
            "attribution": state.attribution,
            "maximumZoom": LAST_ZOOM,
        }

    return cache.get_or_set("ground-source", find, GROUND_SECONDS) or None


def can_follow(campaign: Campaign) -> bool:
    """Whether lines of a campaign can follow streets of the ground; remembered for `GROUND_SECONDS`."""
    return bool(
        cache.get_or_set(f"can-follow:{campaign.pk}", lambda: has_streets(campaign.area), GROUND_SECONDS)
    )


def follow_url(campaign: Campaign, categories: Iterable[Category]) -> str:
    """Where the ways along streets are; empty where no line is drawn, or where the ground has no streets."""
    if not any(PlaceType.LINE in category.geometry_types for category in categories):
        return ""
    return reverse("api:follow", args=(campaign.slug,)) if can_follow(campaign) else ""


def tile_sources() -> list[type_of_json]:
    """The base maps for Leaflet; those without a template are left out."""
    return [
        {
            "name": name,
            "url": f"/tiles/{name}/{{z}}/{{y}}/{{x}}.png",
            "attribution": basemap.attribution,
            "maximumZoom": basemap.maximum_zoom,
        }
        for name, basemap in settings.BASEMAPS.items()
        if basemap.template
    ]
