"""Template tags for maps: the configuration of `js/map.js`, and markers as inline SVG."""

from collections.abc import Mapping

from django import template
from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.urls import reverse

from mapping.models import Campaign, Category, Contribution

register = template.Library()

type_of_json = Mapping[str, object]

EXTENT_SECONDS = 300

# Outlines in a 32 x 32 box, the same as in js/markers.js (a test compares them).
SHAPES = {
    "circle": "M16 5a11 11 0 1 1 0 22a11 11 0 1 1 0-22Z",
    "square": "M8 6h16a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2Z",
    "diamond": "M14.6 3.6a2 2 0 0 1 2.8 0l11 11a2 2 0 0 1 0 2.8l-11 11a2 2 0 0 1-2.8 0l-11-11a2 2 0 0 1 0-2.8Z",
    "triangle": "M14.2 4.6a2 2 0 0 1 3.6 0l11 19.5a2 2 0 0 1-1.8 2.9H5a2 2 0 0 1-1.8-2.9Z",
    "hexagon": (
        "M9.6 5.5h12.8a1.6 1.6 0 0 1 1.4.8l5.2 8.9a1.6 1.6 0 0 1 0 1.6l-5.2 8.9a1.6 1.6 0 0 1-1.4.8"
        "H9.6a1.6 1.6 0 0 1-1.4-.8L3 16.8a1.6 1.6 0 0 1 0-1.6l5.2-8.9a1.6 1.6 0 0 1 1.4-.8Z"
    ),
    "drop": "M16 30C11 24 6 19.4 6 13.5a10 10 0 0 1 20 0C26 19.4 21 24 16 30Z",
}
GLYPH_HEIGHT = {"triangle": "23", "drop": "18.5"}


@register.simple_tag
def map_config(campaign: Campaign | None = None) -> type_of_json:
    """The configuration of `createBaseMap` (js/map.js) for a campaign, or for the whole city without one."""
    config: dict[str, object] = {"tiles": tile_sources(), "bounds": None}
    if campaign is None:
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


@register.inclusion_tag("mapping/campaign/marker.html")
def marker(category: Category, look: str = "") -> dict[str, object]:
    """A category's marker for lists and legends; `look` is a modifier of `.marker-inline`, e.g. "small"."""
    letters = (letter for letter in category.title if letter.isalnum())
    return {
        "category": category,
        "letter": next(letters, "").upper(),
        "look": look,
        "path": SHAPES.get(category.marker, SHAPES["circle"]),
        "height": GLYPH_HEIGHT.get(category.marker, "20.5"),
    }
