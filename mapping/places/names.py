"""What names of the table of addresses stand for: one house, a street, a part of the city, a well-known place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_NUMBER: Final = re.compile(r"(?<=[\s,])\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4})?\Z")
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_STREETS: Final = frozenset({"street", "straße", "strasse", "road", "weg (straße)"})
_DISTRICTS: Final = frozenset(
    {"district", "quarter", "suburb", "stadtteil", "ortsbezirk", "ortsteil", "quartier", "bezirk"}
)


class PlaceKind(TextChoices):
    """What a name stands for."""

    ADDRESS = "address", _("Address")
    STREET = "street", _("Street")
    DISTRICT = "district", _("District")
    PLACE = "place", _("Place")


_LABELS: Final = {
    "city": _("Town"),
    "village": _("Village"),
    "park": _("Park"),
    "water": _("Water"),
    "station": _("Station"),
    "landmark": _("Well-known place"),
}
"""Classes of labels of the ground (`geo.ground`) in words; all others are districts."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the table of addresses, taken apart; `street` is empty for places that are none."""

    name: str
    kind: PlaceKind
    street: str
    title: str
    """The kind in words: of well-known places as the table has it, else in the language of the reader."""


def named(name: str, kind: str) -> Named:
    """Take a name with its kind (as imported, any words) apart."""
    known = kind.strip().lower()
    if known in _DISTRICTS:
        return Named(name, PlaceKind.DISTRICT, "", str(PlaceKind.DISTRICT.label))
    street = street_of(name)
    if street:
        return Named(name, PlaceKind.ADDRESS, street, str(PlaceKind.ADDRESS.label))
    if known in _STREETS:
        return Named(name, PlaceKind.STREET, name, str(PlaceKind.STREET.label))
    return Named(name, PlaceKind.PLACE, "", kind or str(PlaceKind.PLACE.label))


def label_of(kind: str) -> tuple[PlaceKind, str]:
    """What a label of the ground stands for, and its kind in words."""
    title = _LABELS.get(kind)
    if title is None:
        return PlaceKind.DISTRICT, str(PlaceKind.DISTRICT.label)
    return PlaceKind.PLACE, str(title)


def number_of(name: str) -> str:
    """The number of the house as it is compared, `12a` of `Fackelstraße 12 a`; empty for names without one."""
    number = _NUMBER.search(name.strip())
    return "" if number is None else as_number(number[0])


def as_number(words: str) -> str:
    """The number of a house in small letters and without blanks."""
    return "".join(words.lower().split())


def street_of(name: str) -> str:
    """The street of a numbered address: `Fackelstraße` of `Fackelstraße 12 a`; empty for names without a number."""
    number = _NUMBER.search(name.strip())
    if number is None:
        return ""
    street = number.string[: number.start()].strip(" ,")
    return street if _WORD.search(street) else ""
