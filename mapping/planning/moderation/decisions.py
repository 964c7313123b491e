"""Decisions of moderators: publish, reject, bulk decisions, and the city's reply. Every write is a service."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mapping import rules
from mapping.models import Campaign, Comment, Contribution, ModerationEvent
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.queue import REASONS, comments_of, contributions_of
from mapping.planning.moderation.queue_state import COMMENTS, queue_address
from mapping.planning.moderation.undoing import (
    MOST_AT_ONCE,
    last_events_about,
    remember_event_about,
    remember_events,
    remember_reply,
)
from mapping.services import feedback
from mapping.services.errors import Conflict, DomainError, Invalid, Problem
from mapping.services.messages import sentence
from mapping.services.moderation import moderate
from mapping.services.moderation.moderate import BulkResult

Action = Literal["publish", "reject"]
PUBLISH: Final = "publish"
REJECT: Final = "reject"


@require_POST
@planners_only(rules.may_moderate)
def decide(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Publish or reject one contribution or comment, unless it was decided since it was shown."""
    item = item_of(request, campaign)
    action = _action(request)
    reason = reason_given(request)
    if action is None:
        messages.error(request, _("Please choose whether to publish or to reject."))
        return _back(request, campaign)
    if action == REJECT and not reason:
        messages.error(request, _("Please give a reason for rejecting; it stays in the record."))
        return _back(request, campaign)
    try:
        _decide_one(request, item, action, reason, expected=request.POST.get("expected") or None)
    except Conflict:
        messages.warning(request, _who_was_faster(item))
        return _back(request, campaign)
    except DomainError as error:
        messages.error(request, sentences(error))
        return _back(request, campaign)
    remember_event_about(request, campaign, item)
    messages.success(request, _("Published.") if action == PUBLISH else _("Rejected."))
    return _onward(request, campaign)


