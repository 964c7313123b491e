"""The log-in page, and what follows a right password."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from doors.providers.configured import staff_providers
from doors.signin.middleware import half_logged_in
from doors.views import LogInForm, logging_in


class LogInView(LoginView):
    """A right password begins a log-in; the session starts after the second factor of whoever has one."""

    authentication_form = LogInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead whoever must set up a second factor first to where that is done."""
        if request.method in {"GET", "HEAD"} and half_logged_in(request) is not None:
            return redirect("factors")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add the providers at which staff log in instead."""
        return super().get_context_data(providers=staff_providers(), **more)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go through the steps that django-allauth shares with log-ins by other systems."""
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        answer: HttpResponse = perform_password_login(self.request, {}, login)
        return answer


log_in = logging_in(LogInView.as_view())
