"""What every page knows: the city, and the site's ways for everyone, in the header and in the footer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from geoparticipation.barriers.addresses import report_address
from geoparticipation.serving.words import Scope, words_address
from mapping.models.setup.profile import current_city
from mapping.web.outreach.kiosk import kiosk_of


@dataclass(frozen=True)
class SiteLink:
    """A page of the whole site; one in the header has an icon, which stands alone on narrow windows."""

    route: str
    title: str | Promise
    icon: str = ""

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route)


SITE_LINKS: Final = (
    SiteLink("calendar", _("Calendar"), "calendar"),
    SiteLink("bodies", _("Bodies")),
    SiteLink("documents", _("Documents")),
    SiteLink("plans", _("Plans of the city")),
    SiteLink("subscribe", _("News by e-mail")),
    SiteLink("mine", _("My contributions")),
)
"""In their order; every page has them, and none of them needs a query."""


def site(request: HttpRequest) -> dict[str, object]:
    """Context of every page: the city, read from the database only where a template shows something of it."""
    return {
        "city": SimpleLazyObject(current_city),
        "city_name": _lazy(lambda: current_city().name),
        "city_contact": _lazy(lambda: current_city().contact),
        "city_accent": _lazy(lambda: current_city().accent),
        "site_url": settings.SITE_URL,
        "site_links": SITE_LINKS,
        "barrier_address": _lazy(lambda: report_address(request)),
        "kiosk": kiosk_of(request),
        "words_address": _lazy(lambda: _words_address(request)),
        "first_words_address": _lazy(lambda: _words_address(request, "campaign")),
    }


def _words_address(request: HttpRequest, scope: Scope = "citizens") -> str:
    # Answers to requests that never reached the sign-in know no user.
    user = getattr(request, "user", None)
    language = translation.get_language() or settings.LANGUAGE_CODE
    is_staff = user is not None and user.is_authenticated
    return words_address(language, "staff" if is_staff else scope)


def _lazy(read: Callable[[], str]) -> object:
    return SimpleLazyObject(read)
