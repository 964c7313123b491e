"""The language of a page: chosen by the visitor, else the site's own (German).

Campaign texts are written in the city's language, so a page that followed the browser's preference would mix two
languages. The switch in the header sets Django's language cookie; nothing else changes the language. Which language the
texts of a campaign are read in is a choice of its own (`mapping.web.languages`).
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mapping.web.languages import keep_choice

_WRITTEN = ("text/html", "text/javascript")


class ChosenLanguageMiddleware:
    """Activates the language of the language cookie, falling back to `LANGUAGE_CODE`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        keep_choice(request, response)
        response.headers.setdefault("Content-Language", language)
        if response.headers.get("Content-Type", "").startswith(_WRITTEN):
            # The cookie determines the language: a shared cache must not serve German pages to readers of English.
            patch_vary_headers(response, ["Cookie"])
        return response
