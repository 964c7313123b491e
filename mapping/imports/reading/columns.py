"""Guesses the meaning of fields by their names, in German and English, as used in official tables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# Names after `_plain`; the first match wins, so more specific ones come first.
_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "lon": ("lon", "long", "longitude", "lng", "laenge", "laengengrad", "geolaenge", "geolon", "wgs84lon", "x",
            "xcoord", "xkoordinate", "koordinatex", "koordx", "coordx", "e", "east", "easting", "rechtswert", "rechts",
            "ostwert", "ost", "rw", "xwert", "utmeast", "utme", "utmx", "utmost", "utmrechts", "gkrechts"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "geobreite", "geolat", "wgs84lat", "y", "ycoord",
            "ykoordinate", "koordinatey", "koordy", "coordy", "n", "north", "northing", "hochwert", "hoch", "nordwert",
            "nord", "hw", "ywert", "utmnorth", "utmn", "utmy", "utmnord", "utmhoch", "gkhoch"),
    "place": ("wkt", "ewkt", "wkb", "ewkb", "wktgeom", "geom", "thegeom", "geometry", "geometrie", "geojson", "shape",
              "geoshape", "geopoint", "geopoint2d", "geo", "latlon", "latlng", "latlong", "lonlat", "lnglat",
              "longlat", "coordinates", "coords", "koordinaten", "koordinate", "coordinate", "gps", "position",
              "location", "standort", "punkt", "point", "ort", "place", "lage", "verortung"),
    "id": ("id", "fid", "objectid", "objektid", "gid", "uuid", "index", "nummer", "nr", "lfdnr", "oid", "globalid"),
    "category": ("category", "kategorie", "kat", "thema", "rubrik", "typ", "type", "art", "kind", "topic"),
    "time": ("created", "createdat", "date", "datum", "time", "zeit", "zeitpunkt", "timestamp", "erstellt",
             "erstelltam", "eingang", "eingangsdatum", "requesteddatetime", "meldedatum"),
    "text": ("text", "beschreibung", "description", "comment", "kommentar", "bemerkung", "anmerkung", "freitext",
             "detail", "details", "inhalt", "meldung", "message", "beitrag"),
    "name": ("name", "bezeichnung", "bez", "gen", "title", "titel", "ort", "stadtteil", "ortsbezirk", "district",
             "strasse", "street", "adresse", "address", "note", "label", "plz", "postcode"),
    "code": ("code", "schluessel", "key", "plz", "postcode", "plz5", "ags", "ars", "nr", "nummer", "number", "kennung",
             "gemeindeschluessel", "stadtteilnr", "id"),
    "kind": ("kind", "art", "typ", "type", "highway", "place", "objektart", "fclass"),
    "cell": ("gridid", "gitterid", "gitterid100m", "gitterid1km", "gridinspire", "cellid", "zelle", "cell", "id",
             "rasterid", "inspireid", "geogitter"),
    "count": ("popsum", "einwohner", "population", "pop", "inhabitants", "insgesamt", "total", "bevoelkerung",
              "anzahl", "count", "personen"),
}  # fmt: skip
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


# Words that denote an axis anywhere in a name: "_X_latitude", "Rechtswert (UTM 32)", "geoLon".
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "lon": frozenset(
        ("lon", "lng", "longitude", "laengengrad", "rechtswert", "rechts", "ostwert", "easting")
    ),
    "lat": frozenset(("lat", "latitude", "breitengrad", "hochwert", "hoch", "nordwert", "northing")),
}
_OTHER_AXIS: Final = {"lon": "lat", "lat": "lon"}


def guessed(meaning: str, fields: Iterable[str]) -> str | None:
    """The field that most likely has a meaning, e.g. "lon", "category", "time"; None without a match."""
    by_name: dict[str, str] = {}
    for field in fields:
        by_name.setdefault(_plain(field), field)
    exact = next((by_name[name] for name in _NAMES[meaning] if name in by_name), None)
    if exact is not None or meaning not in _WORDS:
        return exact
    return next((field for field in by_name.values() if _names_axis(field, meaning)), None)


def _names_axis(field: str, axis: str) -> bool:
    """Whether a name contains a word for an axis, and none for the other axis."""
    words = {_plain(word) for word in re.split(r"[\W_]+|(?<=[a-zäöü])(?=[A-Z])", field)}
    return bool(words & _WORDS[axis]) and not words & (_WORDS[_OTHER_AXIS[axis]] | {"long"} - _WORDS[axis])


def guessed_crs(xs: Iterable[object], ys: Iterable[object]) -> str | None:
    """Guess a CRS by the range of coordinates: degrees, ETRS89 / UTM zone 32 or 33, Gauß-Krüger, Swiss LV95 or LAEA.

    None without a match; a guess is only a proposal that users verify on the map.
    """
    eastings, northings = sorted(_numbers(xs)), sorted(_numbers(ys))
    if not eastings or not northings:
        return None
    east, north = eastings[len(eastings) // 2], northings[len(northings) // 2]
    if abs(east) <= 180 and abs(north) <= 90:
        return "EPSG:4326"
    for code, (west, right, south, top) in _RANGES.items():
        if west <= east <= right and south <= north <= top:
            return code
    return None


_RANGES: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "EPSG:2056": (2_480_000, 2_840_000, 1_070_000, 1_300_000),
    "EPSG:21781": (480_000, 840_000, 70_000, 300_000),
    # UTM with the number of the zone in front.
    "EPSG:5649": (31_250_000, 31_950_000, 5_200_000, 6_150_000),
    "EPSG:4647": (32_250_000, 32_950_000, 5_200_000, 6_150_000),
    "EPSG:5650": (33_250_000, 33_950_000, 5_200_000, 6_150_000),
    "EPSG:31466": (2_500_000, 2_650_000, 5_200_000, 6_150_000),
    "EPSG:31467": (3_250_000, 3_950_000, 5_200_000, 6_150_000),
    "EPSG:31468": (4_350_000, 4_750_000, 5_200_000, 6_150_000),
    "EPSG:25832": (250_000, 950_000, 5_200_000, 6_150_000),
    "EPSG:3857": (600_000, 1_700_000, 5_900_000, 7_400_000),
    "EPSG:3035": (4_000_000, 4_700_000, 2_600_000, 3_600_000),
}


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().translate(_UMLAUTS))


def _numbers(values: Iterable[object]) -> Iterable[float]:
    for value in values:
        try:
            number = float(str(value).strip().replace(",", "."))
        except ValueError:
            continue
        if number == number and abs(number) < 1e9:  # noqa: PLR0124 - not a number differs from itself
            yield number
