"""The step of the people who work on a campaign, and the page on which somebody accepts an invitation."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Membership, Role
from doors.signin.again import fresh_to_send
from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import Described, SetupForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup import people as service

_ROLES: Final = (
    (Role.MANAGER, Described(Role.MANAGER.label, gettext_lazy("changes everything, also who works on it"))),
    (Role.MODERATOR, Described(Role.MODERATOR.label, gettext_lazy("reviews and replies"))),
    (Role.ANALYST, Described(Role.ANALYST.label, gettext_lazy("reads exact numbers, maps and files"))),
)
_INVITATION_ID: Final = "invitation_%s"
"""The page has another form with a role."""


class MemberForm(SetupForm):
    """Who gets which role."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the account"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_ROLES, widget=forms.RadioSelect)


class InvitationForm(SetupForm):
    """Which role an invitation gives."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_ROLES, widget=forms.RadioSelect)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
@fresh_to_send
def people(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """List the members; add one by the address of their account."""
    form = MemberForm(request.POST or None, initial={"role": Role.MODERATOR})
    if request.method == "POST" and form.is_valid():
        try:
            service.add_member(
                campaign, member(request), form.cleaned_data["email"], Role(form.cleaned_data["role"])
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Added."))
            return redirect("planning:setup-people", slug=campaign.slug)
    return _page(request, campaign, form=form)


@require_POST
@planners_only(rules.may_manage)
@fresh_to_send
def remove(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Take a role from somebody, also from oneself as long as another manager stays."""
    membership = get_object_or_404(
        Membership.objects.select_related("campaign", "user"), campaign=campaign, pk=pk
    )
    try:
        service.remove_member(membership, member(request))
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        words = _("%(person)s does not have this role any more.")
        messages.success(request, words % {"person": membership.user})
    if not rules.may_manage(request.user, campaign):
        return redirect("planning:campaigns")
    return redirect("planning:setup-people", slug=campaign.slug)


@require_POST
@planners_only(rules.may_manage)
@fresh_to_send
def invite(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Make an invitation link, shown in the answer to the form and nowhere else."""
    form = InvitationForm(request.POST, auto_id=_INVITATION_ID)
    if not form.is_valid():
        return _page(request, campaign, invitation=form)
    token = service.invitation_for(campaign, member(request), Role(form.cleaned_data["role"]))
    address = request.build_absolute_uri(reverse("planning:invitation", args=(token,)))
    answer = _page(request, campaign, invitation=form, address=address)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody is invited to, and accept it by a button."""
    try:
        found = service.invitation_of(token)
        if request.method == "POST":
            service.accept(found, member(request))
    except DomainError as error:
        words = sentence(error.code, error.params)
        return render(request, "planning/setup/invitation.html", {"problem": words}, status=410)
    if request.method == "POST":
        words = _("You work on “%(title)s” now.")
        messages.success(request, words % {"title": found.campaign.title})
        return redirect("planning:campaigns")
    return render(
        request, "planning/setup/invitation.html", {"invitation": found, "role": dict(_ROLES)[found.role]}
    )


def _page(
    request: HttpRequest,
    campaign: Campaign,
    *,
    form: MemberForm | None = None,
    invitation: InvitationForm | None = None,
    address: str = "",
) -> HttpResponse:
    members = (
        Membership.objects.filter(campaign=campaign).select_related("user").order_by("user__email", "role")
    )
    shown = (form or MemberForm(initial={"role": Role.MODERATOR}), invitation or _empty_invitation())
    return render(
        request,
        "planning/setup/people.html",
        {
            **setup_frame(request, campaign, "people"),
            "members": members,
            "form": shown[0],
            "invitation": shown[1],
            "address": address,
            "days": service.INVITATION_VALID.days,
        },
        status=422 if any(one.is_bound and one.errors for one in shown) else 200,
    )


def _empty_invitation() -> InvitationForm:
    return InvitationForm(initial={"role": Role.MODERATOR}, auto_id=_INVITATION_ID)
