"""A new password by a link in a letter, for who forgot theirs.

Nobody learns from an answer, or from how long it takes, whether an account exists: the same page follows, the same
queries and the same letter are made, and what sends the letter is a thread that nobody waits for.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, Outcome
from doors.networks import Network, network_of
from doors.passwords import Throttled, one_at_a_time, sentence
from doors.records import record
from doors.views import too_many

ACCOUNT: Final = Limit("reset-account", 3, 20 * 60)
NETWORK: Final = Limit("reset-network", 10, 60)
_HOURS: Final = 60 * 60

logger = logging.getLogger(__name__)
_letters = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")


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
    return _private(render(request, "registration/reset_asked.html", {"hours": _hours()}))


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
        _record(self.request, Outcome.SUCCEEDED, form.user.pk)
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


def wait_for_letters() -> None:
    """Until everything that was given to the post is sent or failed."""
    done: Future[None] = _letters.submit(lambda: None)
    done.result()


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
    """Send a letter where somebody is there to read it."""
    found = User.objects.filter(email=account, is_active=True).first()
    is_known = found is not None and found.has_usable_password()
    letter = _letter(found if found is not None else User(pk=0, email=account))
    record(
        LogInDoor.PASSWORD_RESET,
        Outcome.SUCCEEDED if is_known else Outcome.FAILED,
        network,
        None if found is None else found.pk,
        at,
    )
    if is_known:
        _letters.submit(_send, letter)


def _letter(user: User) -> EmailMessage:
    secret = default_token_generator.make_token(user)
    path = reverse("reset-choose", args=(urlsafe_base64_encode(force_bytes(user.pk)), secret))
    # Not by the request's Host, which whoever asks may choose.
    words = {"link": settings.SITE_URL + path, "city_name": settings.CITY_NAME, "hours": _hours()}
    return EmailMessage(
        subject=_("New password for %(city)s") % {"city": settings.CITY_NAME},
        body=render_to_string("registration/reset_letter.txt", words),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does; its words may name the address
        logger.error("A letter could not be sent: %s", type(error).__name__)  # noqa: TRY400 - as above


def _record(request: HttpRequest, outcome: Outcome, user: int | None) -> None:
    record(LogInDoor.PASSWORD_CHANGE, outcome, network_of(request), user, timezone.now())


def _number_of(account: str) -> int | None:
    return User.objects.filter(email=account).values_list("pk", flat=True).first()


def _hours() -> int:
    return settings.PASSWORD_RESET_TIMEOUT // _HOURS


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": browsers would then hide the origin of forms as well, which Django's CSRF check needs.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
