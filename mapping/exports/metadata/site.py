"""The site as the publisher of its data, from the city's page and the settings."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from mapping.exports.metadata.vocabulary import LICENCES, Licence
from mapping.models.setup.profile import current_city


@dataclass(frozen=True)
class Site:
    """Who publishes the data, where, and under which licence. No address here ends in a slash."""

    url: str
    name: str
    """The city."""
    contact: str
    licence: Licence
    contributor: str
    """IRI of the list of GovData's contributors (convention 12), empty where the city has none yet."""
    location: str
    """IRI of the municipality, e.g. of http://dcat-ap.de/def/politicalGeocoding/municipalityKey/, or empty."""


def current_site() -> Site:
    """The running site; canonical addresses, whatever host a request was sent to."""
    city = current_city()
    return Site(
        url=settings.SITE_URL,
        name=city.name,
        contact=city.contact,
        licence=LICENCES[settings.DATA_LICENCE],
        contributor=settings.DCAT_CONTRIBUTOR,
        location=settings.CITY_LOCATION,
    )
