"""GPX 1.1 for navigation devices and bicycle maps: lines as tracks, points as waypoints.

The format has neither areas nor contributions without a place: these are left out. Always in degrees.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import UTC
from typing import Any, Final

from django.db.models import F, Func, TextField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.exports.registry import AS_IT_IS, Content, ExportOptions, Format, Origin, Released
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.xml import Joined, XmlText, text_of
from mapping.exports.values import Second
from mapping.geo.crs import WGS84
from mapping.models.campaign import PlaceType

_NAMESPACE: Final = "http://www.topografix.com/GPX/1/1"
_SCHEMA: Final = f"{_NAMESPACE} {_NAMESPACE}/gpx.xsd"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"


class _Axis(Func):
    output_field = TextField()

    def __init__(self, letter: str) -> None:
        super().__init__(F("geom"), template=f"round(ST_{letter}(%(expressions)s)::numeric, 7)::text")


class _TrackPoints(Func):
    """The vertices of a line as track points."""

    template = (
        "(SELECT string_agg('<trkpt lat=\"' || round(ST_Y(one.geom)::numeric, 7)"
        " || '\" lon=\"' || round(ST_X(one.geom)::numeric, 7) || '\"/>', '' ORDER BY one.path)"
        " FROM ST_DumpPoints(%(expressions)s) one)"
    )
    output_field = TextField()


def write(
    content: Content,
    origin: Origin,
    options: ExportOptions = AS_IT_IS,  # noqa: ARG001 - the interface
) -> Generator[bytes, None, None]:
    """Stream waypoints, then tracks: the order that the schema requires."""
    if isinstance(content, Released):
        raise TypeError("GPX knows no areas.")
    campaign = content.campaign
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="geoparticipation"'
        f' xmlns="{_NAMESPACE}" xmlns:xsi="{_INSTANCE}" xsi:schemaLocation="{_SCHEMA}">\n'
        f"<metadata><name>{text_of(campaign.title)}</name><desc>{text_of(campaign.attribution)}</desc>"
        f'<link href="{text_of(origin.url)}"/>'
        f"<time>{timezone.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</time></metadata>\n"
    ).encode()
    created = XmlText(Second("created_at"), "datetime")
    yield from _rows(
        content,
        PlaceType.POINT,
        ('<wpt lat="', _Axis("Y"), '" lon="', _Axis("X"), '"><time>', created, "</time>", *_about()),
        ("</wpt>",),
    )
    yield from _rows(
        content,
        PlaceType.LINE,
        ("<trk>", *_about()),
        ("<trkseg>", _TrackPoints(F("geom")), "</trkseg></trk>"),
    )
    yield b"</gpx>\n"


def _about() -> tuple[Any, ...]:
    return (
        "<name>",
        XmlText(F("category__title"), "text"),
        "</name><cmt>",
        XmlText(F("id"), "text"),
        "</cmt><desc>",
        XmlText(F("text"), "text"),
        "</desc><type>",
        XmlText(F("category__slug"), "text"),
        "</type>",
    )


def _rows(
    selection: Selection, place_type: PlaceType, head: tuple[Any, ...], tail: tuple[Any, ...]
) -> Generator[bytes, None, None]:
    types = selection.place_types
    if types is not None and place_type not in types:
        return
    source = contributions_source(replace(selection, place_types=(place_type,)), "")
    rows = source.in_order().values_list(Joined(*head, *tail), flat=True)
    count = yield from copied_rows(rows, joined_by=b"\n")
    if count:
        yield b"\n"


GPX = Format(
    "gpx",
    _("GPX"),
    "application/gpx+xml",
    write,
    hint=_("Lines as tracks and points as waypoints, for navigation devices. Without areas."),
    crs=(WGS84,),
    extras=(),
    takes_cells=False,
)
