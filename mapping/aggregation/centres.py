"""The true centres of what lies in the squares of a grid, with counts by category: for the bubbles of maps.

A contribution counts in one square only, the one of the point that stands for it (see `Footprint.east_cm`). Without
another filter than categories the tally (`Centre`) is read, otherwise the footprints of the matching contributions;
both add up whole centimetres and agree exactly.

The centre of a square with one contribution is its place. Callers must check permissions first, as for places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from mapping.aggregation.columns import Column, fetch_columns, written
from mapping.aggregation.tally import centimetres_sql
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.places import CATEGORY
from mapping.filters.problems import QueryProblem
from mapping.geo.bbox import Box
from mapping.geo.crs import LAEA, WGS84, laea_to_lonlat, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES
from mapping.models import Campaign
from mapping.models.footprint import STATUS_CODES

CENTRE_SIZES: Final = tuple(sorted((*SIZES, 2_000, 20_000, 50_000, 100_000, 200_000)))
"""Metres; edges of squares. Each is at most two and a half times the one before, so that one suits every zoom."""

MOST_CENTRES: Final = 5_000
"""The most squares at once: some 150 kB as text, and several times what a screen can show."""

_MOST_ROWS: Final = MOST_CENTRES * 24
"""Rows of the tally that are read at most: eight categories in three statuses."""
_WIDEST: Final = 40.0
"""Degrees; wider boxes reach beyond what EPSG:3035 can express, and are not used for the search."""
_SEGMENTS: Final = 16
_EVERYWHERE: Final = (0, 0, KEY_FACTOR - 1, KEY_FACTOR - 1)

_Range = tuple[int, int, int, int]
"""Numbers of the first and last column and row of squares: west, south, east, north."""

_COLUMNS: Final = (
    "array_agg(cell), array_agg(category_id), array_agg(contributions), array_agg(east), array_agg(north)"
)
_PARENT: Final = (
    f"cell / {KEY_FACTOR} / %(factor)s::bigint * {KEY_FACTOR} + mod(cell, {KEY_FACTOR}) / %(factor)s::bigint"
)
"""The key of a square that contains `factor` times `factor` cells, as `tally.parent_sql`."""
_SHOWN: Final = f"""
    cell BETWEEN %(south)s::bigint * {KEY_FACTOR} + %(west)s::bigint
        AND %(north)s::bigint * {KEY_FACTOR} + %(east)s::bigint
    AND mod(cell, {KEY_FACTOR}) BETWEEN %(west)s::bigint AND %(east)s::bigint
"""
_TALLIED: Final = f"""
    SELECT {_COLUMNS} FROM (
        SELECT {_PARENT} AS cell, category_id, sum(contributions)::bigint AS contributions, sum(east)::bigint AS east,
            sum(north)::bigint AS north
        FROM mapping_centre
        WHERE campaign_id = %(campaign)s AND status = ANY(%(statuses)s::smallint[]) AND level = %(level)s::smallint
            AND {_SHOWN} {{categories}}
        GROUP BY 1, 2
        LIMIT {_MOST_ROWS + 1}
    ) AS centres
"""
_OF_CATEGORIES: Final = """
    AND category_id = ANY(ARRAY(
        SELECT id::integer FROM mapping_category
        WHERE campaign_id = %(campaign)s AND slug = ANY(%(categories)s::text[])
    ))
"""
_FILTERED: Final = f"""
    SELECT {_COLUMNS} FROM (
        SELECT {_PARENT} AS cell, category_id, count(*) AS contributions, {centimetres_sql("east")} AS east,
            {centimetres_sql("north")} AS north
        FROM mapping_footprint
        WHERE contribution_id IN ({{chosen}}) AND east_cm IS NOT NULL AND {_SHOWN}
        GROUP BY 1, 2
        LIMIT {_MOST_ROWS + 1}
    ) AS centres
