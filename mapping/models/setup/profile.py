"""The city as every page, file and letter names it: its page where that is filled in, else the operator's settings.

Read once per request at most, and only where something is shown of it. Nothing is kept beyond the request but the
boundary, by the moment of its change: whatever process saved it, the next request shows it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.core.signals import request_finished, request_started
from django.db import Error
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse

from mapping.models.setup.city import THE_CITY, City, CityLogo

_TEXTS: Final = (
    *("name", "accent", "logo_alt", "mail", "phone", "postal_address"),
    *("imprint", "privacy_contact", "boundary_source"),
)


@dataclass(frozen=True, slots=True)
class Logo:
    """The logo and its size in pixels."""

    id: UUID
    alt: str
    width: int
    height: int

    @property
    def address(self) -> str:
        """Where the picture lies; another one for another picture."""
        return reverse("city-logo", args=(self.id,))

    @property
    def small_address(self) -> str:
        """Where it lies as small as the header and the footer of pages show it."""
        return f"{self.address}?small"

    def read(self) -> bytes | None:
        """The picture as PNG, for files that must work without any other; None where another one took its place."""
        found = CityLogo.objects.filter(pk=self.id).values_list("data", flat=True).first()
        return None if found is None else bytes(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityProfile:
    """What is known of the city. `contact` is one line, whatever of mail, telephone and address there is."""

    name: str
    contact: str
    accent: str = ""
    logo: Logo | None = None
    mail: str = ""
    phone: str = ""
    postal_address: str = ""
    imprint: str = ""
    privacy_contact: str = ""
    boundary_source: str = ""
    has_boundary: bool = False
    changed_at: datetime | None = None

    @property
    def has_contact(self) -> bool:
        """Whether mail, telephone or address are filled in, beyond the operator's line."""
        return bool(self.mail or self.phone or self.postal_address)


_here = threading.local()
"""What the request of this thread has read; `request` is missing outside of requests."""
_last: CityProfile | None = None


def current_city() -> CityProfile:
    """The city; without a database as it was read last, else as the settings have it."""
    global _last  # noqa: PLW0603 - a database that restarts must not rename the city
    known: CityProfile | None = getattr(_here, "city", None)
    if known is not None:
        return known
    try:
        found = _profile(_row())
    except Error:
        return _last or _profile({})
    _last = found
    if getattr(_here, "is_request", False):
        _here.city = found
    return found


def city_boundary() -> MultiPolygon | None:
    """The boundary in degrees (EPSG:4326), None without one; kept in the process until it changes."""
    city = current_city()
    if not city.has_boundary or city.changed_at is None:
        return None
    wkb = _boundary(city.changed_at)
    if wkb is None:
        return None
    made = GEOSGeometry(memoryview(wkb), srid=4326)
    assert isinstance(made, MultiPolygon)  # noqa: S101 - for the type checker: the column's type
    return made


def forget_city() -> None:
    """Read the city anew, after a change within this request."""
    _here.city = None


def _row() -> dict[str, Any]:
    has_boundary = ExpressionWrapper(Q(boundary__isnull=False), output_field=BooleanField())
    columns = (*_TEXTS, "changed_at", "logo", "logo__width", "logo__height")
    found = City.objects.filter(pk=THE_CITY).values(*columns, has_boundary=has_boundary).first()
    return dict(found or {})


def _profile(row: dict[str, Any]) -> CityProfile:
    texts = {name: row.get(name) or "" for name in _TEXTS}
    address = ", ".join(one for line in texts["postal_address"].splitlines() if (one := line.strip()))
    contact = " · ".join(filter(None, (texts["mail"], texts["phone"]))) or address
    logo = row.get("logo")
    alt = texts.pop("logo_alt")
    return CityProfile(
        **texts
        | {
            "name": texts["name"] or settings.CITY_NAME,
            "accent": texts["accent"] or settings.CITY_ACCENT,
            "contact": contact or settings.CITY_CONTACT,
        },
        logo=None if logo is None else Logo(logo, alt, row["logo__width"], row["logo__height"]),
        has_boundary=bool(row.get("has_boundary")),
        changed_at=row.get("changed_at"),
    )


@lru_cache(maxsize=2)
def _boundary(_changed_at: datetime) -> bytes | None:
    found = City.objects.filter(pk=THE_CITY).values_list("boundary", flat=True).first()
    return None if found is None else bytes(found.wkb)


def _begin(**_signal: object) -> None:
    _here.is_request, _here.city = True, None


def _end(**_signal: object) -> None:
    _here.is_request, _here.city = False, None


def read_once_per_request() -> None:
    """Let `current_city` remember what it read until the request of its thread ends; called once, by the app."""
    request_started.connect(_begin, dispatch_uid="mapping.city")
    request_finished.connect(_end, dispatch_uid="mapping.city")
