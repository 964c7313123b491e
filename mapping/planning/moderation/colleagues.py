"""Notes, assignments, reply templates and replies to several contributions at once. Every write is a service."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mapping import rules
from mapping.models import Campaign, ModerationEvent
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences, uuids
from mapping.planning.moderation.queue import contributions_of
from mapping.planning.moderation.queue_state import queue_address
from mapping.planning.moderation.undoing import MOST_AT_ONCE
from mapping.services.errors import DomainError
from mapping.services.moderation import colleagues, moderate


@require_POST
@planners_only(rules.may_moderate)
def note(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Store an internal note about a contribution."""
    contribution = get_object_or_404(contributions_of(campaign), pk=pk)
    text = request.POST.get("text", "")
    return _done(
        request,
        campaign,
        lambda: colleagues.add_note(contribution, member(request), text),
        _("The note was saved."),
    )


@require_POST
@planners_only(rules.may_moderate)
def assign(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Set who takes care of a contribution."""
    contribution = get_object_or_404(contributions_of(campaign), pk=pk)
    chosen = request.POST.get("user", "")
    user = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    return _done(
        request,
        campaign,
        lambda: colleagues.assign(contribution, member(request), user),
        _("Saved."),
    )


@require_POST
@planners_only(rules.may_reply)
def reply_to_many(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Store the same reply to all ticked contributions."""
    keys = uuids(request.POST.getlist("selected")[:MOST_AT_ONCE])
    if not keys:
        messages.warning(request, _("Nothing was selected. Tick the boxes in the list first."))
        return _back(request, campaign)
    try:
        replies = colleagues.reply_to_many(
            keys, campaign, member(request), request.POST.get("status", ""), request.POST.get("text", "")
        )
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        text = ngettext("%(number)s reply was saved.", "%(number)s replies were saved.", len(replies))
        messages.success(request, text % {"number": len(replies)})
    return _back(request, campaign)


@require_POST
@planners_only(rules.may_reply)
def save_template(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Store a reply template."""
    title, text = request.POST.get("title", ""), request.POST.get("text", "")
    return _done(
        request,
        campaign,
        lambda: colleagues.save_template(campaign, member(request), title, text),
        _("The template was saved."),
    )


@require_POST
@planners_only(rules.may_reply)
def delete_template(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Delete a reply template."""
    return _done(
        request,
        campaign,
        lambda: colleagues.delete_template(campaign, member(request), pk),
        _("The template was deleted."),
    )


@require_POST
@planners_only(rules.may_erase)
def erase_original(request: HttpRequest, campaign: Campaign, pk: int) -> HttpResponse:
    """Delete the former content that an edit kept."""
    event = get_object_or_404(ModerationEvent.objects.all().in_campaign(campaign), pk=pk)
    return _done(
        request,
        campaign,
        lambda: moderate.erase_original(event, member(request)),
        _("The former content was deleted. That it was edited stays in the record."),
    )


def _done(request: HttpRequest, campaign: Campaign, write: Callable[[], object], words: str) -> HttpResponse:
    try:
        write()
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, words)
    return _back(request, campaign)


def _back(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    return HttpResponseRedirect(queue_address(campaign, request.POST.get("here", "")))
