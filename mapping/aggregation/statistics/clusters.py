"""Clusters of places: areas of high density, independent of any grid (DBSCAN).

Ester, Kriegel, Sander and Xu 1996, "A density-based algorithm for discovering clusters in large spatial databases
with noise", KDD-96: a place with at least `minimum` places (itself included) within `eps` metres is a core; cores
within `eps` of each other and what lies around them are one cluster; everything else is noise. PostGIS computes
it (ST_ClusterDBSCAN) in EPSG:3035. Of a line or area one point counts: ST_PointOnSurface.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mapping.aggregation.columns import fetch, written
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import footprint_source
from mapping.aggregation.statistics.words import frequent_words
from mapping.aggregation.tally import TOTALS
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.places import DISTRICT, district_ids
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign
from mapping.models.footprint import NOWHERE

EPS_RANGE: Final = (10, 5000)
"""Smallest and largest `eps` in metres."""

MINIMUM_RANGE: Final = (2, 1000)

MOST_PLACES: Final = 100_000
"""The most places that are clustered per request; the limit applies before a filter by district."""

MOST_PAIRS: Final = 150_000_000
"""The most pairs of near places that PostGIS may examine: about three seconds' work."""

_MOST_CLUSTERS: Final = 500
_MOST_TEXTS: Final = 2_000
"""Most texts of one cluster whose words are counted (the newest)."""
_LONGEST_TEXT: Final = 400
"""Characters of each text that are read."""

# Of each contribution one footprint has this bit, whatever its shape.
_PLACES: Final = f"""
    SELECT c.id, c.participant_id,
        CASE GeometryType(c.geom) WHEN 'POINT' THEN c.geom_laea ELSE ST_PointOnSurface(c.geom_laea) END AS place
    FROM mapping_contribution c
    WHERE c.geom IS NOT NULL AND c.id IN (SELECT f.contribution_id {{source}} AND f.sizes >> {TOTALS} & 1 = 1)
        AND {{in_district}}
"""
# As `query` has it: a point lies in the first district by code, a line or area in each that it touches.
_IN_DISTRICT: Final = """
    CASE GeometryType(c.geom) WHEN 'POINT' THEN (
        SELECT d.id FROM mapping_district d JOIN mapping_campaign m ON m.district_layer_id = d.layer_id
        WHERE m.id = %(campaign)s AND ST_Intersects(d.geom, c.geom)
        ORDER BY d.code COLLATE "C" LIMIT 1
    ) = ANY(%(districts)s::bigint[])
    ELSE EXISTS (
        SELECT FROM mapping_district d
        WHERE d.id = ANY(%(districts)s::bigint[]) AND ST_Intersects(d.geom, c.geom)
    ) END
"""
# Counted from the index alone, so that a million places are refused quickly.
_NUMBER: Final = f"""
    SELECT count(*) FROM (
        SELECT 1 {{source}} AND f.sizes >> {TOTALS} & 1 = 1 AND f.cell <> {NOWHERE} LIMIT {{most}}
    ) AS places
"""
_DENSITY: Final = f"""
    SELECT floor(ST_X(place) / %(eps)s)::integer, floor(ST_Y(place) / %(eps)s)::integer, count(*)
    FROM ({_PLACES}) AS places
    GROUP BY 1, 2
"""
_CLUSTERS: Final = f"""
    WITH places AS ({_PLACES}),
    labelled AS (
        SELECT id, participant_id, place, ST_ClusterDBSCAN(place, %(eps)s, %(minimum)s) OVER () AS cluster FROM places
    ),
    largest AS (
        SELECT cluster, count(*) AS contributions, count(DISTINCT participant_id) AS participants,
            ST_AsGeoJSON(ST_Transform(ST_ConvexHull(ST_Collect(place ORDER BY id)), 4326), 7) AS hull,
            array_agg(id ORDER BY id DESC) AS ids
        FROM labelled WHERE cluster IS NOT NULL GROUP BY cluster
    )
    SELECT contributions, participants, hull,
        ARRAY(
            SELECT left(t.text, {_LONGEST_TEXT}) FROM ({{readable}}) t
            WHERE t.id = ANY(ids[:{_MOST_TEXTS}]) AND t.text <> ''
        ),
        sum(contributions) OVER (), count(*) OVER ()
    FROM largest
    ORDER BY contributions DESC, participants DESC, hull
    LIMIT {_MOST_CLUSTERS}
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One dense area: its convex hull as GeoJSON text (EPSG:4326; a point or line where all lie on one), its counts,
    and (word, contributions with it).
    """

    hull: str
    contributions: int
    participants: int
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Clusters:
    """The largest clusters first, at most 500; `clustered` of all `places` belong to one of `number` clusters."""

    clusters: tuple[Cluster, ...]
    places: int
    clustered: int
    number: int


def clusters(query: HeatmapQuery, eps: int = 100, minimum: int = 10) -> Clusters:
    """Find the clusters of the contributions that match a query (its grid, size and measure do not matter).

    Raises QueryProblem as `heatmap` does, `too_many_places` (limit) and `clusters_too_dense` (eps), both before
    any clustering.
    """
    query = replace(query, grid="square", measure="contributions", question="")
    query.check()
    source, params = footprint_source(query)
    codes = query.filter.get(DISTRICT)
    params |= {"eps": eps, "minimum": minimum, "districts": district_ids(query.campaign_id, codes or ())}
    asked = {"source": source, "in_district": "TRUE" if codes is None else _IN_DISTRICT}
    [(number,)] = fetch(_NUMBER.format(source=source, most=MOST_PLACES + 1), params)
    if number > MOST_PLACES:
        raise QueryProblem("too_many_places", parameter="", limit=MOST_PLACES)
    density = fetch(_DENSITY.format(**asked), params)
    places = sum(number for _column, _row, number in density)
    if _pairs(np.array(density, dtype=np.int64).reshape(-1, 3)) > MOST_PAIRS:
        raise QueryProblem("clusters_too_dense", parameter="eps", eps=eps)
    # Texts are read through the gate; the filter has chosen the places already.
    texts = ContributionFilter(query.filter.statuses).contributions(Campaign(pk=query.campaign_id))
    asked["readable"] = written(texts.values("id", "text")).replace("%", "%%")
    rows = fetch(_CLUSTERS.format(**asked), params) if places else []
    return Clusters(
        tuple(
            Cluster(hull, contributions, participants, tuple(frequent_words(texts)))
            for contributions, participants, hull, texts, _clustered, _number in rows
        ),
        places=places,
        clustered=int(rows[0][4]) if rows else 0,
        number=int(rows[0][5]) if rows else 0,
    )


def _pairs(density: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> int:
    """Upper bound of pairs within `eps`: those in the same square of that size or in one of the eight around."""
    if not len(density):
        return 0
    columns = density[:, 0] - density[:, 0].min() + 1
    rows = density[:, 1] - density[:, 1].min() + 1
    width = int(columns.max()) + 2
    keys = rows * width + columns
    order = np.argsort(keys)
    keys, numbers = keys[order], density[order, 2]
    pairs = 0
    for step in (row * width + column for row in (-1, 0, 1) for column in (-1, 0, 1)):
        at = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        pairs += int(np.sum(np.where(keys[at] == keys + step, numbers[at], 0) * numbers))
    return pairs
