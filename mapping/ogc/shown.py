"""Items for HTML pages: titles instead of names, values in words, and the features of the map beside the table."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

import shapely
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mapping.exports.fields import Field, Kind
from mapping.models import Category
from mapping.ogc.collections import AnyCollection
from mapping.reports.classes import HeatClass, classes_of, density_classes_of, step_of
from mapping.wording import in_words_moment, in_words_number

Direction = Literal["ascending", "descending", ""]
Feature = Mapping[str, Any]
"""A GeoJSON feature parsed from text."""

_KM_PER_DEGREE: Final = 111.32
_END_OF_ID: Final = 8


@dataclass(frozen=True)
class Value:
    """One value in words; `category` is set for categories, `links` for values with targets."""

    text: str = ""
    category: Category | None = None
    links: tuple[tuple[str, str], ...] = ()
    is_number: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the value is empty."""
        return not (self.text or self.links)


@dataclass(frozen=True)
class Column:
    """One column of a table, and the address of the table sorted by it."""

    field: Field
    sort_address: str = ""
    direction: Direction = ""

    @property
    def is_number(self) -> bool:
        """Whether values are aligned to the end of cells."""
        return self.field.kind in ("integer", "number")


@dataclass(frozen=True)
class Row:
    """One item; `short_id` distinguishes it from its neighbours."""

    id: str
    values: tuple[Value, ...]
    has_place: bool

    @property
    def short_id(self) -> str:
        """The end of a UUID, whose beginning is the same all day; of joined squares the first; others as they are."""
        try:
            uuid.UUID(self.id)
        except ValueError:
            first, *others = self.id.split("+")
            return f"{first} +{len(others)}" if others and first else self.id
        return f"…{self.id[-_END_OF_ID:]}"


@dataclass(frozen=True)
class Table:
    """Items as a table; attributes that have no value in any row are left out (`left_out`)."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    left_out: int = 0


@dataclass(frozen=True)
class Picture:
    """Data of the map: features with the names of their symbols, and the symbols."""

    features: list[dict[str, Any]]
    looks: dict[str, dict[str, str]]
    classes: Sequence[HeatClass] = field(default_factory=tuple)

    @property
    def for_script(self) -> dict[str, Any]:
        """The JSON for `js/site/ogc.js`."""
        return {"features": self.features, "looks": self.looks}


def table_of(
    features: Sequence[Feature], fields: Iterable[Field], categories: Mapping[str, Category]
) -> Table:
    """Make the table of features; attributes without a description are shown by name."""
    known = {one.name: one for one in fields}
    for feature in features:
        for name, value in feature["properties"].items():
            known.setdefault(name, Field(name, name, _kind_of(value)))
    read = [
        [value_of(one, feature["properties"].get(one.name), categories) for one in known.values()]
        for feature in features
    ]
    kept = [
        number
        for number, _field in enumerate(known.values())
        if not features or any(not row[number].is_empty for row in read)
    ]
    columns = [Column(one) for one in known.values()]
    rows = tuple(
        Row(str(feature["id"]), tuple(row[number] for number in kept), feature["geometry"] is not None)
        for feature, row in zip(features, read, strict=True)
    )
    return Table(tuple(columns[number] for number in kept), rows, len(columns) - len(kept))


def value_of(described: Field, value: object, categories: Mapping[str, Category]) -> Value:
    """A value in words of the page's language."""
    if value is None or value in ("", []):
        return Value()
    titles = {choice.value: str(choice.title) for choice in described.choices}
    if described.name == "category" and str(value) in categories:
        category = categories[str(value)]
        return Value(category.title, category=category)
    if isinstance(value, bool):
        return Value(_("Yes") if value else _("No"))
    if isinstance(value, int | float):
        unit = f" {described.unit}" if described.unit else ""
        return Value(in_words_number(value) + unit, is_number=True)
    if isinstance(value, list):
        if all(str(one).startswith(("http://", "https://")) for one in value):
            return Value(links=tuple((str(one), str(number)) for number, one in enumerate(value, 1)))
        return Value(", ".join(titles.get(str(one), str(one)) for one in value))
    if described.kind == "datetime":
        return Value(_moment(str(value)))
    return Value(titles.get(str(value), str(value)))


def picture_of(
    collection: AnyCollection, features: Sequence[Feature], categories: Mapping[str, Category]
) -> Picture:
    """Make the map data of features, whose places are in longitude and latitude."""
    placed = [feature for feature in features if feature["geometry"] is not None]
    if collection.holds_cells:
        return _cells_picture(collection, placed)
    if collection.holds_contributions:
        looks = {
            category.slug: {
                "slug": category.slug,
                "title": category.title,
                "marker": category.marker,
                "colour": category.colour,
            }
            for category in categories.values()
        }
        drawn = [_drawn(feature, str(feature["properties"].get("category", ""))) for feature in placed]
        return Picture(drawn, looks)
    look = {"slug": "", "title": "", "marker": "square", "colour": "teal"}
    return Picture([_drawn(feature, "outline") for feature in placed], {"outline": look})


def _cells_picture(collection: AnyCollection, placed: Sequence[Feature]) -> Picture:
    numbers = [feature["properties"]["contributions"] for feature in placed]
    if collection.is_release:
        # Areas of a release differ in size: by counts alone a large one would look denser than a crowded small one.
        numbers = [
            number / max(_square_kilometres(feature), 1e-6)
            for number, feature in zip(numbers, placed, strict=True)
        ]
        classes = density_classes_of([number for number in numbers if number > 0])
    else:
        classes = classes_of(numbers)
    drawn = [
        _drawn(feature, f"heat-{(step_of(number, classes) or 0) + 1}")
        for feature, number in zip(placed, numbers, strict=True)
    ]
    return Picture(drawn, {}, classes)


def _square_kilometres(feature: Feature) -> float:
    area = shapely.from_geojson(json.dumps(feature["geometry"]))
    width = _KM_PER_DEGREE * math.cos(math.radians(area.centroid.y))
    return float(area.area * width * _KM_PER_DEGREE)


def _drawn(feature: Feature, look: str) -> dict[str, Any]:
    return {"id": str(feature["id"]), "geometry": feature["geometry"], "look": look}


def _kind_of(value: object) -> Kind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "texts" if isinstance(value, list) else "text"


def _moment(text: str) -> str:
    moment: datetime | None = parse_datetime(text)
    return text if moment is None else in_words_moment(moment)
