"""How `bin/deploy-check` learns what arrives behind the proxy: `/healthz` reports it to whoever holds SECRET_KEY.

The answer names no address: only the scheme as the service sees it, and whether it took a forged address for the
visitor's.
"""

from __future__ import annotations

from typing import Final

from django.core import signing
from django.http import HttpRequest

from doors.networks import network_of

HEADER: Final = "X-Deploy-Check"
FORGED: Final = "203.0.113.77"
"""An address for documentation (RFC 5737), which no visitor has."""
_SALT: Final = "geoparticipation.deployment.probe"
_SECONDS: Final = 60


def signed_probe() -> str:
    """The value of HEADER; valid for a minute."""
    return signing.dumps("probe", salt=_SALT)


def report(request: HttpRequest) -> dict[str, object]:
    """What arrived, where the request carries a valid probe; else nothing."""
    value = request.headers.get(HEADER)
    if value is None:
        return {}
    try:
        signing.loads(value, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return {}
    forwarded = request.headers.get("X-Forwarded-For", "")
    return {
        "scheme": request.scheme,
        "is_forwarded": any(part.strip() not in {"", FORGED} for part in forwarded.split(",")),
        "believes_forged": network_of(request) == _network_of_forged(),
    }


def _network_of_forged() -> object:
    forged = HttpRequest()
    forged.META = {"REMOTE_ADDR": FORGED, "HTTP_X_FORWARDED_FOR": ",".join([FORGED] * 9)}
    return network_of(forged)
