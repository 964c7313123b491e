"""GeoJSON, one feature per line (newline-delimited JSON): files of any length can be read and split line by line."""

from __future__ import annotations

from collections.abc import Generator

from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.release import feature_text
from mapping.exports.cells.released import cells_of
from mapping.exports.extras import with_extras
from mapping.exports.flat import FlatFeatureText
from mapping.exports.labels import LABELS, labelled
from mapping.exports.registry import AS_IT_IS, Content, ExportOptions, Format, Origin, Released
from mapping.exports.streams.copying import copied_rows


def write(
    content: Content, origin: Origin, options: ExportOptions = AS_IT_IS
) -> Generator[bytes, None, None]:
    """Stream the features of `geojson`, each on a line of its own; no line names the CRS."""
    if isinstance(content, Released):
        for cell in cells_of(content.release):
            yield f"{feature_text(cell, options.crs)}\n".encode()
        return
    source = labelled(with_extras(content, origin.photo_base, options.include), options.labels)
    rows = source.in_order().values_list(FlatFeatureText(source, crs=options.crs), flat=True)
    count = yield from copied_rows(rows, joined_by=b"\n", divided_by=source.divided_by)
    if count:
        yield b"\n"


NDJSON = Format(
    "ndjson",
    _("GeoJSON, line by line"),
    "application/x-ndjson",
    write,
    labels=LABELS,
    hint=_("One feature a line, for scripts and databases."),
)
