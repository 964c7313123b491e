"""Log-in of staff at a provider: the way there, the way back, this site's metadata.

The way there is a link: the policy of the pages forbids forms that lead to other sites. A signed cookie, used once,
holds what the answer must fit. An answer by SAML comes as a form of another site, hence that cookie must be sent along
with it; no other one is.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audit.recording import Action
from audit.recording import record as audit
from doors.beginnings import count_begun
from doors.factors.proof import note_provider
from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, Outcome
from doors.networks import network_of
from doors.providers import openid, saml
from doors.providers.accounts import account_for
from doors.providers.configured import Claims, StaffProvider, staff_provider
from doors.providers.onward import onward_of
from doors.providers.openid import SignInFailed
from doors.providers.sentences import SENTENCES
from doors.records import record
from doors.signin.adapter import StaffAdapter, leave_other
from doors.views import too_many

NETWORK: Final = Limit("provider-network", 30, 10)
"""Answers of providers from one network; those that log somebody in are not counted."""
_COOKIE: Final = "log-in-at"
_SALT: Final = "geoparticipation.log-in-at-provider"
_FOR: Final = timedelta(minutes=15)
_LEEWAY: Final = 60.0
"""Seconds by which clocks may differ."""
_STATUS: Final = {"sign_in_unavailable": 503}

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kept:
    """What was begun in this browser: for OpenID Connect `begun`, for SAML the id of the request."""

    key: str
    onward: str
    begun_at: float
    anew: bool
    begun: openid.Begun | None = None
    request_id: str = ""

    def in_cookie(self) -> str:
        values = {
            "key": self.key,
            "onward": self.onward,
            "begun_at": self.begun_at,
            "anew": self.anew,
            "request_id": self.request_id,
        }
        return signing.dumps(values | {"begun": self.begun and self.begun.as_values()}, salt=_SALT)


@require_safe
@never_cache
def start(request: HttpRequest, key: str) -> HttpResponseBase:
    """The way to a provider; `?next=` is the page to come back to, `?again=1` asks for the password there once more."""
    provider, now = _provider(key), timezone.now()
    onward = onward_of(request.GET.get("next", ""), resolve_url(settings.LOGIN_REDIRECT_URL))
    # In a session that somebody left open, an earlier log-in at the provider proves nothing.
    anew = request.GET.get("again") == "1" or request.user.is_authenticated
    try:
        count_begun(request)
        if provider.kind == "saml":
            address, request_id = saml.begin(request, provider, anew=anew)
            kept = _Kept(key, onward, now.timestamp(), anew, request_id=request_id)
        else:
            address, begun = openid.begin(provider.openid, _back(request, key), anew=anew)
            kept = _Kept(key, onward, now.timestamp(), anew, begun)
    except Full as full:
        return too_many(request, full.retry_after)
    except SignInFailed as error:
        return _failed(request, provider, error.code)
    response = HttpResponseRedirect(address)
    crosses = provider.kind == "saml" and settings.HTTPS
    response.set_cookie(
        _COOKIE,
        kept.in_cookie(),
        max_age=_FOR,
        path=reverse("provider-back", args=(key,)),
        secure=settings.HTTPS,
        httponly=True,
        samesite="None" if crosses else "Lax",
    )
    return response


@csrf_exempt  # answers of SAML are forms of the provider's site; the cookie and the signature stand for the token
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def back(request: HttpRequest, key: str) -> HttpResponseBase:
    """Where a provider sends people back to: the address to enter there."""
    provider = _provider(key)
    network, at = network_of(request), timezone.now()
    counter = Counter(NETWORK, (network.prefix,))
    try:
        counter.take(at)
    except Full as full:
        record(LogInDoor.PROVIDER, Outcome.THROTTLED, network, None, at)
        return too_many(request, full.retry_after)
    try:
        kept = _kept(request, key)
        claims = _claims(request, provider, kept)
        is_fresh = _is_fresh(claims, kept)
        user = account_for(provider, claims, request.user)
    except SignInFailed as error:
        record(LogInDoor.PROVIDER, Outcome.FAILED, network, None, at)
        response: HttpResponseBase = _failed(request, provider, error.code)
    else:
        counter.give_back(at)
        record(LogInDoor.PROVIDER, Outcome.SUCCEEDED, network, user.pk, at)
        response = _logged_in(request, provider, claims, user, kept.onward, is_fresh)
    response.delete_cookie(_COOKIE, path=reverse("provider-back", args=(key,)), samesite="Lax")
    return response


@require_safe
def metadata(request: HttpRequest, key: str) -> HttpResponse:
    """This site as a service of a SAML provider, to be entered there."""
    provider = _provider(key)
    if provider.kind != "saml":
        raise Http404
    try:
        return HttpResponse(saml.metadata(request, provider), content_type="application/samlmetadata+xml")
    except SignInFailed as error:
        return _failed(request, provider, error.code)


def _claims(request: HttpRequest, provider: StaffProvider, kept: _Kept) -> Claims:
    if provider.kind == "saml":
        begun_on = timezone.localdate(datetime.fromtimestamp(kept.begun_at, UTC))
        if request.method != "POST" or not kept.request_id or begun_on != timezone.localdate():
            raise SignInFailed("sign_in_stale")
        return saml.complete(request, provider, kept.request_id)
    if kept.begun is None:
        raise SignInFailed("sign_in_stale")
    wanted = ["email", *([provider.role_claim] if provider.role_claim else [])]
    said = openid.complete_with_claims(
        provider.openid, kept.begun, _back(request, provider.key), request.GET.dict(), wanted
    )
    return _claims_of_openid(provider, said)


def _claims_of_openid(provider: StaffProvider, said: Mapping[str, Any]) -> Claims:
    """The claims in one form; roles may lie deeper, such as `realm_access.roles` of Keycloak."""
    roles: Any = said
    for part in [provider.role_claim] if provider.role_claim in said else provider.role_claim.split("."):
        roles = roles.get(part) if isinstance(roles, Mapping) else None
    checked_at = said.get("auth_time")
    return Claims(
        str(said["iss"]),
        str(said["sub"]),
        str(said.get("email") or ""),
        said.get("email_verified") is True,
        _texts(roles),
        (*_texts(said.get("acr")), *_texts(said.get("amr"))),
        str(said.get("given_name") or ""),
        str(said.get("family_name") or ""),
        float(checked_at) if isinstance(checked_at, int | float) else None,
    )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _is_fresh(claims: Claims, kept: _Kept) -> bool:
    """Whether the provider shows that it checked somebody for this log-in; raises SignInFailed where it had to."""
    at = claims.authenticated_at
    is_fresh = at is not None and at >= kept.begun_at - _LEEWAY
    if kept.anew and not is_fresh:
        logger.warning("A provider did not show that it asked for the password again.")
        raise SignInFailed("sign_in_refused")
    return is_fresh


def _logged_in(  # noqa: PLR0917 - what an answer brings
    request: HttpRequest, provider: StaffProvider, claims: Claims, user: User, onward: str, is_fresh: bool
) -> HttpResponseBase:
    """Start the session, after the second factor of whoever has one, unless the provider asked for its own."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        note_provider(request, user, provider.key, is_fresh=is_fresh)
        if is_fresh:
            audit(user, Action.CONFIRMED, by="provider", provider=provider.key)
        return HttpResponseRedirect(onward, status=303)
    leave_other(request, user)
    has_factor = bool(set(claims.methods) & set(provider.second_factor))
    note_provider(request, user, provider.key, is_fresh=is_fresh, has_factor=has_factor)
    if has_factor:
        StaffAdapter(request).login(request, user)
        return HttpResponseRedirect(onward, status=303)
    response: HttpResponseBase = perform_login(request, Login(user=user, redirect_url=onward))
    return response


def _provider(key: str) -> StaffProvider:
    found = staff_provider(key)
    if found is None:
        raise Http404
    return found


def _kept(request: HttpRequest, key: str) -> _Kept:
    """What was begun in this browser for a provider; raises SignInFailed "sign_in_stale"."""
    value = request.COOKIES.get(_COOKIE, "")
    try:
        values: dict[str, Any] = signing.loads(value if value.isascii() else "", salt=_SALT, max_age=_FOR)
    except signing.BadSignature:
        raise SignInFailed("sign_in_stale") from None
    if values.get("key") != key or not {"begun_at", "anew"} <= values.keys():
        raise SignInFailed("sign_in_stale")
    begun = values.pop("begun")
    return _Kept(**values, begun=None if begun is None else openid.Begun(**begun))


def _back(request: HttpRequest, key: str) -> str:
    return request.build_absolute_uri(reverse("provider-back", args=(key,)))


def _failed(request: HttpRequest, provider: StaffProvider, code: str) -> HttpResponse:
    context = {"problem": SENTENCES[code], "provider": provider}
    return render(request, "registration/provider_failed.html", context, status=_STATUS.get(code, 403))
