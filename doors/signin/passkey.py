"""Log-in by a passkey alone: no address, no password; a PIN or finger makes it two factors in one."""

from __future__ import annotations

from allauth.account.models import Login
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doors.beginnings import count_begun
from doors.factors import passkeys
from doors.factors.guessing import NETWORK
from doors.levels import Counter, Full
from doors.models import LogInDoor, Outcome
from doors.networks import network_of
from doors.records import record
from doors.views import too_many


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def passkey(request: HttpRequest) -> HttpResponseBase:
    """What the browser needs to prove a passkey, as JSON; with its answer a log-in."""
    if request.method != "POST":
        try:
            count_begun(request)
        except Full as full:
            return too_many(request, full.retry_after)
        return HttpResponse(passkeys.request_options(None), content_type="application/json")
    network, now = network_of(request), timezone.now()
    counter = Counter(NETWORK, (network.prefix,))
    try:
        counter.take(now)
    except Full as full:
        record(LogInDoor.PASSKEY, Outcome.THROTTLED, network, None, now)
        return too_many(request, full.retry_after)
    factor, owner = passkeys.owner_of_passkey(request.POST.get("passkey", ""))
    if factor is None:
        record(LogInDoor.PASSKEY, Outcome.FAILED, network, owner, now)
        messages.error(
            request, _("This passkey does not belong to an account here. Please log in another way.")
        )
        return redirect("login")
    counter.give_back(now)
    record(LogInDoor.PASSKEY, Outcome.SUCCEEDED, network, owner, now)
    login = Login(user=factor.user, redirect_url=_target(request))
    answer: HttpResponseBase = perform_passwordless_login(request, factor, login)
    return answer


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)
