"""Base maps that the tile route may fetch (values only; no Django here, settings import it)."""

from dataclasses import dataclass

# basemap.de Web Raster by the Federal Agency for Cartography and Geodesy (BKG): WMTS in z/y/x order, CC BY 4.0.
_BASEMAP_DE = (
    "https://sgx.geodatenzentrum.de/wmts_basemapde/tile/1.0.0/de_basemapde_web_raster_{style}/default"
    "/GLOBAL_WEBMERCATOR/{{z}}/{{y}}/{{x}}.png"
)
BASEMAP_DE_COLOUR = _BASEMAP_DE.format(style="farbe")
BASEMAP_DE_GREY = _BASEMAP_DE.format(style="grau")


@dataclass(frozen=True, slots=True)
class Basemap:
    """One allow-listed raster tile source in Web Mercator (EPSG:3857), 256 px tiles.

    `template` holds `{z}`, `{y}` and `{x}`; an empty template means that the site has no such base map.
    """

    template: str
    attribution: str
    maximum_zoom: int

    def url(self, z: int, y: int, x: int) -> str:
        """The upstream address of one tile."""
        return self.template.format(z=z, y=y, x=x)
