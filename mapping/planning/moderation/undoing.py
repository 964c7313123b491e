"""Undo of the last decision: its data in the session, and the form behind the button."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mapping import rules
from mapping.models import Campaign, Comment, Contribution, ModerationEvent, Reply
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.queue_state import COMMENTS, CONTRIBUTIONS, QueueState, queue_address
from mapping.planning.moderation.shown import title_of
from mapping.services import feedback
from mapping.services.errors import Conflict, DomainError
from mapping.services.messages import sentence
from mapping.services.moderation.undo import Undone, undo

MOST_AT_ONCE: Final = 100
_SESSION: Final = "planning-last-decision"


@dataclass(frozen=True, slots=True)
class LastDecision:
    """The decision that the button undoes, in words, and the fields of its form."""

    words: str
    about: str
    events: Sequence[int] = ()
    reply: Reply | None = None

    @property
    def reply_digest(self) -> str:
        """A digest of the reply, so that a correction in between is detected."""
        return feedback.digest_of(self.reply) if self.reply is not None else ""


def remember_events(request: HttpRequest, campaign: Campaign, events: Sequence[int]) -> None:
    """Store the last decision, single or bulk, in the session; it replaces the one before."""
    if events:
        request.session[_SESSION] = {"campaign": campaign.pk, "events": list(events)}


def remember_event_about(request: HttpRequest, campaign: Campaign, item: Contribution | Comment) -> None:
    """Store this member's latest decision about one object in the session."""
    remember_events(request, campaign, last_events_about(request, [item]))


def last_events_about(request: HttpRequest, items: Sequence[Contribution | Comment]) -> tuple[int, ...]:
    """The newest decision of this member about each of the given objects."""
    mine = ModerationEvent.objects.standing().filter(actor=member(request))
    found = (mine.about(item).values_list("pk", flat=True).first() for item in items)
    return tuple(key for key in found if key is not None)


def remember_reply(request: HttpRequest, campaign: Campaign, reply: Reply) -> None:
    """Store the latest reply in the session."""
    request.session[_SESSION] = {"campaign": campaign.pk, "reply": reply.pk}


def last_decision(request: HttpRequest, campaign: Campaign) -> LastDecision | None:
    """The decision that can be undone in this campaign, if any."""
    kept = request.session.get(_SESSION)
    if not isinstance(kept, dict) or kept.get("campaign") != campaign.pk:
        return None
    if "reply" in kept:
        reply = Reply.objects.filter(pk=kept["reply"]).select_related("contribution").first()
        if reply is None:
            return None
        return LastDecision(_("Replied"), _beginning(reply.text), reply=reply)
    events = list(
        ModerationEvent.objects.all()
        .in_campaign(campaign)
        .standing()
        .filter(pk__in=kept.get("events", []))
        .select_related("contribution", "comment")
    )
    if not events:
        return None
    keys = [event.pk for event in events]
    if len(events) == 1:
        item = events[0].contribution or events[0].comment
        return LastDecision(title_of(events[0]), _beginning(item.text if item else ""), keys)
    number = ngettext("%(number)s decision", "%(number)s decisions", len(events)) % {"number": len(events)}
    return LastDecision(title_of(events[0]), number, keys)


@require_POST
@planners_only(rules.may_moderate)
def undo_decision(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Undo the decision named by the form, except for objects that changed since."""
    here = queue_address(campaign, request.POST.get("here", ""))
    keys = [int(key) for key in request.POST.getlist("event")[:MOST_AT_ONCE] if _is_number(key)]
    request.session.pop(_SESSION, None)
    try:
        if request.POST.get("reply"):
            _undo_reply(request, campaign)
            return HttpResponseRedirect(here)
        done = undo(keys, campaign, member(request))
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
        return HttpResponseRedirect(here)
    _tell(request, done)
    return HttpResponseRedirect(_address_of(campaign, done, here))


def _undo_reply(request: HttpRequest, campaign: Campaign) -> None:
    key = request.POST["reply"]
    reply = (
        Reply.objects.filter(pk=int(key), contribution__campaign=campaign).first()
        if _is_number(key)
        else None
    )
    if reply is None:
        messages.warning(request, sentence("gone", {}))
        return
    try:
        was_public = feedback.take_back_reply(reply, member(request), expected=request.POST.get("digest", ""))
    except Conflict:
        messages.warning(request, _("The reply has changed since you wrote it. It was left as it is."))
        return
    messages.success(request, _("The reply was taken back."))
    if was_public:
        messages.info(request, _("It was public in between: who has read it knows it."))


def _tell(request: HttpRequest, done: Undone) -> None:
    number, left = len(done.events), len(done.refused)
    if number == 1:
        messages.success(request, _("The decision was taken back."))
    elif number:
        text = ngettext(
            "%(number)s decision was taken back.", "%(number)s decisions were taken back.", number
        )
        messages.success(request, text % {"number": number})
    if done.was_public:
        messages.info(request, _("It was public in between: who has read or downloaded it knows it."))
    if done.was_released:
        messages.info(
            request,
            _("Public numbers were released in between. They stay as they are until the next release."),
        )
    if done.author_may_know:
        messages.info(request, _("The author may have read the rejection and its reason already."))
    if left == 1:
        messages.warning(request, _why_left(done.refused[0]))
    elif left:
        text = ngettext(
            "%(number)s was left as it is: it has changed since the decision.",
            "%(number)s were left as they are: they have changed since the decision.",
            left,
        )
        messages.warning(request, text % {"number": left})
    if not number and not left:
        messages.warning(request, sentence("gone", {}))


def _why_left(event: ModerationEvent) -> str:
    """The message for a decision that can no longer be undone, with the name of who decided since."""
    item = event.contribution or event.comment
    events = ModerationEvent.objects.select_related("actor")
    newest = events.about(item).first() if item is not None else None
    if newest is None or newest.pk == event.pk or newest.actor is None or newest.actor == event.actor:
        return _("This has changed since your decision. It was left as it is.")
    person = newest.actor.get_full_name() or newest.actor.email
    return _("%(person)s decided about this since. It was left as it is.") % {"person": person}


def _address_of(campaign: Campaign, done: Undone, here: str) -> str:
    """The address of the queue with the restored item in view."""
    if not done.events:
        return here
    event = done.events[0]
    slugs = set(campaign.categories.values_list("slug", flat=True))
    state = QueueState.of(QueryDict(urlsplit(here).query), slugs)
    item = str(event.contribution_id or event.comment_id) if len(done.events) == 1 else ""
    kind = COMMENTS if event.comment_id else CONTRIBUTIONS
    state = replace(state, kind=kind, status=event.to_status, item=item, after=None, before=None)
    return state.address(campaign)


def _beginning(text: str) -> str:
    return Truncator(text).chars(40)


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19
