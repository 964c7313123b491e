"""What there is once: the System, the city as a Body, its place and its LegislativeTerm."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from engagement.oparl.values import (
    THE_CITY,
    VERSION,
    Json,
    filled,
    geojson,
    id_of,
    list_of,
    moment,
    site_address,
    written,
)
from mapping.exports.metadata.site import current_site
from mapping.models.setup.profile import city_boundary, current_city

_SINCE: Final = datetime(2026, 11, 29, tzinfo=UTC)
"""When the interface came into being: `created` of what has no row."""
_MUNICIPALITY: Final = re.compile(r"municipalityKey/([0-9]{8})$")


def system() -> Json:
    """The entry point."""
    city = current_city()
    known: Json = {
        "id": site_address("oparl:system"),
        "type": f"{VERSION}System",
        "oparlVersion": VERSION,
        "created": moment(_SINCE),
        "modified": moment(_changed()),
        "body": list_of("body"),
    }
    return known | filled(
        {
            "name": _("Participation – %(city)s") % {"city": city.name},
            "contactEmail": city.mail,
            "contactName": city.name if city.mail else "",
            "license": current_site().licence.text_url,
            "website": site_address("home"),
            "web": site_address("home"),
        }
    )


def body() -> Json:
    """The city. The lists of 1.1 are there beside those of 1.0, which hold the same objects embedded in others."""
    city = current_city()
    key = _MUNICIPALITY.search(settings.CITY_LOCATION)
    return written(
        "body",
        "Body",
        THE_CITY,
        _SINCE,
        _changed(),
        system=site_address("oparl:system"),
        name=city.name,
        website=site_address("home"),
        web=site_address("home"),
        license=current_site().licence.text_url,
        oparlSince=moment(_SINCE),
        ags=key[1] if key else "",
        contactEmail=city.mail,
        contactName=city.name if city.mail else "",
        organization=list_of("organization"),
        person=list_of("person"),
        meeting=list_of("meeting"),
        paper=list_of("paper"),
        legislativeTerm=[term()],
        legislativeTermList=list_of("legislativeterm"),
        membership=list_of("membership"),
        agendaItem=list_of("agendaitem"),
        consultation=list_of("consultation"),
        file=list_of("file"),
        locationList=list_of("location"),
        location=place(),
    )


def term() -> Json:
    """The one LegislativeTerm, which the standard wants: bodies of participation do not end with the council's."""
    return written(
        "legislativeterm",
        "LegislativeTerm",
        THE_CITY,
        _SINCE,
        _SINCE,
        body=id_of("body", THE_CITY),
        name=_("Without electoral terms"),
    )


def place() -> Json:
    """Where the city lies; empty while no boundary is known."""
    boundary = city_boundary()
    if boundary is None:
        return {}
    return written(
        "location",
        "Location",
        THE_CITY,
        _SINCE,
        _changed(),
        description=current_city().name,
        geojson=geojson(boundary),
    )


def _changed() -> datetime:
    return max(current_city().changed_at or _SINCE, _SINCE)
