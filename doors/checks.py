"""System checks of rate limits."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def proxies_are_counted(**_: Any) -> list[checks.CheckMessage]:
    """Behind an unconfigured proxy all requests come from one network: the first burst would lock out everybody."""
    proxies = settings.TRUSTED_PROXIES
    if proxies < 0:
        return [checks.Error("TRUSTED_PROXIES must not be negative.", id="doors.E001")]
    if settings.SECURE_PROXY_SSL_HEADER is not None and proxies == 0:
        return [
            checks.Error(
                "BEHIND_PROXY is on, but TRUSTED_PROXIES is 0: all visitors would share one limit.",
                hint="Set TRUSTED_PROXIES to the number of proxies that append to X-Forwarded-For.",
                id="doors.E002",
            )
        ]
    return []


@checks.register(checks.Tags.security)
def limits_are_sensible(**_: Any) -> list[checks.CheckMessage]:
    """Without limits a script could fill the disk."""
    found: list[checks.CheckMessage] = []
    if settings.NETWORK_LIMITS < 0:
        found.append(checks.Error("NETWORK_LIMITS must not be negative.", id="doors.E003"))
    elif settings.NETWORK_LIMITS == 0:
        found.append(checks.Warning("NETWORK_LIMITS is 0: no network is limited.", id="doors.W001"))
    if settings.LOG_IN_RECORD_DAYS < 1:
        found.append(checks.Error("LOG_IN_RECORD_DAYS must be at least 1.", id="doors.E004"))
    return found
