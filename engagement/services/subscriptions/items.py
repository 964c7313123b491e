"""What happened, in words: read when a mail is written, and only what is public then.

A reply or review is also shown to the author who asked for it, whose private link the mail holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from engagement.calendar.wording import in_words_previous, in_words_span
from engagement.mail.composing import Item
from engagement.models import (
    Document,
    DocumentVersion,
    Event,
    EventDate,
    EventStatus,
    Happening,
    HappeningKind,
    Plan,
    PlanChange,
    Update,
)
from engagement.services.subscriptions.subjects import Readings
from mapping.geo.markup import without_markup
from mapping.models import Campaign, Contribution, ContributionStatus, ModerationEvent, Reply
from mapping.services.identity import edit_token
from mapping.wording import in_words_end

_LONGEST: Final = 400
"""Characters of a text; the page has all of it."""


def item_of(happening: Happening, readings: Readings, *, for_author: bool = False) -> Item | None:
    """A happening in the active language; None where it is not public any more."""
    kind = HappeningKind(happening.kind)
    written = _FOR_AUTHORS.get(kind) if for_author else None
    return (written or _ITEMS[kind])(happening.row_key, readings)


def _at(path: str) -> str:
    return settings.SITE_URL + path


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(_LONGEST)


def _plain(text: str) -> str:
    """A text in simple formatting without it."""
    return _short(without_markup(text))


def _lines(*lines: str) -> tuple[str, ...]:
    return tuple(filter(None, lines))


def _campaign(key: str, readings: Readings) -> Item | None:
    campaign = Campaign.objects.visible().filter(pk=key).first()
    if campaign is None:
        return None
    campaign = readings.of(campaign).campaign
    end = campaign.closes_at
    period = "" if end is None else gettext("Until %(day)s") % {"day": in_words_end(end)}
    return Item(
        gettext("New participation"),
        campaign.title,
        _at(campaign.get_absolute_url()),
        _lines(_short(campaign.summary), period),
    )


def _outcome(key: str, readings: Readings) -> Item | None:
    campaign = Campaign.objects.visible().filter(pk=key).exclude(outcome="").first()
    if campaign is None:
        return None
    campaign = readings.of(campaign).campaign
    lines = _lines(_plain(campaign.outcome))
    return Item(gettext("What became of it"), campaign.title, _at(campaign.get_absolute_url()), lines)


def _contribution(key: str, readings: Readings) -> Item | None:
    found = Contribution.objects.published().select_related("campaign", "category").filter(pk=key).first()
    if found is None:
        return None
    reading = readings.of(found.campaign)
    title = found.title or f"{reading.campaign.title}: {reading.of(found.category).title}"
    return Item(gettext("New contribution"), title, _at(_page_of(found)), _lines(_short(found.text)))


def _page_of(contribution: Contribution) -> str:
    return reverse("contribution", args=(contribution.campaign.slug, contribution.pk))


def _reply(key: str, readings: Readings) -> Item | None:
    return _reply_among(Reply.objects.published(), key, _page_of, readings)


def _reply_for_author(key: str, readings: Readings) -> Item | None:
    return _reply_among(Reply.objects.all(), key, _private_page_of, readings)


def _reply_among(
    replies: QuerySet[Reply], key: str, page: Callable[[Contribution], str], readings: Readings
) -> Item | None:
    found = replies.select_related("contribution__campaign").filter(pk=key).first()
    if found is None:
        return None
    return Item(
        gettext("The city replied: %(status)s") % {"status": found.get_status_display()},
        readings.of(found.contribution.campaign).campaign.title,
        _at(page(found.contribution)),
        _lines(_short(found.text)),
    )


def _private_page_of(contribution: Contribution) -> str:
    return reverse("my-contribution", args=(edit_token(contribution.pk),))


def _review(key: str, readings: Readings) -> Item | None:
    """None where the contribution was reviewed once more since."""
    found = ModerationEvent.objects.standing().filter(pk=key, contribution__status=F("to_status")).first()
    if found is None or found.contribution is None:
        return None
    is_rejected = found.to_status == ContributionStatus.REJECTED
    label = (
        gettext("Your contribution was not published")
        if is_rejected
        else gettext("Your contribution is published")
    )
    reason = _lines(_short(found.reason)) if is_rejected else ()
    title = readings.of(found.contribution.campaign).campaign.title
    return Item(label, title, _at(_private_page_of(found.contribution)), reason)


def _event(key: str, _readings: Readings) -> Item | None:
    """None where it is over, or all its dates ahead were cancelled since."""
    event = Event.objects.public().filter(pk=key).first()
    if event is None:
        return None
    ahead = event.dates.taking_place().coming(timezone.now()).select_related("event")
    dates = [in_words_span(date) for date in ahead[:3]]
    if not dates:
        return None
    return Item(
        gettext("New date"),
        event.title,
        _at(event.get_absolute_url()),
        _lines(*dates, _place_of(event), _short(event.summary)),
    )


def _date(key: str, status: EventStatus) -> EventDate | None:
    """A date that still is what the happening says: it may have been moved, cancelled or restored since."""
    return EventDate.objects.public().select_related("event").filter(pk=key, status=status).first()


def _moved(key: str, _readings: Readings) -> Item | None:
    date = _date(key, EventStatus.MOVED)
    if date is None:
        return None
    when = gettext("New: %(moment)s") % {"moment": in_words_span(date)}
    address = _at(date.event.get_absolute_url())
    return Item(
        gettext("Date moved"), date.event.title, address, _lines(when, _instead_of(date), date.reason)
    )


def _cancelled(key: str, _readings: Readings) -> Item | None:
    date = _date(key, EventStatus.CANCELLED)
    if date is None:
        return None
    address = _at(date.event.get_absolute_url())
    return Item(gettext("Cancelled"), date.event.title, address, _lines(in_words_span(date), date.reason))


def _restored(key: str, _readings: Readings) -> Item | None:
    """None where it was cancelled once more."""
    taking_place = EventDate.objects.public().taking_place().select_related("event")
    date = taking_place.filter(pk=key).first()
    if date is None:
        return None
    instead = _instead_of(date) if date.status == EventStatus.MOVED else ""
    lines = _lines(in_words_span(date), instead, _place_of(date.event), date.reason)
    address = _at(date.event.get_absolute_url())
    return Item(gettext("Takes place after all"), date.event.title, address, lines)


def _instead_of(date: EventDate) -> str:
    before = in_words_previous(date)
    return gettext("Instead of: %(moment)s") % {"moment": before} if before else ""


def _reminder(key: str, _readings: Readings) -> Item | None:
    """None where it has begun, or was cancelled since."""
    ahead = EventDate.objects.public().taking_place().filter(starts_at__gt=timezone.now())
    date = ahead.select_related("event").filter(pk=key).first()
    if date is None:
        return None
    address = _at(date.event.get_absolute_url())
    lines = _lines(in_words_span(date), _place_of(date.event), _short(date.event.summary))
    return Item(gettext("Soon"), date.event.title, address, lines)


def _place_of(event: Event) -> str:
    return ", ".join(filter(None, (event.place_name, event.address)))


def _update(key: str, readings: Readings) -> Item | None:
    update = Update.objects.public().select_related("campaign").filter(pk=key).first()
    if update is None:
        return None
    label = gettext("News: %(title)s") % {"title": readings.of(update.campaign).campaign.title}
    address = _at(update.get_absolute_url())
    return Item(label, update.title, address, _lines(_plain(update.text)))


def _document(key: str, _readings: Readings) -> Item | None:
    document = Document.objects.public().filter(pk=key).first()
    return None if document is None else _item_of_document(document, document.get_kind_display())


def _version(key: str, _readings: Readings) -> Item | None:
    public = Document.objects.public()
    version = DocumentVersion.objects.select_related("document").filter(pk=key, document__in=public).first()
    if version is None:
        return None
    return _item_of_document(version.document, gettext("New version of a document"), version.note)


def _item_of_document(document: Document, label: str, note: str = "") -> Item:
    lines = _lines(note, _short(document.summary))
    return Item(label, document.title, _at(document.get_absolute_url()), lines)


def _plan(key: str, _readings: Readings) -> Item | None:
    plan = Plan.objects.public().filter(pk=key).first()
    if plan is None:
        return None
    lines = _lines(_short(plan.summary))
    return Item(gettext("New plan of the city"), plan.title, _at(plan.get_absolute_url()), lines)


def _plan_change(key: str, _readings: Readings) -> Item | None:
    public = Plan.objects.public()
    change = PlanChange.objects.select_related("plan").filter(pk=key, plan__in=public).first()
    if change is None:
        return None
    address = _at(change.plan.get_absolute_url())
    return Item(gettext("A plan was changed"), change.plan.title, address, _lines(_short(change.text)))


_Written = Callable[[str, Readings], Item | None]
_ITEMS: Final[Mapping[HappeningKind, _Written]] = {
    HappeningKind.CAMPAIGN: _campaign,
    HappeningKind.OUTCOME: _outcome,
    HappeningKind.CONTRIBUTION: _contribution,
    HappeningKind.REPLY: _reply,
    HappeningKind.REVIEW: lambda _key, _readings: None,
    HappeningKind.EVENT: _event,
    HappeningKind.MOVED: _moved,
    HappeningKind.CANCELLED: _cancelled,
    HappeningKind.RESTORED: _restored,
    HappeningKind.REMINDER: _reminder,
    HappeningKind.UPDATE: _update,
    HappeningKind.DOCUMENT: _document,
    HappeningKind.VERSION: _version,
    HappeningKind.PLAN: _plan,
    HappeningKind.PLAN_CHANGE: _plan_change,
}
_FOR_AUTHORS: Final[Mapping[HappeningKind, _Written]] = {
    HappeningKind.REPLY: _reply_for_author,
    HappeningKind.REVIEW: _review,
}
