"""Sign-in for one campaign: what is kept, the way to the provider and back, the end of the sign-in.

The way to the provider is a link and no form: the policy of the pages forbids forms that lead to other sites. A cookie
that lives for half an hour holds what the answer must fit; it is used once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from doors.providers import openid
from doors.providers.onward import onward_of
from doors.visitors import SIGN_IN
from mapping.models import Campaign
from mapping.services.errors import NotAllowed, TooMany
from mapping.services.messages import sentence
from mapping.services.signing_in.pairwise import secret_of_person
from mapping.visitor import admit, lacks_sign_in, sign_in, sign_out
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404
from mapping.web.outreach.kiosk import kiosk_of
from mapping.web.refusals import refused

_COOKIE: Final = "sign-in"
_SALT: Final = "geoparticipation.sign-in-begun"
_FOR: Final = timedelta(minutes=30)
"""How long somebody may take at the provider, where they may have to make an account first."""
_STATUS: Final = {"sign_in_unavailable": 503, "sign_in_off": 503}


@require_safe
@never_cache
def sign_in_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What signing in means for a campaign; `?next=` is the page to come back to."""
    campaign = campaign_or_404(request, slug)
    onward = onward_of(request.GET.get("next", ""), campaign.get_absolute_url())
    if not campaign.needs_sign_in:
        return HttpResponseRedirect(onward)
    if openid.citizens_provider() is None:
        return _page(request, campaign, onward, "sign_in_off")
    return _page(request, campaign, onward)


@require_safe
@never_cache
def sign_in_start(request: HttpRequest, slug: str) -> HttpResponse:
    """The way to the provider."""
    campaign = campaign_or_404(request, slug)
    onward = onward_of(request.GET.get("next", ""), campaign.get_absolute_url())
    if not campaign.needs_sign_in:
        return HttpResponseRedirect(onward)
    provider = openid.citizens_provider()
    try:
        admit(request, SIGN_IN)
    except TooMany as error:
        return refused(_page(request, campaign, onward, error.code, **error.params), error)
    if provider is None:
        return _page(request, campaign, onward, "sign_in_off")
    try:
        # Whoever used a kiosk before may still be signed in at the provider.
        address, begun = openid.begin(provider, _back(request), anew=kiosk_of(request) is not None)
    except openid.SignInFailed as error:
        return _page(request, campaign, onward, error.code)
    response = HttpResponseRedirect(address)
    response.set_cookie(
        _COOKIE,
        signing.dumps({**begun.as_values(), "slug": campaign.slug, "next": onward}, salt=_SALT),
        max_age=_FOR,
        path=reverse("sign-in-back"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_safe
@never_cache
def sign_in_back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to: the only address to enter there."""
    begun, slug, onward = _kept(request)
    campaign = Campaign.objects.filter(slug=slug).first() if begun is not None else None
    try:
        admit(request, SIGN_IN)
        response = _completed(request, begun, campaign, onward)
    except TooMany as error:
        response = refused(_page(request, campaign, onward, error.code, **error.params), error)
    except (openid.SignInFailed, NotAllowed) as error:
        response = _page(request, campaign, onward, error.code)
    response.delete_cookie(_COOKIE, path=reverse("sign-in-back"), samesite="Lax")
    return response


@require_POST
def sign_out_here(request: HttpRequest, slug: str) -> HttpResponse:
    """End the sign-in for a campaign in this browser; that at the provider is the provider's."""
    campaign = campaign_or_404(request, slug)
    response = HttpResponseRedirect(campaign.get_absolute_url(), status=303)
    sign_out(request, response, campaign)
    return response


def _completed(
    request: HttpRequest, begun: openid.Begun | None, campaign: Campaign | None, onward: str
) -> HttpResponse:
    """The way on for somebody whose answer is right; raises SignInFailed, NotAllowed "sign_in_key_lost"."""
    provider = openid.citizens_provider()
    if begun is None or campaign is None or not campaign.needs_sign_in:
        raise openid.SignInFailed("sign_in_stale")
    if provider is None:
        raise openid.SignInFailed("sign_in_off")
    person = openid.complete(provider, begun, _back(request), request.GET.dict())
    response = HttpResponseRedirect(onward)
    sign_in(response, campaign, secret_of_person(campaign, person.issuer, person.subject))
    return response


def _kept(request: HttpRequest) -> tuple[openid.Begun | None, str, str]:
    """What was begun in this browser, the campaign's slug, the page to come back to."""
    kept = request.COOKIES.get(_COOKIE, "")
    try:
        values: dict[str, Any] = signing.loads(kept if kept.isascii() else "", salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        return None, "", reverse("home")
    slug, onward = values.pop("slug"), values.pop("next")
    return openid.Begun(**values), slug, onward


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("sign-in-back"))


def _page(
    request: HttpRequest, campaign: Campaign | None, onward: str, problem: str = "", **params: object
) -> HttpResponse:
    provider = openid.citizens_provider()
    context = {
        "campaign": None if campaign is None else reading_of(request, campaign).campaign,
        "onward": onward,
        "problem": sentence(problem, params) if problem else "",
        "provider": None if provider is None else provider.name,
        "is_signed_in": campaign is not None and not lacks_sign_in(request, campaign),
        "hours": settings.CITIZEN_SIGN_IN_HOURS,
    }
    status = _STATUS.get(problem, 400) if problem else 200
    return render(request, "mapping/signing_in/page.html", context, status=status)
