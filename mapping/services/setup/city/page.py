"""What is checked before it becomes the city's page: texts, colour, contact, logo, boundary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from mapping.geo.colour import as_hex, colour_of
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.models import City, CityLogo
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.photos.pictures import as_png
from mapping.services.setup.city.changes import change, locked_city

LONGEST: Final[Mapping[str, int]] = {
    "name": 120,
    "accent": 7,
    "logo_alt": 300,
    "mail": 254,
    "phone": 60,
    "postal_address": 500,
    "imprint": 20_000,
    "privacy_contact": 5_000,
    "boundary_source": 300,
}
"""Characters of each text."""
MOST_POSITIONS: Final = 50_000
"""Positions of a boundary: the home page draws it, every page with a map of the city reads it."""
_OF_SEVERAL_LINES: Final = frozenset({"postal_address", "imprint", "privacy_contact"})
_LOGO_EDGE: Final = 640
"""Longest edge of a stored logo in pixels: it is shown up to 160 wide, on screens with up to four pixels for one."""
_PHONE: Final = re.compile(r"\+?[0-9 ()/.\-]+")
_VECTORS: Final = (b"<svg", b"<?xml", b"<!doctype svg", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class NewLogo:
    """The logo as wanted: a new file, the one there is, or none any more."""

    data: bytes | None = None
    is_removed: bool = False


def set_page(
    actor: User, texts: Mapping[str, str], logo: NewLogo | None = None, *, expected: str = ""
) -> City:
    """Store the texts of the city's page and its logo; without `logo` the one there is stays.

    Raises Invalid by the names of the texts (too_long, colour_invalid, mail_invalid, phone_invalid, alt_missing), for
    "logo" as `photos.pictures.as_png` does and "logo_vector"; otherwise as `changes.change` does.
    """
    values: dict[str, object] = dict(_cleaned(texts))
    with transaction.atomic():
        # Until it is stored: no other change may add a logo without these words, or delete one that is found here.
        stored = locked_city(actor)
        is_removed = logo is not None and logo.is_removed and logo.data is None
        if is_removed:
            values |= {"logo": None, "logo_alt": ""}
        elif logo is not None and logo.data is not None:
            if not values.get("logo_alt"):
                raise invalid("logo_alt", "alt_missing")
            values["logo"] = _stored_logo(logo.data)
        elif "logo_alt" in values and not values["logo_alt"] and stored.logo_id is not None:
            raise invalid("logo_alt", "alt_missing")
        return change(actor, "page", values, expected=expected)


def set_boundary(actor: User, boundary: MultiPolygon | None, source: str = "", *, expected: str = "") -> City:
    """Store the boundary of the city (EPSG:4326) and where it comes from; without a boundary there is no source.

    Raises Invalid on "boundary" (boundary_too_detailed) and "boundary_source"; otherwise as `changes.change` does.
    """
    texts = _cleaned({"boundary_source": "" if boundary is None else source})
    if boundary is not None and boundary.num_coords > MOST_POSITIONS:
        raise invalid("boundary", "boundary_too_detailed", number=boundary.num_coords, max=MOST_POSITIONS)
    return change(actor, "boundary", {"boundary": boundary, **texts}, expected=expected)


def _cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    found, problems = {}, {}
    for name, text in texts.items():
        try:
            found[name] = clean_text(text, max_length=LONGEST[name], multiline=name in _OF_SEVERAL_LINES)
        except TextProblem as problem:
            problems[name] = [Problem(problem.code, problem.params)]
    if accent := found.get("accent"):
        colour = colour_of(accent)
        if colour is None:
            problems["accent"] = [Problem("colour_invalid")]
        else:
            found["accent"] = as_hex(colour)
    if (phone := found.get("phone")) and not (_PHONE.fullmatch(phone) and any(map(str.isdigit, phone))):
        problems["phone"] = [Problem("phone_invalid")]
    if mail := found.get("mail"):
        try:
            validate_email(mail)
        except ValidationError:
            problems["mail"] = [Problem("mail_invalid")]
    if problems:
        raise Invalid(problems)
    return found


def _stored_logo(data: bytes) -> CityLogo:
    if data.lstrip()[:12].lower().startswith(_VECTORS):
        raise invalid("logo", "logo_vector")
    try:
        encoded = as_png(data, _LOGO_EDGE)
    except Invalid as refused:
        raise Invalid({"logo": refused.fields["photos"]}) from None
    logo, _is_new = CityLogo.objects.get_or_create(
        digest=encoded.digest,
        defaults={"data": encoded.data, "width": encoded.width, "height": encoded.height},
    )
    return logo
