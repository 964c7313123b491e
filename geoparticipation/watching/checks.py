"""System checks of what operators set for watching."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

_SHORTEST = 20


@checks.register(checks.Tags.security)
def metrics_are_closed(**_: Any) -> list[checks.CheckMessage]:
    """The token of /metrics must not be guessable."""
    if not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= _SHORTEST:
        return []
    return [checks.Error(f"METRICS_TOKEN has fewer than {_SHORTEST} characters.", id="watching.E001")]


@checks.register(checks.Tags.security)
def error_reports_are_encrypted(**_: Any) -> list[checks.CheckMessage]:
    """Error reports leave the machine: over HTTPS, unless they stay on it."""
    if not settings.SENTRY_DSN:
        return []
    address = urlsplit(settings.SENTRY_DSN)
    is_here = address.hostname in {"localhost", "127.0.0.1", "::1"}
    if address.scheme == "https" or (address.scheme == "http" and is_here):
        return []
    return [checks.Error("SENTRY_DSN must begin with https://.", id="watching.E002")]
