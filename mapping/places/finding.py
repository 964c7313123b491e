"""Addresses, streets, districts and well-known places by name, spelled any way.

Streets and labels of the city's own ground are found, too, where the table of addresses does not name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.gis.db.models import Collect
from django.contrib.gis.db.models.functions import Envelope, PointOnSurface, Transform
from django.db.models import Min, Q

from mapping.geo.bbox import Box
from mapping.geo.ground import LABEL, LINE, STREETS
from mapping.models import Address, Campaign, District, GroundFeature
from mapping.models.reference.address import BEST_FIRST, PlaceFold, likened
from mapping.places.names import PlaceKind, as_number, label_of, named, number_of

MOST_PLACES: Final = 10
SHORTEST_WORDS: Final = 2
_MOST_COMPARED: Final = 300
"""Rows of a search without a number, which are put together to streets."""
_ONLY_LIKE: Final = 3
"""The nearness (`likened`) of names that have all words somewhere or resemble them."""
_NUMBER: Final = re.compile(r"(?<!\w)\d{1,4}\s?[a-zA-Z]?(?!\w|\.\s*\w)")
"""The number of a house, as it is typed; the day of "Straße des 17. Juni" is none."""
_TOWN: Final = re.compile(r"(?<=[^\s,])[\s,]+(?:D[-\s])?\d{5}(?!\w).*\Z", re.DOTALL)
"""The end of a postal address, behind the street."""
_STREET: Final = re.compile(r"\b(?!PLZ\b)[^\W\d_]{3}", re.IGNORECASE)
"""The first letters of a street's name; in "PLZ 67655 Kaiserslautern" the town is all there is."""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place by its name: position (degrees, EPSG:4326), the box of districts, the kind and its words."""

    name: str
    kind: PlaceKind
    title: str
    lon: float
    lat: float
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class _Ranked:
    place: FoundPlace
    order: tuple[int, float, int, str]


def _without_town(words: str) -> str:
    street = _TOWN.sub("", words)
    return street if _STREET.search(street) else words


def find_places(
    words: str, campaign: Campaign | None = None, *, limit: int = MOST_PLACES
) -> list[FoundPlace]:
    """Places whose names have or resemble the words, the best first; of districts those of the campaign's layer.

    Without a number in the words the houses of a street are one street; a number that nobody knows is left out, as are
    postal code and town behind a street. Three queries for what is found as it is typed, three more otherwise.
    """
    words = _without_town(words.strip())
    if len(words) < SHORTEST_WORDS:
        return []
    number = _NUMBER.match(words)
    if number is not None:
        # Some write the number of a house before its street.
        words = f"{words[number.end() :]} {number[0]}"
    found = _found(words, campaign)
    number = _last_number(words)
    if number is not None and not any(_has_number(one, number[0]) for one in found):
        without = (words[: number.start()] + words[number.end() :]).strip()
        if len(without) >= SHORTEST_WORDS:
            found = _found(without, campaign) or found
    return [one.place for one in found[:limit]]


def _last_number(words: str) -> re.Match[str] | None:
    """The number of a house in the words: the last one, since names of streets hold numbers, too."""
    return max(_NUMBER.finditer(words), key=re.Match.start, default=None)


def _has_number(one: _Ranked, number: str) -> bool:
    """Whether a place was found as it was typed, or is the house of a number whose street is spelled otherwise."""
    return one.order[0] < _ONLY_LIKE or number_of(one.place.name) == as_number(number)


def _found(words: str, campaign: Campaign | None) -> list[_Ranked]:
    """All that fits: exact names, then beginnings, parts and likenesses; short names before long ones."""
    has_number = _last_number(words) is not None
    rows = [*_addresses(words, by_street=not has_number), *_districts(words, campaign)]
    known = {one.place.name for one in rows}
    rows += (one for one in _ground(words) if one.place.name not in known)
    return sorted(rows, key=lambda one: one.order)


def _addresses(words: str, *, by_street: bool) -> Iterable[_Ranked]:
    rows = Address.objects.like(words)[: _MOST_COMPARED if by_street else MOST_PLACES]
    streets: dict[str, list[Address]] = {}
    known: set[str] = set()
    for row in rows:
        one = named(row.name, row.kind)
        if by_street and one.kind is PlaceKind.ADDRESS:
            streets.setdefault(one.street, []).append(row)
            continue
        known.add(row.name)
        yield _ranked(row, row.name, one.kind, one.title)
    for street, houses in streets.items():
        if street not in known:
            # The house in the middle of those found stands for its street.
            middle = houses[len(houses) // 2]
            yield _ranked(middle, street, PlaceKind.STREET, str(PlaceKind.STREET.label), as_of=houses[0])


def _ranked(row: Address, name: str, kind: PlaceKind, title: str, *, as_of: Address | None = None) -> _Ranked:
    place = FoundPlace(name, kind, title, row.geom.x, row.geom.y)
    best = as_of or row
    return _Ranked(place, (best.nearness, -round(best.likeness, 4), len(name), name))  # type: ignore[attr-defined]


def _districts(words: str, campaign: Campaign | None) -> Iterable[_Ranked]:
    rows = District.objects.alias(folded=PlaceFold("name"))
    if campaign is not None:
        rows = rows.filter(layer=campaign.district_layer_id)
    else:
        # Divisions of the city that only drafts have are not public yet.
        used = Campaign.objects.exclude(district_layer=None).values("district_layer")
        public = Campaign.objects.visible().values("district_layer")
        rows = rows.filter(Q(layer__in=public) | ~Q(layer__in=used))
    found = likened(rows, words).annotate(middle=PointOnSurface("geom"), box=Envelope("geom"))
    title = str(PlaceKind.DISTRICT.label)
    seen: set[str] = set()
    for row in found.order_by(*BEST_FIRST, "pk").only("name")[:MOST_PLACES]:
        if row.name not in seen:
            seen.add(row.name)
            place = FoundPlace(
                row.name, PlaceKind.DISTRICT, title, row.middle.x, row.middle.y, row.box.extent
            )
            yield _Ranked(place, (row.nearness, -round(row.likeness, 4), len(row.name), row.name))


def _ground(words: str) -> Iterable[_Ranked]:
    """Streets, whose pieces are one, and labels of the ground."""
    named_rows = Q(layer=LINE, kind__in=STREETS) | Q(layer=LABEL)
    rows = GroundFeature.objects.alias(folded=PlaceFold("name")).filter(named_rows).exclude(name="")
    found = (
        likened(rows, words)
        .values("name", "layer", "nearness", "likeness")
        .annotate(first=Min("kind"), shape=Transform(Collect("geom"), 4326))
        .order_by(*BEST_FIRST, "layer")[:MOST_PLACES]
    )
    for row in found:
        kind, title = (
            (PlaceKind.STREET, str(PlaceKind.STREET.label))
            if row["layer"] == LINE
            else label_of(row["first"])
        )
        lon, lat = row["shape"].point_on_surface.coords
        place = FoundPlace(row["name"], kind, title, lon, lat)
        yield _Ranked(place, (row["nearness"], -round(row["likeness"], 4), len(row["name"]), row["name"]))


def as_numbers(places: Sequence[FoundPlace]) -> list[dict[str, object]]:
    """Places as the API answers them."""
    return [
        {
            "name": place.name,
            "kind": place.title,
            "type": place.kind.value,
            "lon": round(place.lon, 7),
            "lat": round(place.lat, 7),
            "bbox": None if place.box is None else [round(side, 7) for side in place.box],
        }
        for place in places
    ]
