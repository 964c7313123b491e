"""Places entered as coordinates: for forms without JavaScript, and for people who cannot see a map."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
from django import forms
from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.utils.translation import gettext_lazy as _

from mapping.forms.questions import FieldLook
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_point
from mapping.models import Category
from mapping.models.campaign import PlaceType

FIELD_NAMES = ("place_type", "latitude", "longitude", "positions")
POSITIONS_MAX_LENGTH = 60_000
_SHORTEST_RING = 4


def fields_for(category: Category) -> dict[str, forms.Field]:
    """The fields for a place of the geometry types that a category accepts."""
    types = category.geometry_types
    placed = [name for name in types if name != PlaceType.NONE]
    required = PlaceType.NONE not in types
    fields: dict[str, forms.Field] = {}
    if len(types) > 1:
        choices = [(value, label) for value, label in PlaceType.choices if value in types]
        fields["place_type"] = forms.CharField(
            label=_("What would you like to mark?"),
            required=False,
            initial=types[0],
            widget=forms.RadioSelect(choices=choices),
        )
        _look(fields["place_type"], "single_choice", required=False)
    if PlaceType.POINT in placed:
        fields["latitude"] = _coordinate(_("Latitude (north)"), "49,4447", required=required)
        fields["longitude"] = _coordinate(_("Longitude (east)"), "7,7689", required=required)
    if placed and placed != [PlaceType.POINT]:
        fields["positions"] = forms.CharField(
            label=_("Positions along the line or the edge"),
            required=False,
            help_text=_("One position on each line: latitude, then longitude, for example 49.4447, 7.7689."),
            widget=forms.Textarea(
                attrs={"rows": 5, "maxlength": POSITIONS_MAX_LENGTH, "spellcheck": "false"}
            ),
        )
        _look(fields["positions"], "positions", required=required)
    return fields


def initial_of(geometry: GEOSGeometry | None) -> dict[str, object]:
    """The form values of a stored place."""
    if geometry is None:
        return {"place_type": PlaceType.NONE}
    if isinstance(geometry, Point):
        return {
            "place_type": PlaceType.POINT,
            "latitude": f"{geometry.y:.6f}",
            "longitude": f"{geometry.x:.6f}",
        }
    if isinstance(geometry, LineString):
        return {"place_type": PlaceType.LINE, "positions": _lines(geometry.coords)}
    if isinstance(geometry, Polygon):
        return {"place_type": PlaceType.POLYGON, "positions": _lines(geometry[0].coords[:-1])}
    return {}


def geometry_of(cleaned: Mapping[str, Any], types: Sequence[str]) -> object | None:
    """The typed place as GeoJSON, or None where nothing was typed; raises GeometryProblem."""
    kind = cleaned.get("place_type") or (types[0] if types else PlaceType.NONE)
    if kind == PlaceType.NONE:
        return None
    if kind == PlaceType.POINT:
        latitude, longitude = cleaned.get("latitude") or "", cleaned.get("longitude") or ""
        if not latitude.strip() and not longitude.strip():
            return None
        point = parse_point(longitude, latitude)
        return {"type": "Point", "coordinates": [point.x, point.y]}
    positions = [_position(line) for line in (cleaned.get("positions") or "").splitlines() if line.strip()]
    if not positions:
        return None
    if kind == PlaceType.LINE:
        return {"type": "LineString", "coordinates": positions}
    if len(positions) < _SHORTEST_RING - 1:
        raise GeometryProblem("too_few_positions", length=len(positions), minimum=_SHORTEST_RING - 1)
    # Rings are closed here: the first position need not be repeated.
    ring = positions if positions[0] == positions[-1] else [*positions, positions[0]]
    return {"type": "Polygon", "coordinates": [ring]}


def keeps_place(typed: object | None, stored: GEOSGeometry | None) -> bool:
    """Whether a typed place is the stored one, but for the sixth decimal (11 cm) that the form shows."""
    if typed is None or stored is None:
        return typed is None and stored is None
    if not isinstance(typed, dict) or typed.get("type") != stored.geom_type:
        return False
    rounded = GEOSGeometry(shapely.to_wkt(shapely.geometry.shape(typed)), srid=4326)
    return bool(rounded.equals_exact(stored, 1e-6))


def _lines(positions: Sequence[Sequence[float]]) -> str:
    return "\n".join(f"{lat:.6f}, {lon:.6f}" for lon, lat, *_ in positions)


def _position(line: str) -> list[float]:
    """Parse latitude and longitude: `49.44, 7.76`, `49,44; 7,76` or `49,44 7,76`."""
    parts = [part for part in re.split(r"[;\s]+", line.strip()) if part.strip(",")]
    if len(parts) == 1:
        parts = parts[0].split(",")
    if len(parts) != 2:
        raise GeometryProblem("not_two_dimensional", length=len(parts))
    point = parse_point(parts[1].strip(","), parts[0].strip(","))
    return [point.x, point.y]


def _coordinate(label: Any, example: str, *, required: bool) -> forms.Field:
    field = forms.CharField(
        label=label,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "placeholder": example, "maxlength": 40}
        ),
    )
    _look(field, "coordinate", required=required)
    return field


def _look(field: forms.Field, kind: str, *, required: bool) -> None:
    field.look = FieldLook(kind, required)  # type: ignore[attr-defined]
