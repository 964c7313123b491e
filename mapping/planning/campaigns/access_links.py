"""The page of private links for GIS programs: create, list, revoke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User, end_of
from doors.signin.again import fresh_to_send
from mapping import rules
from mapping.models import AccessLink, Campaign
from mapping.models.access_link import LONGEST_NAME
from mapping.planning.access import frame, member, planners_only
from mapping.services import access_links
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence


class AccessLinkForm(forms.Form):
    """Name and expiry of a new link."""

    name = forms.CharField(
        label=gettext_lazy("What is the link for?"),
        help_text=gettext_lazy("For example: QGIS at the planning office"),
        max_length=LONGEST_NAME,
    )
    last_day = forms.DateField(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("The last day. Without one the link opens until it is revoked."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")

    def expires_at(self) -> datetime | None:
        """The end of the last day, in the site's time zone."""
        last_day: date | None = self.cleaned_data["last_day"]
        return None if last_day is None else end_of(last_day)


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link in the list."""

    link: AccessLink
    is_working: bool
    may_revoke: bool

    @property
    def last_day(self) -> date | None:
        """The last day of validity, as entered."""
        expires = self.link.expires_at
        return None if expires is None else timezone.localdate(expires - timedelta(seconds=1))


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_make_access_links)
@fresh_to_send
def access(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """List the links of a campaign; a new one is shown in full in the response to the form, and never again."""
    form = AccessLinkForm(request.POST if request.method == "POST" else None)
    made: tuple[AccessLink, str] | None = None
    if request.method == "POST" and form.is_valid():
        made = _made(campaign, form, member(request))
        if made is not None:
            form = AccessLinkForm()
    access_links.settle_uses()
    answer = render(
        request,
        "planning/access.html",
        {
            **frame(request, campaign, "access"),
            "form": form,
            "made": made[0] if made else None,
            "address": request.build_absolute_uri(reverse("ogc-key:landing", args=(made[1],)))
            if made
            else "",
            "links": _shown(campaign, member(request)),
            "public_address": request.build_absolute_uri(reverse("ogc:landing")),
        },
        status=422 if form.errors else 200,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@planners_only(rules.may_make_access_links)
def revoke(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Revoke a link immediately."""
    link = get_object_or_404(AccessLink, campaign=campaign, pk=pk)
    try:
        access_links.revoke(link, actor=member(request))
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": link.name})
    return HttpResponseRedirect(reverse("planning:access", args=(campaign.slug,)))


def _made(campaign: Campaign, form: AccessLinkForm, actor: User) -> tuple[AccessLink, str] | None:
    try:
        return access_links.make(
            campaign, form.cleaned_data["name"], actor=actor, expires_at=form.expires_at()
        )
    except Invalid as invalid:
        for name, problems in invalid.fields.items():
            for problem in problems:
                field = "last_day" if name == "expires_at" else name
                form.add_error(field, sentence(problem.code, problem.params))
        return None


def _shown(campaign: Campaign, user: User) -> list[ShownLink]:
    found = AccessLink.objects.filter(campaign=campaign).select_related("user", "campaign")
    shown = []
    for link in found.newest_first():
        is_working = link.is_open and rules.may_analyse(link.user, campaign)
        shown.append(ShownLink(link, is_working, is_working and rules.may_revoke_access_link(user, link)))
    return shown
