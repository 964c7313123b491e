"""The service worker at `/sw.js`, the web app manifest with its icons, and the page shown without a network."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from geoparticipation.offline.icons import SIZES, drawn
from geoparticipation.serving.built import build_digest
from mapping.models.setup.profile import current_city
from mapping.web.outreach.copies import HEADER, for_nobody

_WORKER: Final = Path(__file__).with_name("worker.js")
_DAY: Final = 24 * 3600
_PAPER: Final = "#f6f5f1"
"""`--paper` of `tokens.css`, until the first page is drawn."""


@require_safe
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """`/sw.js`: browsers look for a new one with each visit, hence no name with a hash and no caching."""
    return HttpResponse(_script(build_digest()), content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """`/manifest.webmanifest` in the language of the page (`?language=`), else in the one that the browser prefers."""
    asked = request.GET.get("language", "")
    known = dict(settings.LANGUAGES)
    language = asked if asked in known else translation.get_language_from_request(request)
    with translation.override(language):
        answer = JsonResponse(_manifest(language), content_type="application/manifest+json")
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


@require_safe
@cache_control(public=True, max_age=_DAY)
def icon(_request: HttpRequest, size: int) -> HttpResponse:
    """The icon as PNG of `size` × `size` pixels, in the city's colour."""
    return HttpResponse(drawn(size, current_city().accent), content_type="image/png")


@require_safe
@cache_control(no_cache=True)
def offline_page(request: HttpRequest) -> HttpResponse:
    """What the worker shows for a page that it does not have; kept by browsers, hence about nobody."""
    with translation.override(for_nobody(request) or translation.get_language()):
        answer = render(request, "pages/offline.html")
        answer.headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    answer.headers[HEADER] = "yes"
    return answer


def _manifest(language: str) -> dict[str, object]:
    city = current_city().name
    return {
        "id": "/",
        "name": f"{city} {translation.pgettext('after the name of the city', 'takes part')}",
        "short_name": city,
        "description": _("Mark places on the map of your city and say what should change."),
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _PAPER,
        "icons": [
            {
                "src": reverse(f"icon-{size}"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size in SIZES
            for purpose in ("any", "maskable")
        ],
    }


@lru_cache(maxsize=2)
def _script(build: str) -> str:
    """The worker with the values that it needs; its release is named by its own text and by what was built."""
    program = _WORKER.read_text(encoding="utf-8")
    values = {
        "release": hashlib.sha256(f"{build}\n{program}".encode()).hexdigest()[:12],
        "staticFiles": settings.STATIC_URL,
        "offlinePage": reverse("offline"),
        "copyHeader": HEADER,
    }
    return f"self.SITE = {json.dumps(values)};\n{program}"
