"""`/jsi18n/`: `gettext()` for scripts, with the words in one language that their pages need.

Visitors get the words of citizens' scripts alone, a third less than all; staff get all. The address names language
and version, so that browsers keep the answer for good.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation.trans_real import DjangoTranslation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from geoparticipation.serving.built import build_digest, scripts_of_citizens

_FOR_GOOD: Final = 365 * 24 * 3600
_STAFF: Final = "staff"


@dataclass(frozen=True)
class _Script:
    body: bytes
    version: str


def words_address(language: str, *, is_staff: bool) -> str:
    """The address of the words for a page in `language`."""
    query = {"language": language, "version": _current(language, is_staff=is_staff).version}
    if is_staff:
        query["scope"] = _STAFF
    return f"{reverse('javascript-catalog')}?{urlencode(query)}"


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The catalogue in the language asked for (`?language=`), else in the visitor's; `?scope=staff` for all words."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    script = _current(language or settings.LANGUAGE_CODE, is_staff=request.GET.get("scope") == _STAFF)
    response = HttpResponse(script.body, content_type="text/javascript; charset=utf-8")
    if asked == language and request.GET.get("version") == script.version:
        patch_cache_control(response, public=True, max_age=_FOR_GOOD, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response


def read_all() -> None:
    """Keep all words: what lies on the disk may be another release by the time somebody asks for them."""
    for language, _name in settings.LANGUAGES:
        for is_staff in (False, True):
            _current(language, is_staff=is_staff)


def _current(language: str, *, is_staff: bool) -> _Script:
    return _script(language, is_staff=is_staff, _build=build_digest())


@lru_cache(maxsize=16)
def _script(language: str, *, is_staff: bool, _build: str) -> _Script:
    with translation.override(language):
        view = _Catalogue()
        view.translation = DjangoTranslation(language, domain="djangojs")
        if not is_staff:
            view.sources = "\n".join(path.read_text(encoding="utf-8") for path in scripts_of_citizens())
        body = bytes(view.render_to_response(view.get_context_data()).content)
    return _Script(body, hashlib.sha256(body).hexdigest()[:8])


class _Catalogue(JavaScriptCatalog):
    sources: str | None = None
    """The text of the scripts whose words are wanted; None for all words."""

    def get_catalog(self) -> dict[str, Any]:
        """Translations by message, those alone that the scripts name."""
        found: dict[str, Any] = super().get_catalog()
        if self.sources is None:
            return found
        return {message: words for message, words in found.items() if _is_named(message, self.sources)}


def _is_named(message: str, sources: str) -> bool:
    # A context stands before the words themselves, divided by U+0004 (GNU gettext).
    text = message.rpartition("\x04")[2]
    return json.dumps(text, ensure_ascii=False)[1:-1] in sources or text in sources
