"""The network of a request: the part of its address that a house, an office or a school shares.

The address itself is never stored. Limits count a keyed hash of the prefix, see `doors.keys`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

_IPV4_BITS: Final = 24
_IPV6_BITS: Final = 56
"""The prefix that providers assign to one connection (RFC 6177, RIPE-690); a /64 would be one of 256 of a customer."""
_UNKNOWN: Final = b"unknown"


@dataclass(frozen=True)
class Network:
    """A network prefix; only used as input of a keyed hash, and never shown."""

    prefix: bytes

    def __repr__(self) -> str:
        return "Network(…)"


def network_of(request: HttpRequest) -> Network:
    """The network of a request; all requests without a valid address share one."""
    address = _address_of(request)
    if address is None:
        return Network(_UNKNOWN)
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        if mapped is None:
            return Network(b"6" + address.packed[: _IPV6_BITS // 8])
        address = mapped
    return Network(b"4" + address.packed[: _IPV4_BITS // 8])


def _address_of(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The client's address as the outermost trusted proxy saw it.

    Each proxy appends the address of its client, so that the trusted entry is counted from the right; everything left
    of it may be forged by the client.
    """
    proxies: int = settings.TRUSTED_PROXIES
    if proxies > 0:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= proxies and hops[-proxies].strip():
            return _parsed(hops[-proxies])
        _warn_once()
    return _parsed(request.META.get("REMOTE_ADDR", ""))


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address, also in brackets, with a port or with a zone, as written by proxies."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


@cache
def _warn_once() -> None:
    logger.warning(
        "A request came without X-Forwarded-For, though TRUSTED_PROXIES counts proxies in front. Everybody behind them"
        " shares one limit."
    )
