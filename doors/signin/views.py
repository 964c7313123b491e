"""The log-in page, and what follows a right password."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from doors.views import LogInForm, logging_in


class LogInView(LoginView):
    """A right password begins a log-in; the session starts after the second factor of whoever has one."""

    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go through the steps that django-allauth shares with log-ins by other systems."""
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        answer: HttpResponse = perform_password_login(self.request, {}, login)
        return answer


log_in = logging_in(LogInView.as_view())
