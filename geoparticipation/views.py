"""Pages composed from all apps: the home page and the site's own pages."""

import errno
import sys
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from mapping.forms.files import too_large
from mapping.services.wordings import privacy_values, versions
from mapping.web.languages import forget_choice
from mapping.web.overview.cards import city_map
from mapping.web.overview.home import cards_in, home_changes_at, home_sections
from mapping.web.overview.kept import kept_page

RETRY_AFTER = 5
"""Seconds for `Retry-After`; PostgreSQL restarts in less."""


@require_safe
@kept_page(home_changes_at)
def home(request: HttpRequest) -> HttpResponse:
    """Running, upcoming and finished campaigns, and what else apps show; `?q=`, as it was once, leads to the search."""
    if request.GET.get("q", "").strip():
        return redirect(f"{reverse('search')}?{urlencode({'q': request.GET['q']})}")
    sections = home_sections()
    context = {"city_map": city_map(cards_in(sections, "running")), "sections": sections}
    return render(request, "home.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to take part: on the map, by keyboard, without a map; what becomes public; how to withdraw."""
    return render(request, "pages/help.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Which data about participants are stored, for how long, and how to have them deleted."""
    return render(request, "pages/privacy.html", privacy_values())


@require_safe
def privacy_versions(request: HttpRequest) -> HttpResponse:
    """What the site said about data protection, with the days from which it did, in the language of the page."""
    return render(request, "pages/privacy_versions.html", {"kinds": versions(get_language() or "")})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, reachable from every page (BITV 2.0, section 7)."""
    context = {
        "prepared_on": settings.ACCESSIBILITY_PREPARED_ON,
        "supervision": settings.ACCESSIBILITY_SUPERVISION,
        "arbitration": settings.ACCESSIBILITY_ARBITRATION,
    }
    return render(request, "pages/accessibility.html", context)


@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """The imprint: who is responsible for the site."""
    return render(request, "pages/imprint.html")


# Visitors who only read get no cookie, hence no CSRF token; a forged request could at most change the language.
@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponseBase:
    """Choose the language of the site, and with it that of texts which were read in the other one."""
    response = set_language(request)
    forget_choice(request, response)
    return response


# Error pages. Django's own check the CSRF token, for which they read the form once more: if the form was unreadable,
# the error page would fail too.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for an oversized request."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - the interface
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as above
    """404."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database or the storage is away: a page without dependencies that may have failed."""
    body = render_to_string("500.html", {"request_id": getattr(request, "request_id", "")})
    error = sys.exc_info()[1]
    storage_is_away = isinstance(error, OSError) and error.errno == errno.EIO
    if storage_is_away or isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(body, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return HttpResponse(body, status=500)
