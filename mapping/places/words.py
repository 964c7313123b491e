"""Places in words, in the language of the reader: `Nähe Fackelstraße 12, Innenstadt`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils.translation import gettext as _

from mapping.models import Campaign, Contribution
from mapping.places.around import Around, Position, around
from mapping.places.names import PlaceKind


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """A place in words, and what they are made of; all empty where nothing is near."""

    words: str = ""
    address: str = ""
    street: str = ""
    district: str = ""

    def __str__(self) -> str:
        return self.words


def words_at(position: Position, layer_id: int | None) -> PlaceWords:
    """The words of a position (longitude, latitude); districts are those of a layer. One query."""
    [words] = words_of([position], layer_id)
    return words


def words_of(positions: Sequence[Position], layer_id: int | None) -> list[PlaceWords]:
    """The words of each position (longitude, latitude), in order; districts are those of a layer. One query."""
    return [_in_words(found) for found in around(positions, [layer_id] * len(positions))]


def name_places(contributions: Iterable[Contribution], campaign: Campaign | None = None) -> None:
    """Give contributions their places in words, as `place_words`: empty without a place. One query.

    Without a campaign that is theirs, `campaign` must be loaded with each. For those who may see the places: callers
    have passed the gate.
    """
    placed: list[tuple[Contribution, Position]] = []
    for one in contributions:
        one.place_words = PlaceWords()  # type: ignore[attr-defined] # for pages
        if one.geom is not None:
            placed.append((one, position_of(one.geom)))
    layers = [(campaign or one.campaign).district_layer_id for one, _position in placed]
    found = around([position for _one, position in placed], layers)
    for (one, _position), here in zip(placed, found, strict=True):
        one.place_words = _in_words(here)  # type: ignore[attr-defined] # as above


def position_of(geometry: GEOSGeometry) -> Position:
    """A position on a geometry (EPSG:4326): for lines and areas one that lies on them."""
    point = geometry if isinstance(geometry, Point) else geometry.point_on_surface
    return point.x, point.y


def _in_words(found: Around) -> PlaceWords:
    nearest = found.nearest
    parts = [] if nearest is None else [_("Near %(place)s") % {"place": nearest.name}]
    if found.district:
        parts.append(found.district)
    is_address = nearest is not None and nearest.kind is not PlaceKind.STREET
    return PlaceWords(
        words=", ".join(parts),
        address=nearest.name if nearest is not None and is_address else "",
        street=found.street,
        district=found.district,
    )
