"""Hot spots, changes, rates and clusters as finished JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import shapely

from mapping.aggregation.heatmap.counts import Totals
from mapping.aggregation.heatmap.query import Grid
from mapping.aggregation.statistics.change import CellChange, Change
from mapping.aggregation.statistics.clusters import Cluster, Clusters
from mapping.aggregation.statistics.hotspots import Hotspots
from mapping.aggregation.statistics.rates import FEW_INHABITANTS, CellRate, Rates
from mapping.exports.cells.outlines import CRS, cell_ids, cell_places, cell_rings
from mapping.geo.crs import LAEA, WGS84
from mapping.models import District

_DIGITS: Final = 12

Member = Mapping[str, object]


def totals_member(totals: Totals) -> dict[str, int]:
    """The member `totals` of every answer about counts."""
    return {
        "contributions": totals.contributions,
        "participants": totals.participants,
        "unlocated": totals.unlocated,
        "unnamed": totals.unnamed,
    }


def hotspots_geojson(found: Hotspots, method: Member, *, significant_only: bool = False) -> str:
    """A FeatureCollection of all cells, or of the hot and cold ones only."""
    chosen = _chosen(found, significant_only=significant_only)
    keys = [int(found.frame.keys[at]) for at in chosen]
    properties = (
        f'"contributions":{found.contributions[at]},"participants":{found.participants[at]},'
        f'"z":{_number(found.z[at])},"p":{_number(found.p[at])},"p_adjusted":{_number(found.p_adjusted[at])},'
        f'"class":"{found.spots[at]}"'
        for at in chosen
    )
    more: Member = {"totals": totals_member(found.totals), "method": method}
    return _collection(_features(found.frame.grid, found.frame.size, keys, properties), more)


def hotspots_compact(found: Hotspots, method: Member, *, significant_only: bool = False) -> str:
    """Compact JSON of hot spots, for maps that draw the cells themselves.

    Rows are the cell (`[east, north`, `[i, j` or `[code`), contributions, participants, z, p, p_adjusted, class.
    """
    chosen = _chosen(found, significant_only=significant_only)
    keys = [int(found.frame.keys[at]) for at in chosen]
    values = (
        f"{found.contributions[at]},{found.participants[at]},{_number(found.z[at])},{_number(found.p[at])},"
        f'{_number(found.p_adjusted[at])},"{found.spots[at]}"'
        for at in chosen
    )
    more: Member = {"totals": totals_member(found.totals), "method": method}
    return _compact(found.frame.grid, found.frame.size, keys, values, more)


def change_geojson(found: Change, grid: Grid, size: int, method: Member) -> str:
    """A FeatureCollection of the cells with contributions in either period."""
    properties = (
        f'"before":{cell.before},"after":{cell.after},"difference":{cell.after - cell.before},'
        f'"p":{_number(cell.p)},"p_adjusted":{_number(cell.p_adjusted)},"class":"{cell.kind}"'
        for cell in found.cells
    )
    keys = [cell.key for cell in found.cells]
    return _collection(_features(grid, size, keys, properties), _of_both(found, method))


def change_compact(found: Change, grid: Grid, size: int, method: Member) -> str:
    """Compact JSON of a change, rows of: the cell, before, after, difference, p, p_adjusted, class."""
    values = map(_change_values, found.cells)
    return _compact(grid, size, [cell.key for cell in found.cells], values, _of_both(found, method))


def rates_geojson(found: Rates, size: int) -> str:
    """A FeatureCollection of squares with contributions or inhabitants."""
    population = found.population
    more: Member = {
        "totals": totals_member(found.totals),
        "population": {
            "slug": population.slug,
            "title": population.title,
            "attribution": population.attribution,
            "size": population.size,
        },
        "method": {"grid": "square", "size": size, "few_inhabitants": FEW_INHABITANTS},
    }
    keys = [cell.key for cell in found.cells]
    return _collection(_features("square", size, keys, map(_rate_properties, found.cells)), more)


def clusters_geojson(found: Clusters, method: Member) -> str:
    """A FeatureCollection of convex hulls, the largest cluster first."""
    totals = {
        "places": found.places,
        "clustered": found.clustered,
        "noise": found.places - found.clustered,
        "clusters": found.number,
    }
    features = (_cluster_feature(number, cluster) for number, cluster in enumerate(found.clusters, 1))
    return _collection(features, {"totals": totals, "method": method})


def _chosen(found: Hotspots, *, significant_only: bool) -> list[int]:
    return [at for at, spot in enumerate(found.spots) if spot != "none" or not significant_only]


def _change_values(cell: CellChange) -> str:
    return (
        f"{cell.before},{cell.after},{cell.after - cell.before},"
        f'{_number(cell.p)},{_number(cell.p_adjusted)},"{cell.kind}"'
    )


def _of_both(found: Change, method: Member) -> Member:
    totals = {"before": totals_member(found.before), "after": totals_member(found.after)}
    return {"totals": totals, "method": method}


def _rate_properties(cell: CellRate) -> str:
    return (
        f'"contributions":{cell.contributions},"participants":{cell.participants},'
        f'"inhabitants":{json.dumps(cell.inhabitants)},'
        f'"contributions_per_1000":{_number(cell.contributions_per_1000)},'
        f'"participants_per_1000":{_number(cell.participants_per_1000)},'
        f'"unstable":{json.dumps(cell.is_unstable)}'
    )


def _cluster_feature(number: int, cluster: Cluster) -> str:
    properties = {
        "contributions": cluster.contributions,
        "participants": cluster.participants,
        "words": [{"word": word, "contributions": times} for word, times in cluster.words],
    }
    return f'{{"type":"Feature","id":{number},"geometry":{cluster.hull},"properties":{_json(properties)}}}'


def _features(grid: Grid, size: int, keys: Sequence[int], properties: Iterable[str]) -> Iterator[str]:
    """Features of cells; `properties` are members of JSON objects without braces."""
    if grid == "district":
        districts = District.objects.in_bulk(keys)
        for key, values in zip(keys, properties, strict=True):
            district = districts[key]
            code, name, area = _json(district.code), _json(district.name), _area(district)
            yield (
                f'{{"type":"Feature","id":{code},"geometry":{area},'
                f'"properties":{{"code":{code},"name":{name},{values}}}}}'
            )
        return
    for cell, ring, values in zip(
        cell_ids(grid, size, keys), cell_rings(grid, size, keys), properties, strict=True
    ):
        yield (
            f'{{"type":"Feature","id":"{cell}","geometry":{{"type":"Polygon","coordinates":[[{ring}]]}},'
            f'"properties":{{{values}}}}}'
        )


def _area(district: District) -> str:
    area = shapely.from_wkb(bytes(district.geom.wkb))
    return str(shapely.to_geojson(shapely.transform(area, lambda places: np.round(places, CRS[WGS84]))))


def _compact(grid: Grid, size: int, keys: Sequence[int], values: Iterable[str], more: Member) -> str:
    if grid == "district":
        districts = District.objects.defer("geom").in_bulk(keys)
        places: Iterable[str] = (_json(districts[key].code) for key in keys)
    else:
        places = cell_places(grid, size, keys)
    cells = ",".join(f"[{place},{row}]" for place, row in zip(places, values, strict=True))
    return f'{{"grid":"{grid}","size":{size},"crs":{LAEA},"cells":[{cells}],{_members(more)}}}'


def _collection(features: Iterable[str], more: Member) -> str:
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}],{_members(more)}}}'


def _members(more: Member) -> str:
    """Members of an object, at least one, without its braces."""
    return _json(more)[1:-1]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.{_DIGITS}g}"
