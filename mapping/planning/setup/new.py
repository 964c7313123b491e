"""The page on which a campaign begins: a title, and a template or an earlier campaign."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Role, User
from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import member
from mapping.planning.setup.fields import Described, SetupForm
from mapping.services.errors import DomainError
from mapping.services.setup.new import from_campaign, from_template
from mapping.services.setup.templates import template_named, templates
from mapping.services.setup.texts import LONGEST

_COPY: Final = "copy"


def _starts() -> list[tuple[str, Described]]:
    return [(one.name, Described(one.title, one.description)) for one in templates()]


def _starts_and_copy() -> list[tuple[str, Described]]:
    title = gettext_lazy("A copy of an earlier campaign")
    words = gettext_lazy(
        "Its texts, area, rules, categories and questions. Without dates, contributions and people."
    )
    return [*_starts(), (_COPY, Described(title, words))]


class NewForm(SetupForm):
    """How the campaign begins."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("People read it first. The address of the page is made from it and stays."),
        max_length=LONGEST["title"],
    )
    start = forms.ChoiceField(
        label=gettext_lazy("What is it to be?"),
        choices=_starts_and_copy,
        widget=forms.RadioSelect,
    )
    source = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=gettext_lazy("Which campaign?"),
        required=False,
        empty_label=gettext_lazy("please choose"),
        to_field_name="slug",
    )

    def offer(self, campaigns: QuerySet[Campaign]) -> None:
        """Offer campaigns to copy; without any, there is nothing to copy."""
        source, start = self.fields["source"], self.fields["start"]
        assert isinstance(source, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(start, forms.ChoiceField)  # noqa: S101 - for the type checker
        source.queryset = campaigns
        if not campaigns.exists():
            del self.fields["source"]
            start.choices = _starts()

    def clean(self) -> dict[str, Any]:
        """A copy needs something to be copied from."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("start") == _COPY and data.get("source") is None and "source" not in self.errors:
            self.add_error("source", ValidationError(_("Please choose the campaign to copy.")))
        return data


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a draft and go on with what it lacks."""
    user = member(request)
    if not rules.may_make_campaigns(user):
        raise PermissionDenied
    form = NewForm(request.POST or None, initial={"start": request.GET.get("start", "")})
    form.offer(Campaign.objects.for_member(user, Role.MANAGER).defer("area", "description", "outcome"))
    if request.method == "POST" and form.is_valid():
        campaign = _made(form, user)
        if campaign is not None:
            return redirect("planning:setup", slug=campaign.slug)
    return render(request, "planning/setup/new.html", {"form": form}, status=422 if form.errors else 200)


def _made(form: NewForm, user: User) -> Campaign | None:
    data = form.cleaned_data
    template = template_named(data["start"])
    try:
        if template is None:
            return from_campaign(data["title"], data["source"], user)
        return from_template(data["title"], template, user)
    except DomainError as error:
        form.refuse(error)
        return None
