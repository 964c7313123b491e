"""Compression of pages and of other texts that nothing has decided about yet (RFC 9110 section 12.5.3).

Files have been compressed at set-up (WhiteNoise serves `.br` and `.gz`). Answers of interfaces and what is kept decide
for themselves (`mapping.http.answers`), as `Vary: Accept-Encoding` says; streams are compressed where they are made.

Compressed length betrays secrets that stand beside what an attacker wrote (BREACH, CVE-2013-3587). Private links and
tokens are recognised by how they look, links of subscriptions by their path, so that no view needs to name them:
answers that hold one are sent as they are. Words that only one visitor sees, known by a cookie, stand on other pages,
too: a request with cookies and a query that another site caused, which is the only way to choose what is reflected,
gets plain bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import has_vary_header, patch_vary_headers

from mapping.http.answers import encode
from mapping.http.compression import chosen_coding

_COMPRESSIBLE: Final = ("text/", "application/json", "application/javascript", "image/svg+xml")
_ENDINGS: Final = ("+json", "+xml")
_ELSEWHERE: Final = frozenset({"cross-site", "same-site"})
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_APART: Final = bytes(one if one in _LETTERS else ord(" ") for one in range(256))
"""What is no letter of base64 for addresses (RFC 4648 section 5) becomes a blank."""
_POSITION: Final = re.compile(rb"[?&;]after=[\w-]+")
"""Where the next page of a list begins (`mapping.http.paging.sealed`): it looks like a secret and is none."""
_SUBSCRIPTION: Final = re.compile(
    rb"subscriptions(?:/|%2F)(?:confirm|end|mine)(?:/|%2F)[0-9a-f]{64}", re.IGNORECASE
)
"""A link of subscriptions, escaped too. Its token looks like a digest that everybody may see: the path counts."""
_INDENTED: Final = re.compile(rb">[ \t\r]*\n\s*<")
"""Between two tags of a page: lines that templates leave empty, and their indentation.

Blanks are matched in one way only: a text of thousands of line breaks takes no longer than other texts.
"""
_SHORTEST_SECRET: Final = 40
"""Letters: those of private links have 43, tokens against forged requests 64."""
_FEWEST_OF_A_CASE: Final = 5
"""Capitals and small letters each: of 43 letters at random, one in 80,000 has fewer."""


class CompressionMiddleware:
    """Compress whole responses of text in the coding that the client prefers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponse) or not _may_compress(response):
            return response
        if _could_be_probed(request) or holds_secret(response.content):
            patch_vary_headers(response, ["Accept-Encoding"])
            return response
        response.content = without_indentation(response)
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
        coding = chosen_coding(request.headers.get("Accept-Encoding", ""), smallest=True)
        encode(response, coding, thorough=True)
        # The same state in other bytes: RFC 9110 section 8.8.1 wants a weak validator.
        etag = response.get("ETag", "")
        if "Content-Encoding" in response and etag.startswith('"'):
            response["ETag"] = f"W/{etag}"
        return response


def _may_compress(response: HttpResponse) -> bool:
    if response.status_code in {204, 206, 304} or response.has_header("Content-Encoding"):
        return False
    if has_vary_header(response, "Accept-Encoding"):
        return False
    if "no-transform" in response.get("Cache-Control", ""):
        return False
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind.startswith(_COMPRESSIBLE) or kind.endswith(_ENDINGS)


def without_indentation(response: HttpResponse) -> bytes:
    """The body; of a page with one line break instead of blank lines and blanks between tags.

    They are a twentieth of what a page weighs. Where a page shows text with its blanks (`<pre>`) all of them stay; what
    somebody types into a field holds no tags.
    """
    body = response.content
    if not response.get("Content-Type", "").startswith("text/html") or b"<pre" in body:
        return body
    return _INDENTED.sub(b">\n<", body)


def _could_be_probed(request: HttpRequest) -> bool:
    """Whether another site may have chosen the query of a request that carries a visitor's cookies."""
    return bool(
        request.COOKIES
        and request.META.get("QUERY_STRING")
        and request.headers.get("Sec-Fetch-Site") in _ELSEWHERE
    )


def holds_secret(body: bytes) -> bool:
    """Whether a text holds a link of subscriptions or what looks random: as long as a secret, in capitals and small."""
    if _SUBSCRIPTION.search(body):
        return True
    words = _POSITION.sub(b"", body).translate(_APART).split()
    return any(len(word) >= _SHORTEST_SECRET and _looks_random(word.decode()) for word in words)


def _looks_random(letters: str) -> bool:
    return min(sum(map(str.isupper, letters)), sum(map(str.islower, letters))) >= _FEWEST_OF_A_CASE
