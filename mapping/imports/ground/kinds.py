"""What a row of a file is on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Shape(StrEnum):
    """The dimension of a row's geometry."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area or line: its class, and the first zoom at which it is drawn."""

    kind: str
    from_zoom: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label: its class, its rank (1 most important, 9 least), and the first zoom at which it is drawn."""

    kind: str
    rank: int
    from_zoom: int


@dataclass(frozen=True, slots=True)
class Feature:
    """What a row is: what is drawn of its shape, what is written at a point of it, or both.

    `name` may be empty; a label needs one. With `is_labelled` the name of an area is written on it, and the area's size
    decides about rank and zoom of the label.
    """

    name: str = ""
    drawn: Drawn | None = None
    label: Labelled | None = None
    is_labelled: bool = False
    is_tunnel: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A row that is nothing on the ground, in words: `amenity=bench`; empty where nothing says what it is."""

    words: str = ""


Classified = Feature | Unknown

LABEL_OF_AREA: Final = {"water": "water", "wood": "park", "park": "park"}
"""The class of the labels of named areas, by the class of these."""
