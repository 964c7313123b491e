"""GeoJSON (RFC 7946): one FeatureCollection, streamed.

Newest first, with the flat attributes of `fields`: GIS programs make one column per property. CRS other than
degrees are named by the member `crs` of the older specification (GeoJSON 2008, section 3), as heat maps do.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import UTC

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.release import geojson_text
from mapping.exports.extras import with_extras
from mapping.exports.flat import FlatFeatureText
from mapping.exports.labels import LABELS, labelled
from mapping.exports.registry import AS_IT_IS, Content, ExportOptions, Format, Origin, Released
from mapping.exports.selection import Selection
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.lanes import RowStream
from mapping.geo.crs import WGS84


def write(
    content: Content, origin: Origin, options: ExportOptions = AS_IT_IS
) -> Generator[bytes, None, None]:
    """Stream a selection; the counts are written last, where they are known without a second query."""
    if isinstance(content, Released):
        return _released(content, options)
    source = labelled(with_extras(content, origin.photo_base, options.include), options.labels)
    text = FlatFeatureText(source, crs=options.crs)
    rows = copied_rows(source.in_order().values_list(text, flat=True), divided_by=source.divided_by)
    return _document(content, origin, options.crs, rows)


def _released(content: Released, options: ExportOptions) -> Generator[bytes, None, None]:
    yield geojson_text(content.release, options.crs).encode()


def _document(
    selection: Selection, origin: Origin, crs: int, rows: RowStream
) -> Generator[bytes, None, None]:
    campaign = selection.campaign
    about: dict[str, object] = {"type": "FeatureCollection", "name": campaign.slug, "title": campaign.title}
    if crs != WGS84:
        about["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    about |= {
        "attribution": campaign.attribution,
        "timeStamp": timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": [{"rel": "self", "type": GEOJSON.media_type, "href": origin.url}],
    }
    yield json.dumps(about, ensure_ascii=False).encode()[:-1] + b',"features":[\n'
    count = yield from rows
    yield b'\n],"numberMatched":%d,"numberReturned":%d}\n' % (count, count)


GEOJSON = Format(
    "geojson",
    _("GeoJSON"),
    "application/geo+json",
    write,
    labels=LABELS,
    hint=_("One text file that every map program and every script reads."),
)
