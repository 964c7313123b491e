"""The last step: what is missing, and the publication as an act of its own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup import publish as service


@require_safe
@planners_only(rules.may_manage)
def check(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The checklist of the campaign."""
    context = setup_frame(request, campaign, "publish")
    found = context["findings"]
    assert isinstance(found, list)  # noqa: S101 - for the type checker
    return render(
        request,
        "planning/setup/publish.html",
        {
            **context,
            "blocking": [one for one in found if one.blocks],
            "advice": [one for one in found if not one.blocks],
            "has_voices": not campaign.is_draft and service.has_voices(campaign),
        },
    )


@require_POST
@planners_only(rules.may_manage)
def publish(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show the campaign to everybody."""
    try:
        service.publish(campaign, member(request))
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("The campaign is public now."))
    return redirect("planning:setup-publish", slug=campaign.slug)


@require_POST
@planners_only(rules.may_manage)
def unpublish(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Make it a draft again, while nobody took part."""
    try:
        service.unpublish(campaign, member(request))
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("The campaign is a draft again."))
    return redirect("planning:setup-publish", slug=campaign.slug)
