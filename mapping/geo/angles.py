"""Coordinates as people write them: decimal commas, degrees with minutes and seconds, both numbers in one text."""

import math
import re
from dataclasses import dataclass
from typing import Final, Literal

from mapping.geo.errors import GeometryProblem

Axis = Literal["lon", "lat"]

_AXES: Final[dict[str, tuple[Axis, int]]] = {
    "n": ("lat", 1),
    "s": ("lat", -1),
    "e": ("lon", 1),
    "o": ("lon", 1),  # "Ost"
    "w": ("lon", -1),
}
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,20}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?"
)
_WORDS: Final = re.compile(r"\b(?:nord|north|süd|sued|south|ost|east|west)\b", re.IGNORECASE)
_SAME: Final = str.maketrans(
    {"º": "°", "˚": "°", "’": "'", "‘": "'", "′": "'", "´": "'", "`": "'", "“": '"', "”": '"', "″": '"', "−": "-",
     "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "}
)  # fmt: skip
_PART: Final = r"[0-9]{1,20}(?:[.,][0-9]{0,40})?"
# Single blanks only: callers collapse runs of blanks first, so that matching takes linear time.
_ANGLE: Final = re.compile(
    rf"(?P<before>[nseow])? ?(?P<sign>[+-])? ?(?P<degrees>{_PART}) ?(?P<mark>°)? ?"
    rf"(?:(?<=[° ])(?P<minutes>{_PART}) ?(?:'(?!') ?|(?= |$) ?))?"
    rf"""(?:(?<=[' ])(?P<seconds>{_PART}) ?(?:"|'')? ?)?"""
    r"(?P<after>[nseow])?",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"\s*[;/|]\s*|\s*,\s+|\s+,\s*|\s+")
_BRACKETS: Final = re.compile(r"^(?:geo:)?\s*[(\[{]?\s*(.*?)\s*[)\]}]?\s*$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One number of a position; `axis` is set if a letter names it."""

    value: float
    axis: Axis | None = None


def parse_coordinate(text: str, axis: Axis | None = None) -> float:
    """Read one coordinate: 7.7689, 7,7689, 7,7689° E, 7°46'08"E, N 49 26 39. Thousands separators are not understood.

    `axis` is the expected one. Raises GeometryProblem "not_a_number", "not_finite", "wrong_axis".
    """
    found = _coordinate(text)
    if axis is not None and found.axis not in {None, axis}:
        raise GeometryProblem("wrong_axis", text=text.strip()[:40])
    return found.value


def parse_position(text: str, *, lat_first: bool) -> tuple[float, float]:
    """Read both numbers of a position as (longitude, latitude) or (x, y): 49.4443, 7.7689 or 49,4452 7,7701 or
    49°26'39"N 7°46'08"E, with the latitude first unless said otherwise. Letters go before `lat_first`.

    Further numbers (altitude and accuracy, as written by survey apps) are ignored.
    Raises GeometryProblem "not_a_number", "not_finite", "wrong_axis".
    """
    first, second = map(_coordinate, _parts(_BRACKETS.sub(r"\1", text)))
    axes = (first.axis, second.axis)
    if axes in {("lat", "lat"), ("lon", "lon")}:
        raise GeometryProblem("wrong_axis", text=text.strip()[:40])
    is_lat_first = lat_first if axes == (None, None) else (first.axis == "lat" or second.axis == "lon")
    return (second.value, first.value) if is_lat_first else (first.value, second.value)


def _coordinate(text: str) -> Coordinate:
    if _NUMBER.fullmatch(text):
        return Coordinate(_finite(text))
    plain = _WORDS.sub(lambda word: word[0][0], text.translate(_SAME)).strip()
    if plain.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise GeometryProblem("not_finite")
    if _NUMBER.fullmatch(plain):
        return Coordinate(_finite(plain))
    found = _ANGLE.fullmatch(" ".join(plain.replace("''", '"').split()))
    if found is None or (found["before"] and found["after"]):
        raise GeometryProblem("not_a_number")
    letter = (found["before"] or found["after"] or "").lower()
    if not letter and not found["mark"]:
        raise GeometryProblem("not_a_number")
    return _of_parts(found, letter)


def _finite(text: str) -> float:
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise GeometryProblem("not_finite")
    return value


def _of_parts(found: re.Match[str], letter: str) -> Coordinate:
    parts = [found["degrees"], found["minutes"], found["seconds"]]
    numbers = [float((part or "0").replace(",", ".")) for part in parts]
    # Only the last part may have decimals: 49.5° 30' is no angle.
    present = [number for number, part in zip(numbers, parts, strict=True) if part]
    if any(not number.is_integer() for number in present[:-1]) or max(numbers[1:]) >= 60:
        raise GeometryProblem("not_a_number")
    axis, direction = _AXES[letter] if letter else (None, 1)
    if found["sign"] == "-":
        if direction < 0:
            raise GeometryProblem("not_a_number")
        direction = -1
    return Coordinate(direction * (numbers[0] + numbers[1] / 60 + numbers[2] / 3600), axis)


def _parts(text: str) -> tuple[str, str]:
    """The texts of the two numbers."""
    plain = _WORDS.sub(lambda word: word[0][0], text.translate(_SAME)).strip()
    if re.search("[°nseow]", plain, re.IGNORECASE) and not re.search(r"\de[+-]?\d", plain, re.IGNORECASE):
        return _angles(plain)
    parts = _BETWEEN.split(plain)
    if len(parts) == 1:
        numbers = plain.split(",")
        # 49,4452,7,7701: all commas, of which the middle one separates.
        parts = [",".join(numbers[:2]), ",".join(numbers[2:])] if len(numbers) == 4 else numbers
    if not 2 <= len(parts) <= 4 or not all(map(_NUMBER.fullmatch, parts)):
        raise GeometryProblem("not_a_number")
    return parts[0], parts[1]


def _angles(plain: str) -> tuple[str, str]:
    letters = [at for at, letter in enumerate(plain.lower()) if letter in _AXES]
    if len(letters) == 2:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
        first, second = plain[:cut], plain[cut:]
    else:
        parts = re.split(r"\s*[;/|]\s*|,\s+|(?<=[\"'°])\s*,?\s*(?=[+-]?[0-9]{1,3}(?:[.,][0-9]+)?\s*°)", plain)
        if len(parts) != 2:
            raise GeometryProblem("not_a_number")
        first, second = parts
    return first.strip(" ,;/|"), second.strip(" ,;/|")
