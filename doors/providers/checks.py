"""System checks of the providers: what is missing or unsafe is told before anybody signs in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from doors.providers.configured import StaffProvider, staff_providers
from doors.providers.openid import is_safe
from doors.providers.rights import UnknownRight, rights_for


@checks.register(checks.Tags.security)
def providers_are_whole(**_: Any) -> list[checks.CheckMessage]:
    """Check the providers of citizens and staff."""
    found = [message for provider in staff_providers() for message in _problems(provider)]
    issuer = settings.CITIZEN_OIDC_ISSUER
    if issuer and not (settings.CITIZEN_OIDC_CLIENT_ID and is_safe(issuer)):
        words = "CITIZEN_OIDC_ISSUER needs https and CITIZEN_OIDC_CLIENT_ID."
        found.append(checks.Error(words, id="doors.E010"))
    if settings.CITIZEN_SIGN_IN_HOURS < 1:
        found.append(checks.Error("CITIZEN_SIGN_IN_HOURS must be at least 1.", id="doors.E011"))
    keys = [one.key for one in staff_providers()]
    if len(keys) != len(set(keys)):
        found.append(checks.Error("Two providers have the same name in OIDC_PROVIDERS.", id="doors.E012"))
    return found


def _problems(provider: StaffProvider) -> Iterator[checks.CheckMessage]:
    if provider.kind == "oidc" and not is_safe(provider.issuer):
        yield checks.Error(f"The issuer of “{provider.key}” needs https.", id="doors.E013")
    if provider.kind == "saml" and not Path(provider.metadata_file).is_file():
        yield checks.Error("SAML_METADATA_FILE is not there.", id="doors.E014")
    if bool(provider.role_claim) != bool(provider.roles):
        words = f"“{provider.key}” needs both ROLE_CLAIM and ROLES, or neither."
        yield checks.Error(words, id="doors.E015")
    try:
        rights_for(provider.roles, provider.roles)
    except UnknownRight as error:
        yield checks.Error(f"ROLES of “{provider.key}” name an unknown right: {error}.", id="doors.E016")
    except TypeError:
        yield checks.Error(f"ROLES of “{provider.key}” must map values to lists of rights.", id="doors.E016")
