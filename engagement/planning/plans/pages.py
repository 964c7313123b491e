"""The planners' list of plans, the form of a plan, publishing and deleting."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from engagement.models import Plan, PlanProposal, ProposalState
from engagement.planning.access import editors_only
from engagement.planning.plans.forms import (
    PlanForm,
    decision_forms,
    decisions_of,
    geometry_of,
    initial_of,
)
from engagement.services.plans.editing import delete_plan, save_plan, set_public
from mapping.base_map import map_config
from mapping.planning.ways import sections_for
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence

_WAITING = Count("proposals", filter=Q(proposals__state=ProposalState.PENDING))


@require_safe
@editors_only
def plans(request: HttpRequest, editor: User) -> HttpResponse:
    """All plans, drafts first."""
    found = Plan.objects.annotate(waiting=_WAITING).select_related("district", "campaign")
    found = found.defer("place", "description", "district__geom", "campaign__area")
    return render(
        request,
        "engagement/plans/planning/list.html",
        {
            "sections": sections_for(editor, "plans"),
            "plans": found.order_by("-is_draft", "-admitted_on", "slug"),
            "waiting": PlanProposal.objects.pending().count(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest, editor: User) -> HttpResponseBase:
    """The form of a new plan, which is stored as a draft."""
    return _edited(request, editor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, editor: User, plan: str) -> HttpResponseBase:
    """The form of a plan."""
    return _edited(request, editor, get_object_or_404(Plan, slug=plan))


@require_POST
@editors_only
def publish(request: HttpRequest, editor: User, plan: str) -> HttpResponse:
    """Put a plan on the public list (`public` = 1) or take it off (0)."""
    return _shown(
        request, editor, get_object_or_404(Plan, slug=plan), is_public=request.POST.get("public") == "1"
    )


def _shown(request: HttpRequest, editor: User, found: Plan, *, is_public: bool) -> HttpResponse:
    try:
        set_public(editor, found, is_public=is_public)
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        done = _("The plan is on the public list.") if is_public else _("The plan is off the public list.")
        messages.success(request, done)
    return redirect("records:plan", found.slug)


@require_POST
@editors_only
def delete(request: HttpRequest, editor: User, plan: str) -> HttpResponse:
    """Delete a draft."""
    found = get_object_or_404(Plan, slug=plan)
    try:
        delete_plan(editor, found)
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
        return redirect("records:plan", found.slug)
    messages.success(request, _("The plan was deleted."))
    return redirect("records:plans")


def _edited(request: HttpRequest, editor: User, plan: Plan | None) -> HttpResponseBase:
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, plan=plan, initial=initial_of(plan))
    decisions = decision_forms(data, [] if plan is None else list(plan.decisions.all()))
    shape = "" if plan is None or plan.place is None else plan.place.json
    problems: list[str] = []
    if data is not None:
        shape = data.get("geometry", "")
        is_right = [form.is_valid(), decisions.is_valid()]
        if all(is_right):
            try:
                stored = save_plan(
                    editor,
                    plan,
                    form.values(),
                    decisions_of(decisions),
                    geometry=geometry_of(shape, plan),
                    change=form.cleaned_data.get("change", ""),
                    expected=form.cleaned_data["expected"],
                )
            except DomainError as error:
                form.refuse(error, {"expected": "expected_participation"})
                problems = _of_place(error)
            else:
                messages.success(request, _("Saved."))
                if "publish" in data:
                    return _shown(request, editor, stored, is_public=True)
                return HttpResponseRedirect(reverse("records:plan", args=(stored.slug,)))
    return render(
        request,
        "engagement/plans/planning/edit.html",
        {
            "plan": plan,
            "form": form,
            "decisions": decisions,
            "geometry": shape,
            "geometry_problems": problems,
            "config": map_config(),
        },
        status=422 if form.errors or (data is not None and decisions.total_error_count()) else 200,
    )


def _of_place(error: DomainError) -> list[str]:
    found = error.fields.get("geometry", []) if isinstance(error, Invalid) else []
    return [sentence(one.code, one.params) for one in found]
