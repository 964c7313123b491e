"""The administration site: access and log-in."""

from functools import wraps
from typing import Any, Final

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from doors.signin.again import proof_page
from doors.views import LogInForm
from mapping import rules

_SENSITIVE: Final = ("accounts_", "auth_", "mfa_", "mapping_campaign_add", "mapping_campaign_change")
"""Beginnings of the names of pages at which permissions are given; campaigns have their members on their page."""


class AdminLogInForm(LogInForm, AdminAuthenticationForm):
    """The log-in form of the administration, with the same rate limits as the site's."""

    def confirm_login_allowed(self, user: User) -> None:
        """Allow managers too, staff or not."""
        if rules.may_use_administration(user):
            AuthenticationForm.confirm_login_allowed(self, user)
        else:
            super().confirm_login_allowed(user)


class Administration(admin.AdminSite):
    """Django's site, opened to the managers of campaigns; see `geoparticipation.apps.AdministrationConfig`."""

    site_title = _("geoparticipation")
    site_header = _("geoparticipation: administration")
    index_title = _("Administration")
    login_form = AdminLogInForm

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Ask for a proof once more before accounts, roles, tokens and factors are changed."""

        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            name = request.resolver_match.url_name if request.resolver_match is not None else None
            is_sensitive = request.method == "POST" and (name or "").startswith(_SENSITIVE)
            page = proof_page(request) if is_sensitive else None
            return page or view(request, *args, **kwargs)

        return super().admin_view(asked, cacheable)

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff everywhere; managers everywhere except where a number alone identifies a row of any campaign."""
        if not rules.may_use_administration(request.user):
            return False
        is_detour = request.resolver_match is not None and request.resolver_match.url_name == "view_on_site"
        return request.user.is_staff or not is_detour
