"""What django-allauth may do here: the steps of a log-in, and nothing of its own pages, mails and limits."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login, logout
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from accounts.models import User

_PROOFS: Final = (AUTHENTICATION_METHODS_SESSION_KEY, _AUTHENTICATION_METHODS_USER_SESSION_KEY)
BACKEND = "doors.passwords.ThrottledBackend"


def leave_other(request: HttpRequest, user: User) -> None:
    """End a session of another account, or of this one with a former password; what was proved for this one stays.

    Django would throw it away with the session.
    """
    session = request.session
    if SESSION_KEY not in session:
        return
    known, expected = session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    if session[SESSION_KEY] == str(user.pk) and constant_time_compare(known, expected):
        return
    proofs = get_authentication_records(request, user)
    kept = {name: session[name] for name in _PROOFS if proofs}
    logout(request)
    request.session.update(kept)


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; sentences, letters and limits are those of `doors`."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse | None:
        """End the session of another account before the first step, not after the last one."""
        answer: HttpResponse | None = super().pre_login(request, user, **more)
        if answer is None and isinstance(user, User):
            leave_other(request, user)
        return answer

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Start the session, whichever way led here: later requests load the user by one backend."""
        if isinstance(user, User):
            leave_other(request, user)
            login(request, user, backend=BACKEND)

    def respond_user_inactive(self, _request: HttpRequest, _user: AbstractBaseUser) -> HttpResponse:
        """Deactivated accounts learn nothing more than wrong passwords do."""
        return redirect("login")

    def add_message(self, *_args: Any, **_more: Any) -> None:
        """Our own pages say what happened."""

    def send_mail(self, *_args: Any, **_more: Any) -> None:
        """Letters are written by `doors.letters`."""

    def send_notification_mail(self, *_args: Any, **_more: Any) -> None:
        """See `send_mail`."""

    def get_client_ip(self, _request: HttpRequest) -> str:
        """No address is read: limits count networks (`doors.networks`)."""
        return ""

    def get_http_user_agent(self, _request: HttpRequest) -> str:
        """See `get_client_ip`."""
        return ""
