"""Fetching from one OParl server: its own addresses only, with limits of size, number and time.

A system that was broken into must not lead this site to other machines (server-side request forgery): every address has
the scheme, host and port of the one that the operator allowed, and redirects are not followed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from django.conf import settings
from urllib3.exceptions import HTTPError

_SECONDS: Final = (5.0, 15.0)
"""To connect, and between two pieces."""
_MOST_SECONDS: Final = 600.0
"""For everything of one source."""
_MOST_REQUESTS: Final = 2_000
_LARGEST_JSON: Final = 8 * 2**20
_PIECE: Final = 64 * 1024


class SourceProblem(Exception):
    """The other system cannot be read; the text is for the log, and holds nothing that it sent."""


class Source:
    """One allowed address and what is fetched below its origin. Raises SourceProblem."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._origin = _origin(address)
        self._ends = time.monotonic() + _MOST_SECONDS
        self._left = _MOST_REQUESTS
        self._session = requests.Session()
        self._session.headers["User-Agent"] = f"geoparticipation (+{settings.SITE_URL})"

    def read(self, address: str) -> dict[str, Any]:
        """A JSON object."""
        body = b"".join(self.pieces(address, _LARGEST_JSON))
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise SourceProblem("the answer is no JSON") from None
        if not isinstance(found, dict):
            raise SourceProblem("the answer is no JSON object")
        return found

    def pieces(self, address: str, most: int) -> Iterator[bytes]:
        """The bytes of a file, at most so many."""
        if _origin(address) != self._origin:
            raise SourceProblem("an address of another server")
        self._left -= 1
        if self._left < 0:
            raise SourceProblem("too many requests")
        size = 0
        try:
            with self._session.get(address, timeout=_SECONDS, stream=True, allow_redirects=False) as answer:
                if answer.status_code != requests.codes.ok:
                    raise SourceProblem(f"status {answer.status_code}")
                # What has arrived: `iter_content` waits until a piece is full, for days if it comes byte by byte.
                while piece := answer.raw.read1(_PIECE, decode_content=True):
                    size += len(piece)
                    if size > most:
                        raise SourceProblem("the answer is too large")
                    if time.monotonic() > self._ends:
                        raise SourceProblem("it takes too long")
                    yield piece
        except (requests.RequestException, HTTPError, UnicodeError) as error:
            raise SourceProblem(type(error).__name__) from error


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        raise SourceProblem("an address that is none") from None
    if parts.scheme not in {"http", "https"}:
        raise SourceProblem("an address that is none")
    return parts.scheme, parts.netloc.lower()
