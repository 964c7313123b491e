"""What django-allauth may do here: the steps of a log-in, and nothing of its own pages, mails and limits."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User

BACKEND = "doors.passwords.ThrottledBackend"


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by administrators; sentences, letters and limits are those of `doors`."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Nobody makes an account for themselves."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Start the session, whichever way led here: later requests load the user by one backend."""
        if isinstance(user, User):
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
