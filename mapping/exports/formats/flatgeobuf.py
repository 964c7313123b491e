"""FlatGeobuf: one layer of places of any kind with a spatial index, read over the network piece by piece.

The index takes no contribution without a place. Where there are some, the file has all rows and no index.
"""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from mapping.exports.registry import Content, ExportOptions, Format, Origin, Progress
from mapping.exports.streams.tables import Counter, mixed, without_place
from mapping.exports.streams.writing import write_layer


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write all contributions, or all cells, as one layer."""
    table = mixed(content, origin, options)
    has_index = table.count > 0 and not without_place(content)
    layer_options = {"SPATIAL_INDEX": "YES" if has_index else "NO"}
    write_layer(table, path, "FlatGeobuf", Counter([table], progress), options=layer_options)


FLATGEOBUF = Format(
    "fgb",
    _("FlatGeobuf"),
    "application/vnd.flatgeobuf",
    write_file=write_file,
    hint=_("One compact layer with a spatial index, for web maps and QGIS."),
)
