"""The page after the password: a code, or a passkey."""

from __future__ import annotations

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from doors.factors import passkeys
from doors.factors.codes import factor_of_code
from doors.factors.guessing import FactorGuess
from doors.factors.keeping import factors_of
from doors.factors.proof import note_factor
from doors.networks import network_of
from doors.passwords import Throttled, sentence


class CodeForm(forms.Form):
    """A code of an app, or a recovery code."""

    code = forms.CharField(
        label=pgettext_lazy("of a second factor", "Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="login")  # type: ignore[untyped-decorator]
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor; a right one starts the session and leads where the log-in was to lead."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - set by the decorator
    user: User = stage.login.user
    form = CodeForm(request.POST if request.method == "POST" else None, label_suffix="")
    problem, wait = "", 0
    sent = request.POST.get("passkey", "")
    if request.method == "POST" and (sent or form.is_valid()):
        guess = FactorGuess(user, network_of(request), timezone.now())
        try:
            guess.begin()
        except Throttled as error:
            wait = error.retry_after
            problem = sentence(wait)
        else:
            factor = (
                passkeys.factor_of_passkey(user, sent)
                if sent
                else factor_of_code(user, form.cleaned_data["code"])
            )
            if factor is not None:
                guess.succeed()
                note_factor(request, user, factor)
                answer: HttpResponseBase = stage.exit()
                return answer
            guess.fail()
            problem = (
                _("This does not fit. Please try again.")
                if sent
                else _("This code is not right, or was used already. Please try the next one.")
            )
    kinds = set(factors_of(user).values_list("type", flat=True))
    response = render(
        request,
        "registration/second_factor.html",
        {
            "form": form,
            "problem": problem,
            "has_code": bool(kinds - {"webauthn"}),
            "passkey_options": passkeys.request_options(user) if "webauthn" in kinds else "",
        },
        status=429 if wait else 422 if problem or form.errors else 200,
    )
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
