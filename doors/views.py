"""Views with password checks, and responses to refused attempts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone

from doors.models import LogInDoor
from doors.networks import network_of
from doors.passwords import Attempt, Throttled, one_at_a_time, retry_after, sentence

type_of_view = Callable[..., HttpResponseBase]


class LogInForm(AuthenticationForm):
    """A log-in form that shows when to retry if the password was not checked."""

    def get_invalid_login_error(self) -> ValidationError:
        """The error of a failed log-in."""
        seconds = retry_after(self.request)
        if seconds is None:
            return super().get_invalid_login_error()
        return ValidationError(sentence(seconds), code="throttled")


def logging_in(view: type_of_view) -> type_of_view:
    """Set the status of a refused log-in (RFC 6585 section 4) and `Retry-After`."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        seconds = retry_after(request)
        if seconds is not None:
            response.status_code = 429
            response.headers["Retry-After"] = str(seconds)
        return response

    return answered


def changing_password(view: type_of_view) -> type_of_view:
    """Apply the limits to a form with the old password: an abandoned session must not be used for guessing."""

    @wraps(view)
    def tried(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        account = request.user.get_username().lower()
        attempt = Attempt(LogInDoor.PASSWORD_CHANGE, network_of(request), account, timezone.now())
        try:
            attempt.begin()
            with one_at_a_time():
                response = view(request, *args, **kwargs)
        except Throttled as error:
            return too_many(request, error.retry_after)
        if _is_wrong(response):
            attempt.fail()
        else:
            attempt.succeed()
        return response

    return tried


def too_many(request: HttpRequest, seconds: int) -> HttpResponseBase:
    """The page of a refused request without form input."""
    response = render(request, "429.html", {"sentence": sentence(seconds)}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _is_wrong(response: HttpResponseBase) -> bool:
    """Whether the form failed because of the old password."""
    if not isinstance(response, TemplateResponse):
        return False
    form = (response.context_data or {}).get("form")
    return form is not None and "old_password" in form.errors
