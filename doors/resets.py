"""A new password by a link in a letter, for who forgot theirs.

Nobody learns from an answer, or from how long it takes, whether an account exists: the same page follows, the same
queries are made, and a worker is given the same task, which finds out whether there is anybody to write to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audit import recording as audit
from doors.letters import hours_of_a_link, may_get_letter
from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, OpenSession, Outcome
from doors.networks import Network, network_of
from doors.passwords import Throttled, one_at_a_time, sentence
from doors.records import record
from doors.sessions.open import end
from doors.tasks import send_reset_letter
from doors.views import too_many

ACCOUNT: Final = Limit("reset-account", 3, 20 * 60)
NETWORK: Final = Limit("reset-network", 10, 60)
_NOBODY: Final = 0


class AddressForm(forms.Form):
    """Whose password was forgotten."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for a letter; says honestly where the site sends none."""
    if not settings.SENDS_MAIL:
        return _private(render(request, "registration/reset.html", {"sends_mail": False}))
    form = AddressForm(request.POST if request.method == "POST" else None, label_suffix="")
    status, wait = 200, 0
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        account = form.cleaned_data["email"].lower()
        try:
            _count(account, network_of(request), now)
        except Full as full:
            wait = full.retry_after
            form.add_error(None, sentence(wait))
        else:
            _write_to(account, network_of(request), now)
            return _private(redirect("reset-asked"))
    if form.errors:
        status = 429 if wait else 422
    answer = render(request, "registration/reset.html", {"sends_mail": True, "form": form}, status=status)
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return _private(answer)


@require_safe
def asked(request: HttpRequest) -> HttpResponseBase:
    """What happens now, whether there is such an account or not."""
    return _private(render(request, "registration/reset_asked.html", {"hours": hours_of_a_link()}))


class ChooseView(PasswordResetConfirmView):
    """Choose a new password. The link's secret goes into the session, so that no page that is shown has it in its
    address.
    """

    template_name = "registration/reset_choose.html"
    success_url = reverse_lazy("login")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Labels as on all other pages."""
        return super().get_form_kwargs() | {"label_suffix": ""}

    def form_valid(self, form: SetPasswordForm[Any]) -> HttpResponse:
        """Sessions and API tokens of before end with the old password."""
        answer = super().form_valid(form)
        end(OpenSession.objects.filter(user=form.user.pk))
        _record(self.request, Outcome.SUCCEEDED, form.user.pk)
        audit.record(form.user, audit.Action.PASSWORD_CHANGED, target=form.user, by="link")
        messages.success(
            self.request,
            _("Your password is changed. Please log in with it. API tokens that you had have ended."),
        )
        return answer

    def form_invalid(self, form: SetPasswordForm[Any]) -> HttpResponse:
        """As every form that comes back."""
        answer = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """A link that opens nothing is not found, and noted."""
        if not context["validlink"]:
            _record(self.request, Outcome.FAILED, None)
            more["status"] = 404
        return super().render_to_response(context, **more)


def choose(request: HttpRequest, account: str, secret: str) -> HttpResponseBase:
    """`ChooseView`; a password is hashed when this process has its turn."""
    view = ChooseView.as_view()
    if request.method != "POST":
        return _private(view(request, uidb64=account, token=secret))
    try:
        with one_at_a_time():
            answer = view(request, uidb64=account, token=secret)
    except Throttled as error:
        return _private(too_many(request, error.retry_after))
    return _private(answer)


def _count(account: str, network: Network, at: datetime) -> None:
    """Count a wish by network and account, whether there is such an account or not; raises Full."""
    of_network = Counter(NETWORK, (network.prefix,))
    try:
        of_network.take(at)
        try:
            Counter(ACCOUNT, (account,)).take(at)
        except Full:
            of_network.give_back(at)
            raise
    except Full:
        record(LogInDoor.PASSWORD_RESET, Outcome.THROTTLED, network, _number_of(account), at)
        raise


def _write_to(account: str, network: Network, at: datetime) -> None:
    """Enqueue a letter; the task is the same where nobody is there to read it."""
    found = User.objects.filter(email=account).first()
    is_known = found is not None and may_get_letter(found)
    record(
        LogInDoor.PASSWORD_RESET,
        Outcome.SUCCEEDED if is_known else Outcome.FAILED,
        network,
        None if found is None or not found.is_active else found.pk,
        at,
    )
    send_reset_letter.defer(
        user=_NOBODY if found is None else found.pk,
        language=get_language() or settings.LANGUAGE_CODE,
        asked_at=int(at.timestamp()),
    )


def _record(request: HttpRequest, outcome: Outcome, user: int | None) -> None:
    record(LogInDoor.PASSWORD_CHANGE, outcome, network_of(request), user, timezone.now())


def _number_of(account: str) -> int | None:
    return User.objects.filter(email=account).values_list("pk", flat=True).first()


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": browsers would then hide the origin of forms as well, which Django's CSRF check needs.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
