"""A map for geometry fields, from this site's own files: Django's widgets load scripts and tiles from other servers."""

from typing import Any

from django.contrib.gis.db import models
from django.contrib.gis.forms.widgets import BaseGeometryWidget
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.forms import Field, Media
from django.forms.widgets import Script
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from mapping.base_map import map_config


class GeometryWidget(BaseGeometryWidget):
    """A Leaflet map over a text field with GeoJSON; without JavaScript, or to paste, the text field is enough."""

    template_name = "admin/widgets/geometry.html"
    map_srid = 4326

    @property
    def media(self) -> Media:
        """Styles and scripts, all from this site; the catalogue has the texts of `js/map/map.js`."""
        return Media(
            css={
                "all": (
                    "vendor/leaflet/leaflet.css",
                    "vendor/geoman/leaflet-geoman.css",
                    "mapping/css/map.css",
                    "mapping/css/markers.css",
                )
            },
            js=(
                f"{reverse('javascript-catalog')}?scope=staff",
                Script("mapping/js/planning/geometry-field.js", type="module"),  # type: ignore[arg-type]
            ),
        )

    def serialize(self, value: GEOSGeometry | None) -> str:
        """GeoJSON, which is readable and can be pasted from other programs."""
        return str(value.json) if value else ""

    def deserialize(self, value: str) -> GEOSGeometry | None:
        """Parse drawn or pasted GeoJSON; a polygon is converted to a multipolygon, invalid input is no geometry."""
        try:
            found = super().deserialize(value)
        except GDALException:
            return None
        if isinstance(found, Polygon) and self.attrs["geom_type"] == "MULTIPOLYGON":
            return MultiPolygon(found, srid=found.srid)
        return found if isinstance(found, GEOSGeometry) else None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the map's configuration, and keep invalid input instead of dropping it."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        if isinstance(value, str) and not context["serialized"]:
            context["serialized"] = value
        context["config"] = map_config()
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """Render by the site's templates: the renderer of forms searches the folders of apps only."""
        return render_to_string(self.template_name, self.get_context(name, value, attrs))


class MapFieldsMixin:
    """Gives every geometry field of an admin the map of this site."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        """The map for geometries, Django's choice for everything else."""
        if isinstance(db_field, models.GeometryField):
            found: Field | None = db_field.formfield(**(kwargs | {"widget": GeometryWidget()}))
            return found
        field: Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        return field
