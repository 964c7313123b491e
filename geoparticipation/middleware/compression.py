"""Compression of pages and of answers that nothing has compressed yet (RFC 9110 section 12.5.3).

Files have been compressed at set-up (WhiteNoise serves `.br` and `.gz`), exports and what is kept for `/ogc/` compress
themselves; streams stay as they are.

Compressed length betrays secrets that stand beside what an attacker wrote (BREACH, CVE-2013-3587). Django masks the
CSRF token anew in each response. Further secrets, such as private links, stand on pages of one visitor, known by a
cookie: a request with cookies and a query that another site caused, which is the only way to choose what is reflected,
gets plain bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from mapping.http.compression import chosen_coding, compressed

_COMPRESSIBLE: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
_ENDINGS: Final = ("+json", "+xml")
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})


class CompressionMiddleware:
    """Compress whole responses of text in the coding that the client prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _may_compress(response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        if request.method == "HEAD" or _could_be_probed(request):
            return response
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""), smallest=True)
        body = compressed(response.content, coding, thorough=True)
        if coding is None or body is None:
            return response
        response.content = body
        response["Content-Encoding"] = coding
        response["Content-Length"] = str(len(body))
        # The same state in other bytes: RFC 9110 section 8.8.1 wants a weak validator.
        etag = response.get("ETag", "")
        if etag.startswith('"'):
            response["ETag"] = f"W/{etag}"
        return response


def _may_compress(response: HttpResponse) -> bool:
    if response.status_code in {204, 206, 304} or response.has_header("Content-Encoding"):
        return False
    if "no-transform" in response.get("Cache-Control", ""):
        return False
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind.startswith(_COMPRESSIBLE) or kind.endswith(_ENDINGS)


def _could_be_probed(request: HttpRequest) -> bool:
    """Whether another site may have chosen the query of a request that carries a visitor's cookies."""
    return bool(
        request.COOKIES
        and request.META.get("QUERY_STRING")
        and request.headers.get("Sec-Fetch-Site") in _ELSEWHERE
    )
