"""Origins of other sites (RFC 6454): scheme, host and port, as a Content-Security-Policy names them."""

import re
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 255
MOST: Final = 20
"""Origins of one campaign."""
_LABEL: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# Small letters, a host with a dot, no path; no wildcards, which permit unknown sites.
_ORIGIN: Final = re.compile(rf"https://({_LABEL}\.)+{_LABEL}(:[1-9][0-9]{{0,4}})?")
_HTTPS_PORT: Final = 443
_HIGHEST_PORT: Final = 65_535


class NotAnOrigin(ValueError):
    """The text names no site that may embed; `code` is `not_https`, `not_a_site`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def origin_of(text: str) -> str:
    """The origin of an address that somebody typed or copied, its path and query left out.

    Umlauts in names become what browsers send (IDNA). Raises NotAnOrigin.
    """
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").encode("idna").decode().lower(), parts.port
    except ValueError:  # UnicodeError, too: labels that are empty or too long
        raise NotAnOrigin("not_a_site") from None
    if parts.scheme.lower() != "https":
        raise NotAnOrigin("not_https")
    has_name = parts.username is not None or parts.password is not None
    is_port = port is None or 0 < port <= _HIGHEST_PORT
    origin = f"https://{host}" + ("" if port in {None, _HTTPS_PORT} else f":{port}")
    if has_name or not is_port or len(origin) > LONGEST or not _ORIGIN.fullmatch(origin):
        raise NotAnOrigin("not_a_site")
    return origin


def origins_of(text: str) -> list[str]:
    """The origins of a text with one in each line, or between blanks; each once, in their order. Raises NotAnOrigin."""
    return list(dict.fromkeys(origin_of(one) for one in text.split()))
