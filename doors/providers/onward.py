"""Where somebody goes on after a log-in elsewhere, as a cookie carries it there and back."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

_LONGEST: Final = 1000
"""Characters; browsers drop cookies of more than 4,096, and thereby the whole log-in."""


def onward_of(wanted: str, fallback: str) -> str:
    """A wanted page of this site, of a long address the path alone; else another page."""
    if not (wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)):
        return fallback
    candidates = (wanted, urlsplit(wanted).path)
    return next((one for one in candidates if len(iri_to_uri(one)) <= _LONGEST), fallback)
