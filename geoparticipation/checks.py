"""System checks that guard dangerous settings; `manage.py check` and every start run them."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

from geoparticipation.settings.environment import SHORTEST_KEY
from geoparticipation.wellknown.security_txt import contacts
from mapping.exports.metadata.vocabulary import CONTRIBUTORS, LICENCES


@checks.register(checks.Tags.security)
def secret_key_is_long(**_: Any) -> list[checks.CheckMessage]:
    """The secret key keeps participants unlinkable, hence must not be guessable."""
    if len(settings.SECRET_KEY) >= SHORTEST_KEY:
        return []
    return [checks.Error(f"SECRET_KEY has fewer than {SHORTEST_KEY} characters.", id="geoparticipation.E001")]


@checks.register(checks.Tags.security)
def basemaps_are_fetched_safely(**_: Any) -> list[checks.CheckMessage]:
    """Only http(s) templates with all three placeholders may be fetched by the tile route."""
    found: list[checks.CheckMessage] = []
    for name, basemap in settings.BASEMAPS.items():
        if not basemap.template:
            continue
        complete = all(part in basemap.template for part in ("{z}", "{y}", "{x}"))
        if not complete or urlsplit(basemap.template).scheme not in {"http", "https"}:
            found.append(
                checks.Error(
                    f"The base map template '{name}' needs http(s) and {{z}}, {{y}} and {{x}}.",
                    id="geoparticipation.E002",
                )
            )
    return found


@checks.register(checks.Tags.security)
def council_systems_are_read_safely(**_: Any) -> list[checks.CheckMessage]:
    """What is read is published, so that nobody on the way may change it; and somebody has to answer for it."""
    found: list[checks.CheckMessage] = []
    for address in settings.OPARL_SOURCES:
        parts = urlsplit(address)
        if parts.scheme != "https" or not parts.hostname or parts.username:
            found.append(
                checks.Error(
                    "OPARL_SOURCES must be addresses that begin with https:// and name no account.",
                    id="geoparticipation.E006",
                )
            )
    if settings.OPARL_SOURCES and not settings.OPARL_READS_AS:
        found.append(
            checks.Error("OPARL_SOURCES needs OPARL_READS_AS, an account.", id="geoparticipation.E007")
        )
    return found


@checks.register
def open_data_names_known_vocabularies(**_: Any) -> list[checks.CheckMessage]:
    """Portals refuse a catalogue whose URIs are not in the known vocabularies."""
    found: list[checks.CheckMessage] = []
    if settings.DATA_LICENCE not in LICENCES:
        known = ", ".join(LICENCES)
        found.append(checks.Error(f"DATA_LICENCE must be one of: {known}.", id="geoparticipation.E003"))
    if settings.DCAT_CONTRIBUTOR and not settings.DCAT_CONTRIBUTOR.startswith(CONTRIBUTORS):
        found.append(
            checks.Error(f"DCAT_CONTRIBUTOR must begin with {CONTRIBUTORS}.", id="geoparticipation.E004")
        )
    if settings.CITY_LOCATION and urlsplit(settings.CITY_LOCATION).scheme not in {"http", "https"}:
        found.append(
            checks.Error("CITY_LOCATION must be an address (http or https).", id="geoparticipation.E005")
        )
    return found


@checks.register(checks.Tags.security, deploy=True)
def site_is_served_encrypted(**_: Any) -> list[checks.CheckMessage]:
    """A public site needs HTTPS: cookies are marked secure only then."""
    if settings.HTTPS:
        return []
    return [checks.Warning("SITE_URL does not begin with https://.", id="geoparticipation.W001")]


@checks.register(checks.Tags.security)
def contacts_are_addresses(**_: Any) -> list[checks.CheckMessage]:
    """A contact must be an address by which somebody can be reached, on one line."""
    wrong = [one for one in contacts() if not one.isprintable() or " " in one or not _is_contact(one)]
    return [
        checks.Error(
            f"SECURITY_CONTACT: '{one}' is no e-mail address and does not begin with mailto:, https: or tel:.",
            id="geoparticipation.E010",
        )
        for one in wrong
    ]


@checks.register(checks.Tags.security, deploy=True)
def somebody_can_be_told(**_: Any) -> list[checks.CheckMessage]:
    """A public site should say whom to tell of a weakness."""
    if settings.SECURITY_CONTACT:
        return []
    return [
        checks.Warning(
            "SECURITY_CONTACT is empty: /.well-known/security.txt is not found.", id="geoparticipation.W010"
        )
    ]


def _is_contact(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in {"mailto", "https", "tel"} and bool(
        parts.netloc if parts.scheme == "https" else parts.path
    )
