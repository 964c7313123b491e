"""What is drawn of OpenStreetMap's objects, by their tags (https://wiki.openstreetmap.org/wiki/Map_features).

Zooms are those of tiles of 512 px: at 12, a map of Leaflet shows about 5 km on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from mapping.imports.ground.kinds import LABEL_OF_AREA, Classified, Drawn, Feature, Labelled, Shape, Unknown

Tags = Mapping[str, str]
KindT = TypeVar("KindT", Drawn, Labelled)

_HIGHWAYS: Final[Mapping[str, Drawn]] = {
    "motorway": Drawn("motorway", 5),
    "motorway_link": Drawn("motorway", 11),
    "trunk": Drawn("primary", 7),
    "trunk_link": Drawn("primary", 11),
    "primary": Drawn("primary", 8),
    "primary_link": Drawn("primary", 11),
    "secondary": Drawn("secondary", 10),
    "secondary_link": Drawn("secondary", 12),
    "tertiary": Drawn("street", 11),
    "tertiary_link": Drawn("street", 12),
    "residential": Drawn("street", 12),
    "unclassified": Drawn("street", 12),
    "road": Drawn("street", 12),
    "living_street": Drawn("street", 12),
    "pedestrian": Drawn("street", 12),
    "service": Drawn("street", 14),
    "busway": Drawn("street", 13),
    "cycleway": Drawn("cycle", 13),
    "track": Drawn("path", 13),
    "path": Drawn("path", 14),
    "footway": Drawn("path", 14),
    "bridleway": Drawn("path", 14),
    "steps": Drawn("path", 14),
}
_SERVICES_LEFT_OUT: Final = frozenset({"parking_aisle", "driveway", "drive-through", "emergency_access"})
_FOR_WALKERS: Final = frozenset({"path", "footway"})
_RAILWAYS: Final[Mapping[str, Drawn]] = {
    "rail": Drawn("rail", 8),
    "light_rail": Drawn("rail", 11),
    "subway": Drawn("rail", 12),
    "tram": Drawn("rail", 12),
    "narrow_gauge": Drawn("rail", 11),
    "funicular": Drawn("rail", 12),
    "monorail": Drawn("rail", 12),
    "preserved": Drawn("rail", 11),
}
_SIDINGS: Final = frozenset({"yard", "siding", "spur", "crossover"})
_OF_SIDINGS: Final = Drawn("rail", 13)
_WATERWAYS: Final[Mapping[str, Drawn]] = {
    "river": Drawn("river", 8),
    "canal": Drawn("river", 9),
    "stream": Drawn("river", 12),
    "ditch": Drawn("river", 14),
    "drain": Drawn("river", 14),
}
_TUNNELS: Final = frozenset({"yes", "culvert", "avalanche_protector", "flooded"})

# The first tag that is known decides.
_AREAS: Final[Mapping[str, Mapping[str, Drawn]]] = {
    "natural": {
        "water": Drawn("water", 4),
        "bay": Drawn("water", 4),
        "wood": Drawn("wood", 6),
        "scrub": Drawn("wood", 11),
        "heath": Drawn("park", 10),
        "grassland": Drawn("farm", 10),
        "wetland": Drawn("farm", 10),
    },
    "waterway": {"riverbank": Drawn("water", 4), "dock": Drawn("water", 8)},
    "landuse": {
        "forest": Drawn("wood", 6),
        "reservoir": Drawn("water", 4),
        "basin": Drawn("water", 10),
        "residential": Drawn("built", 7),
        "education": Drawn("built", 10),
        "institutional": Drawn("built", 10),
        "religious": Drawn("built", 12),
        "military": Drawn("built", 9),
        "construction": Drawn("built", 10),
        "garages": Drawn("built", 12),
        "commercial": Drawn("industry", 9),
        "industrial": Drawn("industry", 8),
        "retail": Drawn("industry", 10),
        "railway": Drawn("industry", 10),
        "port": Drawn("industry", 8),
        "quarry": Drawn("industry", 9),
        "landfill": Drawn("industry", 10),
        "farmland": Drawn("farm", 8),
        "farmyard": Drawn("farm", 11),
        "meadow": Drawn("farm", 9),
        "orchard": Drawn("farm", 10),
        "vineyard": Drawn("farm", 9),
        "plant_nursery": Drawn("farm", 11),
        "greenhouse_horticulture": Drawn("farm", 11),
        "allotments": Drawn("park", 10),
        "cemetery": Drawn("park", 10),
        "recreation_ground": Drawn("park", 10),
        "village_green": Drawn("park", 11),
        "grass": Drawn("park", 12),
        "flowerbed": Drawn("park", 14),
    },
    "leisure": {
        "park": Drawn("park", 9),
        "garden": Drawn("park", 12),
        "common": Drawn("park", 11),
        "golf_course": Drawn("park", 10),
        "stadium": Drawn("park", 11),
        "sports_centre": Drawn("park", 11),
        "water_park": Drawn("park", 11),
        "horse_riding": Drawn("park", 12),
        "miniature_golf": Drawn("park", 13),
        "pitch": Drawn("park", 13),
        "track": Drawn("park", 13),
        "playground": Drawn("park", 13),
        "dog_park": Drawn("park", 13),
        "swimming_pool": Drawn("water", 13),
        "marina": Drawn("water", 10),
    },
    "amenity": {
        "grave_yard": Drawn("park", 12),
        "university": Drawn("built", 10),
        "college": Drawn("built", 11),
        "school": Drawn("built", 12),
        "kindergarten": Drawn("built", 13),
        "hospital": Drawn("built", 10),
    },
    "tourism": {
        "zoo": Drawn("park", 10),
        "theme_park": Drawn("park", 10),
        "camp_site": Drawn("park", 12),
    },
    "aeroway": {"aerodrome": Drawn("industry", 9)},
    "man_made": {"works": Drawn("industry", 11), "wastewater_plant": Drawn("industry", 11)},
}
_WITHOUT_LABEL: Final = frozenset({"pitch", "track", "playground", "swimming_pool", "dog_park"})
"""Names of such areas are seldom names: there are ten *Bolzplatz* in a city."""

_PLACES: Final[Mapping[str, Labelled]] = {
    "city": Labelled("city", 1, 4),
    "town": Labelled("city", 2, 7),
    "borough": Labelled("district", 3, 10),
    "suburb": Labelled("district", 3, 10),
    "village": Labelled("village", 4, 9),
    "quarter": Labelled("quarter", 5, 11),
    "neighbourhood": Labelled("quarter", 6, 12),
    "hamlet": Labelled("village", 6, 12),
}
_SIGHTS: Final[Mapping[str, Mapping[str, Labelled]]] = {
    "railway": {"station": Labelled("station", 4, 11), "halt": Labelled("station", 5, 12)},
    "building": {
        "train_station": Labelled("station", 4, 11),
        "cathedral": Labelled("landmark", 6, 13),
        "church": Labelled("landmark", 8, 15),
    },
    "aeroway": {"aerodrome": Labelled("landmark", 5, 10)},
    "amenity": {
        "townhall": Labelled("landmark", 5, 13),
        "university": Labelled("landmark", 6, 13),
        "hospital": Labelled("landmark", 6, 13),
        "bus_station": Labelled("station", 6, 14),
        "theatre": Labelled("landmark", 7, 14),
        "marketplace": Labelled("landmark", 7, 14),
        "college": Labelled("landmark", 8, 14),
        "library": Labelled("landmark", 8, 14),
        "courthouse": Labelled("landmark", 8, 14),
        "arts_centre": Labelled("landmark", 8, 15),
        "exhibition_centre": Labelled("landmark", 7, 14),
        "place_of_worship": Labelled("landmark", 9, 15),
        "school": Labelled("landmark", 9, 15),
        "community_centre": Labelled("landmark", 9, 15),
        "police": Labelled("landmark", 9, 15),
        "fire_station": Labelled("landmark", 9, 15),
    },
    "tourism": {
        "zoo": Labelled("landmark", 6, 13),
        "museum": Labelled("landmark", 7, 14),
        "attraction": Labelled("landmark", 8, 15),
        "gallery": Labelled("landmark", 9, 15),
        "viewpoint": Labelled("landmark", 9, 15),
    },
    "historic": {
        "castle": Labelled("landmark", 6, 13),
        "monument": Labelled("landmark", 8, 15),
        "ruins": Labelled("landmark", 8, 15),
        "tower": Labelled("landmark", 8, 14),
    },
    "leisure": {
        "stadium": Labelled("landmark", 6, 13),
        "water_park": Labelled("landmark", 8, 14),
        "sports_centre": Labelled("landmark", 9, 15),
    },
    "man_made": {"tower": Labelled("landmark", 8, 14), "lighthouse": Labelled("landmark", 7, 13)},
    "shop": {"mall": Labelled("landmark", 8, 14)},
}

TELLING: Final = (
    *("highway", "railway", "waterway", "natural", "landuse", "leisure", "place", "amenity", "tourism"),
    *("historic", "aeroway", "man_made", "building", "shop", "boundary", "power", "barrier", "office"),
)
"""Tags that say what an object is, in the order in which they are named where it is not drawn."""


def classify(tags: Tags, shape: Shape) -> Classified:
    """What an object of OpenStreetMap is on the ground, by its tags and the shape of its geometry."""
    name = tags.get("name", "")
    if shape is Shape.LINE:
        return _line(tags, name) or _unknown(tags)
    label = _label(tags) if name else None
    drawn = _first(tags, _AREAS) if shape is Shape.AREA else None
    if drawn is None:
        return Feature(name, label=label) if label is not None else _unknown(tags)
    is_labelled = label is None and bool(name) and drawn.kind in LABEL_OF_AREA and not _has_no_label(tags)
    return Feature(name, drawn, label, is_labelled=is_labelled)


def _line(tags: Tags, name: str) -> Feature | None:
    tunnel = tags.get("tunnel", "") in _TUNNELS
    highway = tags.get("highway", "")
    if highway:
        drawn = _street(highway, tags)
        # Motorways have numbers rather than names.
        return None if drawn is None else Feature(name or _number(drawn.kind, tags), drawn, is_tunnel=tunnel)
    rail = _RAILWAYS.get(tags.get("railway", ""))
    if rail is not None:
        is_siding = tags.get("service", "") in _SIDINGS
        return Feature(name, _OF_SIDINGS if is_siding else rail, is_tunnel=tunnel)
    river = _WATERWAYS.get(tags.get("waterway", ""))
    return None if river is None else Feature(name, river, is_tunnel=tunnel)


def _street(highway: str, tags: Tags) -> Drawn | None:
    if tags.get("area") == "yes" or (
        highway == "service" and tags.get("service", "") in _SERVICES_LEFT_OUT and not tags.get("name")
    ):
        return None
    if tags.get("footway", "") in {"sidewalk", "crossing"}:
        return None
    if highway in _FOR_WALKERS and "designated" in tags.get("bicycle", ""):
        return _HIGHWAYS["cycleway"]
    return _HIGHWAYS.get(highway)


def _number(kind: str, tags: Tags) -> str:
    return tags.get("ref", "").replace(";", " / ") if kind in {"motorway", "primary"} else ""


def _label(tags: Tags) -> Labelled | None:
    return _PLACES.get(tags.get("place", "")) or _first(tags, _SIGHTS)


def _first(tags: Tags, known: Mapping[str, Mapping[str, KindT]]) -> KindT | None:
    for key, values in known.items():
        found = values.get(tags.get(key, ""))
        if found is not None:
            return found
    return None


def _has_no_label(tags: Tags) -> bool:
    return tags.get("leisure", "") in _WITHOUT_LABEL


def _unknown(tags: Tags) -> Unknown:
    return Unknown(next((f"{key}={tags[key]}" for key in TELLING if tags.get(key)), ""))
