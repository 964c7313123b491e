"""Editing a contribution as the city: the original is kept in the event and shown beside the form."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.forms.contribution import ContributionForm
from mapping.forms.places import keeps_place
from mapping.models import Campaign, Category, Contribution
from mapping.planning.access import frame, log_exact_access, log_staff_answers, member, planners_only
from mapping.planning.moderation.queue import contributions_of
from mapping.planning.moderation.queue_state import queue_address
from mapping.planning.moderation.shown import shown_contribution
from mapping.planning.moderation.undoing import remember_event_about
from mapping.services.errors import DomainError
from mapping.services.moderation import moderate


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_moderate)
def edit(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """The contribution as a form: text, answers, place and category; a reason may be noted."""
    contribution = get_object_or_404(contributions_of(campaign), pk=pk)
    category = _category(request, contribution)
    form = _form(category, contribution, request.POST if request.method == "POST" else None)
    here = queue_address(campaign, request.POST.get("here") or request.GET.get("here") or "")
    if request.method == "POST" and form.is_valid() and _store(request, contribution, form):
        remember_event_about(request, campaign, contribution)
        messages.success(request, _("Saved. The original stays in the record."))
        return HttpResponseRedirect(here)
    log_exact_access(request, campaign, "edit")
    log_staff_answers(request, campaign, [contribution], "edit")
    return render(
        request,
        "planning/edit.html",
        {
            **frame(request, campaign, "queue"),
            "contribution": contribution,
            "category": category,
            "categories": _fitting_categories(contribution),
            "form": form,
            "shown": shown_contribution(contribution),
            "here": here,
            "reason": request.POST.get("reason", ""),
        },
        status=422 if form.errors else 200,
    )


def _form(category: Category, contribution: Contribution, data: Mapping[str, str] | None) -> ContributionForm:
    form = ContributionForm(category, data, contribution=contribution, with_photos=False)
    form.fields["text"].label = _("Text")
    return form


def _category(request: HttpRequest, contribution: Contribution) -> Category:
    """The category whose questions are shown: the contribution's, unless the query or the form names another one."""
    slug = request.POST.get("category") or request.GET.get("category") or ""
    fitting = {category.slug: category for category in _fitting_categories(contribution)}
    return fitting.get(slug, contribution.category)


def _fitting_categories(contribution: Contribution) -> list[Category]:
    """Categories of the campaign that accept this geometry type."""
    kinds = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
    kind = kinds[contribution.geom.geom_type] if contribution.geom is not None else "none"
    return list(contribution.campaign.categories.filter(geometry_types__contains=[kind]))


def _store(request: HttpRequest, contribution: Contribution, form: ContributionForm) -> bool:
    """Store the change; returns False and adds errors to the form if it was refused."""
    sent = form.submission()
    moved = sent.geometry is not None and not keeps_place(sent.geometry, contribution.geom)
    try:
        moderate.edit(
            contribution,
            member(request),
            text=sent.text,
            answers=sent.answers,
            category=form.category.slug,
            geometry=sent.geometry if moved else None,
            reason=request.POST.get("reason", ""),
            expected=request.POST.get("expected") or None,
        )
    except DomainError as error:
        form.take(error)
        return False
    return True
