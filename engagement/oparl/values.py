"""Ids, types and values as OParl 1.1 wants them: addresses, times with their offset, nothing empty."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry
from django.urls import reverse
from django.utils import timezone

Json = dict[str, Any]

VERSION: Final = "https://schema.oparl.org/1.1/"
THE_CITY: Final = UUID(int=1)
"""The record of what there is once: the city's Body, its place, its LegislativeTerm."""


def site_address(route: str, *args: object) -> str:
    """The canonical address of a route: ids stay the same, whatever host a request was sent to."""
    return settings.SITE_URL + reverse(route, args=args)


def id_of(noun: str, record: UUID) -> str:
    """The id of an object, which is its address."""
    return site_address("oparl:object", noun, record)


def list_of(noun: str) -> str:
    """The address of the list of all objects of a noun."""
    return site_address("oparl:list", noun)


def written(
    noun: str, kind: str, record: UUID, created: datetime, modified: datetime, **values: object
) -> Json:
    """An object without empty values: the standard wants these left out (3, "null-Werte und leere Listen")."""
    known: Json = {
        "id": id_of(noun, record),
        "type": VERSION + kind,
        "created": moment(created),
        "modified": moment(modified),
    }
    return known | filled(values)


def filled(values: Mapping[str, object]) -> Json:
    """The values that are not empty; False and 0 are values."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def moment(at: datetime) -> str:
    """A moment with the offset of the site's time zone, never `Z` (3, "Datums- und Zeitangaben")."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def day(on: date | None) -> str:
    """A day without a time zone; empty for None."""
    return "" if on is None else on.isoformat()


def geojson(place: GEOSGeometry | None) -> Json:
    """A place as a GeoJSON Feature, as `Location.geojson` is; empty for None."""
    return {} if place is None else {"type": "Feature", "geometry": json.loads(place.json), "properties": {}}
