"""What another system says in OParl 1.0 or 1.1, as values that services take; everything of it may be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.gis.geos import Point
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from engagement.models import DocumentKind
from engagement.services.events.values import EventValues, Timing

Json = Mapping[str, Any]

_ZONE: Final = "Europe/Berlin"
_USUAL: Final = timedelta(hours=2)
"""How long a session lasts whose end is not told."""
_UNNAMED: Final = "Sitzung"
_PDF: Final = "application/pdf"
_YEARS: Final = range(1900, 2201)
_SCHEMES: Final = ("http://", "https://")
_LONGEST_ORIGIN: Final = 500
"""As it is stored."""
_LONGEST_ADDRESS: Final = 8_000
"""As servers take it."""
_MOST_CONSULTATIONS: Final = 5
"""Of one item of an agenda."""
_MAY_BE_LINKED: Final = re.compile(r"[!-;=?-~]+")
"""ASCII signs without blanks, `<` and `>`, which would end a link."""
_FILES: Final = {"invitation": DocumentKind.INVITATION, "resultsProtocol": DocumentKind.MINUTES}
_TITLES: Final = {DocumentKind.INVITATION: "Einladung", DocumentKind.MINUTES: "Protokoll"}


class Unusable(Exception):
    """An object without what is needed of it."""


@dataclass(frozen=True)
class Item:
    """An item of an agenda."""

    origin: str
    values: dict[str, object]
    consultations: tuple[str, ...] = ()
    """Addresses: each names a paper."""


@dataclass(frozen=True)
class File:
    """A PDF of a session or a paper."""

    origin: str
    kind: DocumentKind
    title: str
    name: str
    address: str
    modified: datetime | None


@dataclass(frozen=True)
class Paper:
    """What was submitted to a body, with its main file where that is a PDF; `web` is its page there, may be empty."""

    origin: str
    values: dict[str, object]
    file: File | None
    web: str


@dataclass(frozen=True)
class Meeting:
    """A session. `timing` is on the clock of Germany, `start` the same moment."""

    origin: str
    values: EventValues
    timing: Timing
    start: datetime
    end: datetime
    is_cancelled: bool
    agenda: tuple[Item, ...]
    files: tuple[File, ...]


def is_a(found: Json, kind: str) -> bool:
    """Whether an object is of a type, in 1.0 or 1.1."""
    return text(found, "type").endswith(f"/{kind}")


def is_deleted(found: Json) -> bool:
    """Whether an object is deleted there."""
    return found.get("deleted") is True


def text(found: Json, name: str, most: int = 500) -> str:
    """A text, cut where it is too long; empty where it is none."""
    value = found.get(name)
    return " ".join(value.replace("\0", "").split())[:most].strip() if isinstance(value, str) else ""


def paragraphs(found: Json, name: str, most: int) -> str:
    """A text of several lines."""
    value = found.get(name)
    return value.replace("\0", "")[:most].strip() if isinstance(value, str) else ""


def origin_of(found: Json) -> str:
    """The id. Raises Unusable where it is none that can be stored."""
    value = found.get("id")
    if not _is_address(value):
        raise Unusable
    return str(value)


def objects(value: object) -> Iterator[Json]:
    """The objects of a list."""
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, dict))


def addresses(value: object) -> list[str]:
    """The addresses of a list, without those that cannot be stored."""
    return [one for one in value if _is_address(one)] if isinstance(value, list) else []


def address(found: Json, name: str) -> str:
    """An address to fetch, never cut: a part of one is another one. Empty where it is none."""
    value = found.get(name)
    whole = value.strip() if isinstance(value, str) else ""
    is_one = whole.startswith(_SCHEMES) and len(whole) <= _LONGEST_ADDRESS and whole.isprintable()
    return whole if is_one else ""


def _is_address(value: object) -> bool:
    """Whether it is an address as RFC 3986 writes them: of ASCII letters and signs only, hence without NUL."""
    if not isinstance(value, str) or not value.startswith(_SCHEMES):
        return False
    return len(value) <= _LONGEST_ORIGIN and value.isascii() and value.isprintable()


def name_of(found: Json) -> str:
    """The name of an Organization; empty without any."""
    return text(found, "name", 160) or text(found, "shortName", 160)


def name_of_person(found: Json) -> str:
    """The name of a Person; empty without any."""
    parts = (text(found, "givenName"), text(found, "familyName"))
    return text(found, "name", 120) or " ".join(filter(None, parts))[:120].strip()


def span(found: Json) -> tuple[date | None, date | None]:
    """The first and the last day; an end before the start is none."""
    since, until = day(found, "startDate"), day(found, "endDate")
    return since, None if since is not None and until is not None and until < since else until


def day(found: Json, name: str) -> date | None:
    """A day, also where a moment was sent; None of unlikely years."""
    try:
        on = parse_date(text(found, name)[:10])
    except ValueError:
        return None
    return on if on is not None and on.year in _YEARS else None


def moment(found: Json, name: str) -> datetime | None:
    """A moment with its offset; None of years at whose ends no other zone has a time for it."""
    try:
        at = parse_datetime(text(found, name))
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None and at.year in _YEARS else None


def meeting(found: Json, body: str = "") -> Meeting:
    """A session; one without a name has that of its body. Raises Unusable without a start."""
    start, title = moment(found, "start"), text(found, "name", 160) or body or _UNNAMED
    if start is None:
        raise Unusable
    end = moment(found, "end")
    if end is None or not start < end <= start + timedelta(days=7):
        end = start + _USUAL
    here, there = timezone.localtime(start), timezone.localtime(end)
    timing = Timing(
        starts_on=here.date(),
        starts_time=here.time().replace(second=0, microsecond=0),
        ends_on=there.date(),
        ends_time=there.time().replace(second=0, microsecond=0),
        time_zone=_ZONE,
        is_second=here.fold == 1,
    )
    agenda = tuple(_items(found))
    return Meeting(
        origin_of(found),
        _event(found, title),
        timing,
        start.replace(second=0, microsecond=0),
        end.replace(second=0, microsecond=0),
        found.get("cancelled") is True,
        agenda,
        tuple(_files(found, title)),
    )


def _event(found: Json, title: str) -> EventValues:
    place = found.get("location")
    where: Json = place if isinstance(place, dict) else {}
    street = " ".join(
        filter(None, (text(where, "streetAddress"), text(where, "postalCode"), text(where, "locality")))
    )
    name = text(where, "room", 160) or text(where, "description", 160)
    return EventValues(
        title=title,
        place_name=name or ("" if street else "Ort wird noch bekannt gegeben"),
        address=street[:200],
        place=_point(where),
    )


def _point(where: Json) -> Point | None:
    shape: Any = where.get("geojson")
    if isinstance(shape, dict) and shape.get("type") == "Feature":
        shape = shape.get("geometry")
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return None
    try:
        east, north = (float(one) for one in shape["coordinates"][:2])
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return Point(east, north, srid=4326) if abs(east) <= 180 and abs(north) <= 90 else None


def _items(found: Json) -> Iterator[Item]:
    for place, one in enumerate(objects(found.get("agendaItem")), 1):
        if is_deleted(one):
            continue
        title = text(one, "name", 300) or f"TOP {text(one, 'number', 20) or place}"
        values: dict[str, object] = {
            "number": text(one, "number", 20),
            "title": title,
            "result": paragraphs(one, "resolutionText", 5_000) or text(one, "result"),
            "is_public": one.get("public") is not False,
        }
        try:
            yield Item(origin_of(one), values, _consultations(one))
        except Unusable:
            continue


def _consultations(item: Json) -> tuple[str, ...]:
    """One address, or a list of them."""
    value = item.get("consultation")
    return tuple(addresses(value if isinstance(value, list) else [value])[:_MOST_CONSULTATIONS])


def _files(found: Json, title: str) -> Iterator[File]:
    for name, kind in _FILES.items():
        file = _file(found.get(name), kind, f"{_TITLES[kind]}: {title}"[:200])
        if file is not None:
            yield file


def _file(one: object, kind: DocumentKind, title: str) -> File | None:
    """A file with its own name, or a title; None where it is no PDF or cannot be known again."""
    if not isinstance(one, dict) or is_deleted(one):
        return None
    source = address(one, "downloadUrl") or address(one, "accessUrl")
    if not source or text(one, "mimeType") not in {"", _PDF}:
        return None
    words = text(one, "name", 200) or title
    try:
        origin = origin_of(one)
    except Unusable:
        return None
    return File(origin, kind, words, text(one, "fileName", 150), source, moment(one, "modified"))


def paper(found: Json) -> Paper:
    """A paper; one without a name has its type and number. Raises Unusable without any."""
    parts = (text(found, "paperType"), text(found, "reference"))
    title = text(found, "name", 200) or " ".join(filter(None, parts))[:200].strip()
    if not title:
        raise Unusable
    values: dict[str, object] = {
        "title": title,
        "reference": text(found, "reference", 60),
        "summary": text(found, "paperType", 300),
    }
    dated = day(found, "date")
    if dated is not None:
        values["dated"] = dated
    web = address(found, "web")
    file = _file(found.get("mainFile"), DocumentKind.OTHER, title)
    return Paper(origin_of(found), values, file, web if _MAY_BE_LINKED.fullmatch(web) else "")
