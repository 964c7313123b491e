"""Checks of coordinates in the text of GIS files (KML, GPX, GML, MIF) before GDAL: it would read "49,44" as 49, nearly
fifty kilometres away.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.parsers import expat

from mapping.imports.problems import TableProblem

_PIECE: Final = 1 << 20
_LONGEST: Final = 2**24
"""Most characters of one element that are checked."""
# Bounded, so that no search takes quadratic time.
_NUMBER: Final = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_ONE: Final = re.compile(rf"\s{{0,40}}{_NUMBER}\s{{0,40}}")
_COMMAS: Final = re.compile(r"\s{0,40},\s{0,40}")
_TUPLE: Final = re.compile(rf"({_NUMBER}),({_NUMBER})(?:,(?:{_NUMBER})?)?")
_PAIR: Final = re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{0,2}}")
# 7,7689 but neither 7.7689,49.4443 nor 412345,5477000.
_DECIMAL_COMMA: Final = re.compile(r"[+-]?(?:[0-9]{1,3},[0-9]{1,40}|[0-9]{1,40},[0-9]{1,3})")
_GPX_POINTS: Final = frozenset(("wpt", "rtept", "trkpt"))
_GML_PARENTS: Final = frozenset(
    ("Point", "LineString", "LinearRing", "LineStringSegment", "Arc", "ArcString", "Circle", "CircleByCenterPoint",
     "ArcByCenterPoint", "GeodesicString", "Envelope", "Box", "coord", "CubicSpline")
)  # fmt: skip
_MIF_DATA: Final = re.compile(rb"^\s*data\s*$", re.IGNORECASE)
_MIF_LINE: Final = re.compile(
    rb"\A\s*(?:(point|line|rect|roundrect|ellipse|arc)\s+)?([-+0-9.][-+0-9.,eE \t]*)$", re.IGNORECASE
)


def require_points(plain: Path, name: str) -> None:
    """Raise TableProblem for the first coordinate that is not a number with a decimal point."""
    found = _LOOKS[plain.suffix](plain) if plain.suffix in _LOOKS else ""
    if found:
        example = " ".join(found.split())[:40]
        raise TableProblem(
            f"{name}: the coordinate {example} cannot be read; numbers need a point, such as 7.7689.",
            "file_coordinates_unreadable",
            example=example,
        )


class _Elements:
    """Parser of a document; calls `judge` with the text of elements, `start` with their attributes."""

    def __init__(self, names: frozenset[str]) -> None:
        self.wrong = ""
        self._names = names
        self._inside: list[str] = []
        self._pieces: list[str] | None = None
        self._size = 0
        self._attributes: Mapping[str, str] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        plain = name.rpartition(":")[2]
        self._inside.append(plain)
        if plain in self._names:
            self._pieces, self._size, self._attributes = [], 0, attributes
        self.wrong = self.wrong or self.in_attributes(plain, attributes)

    def text(self, piece: str) -> None:
        if self._pieces is not None and self._size < _LONGEST:
            self._pieces.append(piece)
            self._size += len(piece)

    def end(self, _name: str) -> None:
        plain = self._inside.pop()
        if self._pieces is not None and plain in self._names:
            parent = self._inside[-1] if self._inside else ""
            # The last number of a truncated text may be incomplete.
            text = "".join(self._pieces) if self._size < _LONGEST else ""
            self.wrong = self.wrong or self.in_text(plain, text, parent, self._attributes)
            self._pieces = None

    def in_attributes(self, _name: str, _attributes: Mapping[str, str]) -> str:
        return ""

    def in_text(self, _name: str, _text: str, _parent: str, _attributes: Mapping[str, str]) -> str:
        return ""


class _Gpx(_Elements):
    """GPX 1.1: lat and lon are decimal degrees."""

    def in_attributes(self, name: str, attributes: Mapping[str, str]) -> str:
        if name not in _GPX_POINTS:
            return ""
        given = [attributes[axis] for axis in ("lat", "lon") if axis in attributes]
        return next((one for one in given if not _ONE.fullmatch(one)), "")


class _Kml(_Elements):
    """KML 2.3: tuples of longitude, latitude and perhaps altitude, with blanks between."""

    def in_text(self, name: str, text: str, parent: str, _attributes: Mapping[str, str]) -> str:
        if name == "coord":
            return next((one for one in text.split() if not _ONE.fullmatch(one)), "")
        tuples = _COMMAS.sub(",", text).split()
        if parent == "Point" and len(tuples) > 1:
            return text
        for one in tuples:
            found = _TUPLE.fullmatch(one)
            # 7,7689 is a longitude with a comma, not the latitude 7689.
            if found is None or ("." not in one and abs(float(found[2])) > 360):
                return one
        return ""


class _Gml(_Elements):
    """GML 3.2: numbers with blanks between; GML 2: tuples with commas, unless the element says otherwise."""

    def in_text(self, name: str, text: str, parent: str, attributes: Mapping[str, str]) -> str:
        if parent not in _GML_PARENTS:
            return ""  # an attribute of the same name
        if name == "coordinates":
            if attributes.get("decimal", ".") != "." or attributes.get("cs", ",") != ",":
                return ""
            tuples = text.split(attributes["ts"]) if attributes.get("ts", "").strip() else text.split()
            too_many = parent == "Point" and len(tuples) > 1
            return text if too_many else next((one for one in tuples if not _PAIR.fullmatch(one.strip())), "")
        tokens = text.split()
        if name == "pos" and len(re.split(r"[\s,]+", text.strip())) > 3:
            return text
        return next((one for one in tokens if _DECIMAL_COMMA.fullmatch(one) or not _PAIR.fullmatch(one)), "")


def _look(make: Callable[[], _Elements]) -> Callable[[Path], str]:
    def look(plain: Path) -> str:
        elements = make()
        parser = expat.ParserCreate()
        parser.StartElementHandler = elements.start
        parser.CharacterDataHandler = elements.text
        parser.EndElementHandler = elements.end
        try:
            with plain.open("rb") as file:
                while not elements.wrong and (piece := file.read(_PIECE)):
                    parser.Parse(piece)
        except (expat.ExpatError, ValueError, LookupError):
            return elements.wrong  # GDAL reports the error of the document.
        return elements.wrong

    return look


def _look_at_mif(plain: Path) -> str:
    """MapInfo's interchange format: GDAL takes a comma for a blank."""
    is_data = False
    with plain.open("rb") as file:
        for line in file:
            is_data = is_data or _MIF_DATA.match(line) is not None
            found = _MIF_LINE.match(line) if is_data else None
            if found is None:
                continue
            numbers = re.split(rb"[\s,]+", found[2].strip())
            most = 2 if not found[1] or found[1].lower() == b"point" else 4
            if len(numbers) > most and b"," in found[2]:
                return found[2].decode("ascii", "ignore")
    return ""


_LOOKS: Final[Mapping[str, Callable[[Path], str]]] = {
    ".gpx": _look(lambda: _Gpx(frozenset())),
    ".kml": _look(lambda: _Kml(frozenset(("coordinates", "coord")))),
    ".gml": _look(
        lambda: _Gml(frozenset(("coordinates", "pos", "posList", "lowerCorner", "upperCorner", "X", "Y")))
    ),
    ".mif": _look_at_mif,
}
