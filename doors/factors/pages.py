"""The pages at which people set up their second factors: theirs alone, also before their log-in is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, cast

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from doors.factors import keeping, passkeys
from doors.factors.adapter import opened, sealed
from doors.factors.codes import counter_of, plain
from doors.factors.guessing import FactorGuess
from doors.factors.proof import note_factor
from doors.factors.rules import PRIMARY, has_factor, must_have_factor
from doors.networks import network_of
from doors.passwords import Throttled, sentence
from doors.sessions.open import end_others
from doors.signin.again import fresh
from doors.signin.middleware import account_of, half_logged_in

_LONGEST_NAME: Final = 60
_MOST_PASSKEYS: Final = 20
type_of_view = Callable[..., HttpResponseBase]


class AppForm(forms.Form):
    """The first code of an app, with the secret that the page showed (encrypted)."""

    sealed = forms.CharField(widget=forms.HiddenInput, max_length=400)
    code = forms.CharField(
        label=gettext_lazy("Code that the app shows now"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    """The name of a passkey."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("So that you know it again. For example: phone, security key in the drawer"),
        max_length=_LONGEST_NAME,
    )


@dataclass(frozen=True)
class ShownFactor:
    """A factor in the list."""

    factor: Authenticator
    name: str
    is_passkey: bool


def own_account(view: type_of_view) -> type_of_view:
    """Give a view the account whose factors it is about; strangers are led to the log-in. Nothing is cached."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = account_of(request)
        if user is None:
            return redirect_to_login(request.get_full_path())
        return view(request, user, *args, **kwargs)

    return cast("type_of_view", never_cache(guarded))


@require_safe
@own_account
def factors(request: HttpRequest, user: User) -> HttpResponse:
    """What there is, and what can be added."""
    found = list(keeping.factors_of(user))
    shown = [
        ShownFactor(one, keeping.words_of(one), one.type == Authenticator.Type.WEBAUTHN)
        for one in found
        if one.type in PRIMARY
    ]
    return render(
        request,
        "registration/factors.html",
        {
            "shown": shown,
            "has_app": any(not one.is_passkey for one in shown),
            "codes_left": keeping.codes_left(user),
            "is_half": half_logged_in(request) is not None,
            "must_have": must_have_factor(user),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def app(request: HttpRequest, user: User) -> HttpResponseBase:
    """Set up an authenticator app: a QR code, and the first code as proof that it works."""
    return fresh(_app)(request, user)


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def passkey(request: HttpRequest, user: User) -> HttpResponseBase:
    """Add a passkey or security key."""
    return fresh(_passkey)(request, user)


@require_POST
@own_account
def recovery_codes(request: HttpRequest, user: User) -> HttpResponseBase:
    """Make new recovery codes, shown in the answer to the form and never again."""
    return fresh(_recovery_codes)(request, user)


@require_POST
@own_account
def remove(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    """Remove a factor of one's own; not the last one where one is needed."""
    return fresh(_remove)(request, user, pk)


def _app(request: HttpRequest, user: User) -> HttpResponseBase:
    if keeping.factors_of(user).filter(type=Authenticator.Type.TOTP).exists():
        return redirect("factors")
    form = AppForm(request.POST if request.method == "POST" else None, label_suffix="")
    secret, wait = "", 0
    if request.method == "POST" and form.is_valid():
        secret = opened(user, form.cleaned_data["sealed"])
        counter = counter_of(secret, plain(form.cleaned_data["code"])) if secret else None
        if counter is not None:
            return _added(request, user, keeping.add_app(user, secret, counter))
        guess = FactorGuess(user, network_of(request), timezone.now())
        try:
            guess.begin()
            guess.fail()
            form.add_error("code", _("This code is not right. Please take the one that the app shows now."))
        except Throttled as error:
            wait = error.retry_after
            form.add_error("code", sentence(wait))
    secret = secret or generate_totp_secret()
    address = get_adapter().build_totp_url(user, secret)
    response = render(
        request,
        "registration/factor_app.html",
        {
            "form": form,
            "sealed": sealed(user, secret),
            "qr": _qr(address),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "address": address,
        },
        status=429 if wait else 422 if form.errors else 200,
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _passkey(request: HttpRequest, user: User) -> HttpResponseBase:
    if keeping.factors_of(user).filter(type=Authenticator.Type.WEBAUTHN).count() >= _MOST_PASSKEYS:
        messages.error(request, _("You have many passkeys. Please remove one that you do not use first."))
        return redirect("factors")
    form = PasskeyForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = passkeys.add(user, form.cleaned_data["name"], request.POST.get("passkey", ""))
            if made is not None:
                keeping.note_added(user, made, actor=user)
        if made is not None:
            return _added(request, user, made)
        form.add_error(None, _("The passkey could not be added. Please try again."))
    return render(
        request,
        "registration/factor_passkey.html",
        {"form": form, "options": passkeys.creation_options(user)},
        status=422 if form.errors else 200,
    )


def _recovery_codes(request: HttpRequest, user: User) -> HttpResponseBase:
    if not has_factor(user):
        raise Http404
    return render(request, "registration/recovery_codes.html", {"codes": keeping.new_recovery_codes(user)})


def _remove(request: HttpRequest, user: User, pk: int) -> HttpResponseBase:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        primary = keeping.factors_of(user).filter(type__in=PRIMARY)
        factor = primary.filter(pk=pk).first()
        if factor is None:
            raise Http404
        if must_have_factor(user) and primary.count() == 1:
            messages.error(
                request,
                _("Your role needs a second factor. Please add another one before you remove this one."),
            )
        else:
            keeping.remove(factor, actor=user)
            messages.success(request, _("The second factor is removed."))
    return redirect("factors")


def _added(request: HttpRequest, user: User, factor: Authenticator) -> HttpResponseBase:
    """What follows a new factor: this session has it proved, all others end, and recovery codes are there."""
    note_factor(request, user, factor)
    end_others(request, user)
    if keeping.codes_left(user):
        messages.success(request, _("The second factor is set up."))
        return redirect("factors")
    codes = keeping.new_recovery_codes(user)
    return render(request, "registration/recovery_codes.html", {"codes": codes, "is_first": True})


def _qr(address: str) -> str:
    """The QR code of an address as `data:` picture, dark on white in every colour scheme."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=6, border=4, dark="#000", light="#fff")
