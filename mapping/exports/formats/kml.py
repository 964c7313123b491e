"""KML 2.2 (OGC 07-147r2) for Google Earth and others: placemarks with typed attributes, coloured by category.

Always in degrees (section 4.2). Texts are written as attributes and not into the description, whose HTML Google Earth
would render.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import shapely
from django.db.models import F, Func, TextField
from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.released import FIELDS, placed_cells, row_of
from mapping.exports.extras import with_extras
from mapping.exports.fields import Field, Kind
from mapping.exports.registry import AS_IT_IS, Content, ExportOptions, Format, Origin, Released
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.xml import Joined, XmlText, text_of
from mapping.exports.styles.symbols import colour_of
from mapping.geo.crs import WGS84
from mapping.models import Campaign

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_TYPES: Final[dict[Kind, str]] = {
    "text": "string",
    "integer": "int",
    "number": "double",
    "boolean": "bool",
    "datetime": "string",
    "texts": "string",
    "objects": "string",
}
_SCHEMA: Final = "attributes"
_CATEGORY: Final = "category-"  # an XML id must not begin with a digit
# GDAL takes an attribute `id` for the XML id of the element.
_ID: Final = Field("contribution_id", _("Id"), "text")


class _KmlPlace(Func):
    """A geometry as KML elements with seven decimals."""

    template = "ST_AsKML(%(expressions)s, 7)"
    output_field = TextField()


def write(
    content: Content, origin: Origin, options: ExportOptions = AS_IT_IS
) -> Generator[bytes, None, None]:
    """Stream a document of placemarks."""
    if isinstance(content, Released):
        yield from _released(content)
        return
    source = with_extras(content, origin.photo_base, options.include)
    fields = (_ID, *source.fields)
    yield _head(content.campaign, fields, _styles(content.campaign)).encode()
    pieces: list[Any] = [
        "<Placemark><name>",
        XmlText(F("category__title"), "text"),
        "</name><TimeStamp><when>",
        XmlText(source.values["created"], "datetime"),
        f"</when></TimeStamp><styleUrl>#{_CATEGORY}",
        XmlText(F("category__slug"), "text"),
        f'</styleUrl><ExtendedData><SchemaData schemaUrl="#{_SCHEMA}"><SimpleData name="{_ID.name}">',
        XmlText(F("id"), "text"),
        "</SimpleData>",
        *(
            (
                f'<SimpleData name="{field.name}">',
                XmlText(source.values[field.name], field.kind),
                "</SimpleData>",
            )
            for field in source.fields
        ),
        "</SchemaData></ExtendedData>",
        _KmlPlace(F("geom")),
        "</Placemark>",
    ]
    rows = source.in_order().values_list(Joined(*pieces), flat=True)
    yield from copied_rows(rows, joined_by=b"\n", divided_by=source.divided_by)
    yield _TAIL


_TAIL: Final = b"\n</Document>\n</kml>\n"


def _head(campaign: Campaign, fields: tuple[Field, ...], styles: str) -> str:
    columns = "".join(
        f'<SimpleField type="{_TYPES[field.kind]}" name="{text_of(field.name)}">'
        f"<displayName>{text_of(field.title)}</displayName></SimpleField>"
        for field in fields
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{_NAMESPACE}">\n'
        f'<Document id="campaign-{campaign.slug}">'
        f"<name>{text_of(campaign.title)}</name><description>{text_of(text_of(campaign.attribution))}</description>\n"
        f'<Schema name="{_SCHEMA}" id="{_SCHEMA}">{columns}</Schema>\n{styles}\n'
    )


def _styles(campaign: Campaign) -> str:
    return "\n".join(
        _style(f"{_CATEGORY}{slug}", _kml_colour(colour_of(colour)))
        for slug, colour in campaign.categories.order_by("position", "pk").values_list("slug", "colour")
    )


def _style(name: str, colour: str) -> str:
    return (
        f'<Style id="{name}"><IconStyle><color>ff{colour}</color></IconStyle>'
        f"<LineStyle><color>ff{colour}</color><width>4</width></LineStyle>"
        f"<PolyStyle><color>33{colour}</color></PolyStyle></Style>"
    )


def _kml_colour(colour: str) -> str:
    """Blue, green, red as KML writes colours (section 16.9)."""
    return colour[5:7] + colour[3:5] + colour[1:3]


def _released(content: Released) -> Generator[bytes, None, None]:
    yield _head(content.campaign, FIELDS, _style("cell", _kml_colour(colour_of("blue")))).encode()
    for cell, area in placed_cells(content.release, WGS84):
        data = "".join(
            f'<SimpleData name="{field.name}">{text_of(value)}</SimpleData>'
            for field, value in zip(FIELDS, row_of(cell), strict=True)
        )
        yield (
            f"<Placemark><name>{cell.contributions}</name><styleUrl>#cell</styleUrl><ExtendedData>"
            f'<SchemaData schemaUrl="#{_SCHEMA}">{data}</SchemaData></ExtendedData>{_area(area)}</Placemark>\n'
        ).encode()
    yield _TAIL


def _area(area: shapely.Geometry) -> str:
    parts = "".join(_polygon(part) for part in shapely.get_parts(area))
    return f"<MultiGeometry>{parts}</MultiGeometry>"


def _polygon(polygon: shapely.Polygon) -> str:
    def ring(name: str, line: shapely.LinearRing) -> str:
        positions = " ".join(f"{x},{y}" for x, y in shapely.get_coordinates(line).tolist())
        return f"<{name}><LinearRing><coordinates>{positions}</coordinates></LinearRing></{name}>"

    inner = "".join(ring("innerBoundaryIs", one) for one in polygon.interiors)
    return f"<Polygon>{ring('outerBoundaryIs', polygon.exterior)}{inner}</Polygon>"


KML = Format(
    "kml",
    _("KML"),
    "application/vnd.google-earth.kml+xml",
    write,
    hint=_("For Google Earth and other globes, coloured by category."),
    crs=(WGS84,),
)
