"""The administration site: access and log-in."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from doors.views import LogInForm
from mapping import rules


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

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff everywhere; managers everywhere except where a number alone identifies a row of any campaign."""
        if not rules.may_use_administration(request.user):
            return False
        is_detour = request.resolver_match is not None and request.resolver_match.url_name == "view_on_site"
        return request.user.is_staff or not is_detour
