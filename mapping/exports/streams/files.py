"""One way to write any format into a file: for background jobs, the command line and measurements."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from mapping.exports.labels import Labels
from mapping.exports.registry import (
    Content,
    ExportOptions,
    Extra,
    Format,
    Origin,
    Progress,
    format_named,
)
from mapping.geo.crs import WGS84


def _nobody_listens(_done: int, _total: int) -> None:
    pass


def write_file(  # noqa: PLR0917 - what every caller says, in the order of saying it
    wanted: Format | str,
    content: Content,
    origin: Origin,
    path: Path,
    crs: int = WGS84,
    progress: Progress = _nobody_listens,
    *,
    include: Iterable[Extra] = (),
    labels: Labels = "codes",
) -> None:
    """Write a format (itself or its name) to a path, which must not exist yet.

    Raises ValueError for an unknown format, CRS, extra or label, TooLargeForFormat, and whatever `progress` raises; the
    caller removes a partly written file.
    """
    known = format_named(wanted) if isinstance(wanted, str) else wanted
    if known is None:
        raise ValueError(f"There is no export format {wanted}.")
    options = ExportOptions(crs, frozenset(include), labels)
    if crs not in known.crs or not options.include <= set(known.extras) or labels not in known.labels:
        raise ValueError(f"{known.name} is not written like this.")
    if known.write_file is not None:
        known.write_file(content, origin, options, path, progress)
        return
    if known.write is None:
        raise ValueError(f"Nobody writes {known.name}.")
    with path.open("xb") as file, closing(known.write(content, origin, options)) as pieces:
        for piece in pieces:
            file.write(piece)