@require_POST
@planners_only(rules.may_moderate)
def decide_many(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Publish or reject all ticked items; those decided meanwhile are skipped."""
    action = _action(request)
    reason = reason_given(request)
    keys = request.POST.getlist("selected")[:MOST_AT_ONCE]
    if not keys:
        messages.warning(request, _("Nothing was selected. Tick the boxes in the list first."))
    elif action is None:
        messages.error(request, _("Please choose whether to publish or to reject."))
    elif action == REJECT and not reason:
        messages.error(request, _("Please give a reason for rejecting; it stays in the record."))
    else:
        decided = _bulk_comments if request.POST.get("kind") == COMMENTS else _bulk_contributions
        try:
            result = decided(request, campaign, keys, action, reason)
            remember_events(request, campaign, result.events)
            _tell_bulk(request, action, result)
        except DomainError as error:  # mostly a reason that is too long
            messages.error(request, sentences(error))
    return _back(request, campaign)


@require_POST
@planners_only(rules.may_reply)
def reply(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Reply to a contribution as the city."""
    contribution = get_object_or_404(contributions_of(campaign), pk=pk)
    try:
        stored = feedback.reply(
            contribution, member(request), request.POST.get("status", ""), request.POST.get("text", "")
        )
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        remember_reply(request, campaign, stored)
        messages.success(request, _("The reply was saved."))
    return _back(request, campaign)


def reason_given(request: HttpRequest) -> str:
    """The chosen reason and the moderator's own words, as one text."""
    chosen = REASONS.get(request.POST.get("reason_template", ""), "")
    own = request.POST.get("reason", "").strip()
    return "\n".join(part for part in (str(chosen), own) if part)


def sentences(error: DomainError) -> str:
    """Messages for a planner about a refused write."""
    if isinstance(error, Invalid):
        problems: Sequence[Problem] = [problem for found in error.fields.values() for problem in found]
    else:
        problems = [error.problem]
    return " ".join(str(sentence(problem.code, problem.params)) for problem in problems)


def _action(request: HttpRequest) -> Action | None:
    match request.POST.get("action"):
        case "publish":
            return PUBLISH
        case "reject":
            return REJECT
    return None


def item_of(request: HttpRequest, campaign: Campaign) -> Contribution | Comment:
    """The contribution or comment that a form names by `kind` and `id`."""
    key = request.POST.get("id", "")
    if request.POST.get("kind") == COMMENTS:
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        return get_object_or_404(comments_of(campaign), pk=int(key))
    found = uuids([key])
    if not found:
        raise Http404
    return get_object_or_404(contributions_of(campaign), pk=found[0])


def _decide_one(
    request: HttpRequest, item: Contribution | Comment, action: Action, reason: str, expected: str | None
) -> None:
    actor = member(request)
    if isinstance(item, Comment):
        if action == PUBLISH:
            moderate.publish_comment(item, actor, expected=expected)
        else:
            moderate.reject_comment(item, actor, reason, expected=expected)
    elif action == PUBLISH:
        moderate.publish(item, actor, expected=expected)
    else:
        moderate.reject(item, actor, reason, expected=expected)


def _bulk_contributions(
    request: HttpRequest, campaign: Campaign, keys: Sequence[str], action: Action, reason: str
) -> BulkResult:
    """Pass only contributions whose status is unchanged since they were ticked; the service would overrule others."""
    seen = request.POST.get("expected", "")
    ticked = uuids(keys)
    unchanged = (
        contributions_of(campaign).with_status([seen]).filter(pk__in=ticked).values_list("pk", flat=True)
    )
    result = moderate.bulk(list(unchanged), campaign, action, member(request), reason)
    return replace(result, skipped=len(ticked) - result.done)


def _bulk_comments(
    request: HttpRequest, campaign: Campaign, keys: Sequence[str], action: Action, reason: str
) -> BulkResult:
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    decided: list[Comment] = []
    skipped = 0
    for comment in comments_of(campaign).filter(pk__in=numbers):
        try:
            _decide_one(request, comment, action, reason, expected=request.POST.get("expected") or None)
        except DomainError:
            skipped += 1
        else:
            decided.append(comment)
    return BulkResult(len(decided), skipped, last_events_about(request, decided))


def _tell_bulk(request: HttpRequest, action: Action, result: BulkResult) -> None:
    done, skipped = result.done, result.skipped
    if done and action == PUBLISH:
        text = ngettext("%(number)s published.", "%(number)s published.", done)
        messages.success(request, text % {"number": done})
    elif done:
        text = ngettext("%(number)s rejected.", "%(number)s rejected.", done)
        messages.success(request, text % {"number": done})
    if skipped:
        text = ngettext(
            "%(number)s was left as it is: somebody decided about it in the meantime.",
            "%(number)s were left as they are: somebody decided about them in the meantime.",
            skipped,
        )
        messages.warning(request, text % {"number": skipped})


def _who_was_faster(item: Contribution | Comment) -> str:
    """The message for a decision that came too late, with the name of the other moderator if known."""
    field = "comment" if isinstance(item, Comment) else "contribution"
    event = (
        ModerationEvent.objects.filter(**{field: item})
        .select_related("actor")
        .order_by("-created_at", "-pk")
        .first()
    )
    if event is None or event.actor is None:
        return _(
            "This has changed since you opened it. Please look at it again; nothing was decided for you."
        )
    return _(
        "%(person)s decided about this in the meantime. Please look at it again; nothing was decided for you."
    ) % {"person": event.actor.get_full_name() or event.actor.email}


def uuids(keys: Sequence[str]) -> list[UUID]:
    """Parse the ids of ticked rows; anything else is left out."""
    found = []
    for key in keys:
        try:
            found.append(UUID(key))
        except ValueError:
            continue
    return found


def _back(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Redirect to the page on which the decision was made."""
    return HttpResponseRedirect(queue_address(campaign, request.POST.get("here", "")))


def _onward(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Redirect to the next item."""
    return HttpResponseRedirect(queue_address(campaign, request.POST.get("then", "")))
