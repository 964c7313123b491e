"""The list of plans (Vorhabenliste) and the page of a plan, with what citizens propose there."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.visitors import COMMENT
from engagement import rules
from engagement.models import Document, Plan, PlanProposal
from engagement.services.plans.proposals import (
    LONGEST_PROPOSAL,
    proposal_of_token,
    propose,
    take_back,
    token_of,
)
from engagement.web.plans.listing import features_of, listing_of
from mapping.services.errors import DomainError
from mapping.visitor import VISITOR_FIELD, admit, promise, remember, visitor_of_form
from mapping.web.mine.private import private
from mapping.web.reactions.feedback import problem_of
from mapping.web.refusals import refused


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody typed, and why it was refused."""

    text: str = ""
    problem: str = ""


@require_safe
def plans_page(request: HttpRequest) -> HttpResponse:
    """All public plans as a list and on a map."""
    listing = listing_of(request.GET)
    return render(
        request,
        "engagement/plans/list.html",
        {"listing": listing, "may_edit": rules.may_edit_records(request.user)},
        status=422 if listing.form.errors else 200,
    )


@require_safe
def plan_page(request: HttpRequest, plan: str) -> HttpResponse:
    """Everything about one plan."""
    return _shown(request, _plan_or_404(request, plan))


@require_POST
def propose_page(request: HttpRequest, plan: str) -> HttpResponseBase:
    """Store a proposal; what was typed stays in the form if it is refused."""
    found = _plan_or_404(request, plan)
    text = request.POST.get("text", "")
    visitor = visitor_of_form(request)
    try:
        admit(request, COMMENT, may_wait=True)
        made = propose(found, text, visitor.secret)
    except DomainError as error:
        return refused(_shown(request, found, Entry(text, problem_of(error))), error)
    response = HttpResponseRedirect(reverse("plan-proposal", args=(token_of(made),)), status=303)
    remember(response, visitor)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@private(proposal_of_token)
def proposal_page(request: HttpRequest, proposal: PlanProposal, *, token: str) -> HttpResponseBase:
    """The author's own proposal behind its private link; POST takes it back."""
    if request.method == "POST":
        take_back(proposal)
        return render(request, "engagement/plans/proposal_gone.html", {"plan": proposal.plan})
    link = settings.SITE_URL + reverse("plan-proposal", args=(token,))
    return render(request, "engagement/plans/proposal.html", {"proposal": proposal, "link": link})


def _plan_or_404(request: HttpRequest, slug: str) -> Plan:
    """The plan of an address; drafts are for those who may edit them."""
    related = Plan.objects.select_related("campaign", "district").defer("campaign__area", "district__geom")
    plan = related.filter(slug=slug).first()
    if plan is None or not rules.may_see_plan(request.user, plan):
        raise Http404
    return plan


def _shown(request: HttpRequest, plan: Plan, entry: Entry | None = None) -> HttpResponse:
    campaign = plan.campaign
    today = timezone.localdate()
    return render(
        request,
        "engagement/plans/plan.html",
        {
            "plan": plan,
            "campaign": None if campaign is None or campaign.is_draft else campaign,
            "features": features_of([plan]),
            "decisions": plan.decisions.all(),
            "changes": plan.changes.all(),
            "documents": Document.objects.public().filter(plan=plan),
            "proposals": PlanProposal.objects.public().filter(plan=plan),
            "may_propose": rules.may_propose(plan, today),
            "is_over": plan.takes_proposals_until is not None and plan.takes_proposals_until < today,
            "may_edit": rules.may_edit_records(request.user),
            "entry": entry or Entry(),
            "longest": LONGEST_PROPOSAL,
            "visitor_field": VISITOR_FIELD,
            "promise": promise(request) if rules.may_propose(plan, today) else "",
        },
    )
