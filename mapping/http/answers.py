"""Whole answers: compressed where the client accepts that, with an entity tag, 304 to clients that have them.

What is kept, and what interfaces for programs answer, is compressed here, once for all who get it. All other pages and
texts are left to `geoparticipation.middleware.compression`, which knows by `Vary: Accept-Encoding` that an answer has
been decided about.
"""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag

from mapping.http.compression import compressed


def encode(response: HttpResponse, coding: str | None, *, thorough: bool = False) -> HttpResponse:
    """Compress an answer in a coding (of `chosen_coding`), quickly or thoroughly, where that is worth it.

    With None its bytes stay as they are, whatever the client accepts: for secrets.
    """
    body = compressed(response.content, coding, thorough=thorough)
    if body is not None and coding is not None:
        response.content = body
        response["Content-Encoding"] = coding
        if "Content-Length" in response:
            response["Content-Length"] = str(len(body))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def entity_tag(response: HttpResponse, version: str = "") -> str:
    """A strong entity tag of the answer's bytes, hence another one in each coding (RFC 9110 section 8.8.3)."""
    digest = hashlib.blake2b(response.content, digest_size=16).hexdigest()
    return quote_etag(f"{version}-{digest}" if version else digest)


def not_modified(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """304, or 412, to a client that has what a (quoted) entity tag stands for (RFC 9110 section 13); else None."""
    return get_conditional_response(request, etag=etag)


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """The answer; 304 with its headers to clients that have it. Answers without an entity tag are always sent."""
    found = get_conditional_response(request, etag=response.get("ETag"), response=response)
    return response if found is None else found
