"""The account page: a planner's API tokens, password and weekly mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import ApiToken, Role, TokenScope, end_of
from audit.recording import Action, record
from doors.factors.keeping import factors_of
from doors.factors.rules import PRIMARY
from doors.sessions.open import end_others, shown_sessions
from doors.signin.again import fresh_to_send
from mapping.planning.access import member

_LONGEST_NAME = 80
_ANSWERING = (Role.MANAGER, Role.MODERATOR)


class TokenForm(forms.Form):
    """Name, scope and expiry of a new token."""

    name = forms.CharField(
        label=gettext_lazy("What is the token for?"),
        help_text=gettext_lazy("For example: QGIS at the planning office"),
        max_length=_LONGEST_NAME,
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What may it do?"),
        help_text=gettext_lazy(
            "Reading is enough for QGIS and most scripts. Writing changes what the city has drawn and"
            " orders large files."
        ),
        choices=TokenScope.choices,
        initial=TokenScope.READ,
    )
    last_day = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        today = timezone.localdate()
        last = today + timedelta(days=settings.API_TOKEN_MOST_DAYS)
        field = self.fields["last_day"]
        field.help_text = _("The last day; within %(days)s days.") % {"days": settings.API_TOKEN_MOST_DAYS}
        field.initial = today + timedelta(days=settings.API_TOKEN_DAYS)
        field.widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}

    def clean_last_day(self) -> datetime:
        """The end of the day, which must lie ahead and not too far."""
        return ApiToken.expiry(end_of(self.cleaned_data["last_day"]))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@fresh_to_send
def account(request: HttpRequest) -> HttpResponse:
    """List the user's tokens; a new one is shown in full in the response to the form, and never again."""
    user = member(request)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made, token = "", ""
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        made = wanted["name"]
        token = ApiToken.issue(user, made, scope=wanted["scope"], expires_at=wanted["last_day"])
        form = TokenForm()
    return render(
        request,
        "planning/account.html",
        {
            "form": form,
            "made": made,
            "token": token,
            "factors": factors_of(user).filter(type__in=PRIMARY).count(),
            "sessions": shown_sessions(request, user),
            "tokens": ApiToken.objects.filter(user=user).newest_first(),
            "offers_digest": settings.SENDS_MAIL and user.memberships.filter(role__in=_ANSWERING).exists(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@login_required
@never_cache
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one of the user's own tokens; others are not found."""
    found = ApiToken.objects.filter(user=member(request), pk=pk).first()
    if found is None:
        raise Http404
    found.revoke(member(request))
    messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": found.name or found.pk})
    return HttpResponseRedirect(reverse("planning:account"))


@require_POST
@login_required
@never_cache
def digest(request: HttpRequest) -> HttpResponse:
    """Order the weekly mail about what waits, or end it."""
    is_wanted = request.POST.get("wanted") == "yes"
    member(request).order_digest(is_wanted=is_wanted)
    words = _("The overview comes on Mondays.") if is_wanted else _("The overview does not come any more.")
    messages.success(request, words)
    return HttpResponseRedirect(reverse("planning:account"))


class PasswordView(PasswordChangeView):
    """Change the password, confirmed by the old one."""

    template_name = "planning/password.html"
    success_url = reverse_lazy("planning:account")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Set labels as on all other pages."""
        return super().get_form_kwargs() | {"label_suffix": ""}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Report what else was invalidated."""
        answer = super().form_valid(form)
        end_others(self.request, member(self.request))
        record(form.user, Action.PASSWORD_CHANGED, target=form.user)
        messages.success(
            self.request,
            _(
                "Your password is changed. You are logged out everywhere else, and your API tokens have ended."
            ),
        )
        return answer

    def form_invalid(self, form: PasswordChangeForm) -> HttpResponse:
        """Return invalid forms with the status of all planners' forms."""
        answer = super().form_invalid(form)
        answer.status_code = 422
        return answer


password = never_cache(PasswordView.as_view())
