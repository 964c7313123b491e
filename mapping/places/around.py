"""What lies around positions: the nearest addresses, the street of the ground, the district. One query for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connections, router

from mapping.geo.ground import LINE, SRID, STREETS
from mapping.models import Address
from mapping.places.names import Named, PlaceKind, named

REACH: Final = 250
"""Metres: what is farther away is not near."""
_NEIGHBOURS: Final = 40
"""Names that the index proposes by distance in degrees; the nearest in metres is among them."""
_NAMES: Final = 6
_ON_STREET: Final = 100
"""Metres from a street of the ground within which one is in it."""
_AT_HAND: Final = 50
"""Metres within which a house or a place says better where one is than the street."""

Position = tuple[float, float]
"""Longitude and latitude in degrees (EPSG:4326)."""


@dataclass(frozen=True, slots=True)
class Around:
    """Names around a position with their metres, the nearest first; the street of the ground in which it lies, and the
    district; empty where there is none.
    """

    names: Sequence[tuple[float, Named]] = ()
    ground: str = ""
    district: str = ""

    @property
    def nearest(self) -> Named | None:
        """What one is near to: a house or a place at hand, else the street, else what is nearest.

        Parts of the city are no place one is near to.
        """
        near = [(metres, one) for metres, one in self.names if one.kind is not PlaceKind.DISTRICT]
        for metres, one in near:
            if one.kind is not PlaceKind.STREET and metres <= _AT_HAND:
                return one
        if self.ground:
            return named(self.ground, PlaceKind.STREET)
        return near[0][1] if near else None

    @property
    def street(self) -> str:
        """The street in which one is, else that of the nearest name that has one."""
        return self.ground or next((one.street for _metres, one in self.names if one.street), "")


# The index orders by degrees, in which a kilometre to the east is longer than one to the north: hence more rows than
# are wanted, which are compared in metres. Equal distances are ordered by name, so that words do not change.
# Street and district are joined before the names: each is looked up once for a position, not once for a name of it.
# The condition on streets is that of their index (`ground_named_streets`); Web Mercator stretches distances.
_AROUND: Final = f"""
SELECT here.number, near.name, near.kind, near.metres, ground.name, district.name
FROM (
    SELECT given.number, given.layer, ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4326) AS geom,
        ST_Transform(ST_SetSRID(ST_MakePoint(given.lon, least(greatest(given.lat, -85), 85)), 4326), {SRID}) AS flat
    FROM unnest(%(lons)s::float8[], %(lats)s::float8[], %(layers)s::bigint[])
        WITH ORDINALITY AS given (lon, lat, layer, number)
) AS here
LEFT JOIN LATERAL (
    SELECT line.name, ST_Distance(line.geom, here.flat) * cos(radians(ST_Y(here.geom))) AS metres
    FROM mapping_groundfeature AS line
    WHERE layer = '{LINE}' AND kind IN ({", ".join(f"'{kind}'" for kind in STREETS)}) AND NOT (name = '')
    ORDER BY line.geom <-> here.flat LIMIT 1
) AS ground ON ground.metres <= %(on_street)s
LEFT JOIN LATERAL (
    SELECT area.name FROM mapping_district AS area
    WHERE area.layer_id = here.layer AND ST_Intersects(area.geom, here.geom)
    ORDER BY area.code LIMIT 1
) AS district ON true
LEFT JOIN LATERAL (
    SELECT found.name, found.kind, ST_DistanceSphere(found.geom, here.geom) AS metres
    FROM (
        SELECT address.name, address.kind, address.geom FROM mapping_address AS address
        ORDER BY address.geom <-> here.geom LIMIT %(neighbours)s
    ) AS found
    WHERE ST_DistanceSphere(found.geom, here.geom) <= %(reach)s
    ORDER BY metres, found.name LIMIT %(names)s
) AS near ON true
ORDER BY here.number, near.metres, near.name
"""  # noqa: S608 - constants of ours


def around(positions: Sequence[Position], layers: Sequence[int | None]) -> list[Around]:
    """What lies around each position, within `REACH`, and its district of the layer of each. One query."""
    if not positions:
        return []
    names: list[list[tuple[float, Named]]] = [[] for _position in positions]
    rest = [("", "")] * len(positions)
    with connections[router.db_for_read(Address)].cursor() as cursor:
        cursor.execute(
            _AROUND,
            {
                "lons": [lon for lon, _lat in positions],
                "lats": [lat for _lon, lat in positions],
                "layers": list(layers),
                "neighbours": _NEIGHBOURS,
                "reach": REACH,
                "names": _NAMES,
                "on_street": _ON_STREET,
            },
        )
        for number, name, kind, metres, ground, district in cursor.fetchall():
            rest[number - 1] = ground or "", district or ""
            if name is not None:
                names[number - 1].append((metres, named(name, kind)))
    return [Around(found, *more) for found, more in zip(names, rest, strict=True)]
