"""The list of texts, the choice of a category, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mapping.models import Campaign, Category
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from texts.planning.step import text_called
from texts.rules import may_edit_texts
from texts.services.setup.texts import STEP, make_text, remove_text, texts_of


@require_safe
@planners_only(may_edit_texts)
def texts(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The categories of the campaign, and which of them are texts."""
    found = texts_of(campaign)
    shown = {one.text.category_id for one in found}
    others = [one for one in campaign.categories.order_by("position", "pk") if one.pk not in shown]
    return render(
        request,
        "texts/planning/texts.html",
        {**setup_frame(request, campaign, STEP), "texts": found, "others": others},
    )


@require_POST
@planners_only(may_edit_texts)
def make(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Show a category as a text."""
    found = get_object_or_404(Category, campaign=campaign, slug=category)
    found.campaign = campaign
    try:
        make_text(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
        return HttpResponseRedirect(reverse("texts-planning:setup", args=(campaign.slug,)))
    return HttpResponseRedirect(reverse("texts-planning:import", args=(campaign.slug, found.slug)))


@require_POST
@planners_only(may_edit_texts)
def remove(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Make a text that was never published a plain category again."""
    found = text_called(campaign, category)
    try:
        remove_text(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        title = {"title": found.category.title}
        messages.success(request, _("“%(title)s” is no text any more. The category stays.") % title)
    return HttpResponseRedirect(reverse("texts-planning:setup", args=(campaign.slug,)))