"""


@dataclass(frozen=True, slots=True)
class Centres:
    """The squares of `size` metres that hold anything, from south-west to north-east.

    `keys` are theirs (`geo.grid.Cell.key`), `places` the true centres (longitude, latitude in degrees), `counts` the
    contributions of each of the `categories` (primary keys), one row a square.
    """

    size: int
    keys: npt.NDArray[np.int64]
    places: npt.NDArray[np.float64]
    categories: tuple[int, ...]
    counts: npt.NDArray[np.int64]


def centres(
    campaign: Campaign, wanted: ContributionFilter, size: int, boxes: tuple[Box, ...] | None = None
) -> Centres:
    """Return the centres of the contributions that match `wanted` in squares of `size` metres.

    With `boxes` (one, or two that meet at the antimeridian) only squares that may meet these are returned, each of them
    counted in full, so that a bubble does not change while the map moves.
    Raises QueryProblem "unknown_size", "too_many_cells" and those about answers.
    """
    if size not in CENTRE_SIZES:
        listed = ", ".join(str(one) for one in CENTRE_SIZES)
        raise QueryProblem("unknown_size", parameter="size", value=size, choices=listed)
    wanted.check()
    found = _read(campaign, wanted, size, boxes)
    if len(found[0]) > _MOST_ROWS or len(np.unique(found[0])) > MOST_CENTRES:
        larger = CENTRE_SIZES[CENTRE_SIZES.index(size) + 1 :]
        smallest = next(
            (one for one in larger if len(np.unique(_read(campaign, wanted, one, boxes)[0])) <= MOST_CENTRES),
            None,
        )
        raise QueryProblem(
            "too_many_cells", parameter="size", size=size, limit=MOST_CENTRES, smallest=smallest
        )
    return _put_together(size, found)


def _read(
    campaign: Campaign, wanted: ContributionFilter, size: int, boxes: tuple[Box, ...] | None
) -> list[Column]:
    """Read cells with category, contributions and sums of centimetres, in no order."""
    shown = _range(boxes, size)
    is_tallied = not wanted.having(CATEGORY, None).is_narrowed
    # The coarsest cells that are counted and fit into the squares.
    base = max(one for one in SIZES if size % one == 0) if is_tallied else BASE_SIZE
    factor = size // base
    west, south, east, north = shown
    params: dict[str, Any] = {
        "factor": factor,
        "west": west * factor,
        "south": south * factor,
        "east": east * factor + factor - 1,
        "north": north * factor + factor - 1,
    }
    if is_tallied:
        params |= {
            "campaign": campaign.pk,
            "statuses": [STATUS_CODES[status] for status in wanted.counted],
            "level": SIZES.index(base),
        }
        categories = wanted.get(CATEGORY)
        if categories is None:
            return fetch_columns(_TALLIED.format(categories=""), params)
        params["categories"] = list(categories)
        return fetch_columns(_TALLIED.format(categories=_OF_CATEGORIES), params)
    chosen = wanted.contributions(campaign)
    if shown != _EVERYWHERE:
        chosen = chosen.within_any([_box_of(shown, size)])
    text = written(chosen.order_by().values("pk")).replace("%", "%%")
    return fetch_columns(_FILTERED.format(chosen=text), params)


def _put_together(size: int, found: list[Column]) -> Centres:
    cells, category_ids, contributions, east, north = found
    keys, rows = np.unique(cells, return_inverse=True)
    categories, columns = np.unique(category_ids, return_inverse=True)
    counts = np.zeros((len(keys), len(categories)), dtype=np.int64)
    np.add.at(counts, (rows, columns), contributions)
    sums = np.zeros((len(keys), 2), dtype=np.int64)
    np.add.at(sums, rows, np.column_stack([east, north]))
    # Centimetres are rounded down; half of one is what they are short of on average.
    metres = (sums / counts.sum(axis=1, keepdims=True) + 0.5) / 100
    places = laea_to_lonlat(metres) if len(keys) else metres
    return Centres(size, keys, places, tuple(categories.tolist()), counts)


def _range(boxes: tuple[Box, ...] | None, size: int) -> _Range:
    """The squares that can meet a box; all of them where that cannot be computed."""
    if boxes is None or len(boxes) != 1:
        return _EVERYWHERE
    west, south, east, north = boxes[0]
    if east - west > _WIDEST or north - south > _WIDEST:
        return _EVERYWHERE
    try:
        bounds = transform_geometry(_with_edges(boxes[0]), WGS84, LAEA).bounds
    except GeometryProblem:
        return _EVERYWHERE
    # One more on each side: transformed edges bulge between their points.
    numbers = np.array(bounds) / size + (-1, -1, 1, 1)
    first_east, first_north, last_east, last_north = (
        np.clip(np.floor(numbers), -1, KEY_FACTOR - 1).astype(int).tolist()
    )
    return first_east, first_north, last_east, last_north


def _box_of(shown: _Range, size: int) -> Box:
    """A box in degrees around a range of squares."""
    west, south, east, north = shown
    corners = (west * size, south * size, (east + 1) * size, (north + 1) * size)
    try:
        found = transform_geometry(_with_edges(corners), LAEA, WGS84).bounds
    except GeometryProblem:
        return (-180.0, -90.0, 180.0, 90.0)
    margin = 0.001 + (found[2] - found[0]) / 100
    return found[0] - margin, found[1] - margin, found[2] + margin, found[3] + margin


def _with_edges(box: Box | _Range) -> shapely.Polygon:
    """A box whose edges have points between their ends."""
    west, south, east, north = box
    longest = max(east - west, north - south)
    plain = shapely.box(west, south, east, north)
    return shapely.segmentize(plain, longest / _SEGMENTS) if longest > 0 else plain
