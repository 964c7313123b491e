"""The data set of the abstract tests of CQL2 (OGC 21-065r2, annex A), and how they ask it.

The standard has a file of its own, with places of the world. Here contributions have the same kinds of attributes, and
what each predicate finds is said by Python (`Predicate.value`), which knows nothing of our SQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import shapely
from django.contrib.gis.geos import GEOSGeometry

from mapping.models import Campaign, Contribution, Question, QuestionKind, Reply
from mapping.ogc.cql2 import contribution_queryables, parse
from mapping.ogc.cql2.text import parse_text
from mapping.ogc.cql2.tree import Call, Geometry, Literal, Node, Property
from tests.personas import make_contribution

Truth = bool | None
"""None is unknown."""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Place:
    """One row; what is None was not answered. `created` and `reply_created` are the ends of an interval."""

    text: str
    created: datetime
    reply_created: datetime | None = None
    geometry: shapely.Geometry | None = None
    name: str | None = None
    ascii: str | None = None
    people: int | None = None
    least: int | None = None
    most: int | None = None
    height: float | None = None
    capital: bool | None = None
    tags: tuple[str, ...] | None = None


_GIVEN: Final[tuple[tuple[str, str, str, str], ...]] = (
    ("copenhagen", "2021-04-16T10:15:59Z", "2022-04-16T10:16:06Z", "POINT (12.57 55.68)"),
    ("berlin", "2022-04-16T10:13:19Z", "2022-04-16T10:15:10Z", "POINT (13.4 52.5)"),
    ("chisinau", "2023-01-01T00:00:00Z", "2023-02-01T00:00:00Z", "POINT (28.86 47)"),
    ("baerum", "2022-04-16T10:15:10Z", "2022-04-16T10:16:06Z", "POLYGON ((7 50, 8 50, 8 51, 7 51, 7 50))"),
    (
        "oporto",
        "2022-04-14T14:48:46Z",
        "2022-04-14T14:48:46Z",
        "POLYGON ((-9 40, -7 40, -7 42, -9 42, -9 40))",
    ),
    ("rhine", "2022-04-15T00:00:00Z", "", "LINESTRING (7 50, 8 51, 9 53)"),
    ("meridian", "2020-12-31T23:59:59Z", "2021-01-01T00:00:00Z", "LINESTRING (-2 45, 2 45)"),
    ("coast", "2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z", "POLYGON ((6 49, 7 49, 7 50, 6 50, 6 49))"),
    ("nowhere", "2024-02-29T12:00:00Z", "", ""),
)
_NAMES: Final = {
    "copenhagen": ("København", "Kobenhavn"),
    "berlin": ("Berlin", "Berlin"),
    "chisinau": ("Chișinău", "Chisinau"),
    "baerum": ("Bærum", "Baerum"),
    "oporto": ("PORTO", "Porto"),
    "rhine": ("Größe 50%_O'Hara", "foo"),
    "meridian": ("", "bar"),
    "coast": ("äöüéáí", "aoueai"),
}
_NUMBERS: Final = {
    "copenhagen": (1_038_288, 500_000, 1_100_000, 9.5),
    "berlin": (3_406_000, 3_094_014, 3_094_014, 34.0),
    "chisinau": (688_134, 635_994, 688_134, 85.25),
    "baerum": (0, 0, 3, -3.14),
    "oporto": (1, 1, 1, 3.14),
    "rhine": (-7, -9, -1, 100.0),
    "meridian": (40, 10, 20, 0.0),
}
_CAPITALS: Final = {
    **dict.fromkeys(("copenhagen", "berlin", "chisinau", "meridian"), True),
    **dict.fromkeys(("baerum", "oporto", "rhine"), False),
}
_TAGS: Final[dict[str, tuple[str, ...]]] = {
    "copenhagen": ("port", "rail"),
    "berlin": ("rail",),
    "chisinau": (),
    "baerum": ("port", "rail", "café"),
    "oporto": ("Port",),
    "meridian": ("foo", "bar"),
    "coast": ("foo",),
}


def _place(text: str, created: str, replied: str, wkt: str) -> Place:
    name, plain = _NAMES.get(text, (None, None))
    people, least, most, height = _NUMBERS.get(text, (None, None, None, None))
    return Place(
        text=text,
        created=moment(created),
        reply_created=moment(replied) if replied else None,
        geometry=shapely.from_wkt(wkt) if wkt else None,
        name=name,
        ascii=plain,
        people=people,
        least=least,
        most=most,
        height=height,
        capital=_CAPITALS.get(text),
        tags=_TAGS.get(text),
    )


PLACES: Final = tuple(_place(*given) for given in _GIVEN)
_QUESTIONS: Final = {
    "name": QuestionKind.TEXT,
    "ascii": QuestionKind.LONG_TEXT,
    "people": QuestionKind.SCALE,
    "least": QuestionKind.SCALE,
    "most": QuestionKind.SCALE,
    "height": QuestionKind.NUMBER,
    "capital": QuestionKind.YES_NO,
    "tags": QuestionKind.MULTIPLE_CHOICE,
}


def store(campaign: Campaign) -> None:
    """Make a contribution of each place."""
    spot = campaign.categories.get(slug="spot")
    for slug, kind in _QUESTIONS.items():
        Question.objects.create(category=spot, slug=slug, title=slug, kind=kind, options={})
    for place in PLACES:
        given = {slug: getattr(place, slug) for slug in _QUESTIONS}
        answers = {slug: value for slug, value in given.items() if value is not None}
        made = make_contribution(campaign, None, text=place.text, answers=answers)
        geometry = None if place.geometry is None else GEOSGeometry(shapely.to_wkt(place.geometry), srid=4326)
        Contribution.objects.filter(pk=made.pk).update(geom=geometry, created_at=place.created)
        if place.reply_created is not None:
            Reply.objects.create(
                contribution=made, status="done", text="Thanks.", created_at=place.reply_created
            )


# --- Asking ---------------------------------------------------------------------------------------------------------


def found(campaign: Campaign, text: str) -> set[str]:
    """The places for which a filter is true; in JSON it must find the same (/conf/cql2-json/validate)."""
    known = contribution_queryables(campaign)
    in_text = parse(text, "cql2-text", known)
    in_json = parse(json.dumps(written(parse_text(text))), "cql2-json", known)
    answer, same = (
        set(campaign.contributions.filter(condition).values_list("text", flat=True))
        for condition in (in_text, in_json)
    )
    assert answer == same, text
    return answer


def queryables(campaign: Campaign, *kinds: str) -> list[str]:
    """The names of all queryables of some kinds, as a filter writes them."""
    return [
        f'"{name}"'
        for name, known in contribution_queryables(campaign).items()
        if known.kind in kinds or not kinds
    ]


_SPELLED: Final = {
    "isnull": "isNull",
    "a_containedby": "a_containedBy",
    "t_finishedby": "t_finishedBy",
    "t_metby": "t_metBy",
    "t_overlappedby": "t_overlappedBy",
    "t_startedby": "t_startedBy",
}


def written(node: Node) -> Any:
    """A filter in CQL2 JSON, with names spelled as the schema of the standard has them."""
    if isinstance(node, Property):
        return {"property": node.name}
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Geometry):
        if node.members:
            return {"type": node.type, "geometries": [written(one) for one in node.members]}
        return {"type": node.type, "coordinates": node.coordinates}
    return _call(node)


def _call(node: Call) -> Any:
    args = [written(one) for one in node.args]
    if node.op == "list":
        return args
    if node.op in ("date", "timestamp"):
        return {node.op: args[0]}
    if node.op in ("interval", "bbox"):
        return {node.op: args}
    return {"op": _SPELLED.get(node.op, node.op), "args": args}


# --- What Python says -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Predicate:
    """A filter, and whether it holds for a place."""

    text: str
    value: Callable[[Place], Truth]

    @property
    def expected(self) -> set[str]:
        """The places for which it is true."""
        return {place.text for place in PLACES if self.value(place) is True}


def of(text: str, names: str, value: Callable[..., bool]) -> Predicate:
    """A predicate on some attributes; unknown where one of them has no value."""

    def known(place: Place) -> Truth:
        values = [getattr(place, name) for name in names.split()]
        return None if None in values else value(*values)

    return Predicate(text, known)


def negated(value: Truth) -> Truth:
    return None if value is None else not value


def both(*values: Truth) -> Truth:
    if False in values:
        return False
    return None if None in values else True


def either(*values: Truth) -> Truth:
    return negated(both(*map(negated, values)))
