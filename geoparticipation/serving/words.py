"""`/jsi18n/`: `gettext()` for scripts, with the words in one language that their pages need.

Visitors get the words of citizens' scripts alone, a third less than all; staff get all. A campaign's page loads those
of its first scripts, and the others when one of its later scripts comes (`js/site/words.js`). The address names
language and version, so that browsers keep the answer for good.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import urlencode

import brotli
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation.trans_real import DjangoTranslation
from django.views.decorators.http import require_safe
from django.views.i18n import JavaScriptCatalog

from geoparticipation.serving.built import build_digest, first_scripts_of_campaigns, scripts_of_citizens
from mapping.http.compression import chosen_coding

Scope = Literal["citizens", "campaign", "staff"]
"""Whose words: of all scripts of citizens, of those that a campaign's page loads at once, of all scripts."""
_FOR_GOOD: Final = 365 * 24 * 3600
_SCRIPTS: Final[dict[str, Callable[[], list[Path]]]] = {
    "citizens": scripts_of_citizens,
    "campaign": first_scripts_of_campaigns,
}
_SCRIPT: Final = """\
"use strict";
{{
  const words = {words};
  const formOf = (n) => Number({plural});
  globalThis.gettext = (text) => [words[text] ?? text].flat()[0];
  globalThis.ngettext = (one, many, n) => {{
    const found = words[one];
    return Array.isArray(found) ? found[formOf(n)] : (found ?? (n === 1 ? one : many));
  }};
  globalThis.pgettext = (context, text) => words[context + "\\x04" + text] ?? text;
  globalThis.interpolate = (text, values) => {{
    const left = [...values];
    return text.replace(/%s/g, () => String(left.shift()));
  }};
}}
"""
"""What scripts use of Django's catalogue, whose formats of dates and numbers would be as large as the words."""


@dataclass(frozen=True)
class _Script:
    body: bytes
    compressed: bytes
    """With brotli: it is made once and sent to everybody."""
    version: str


def words_address(language: str, scope: Scope) -> str:
    """The address of the words for a page in `language`."""
    query = {"language": language, "version": _current(language, scope).version, "scope": scope}
    return f"{reverse('javascript-catalog')}?{urlencode(query)}"


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """The catalogue in the language asked for (`?language=`), else in the visitor's; `?scope=` chooses whose words."""
    asked = request.GET.get("language", "")
    language = asked if asked in dict(settings.LANGUAGES) else translation.get_language()
    named = request.GET.get("scope", "")
    scope = next((one for one in get_args(Scope) if one == named), "citizens")
    script = _current(language or settings.LANGUAGE_CODE, scope)
    is_brotli = chosen_coding(request.headers.get("Accept-Encoding", ""), smallest=True) == "br"
    response = HttpResponse(
        script.compressed if is_brotli else script.body, content_type="text/javascript; charset=utf-8"
    )
    if is_brotli:
        response["Content-Encoding"] = "br"
        patch_vary_headers(response, ["Accept-Encoding"])
    if asked == language and request.GET.get("version") == script.version:
        patch_cache_control(response, public=True, max_age=_FOR_GOOD, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response


def read_all() -> None:
    """Keep all words: what lies on the disk may be another release by the time somebody asks for them."""
    for language, _name in settings.LANGUAGES:
        for scope in get_args(Scope):
            _current(language, scope)


def _current(language: str, scope: str) -> _Script:
    return _script(language, scope, _build=build_digest())


@lru_cache(maxsize=16)
def _script(language: str, scope: str, *, _build: str) -> _Script:
    with translation.override(language):
        view = _Catalogue()
        view.translation = DjangoTranslation(language, domain="djangojs")
        if scope in _SCRIPTS:
            view.sources = "\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS[scope]())
        found = json.dumps(view.get_catalog(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        body = _SCRIPT.format(words=found, plural=view.get_plural() or "n !== 1").encode()
    return _Script(body, brotli.compress(body), hashlib.sha256(body).hexdigest()[:8])


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
