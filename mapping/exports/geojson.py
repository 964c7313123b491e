"""GeoJSON (RFC 7946): one FeatureCollection, streamed.

Newest first, with the flat attributes of `fields`: GIS programs make one column of each property.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from datetime import UTC

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.exports.copying import RowStream, copied_rows
from mapping.exports.flat import FlatFeatureText
from mapping.exports.registry import Format, Origin, register
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source


def write(selection: Selection, origin: Origin) -> Generator[bytes, None, None]:
    """Stream a selection; the counts stand at the end, where they are known without a second query."""
    source = contributions_source(selection, origin.photo_base)
    rows = copied_rows(source.in_order().values_list(FlatFeatureText(source), flat=True))
    return _document(selection, origin, rows)


def _document(selection: Selection, origin: Origin, rows: RowStream) -> Generator[bytes, None, None]:
    campaign = selection.campaign
    about: dict[str, object] = {
        "type": "FeatureCollection",
        "name": campaign.slug,
        "title": campaign.title,
        "attribution": campaign.attribution,
        "timeStamp": timezone.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": [{"rel": "self", "type": GEOJSON.media_type, "href": origin.url}],
    }
    yield json.dumps(about, ensure_ascii=False).encode()[:-1] + b',"features":[\n'
    count = yield from rows
    yield b'\n],"numberMatched":%d,"numberReturned":%d}\n' % (count, count)


GEOJSON = register(Format("geojson", _("GeoJSON"), "application/geo+json", write))
