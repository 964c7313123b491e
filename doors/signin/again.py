"""Proof once more before what must not be done in a session that somebody left open.

A form that was filled is not lost: the page that asks carries its fields along and sends them again together with the
proof, so that nothing of it is stored. The proof counts for PROOF_MINUTES, and so does the log-in itself - that at a
provider only if its answer shows that somebody was checked for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from audit.recording import Action, record
from doors.factors import passkeys
from doors.factors.codes import factor_of_code
from doors.factors.guessing import FactorGuess
from doors.factors.keeping import factors_of
from doors.factors.proof import came_from_provider, note_factor, note_password, seconds_since
from doors.models import LogInDoor
from doors.networks import network_of
from doors.passwords import Attempt, Throttled, one_at_a_time, sentence
from doors.providers.configured import providers_of
from doors.sessions.open import signed_in
from doors.signin.middleware import account_of

PASSWORD: Final = "again-password"  # noqa: S105 - a name
CODE: Final = "again-code"
PASSKEY: Final = "again-passkey"
_PROOFS: Final = (PASSWORD, CODE, PASSKEY)
_NOT_CARRIED: Final = ("csrfmiddlewaretoken", *_PROOFS)

type_of_view = Callable[..., HttpResponseBase]


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved who it is within PROOF_MINUTES; requests without one (API tokens) always did."""
    user = account_of(request)
    if user is None:
        return True
    begun = None if came_from_provider(request, user) else signed_in(request)
    ages = [seconds_since(request, user), None if begun is None else time.time() - begun.timestamp()]
    known = [age for age in ages if age is not None]
    return bool(known) and min(known) <= settings.PROOF_MINUTES * 60


def fresh(view: type_of_view) -> type_of_view:
    """Ask for a proof before a view of logged-in people; for what they send, and for pages that show secrets."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return proof_page(request) or view(request, *args, **kwargs)

    return asked


def fresh_to_send(view: type_of_view) -> type_of_view:
    """As `fresh`, for views whose pages may be read and whose forms need the proof."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = proof_page(request) if request.method == "POST" else None
        return page or view(request, *args, **kwargs)

    return asked


def proof_page(request: HttpRequest) -> HttpResponseBase | None:
    """The page that asks for a proof, or None where there is one: in the session, or in the form that came.

    The fields of the proof are taken out of the form.
    """
    user = account_of(request)
    if user is None:
        return None
    problem, wait = "", 0
    if request.method == "POST" and any(name in request.POST for name in _PROOFS):
        try:
            is_right = _check(request, user)
        except Throttled as error:
            is_right, wait = False, error.retry_after
            problem = sentence(wait)
        else:
            problem = "" if is_right else _("This does not fit. Please try again.")
        _take_out_proofs(request)
        if is_right:
            return None
    elif is_fresh(request):
        return None
    if (
        request.method != "POST"
        and request.resolver_match is not None
        and request.resolver_match.url_name != "again"
    ):
        return redirect(f"{resolve_url('again')}?{urlencode({'next': request.get_full_path()})}")
    return _ask(request, user, problem, wait)


@never_cache
@sensitive_post_parameters(*_PROOFS)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponseBase:
    """The proof for pages that are read: leads back to them."""
    if account_of(request) is None:
        return redirect_to_login(request.get_full_path())
    page = proof_page(request)
    if page is not None:
        return page
    target = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if is_ours else settings.LOGIN_REDIRECT_URL)


def _check(request: HttpRequest, user: User) -> bool:
    """Check the proof in a form; raises Throttled."""
    password, sent = request.POST.get(PASSWORD, ""), request.POST.get(PASSKEY, "")
    code = request.POST.get(CODE, "").strip()
    if password and not (sent or code):
        return _check_password(request, user, password)
    guess = FactorGuess(user, network_of(request), timezone.now())
    guess.begin()
    factor = passkeys.factor_of_passkey(user, sent) if sent else factor_of_code(user, code)
    if factor is None:
        guess.fail()
        return False
    guess.succeed()
    note_factor(request, user, factor)
    record(user, Action.CONFIRMED, by=factor.type)
    return True


def _check_password(request: HttpRequest, user: User, password: str) -> bool:
    attempt = Attempt(LogInDoor.AGAIN, network_of(request), user.email.lower(), timezone.now())
    attempt.begin()
    with one_at_a_time():
        is_right = user.check_password(password)
    if not is_right:
        attempt.fail()
        return False
    attempt.succeed()
    note_password(request, user)
    record(user, Action.CONFIRMED, by="password")
    return True


def _take_out_proofs(request: HttpRequest) -> None:
    form = request.POST.copy()
    for name in _PROOFS:
        form.pop(name, None)
    form._mutable = False  # noqa: SLF001 - as forms of requests are
    request.POST = form  # type: ignore[assignment]


def _ask(request: HttpRequest, user: User, problem: str, wait: int) -> HttpResponse:
    carried = [
        (name, value) for name, values in request.POST.lists() if name not in _NOT_CARRIED for value in values
    ]
    if request.method != "POST":
        carried = [("next", request.GET.get("next", ""))]
    kinds = set(factors_of(user).values_list("type", flat=True))
    response = render(
        request,
        "registration/again.html",
        {
            "carried": carried,
            "action": request.get_full_path(),
            "account": user,
            "problem": problem,
            "has_password": user.has_usable_password(),
            "has_code": bool(kinds - {"webauthn"}),
            "passkey_options": passkeys.request_options(user) if "webauthn" in kinds else "",
            "providers": providers_of(user),
            "next": request.GET.get("next") or request.path,
            "minutes": settings.PROOF_MINUTES,
        },
        status=429 if wait else 422 if problem else 403 if request.method == "POST" else 200,
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "private, no-store"
    return response
