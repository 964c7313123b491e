"""Citizens' proposals for plans: reviewed, replied to, removed."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from engagement.models import PlanProposal, ProposalState
from engagement.planning.access import editors_only
from engagement.services.plans.proposals import LONGEST_ANSWER, answer, remove
from mapping.planning.setup.fields import SetupForm
from mapping.planning.ways import sections_for
from mapping.services.errors import DomainError
from mapping.services.messages import sentence

_MOST = 200


class AnswerForm(SetupForm):
    """The decision about a proposal, with the reply; `expected` is the state that was read."""

    expected = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(one.value, one.label) for one in (ProposalState.ACCEPTED, ProposalState.DECLINED)],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("Reply of the city"),
        help_text=gettext_lazy("Everybody reads it together with the proposal."),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_safe
@editors_only
def proposals(request: HttpRequest, editor: User) -> HttpResponse:
    """Proposals that wait, the oldest first, and those that were replied to."""
    related = PlanProposal.objects.select_related("plan").defer("plan__place", "plan__description")
    return render(
        request,
        "engagement/plans/planning/proposals.html",
        {
            "sections": sections_for(editor, "plans"),
            "waiting": related.pending().order_by("created_at", "pk")[:_MOST],
            "answered": related.public().order_by("-answered_at", "pk")[:_MOST],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def proposal(request: HttpRequest, editor: User, proposal: UUID) -> HttpResponse:
    """One proposal with the form of the reply."""
    found = get_object_or_404(PlanProposal.objects.select_related("plan"), pk=proposal)
    initial = {"state": found.state, "answer": found.answer, "expected": found.state}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            answer(found, editor, data["state"], data["answer"], expected=data["expected"] or None)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The reply is public."))
            return redirect("records:proposals")
    return render(
        request,
        "engagement/plans/planning/proposal.html",
        {"proposal": found, "form": form},
        status=422 if form.errors else 200,
    )


@require_POST
@editors_only
def delete(request: HttpRequest, editor: User, proposal: UUID) -> HttpResponse:
    """Delete a proposal that must not be shown."""
    found = get_object_or_404(PlanProposal, pk=proposal)
    try:
        remove(found, editor)
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("The proposal was deleted."))
    return redirect("records:proposals")
