"""Tiles of the city's own ground: public, the same for everybody, kept by browsers until the ground changes."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from mapping.ground.tiles import exists, ground_tile
from mapping.http.answers import encode, not_modified
from mapping.http.compression import chosen_coding
from mapping.http.kept import kept_answers
from mapping.models import GroundSource

_MVT: Final = "application/vnd.mapbox-vector-tile"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
"""For addresses with the version of the ground (`?v=`): another ground has other addresses."""


@require_safe
def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponseBase:
    """One tile (`mapping.ground.tiles`); 204 for an empty one or without any ground, 404 where there can be none."""
    if not exists(z, x, y):
        raise Http404
    state = GroundSource.objects.state()
    version = "" if state is None else state.version
    coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
    etag = quote_etag(f"{version}-{z}-{x}-{y}-{coding or 'plain'}")
    found = not_modified(request, etag) if version else HttpResponse(status=204)
    if found is None:
        key = ("ground", version, z, x, y, coding)
        found = kept_answers.answer(key, lambda: _made(z, x, y, coding))
    if found.status_code in {200, 304}:
        found["ETag"] = etag
    is_named = bool(version) and request.GET.get("v") == version
    found["Cache-Control"] = _FOR_GOOD if is_named else "no-cache"
    patch_vary_headers(found, ["Accept-Encoding"])
    return found


def _made(z: int, x: int, y: int, coding: str | None) -> HttpResponse:
    body = ground_tile(z, x, y)
    if not body:
        return HttpResponse(status=204)
    return encode(HttpResponse(body, content_type=_MVT), coding)
