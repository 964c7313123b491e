"""Kiosks: a tablet at an event that starts over for each person.

A cookie keeps the mode, so that it holds on every page (`templates/partials/kiosk.html`, `js/campaign/kiosk.js`).
To start over is to send the form of the mode once more: the answer removes the cookie by which the former person
was known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mapping.models import Campaign
from mapping.visitor import sign_out
from mapping.web.languages import COOKIE as CONTENT_LANGUAGE
from mapping.web.lookup import campaign_or_404

COOKIE: Final = "kiosk"
SECONDS: Final = 60
"""Without a touch so long, the kiosk starts over; the last `WARNING` of them it says so."""
WARNING: Final = 20
"""Seconds: as many as people need to answer (WCAG 2.2, success criterion 2.2.1)."""
_SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,80}")
_MESSAGES: Final = "messages"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The mode of this browser: the campaign that it shows."""

    slug: str
    seconds: int = SECONDS
    warning: int = WARNING

    @property
    def start(self) -> str:
        """Where each person begins."""
        return reverse("campaign", args=(self.slug,))

    @property
    def reset(self) -> str:
        """Where the form is sent that starts over."""
        return reverse("kiosk", args=(self.slug,))


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """The kiosk that this browser is, if it is one."""
    slug = request.COOKIES.get(COOKIE, "")
    return Kiosk(slug) if _SLUG.fullmatch(slug) else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def kiosk_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What the mode does, with the button that begins it, or ends it; sent once more by a kiosk, it starts over.

    It logs out: whoever comes next must not plan.
    """
    campaign = campaign_or_404(request, slug)
    if request.method != "POST":
        return render(
            request,
            "mapping/outreach/kiosk.html",
            {"campaign": campaign, "seconds": SECONDS, "is_kiosk": kiosk_of(request) is not None},
        )
    response = HttpResponseRedirect(campaign.get_absolute_url())
    if campaign.is_draft:
        return response
    if request.POST.get("action") == "end":
        response.delete_cookie(COOKIE, samesite="Lax")
        return response
    begin_anew(request, response, campaign)
    return response


def begin_anew(request: HttpRequest, response: HttpResponse, campaign: Campaign) -> None:
    """Forget the person before, and stay a kiosk until the browser is closed."""
    logout(request)
    own = (settings.PARTICIPANT_COOKIE_NAME, CONTENT_LANGUAGE, settings.LANGUAGE_COOKIE_NAME, _MESSAGES)
    for name in own:
        response.delete_cookie(name, samesite="Lax")
    sign_out(request, response)
    response.set_cookie(COOKIE, campaign.slug, secure=settings.HTTPS, httponly=True, samesite="Lax")
