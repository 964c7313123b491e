"""Who a session stands for: nobody, until it has proved all that its account needs."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from doors.factors.proof import has_proved_factor
from doors.factors.rules import has_factor, lacks_factor
from doors.sessions import open as open_sessions

_HALF = "half_logged_in"


class WholeLogInMiddleware:
    """Let sessions without the second factor that their account needs pass for anonymous, whatever made them.

    It stands between every view and the session: log-in pages, interfaces and later additions cannot forget to ask.
    The user is loaded only where a view asks for it, so that pages for everybody cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Wrap the user of the request."""
        found = request.user
        request.user = SimpleLazyObject(lambda: _whole(request, found))  # type: ignore[assignment]
        return self.get_response(request)


def _whole(request: HttpRequest, found: object) -> User | AnonymousUser:
    user = found if isinstance(found, User) else None
    if user is None:
        return AnonymousUser()
    if open_sessions.is_over(request):
        request.session.flush()
        return AnonymousUser()
    if has_factor(user) and not has_proved_factor(request, user):
        return AnonymousUser()
    open_sessions.note_seen(request, user)
    if lacks_factor(user) and not has_proved_factor(request, user):
        setattr(request, _HALF, user)
        return AnonymousUser()
    return user


def half_logged_in(request: HttpRequest) -> User | None:
    """The user who must set up a second factor before anything else, or None."""
    if request.user.is_authenticated:
        return None
    found: User | None = getattr(request, _HALF, None)
    return found


def account_of(request: HttpRequest) -> User | None:
    """The user for pages at which a second factor is set up: logged in, or half of it."""
    return request.user if isinstance(request.user, User) else half_logged_in(request)
