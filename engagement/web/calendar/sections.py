"""What the calendar brings to pages of others: a tab of campaigns, a section of the home page, a feed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from engagement.calendar.wording import in_words_span
from engagement.models import Event, EventDate, EventStatus
from engagement.web.calendar.listing import next_dates
from mapping.models import Campaign
from mapping.web.campaign_tabs import CampaignTab
from mapping.web.overview.feeds import Feed, FeedEntry
from mapping.web.overview.home import Content, HomeSection, earliest

SENTENCES: Final[dict[str, str | Promise]] = {
    "unknown_filter": _("This filter does not exist here. Please choose in the calendar once more."),
}

_ON_HOME: Final = 6
_NEWEST: Final = 30


def _section() -> Content | None:
    dates = next_dates(_ON_HOME)
    return Content({"dates": dates}) if dates else None


def _next_change(at: datetime) -> datetime | None:
    """When the next date begins or ends."""
    moments = EventDate.objects.aggregate(
        begin=Min("starts_at", filter=Q(starts_at__gt=at)), end=Min("ends_at", filter=Q(ends_at__gt=at))
    )
    return earliest(moments.values())


HOME_DATES: Final = HomeSection("dates", 25, "engagement/calendar/home.html", _section, _next_change)


DATES_TAB: Final = CampaignTab(
    "dates",
    39,
    title=lambda _campaign: pgettext_lazy("of events", "Dates"),
    address=lambda campaign: f"{reverse('calendar')}?view=list&campaign={campaign.slug}",
    rows=lambda campaign: Event.objects.public().filter(campaigns=campaign.pk),
)


def _entries() -> list[FeedEntry]:
    return _written(Event.objects.public().order_by("-changed_at", "pk").prefetch_related("dates")[:_NEWEST])


def _entries_of(campaign: Campaign) -> list[FeedEntry]:
    found = Event.objects.public().filter(campaigns=campaign.pk).order_by("-changed_at", "pk")
    return _written(found.prefetch_related("dates")[:_NEWEST])


def _written(events: Iterable[Event]) -> list[FeedEntry]:
    return [_entry(event) for event in events]


def _entry(event: Event) -> FeedEntry:
    """An event with its next date, or the last one; what changed names the entry anew only in its text."""
    now = timezone.now()
    dates = list(event.dates.all())
    for one in dates:
        one.event = event
    shown = next((one for one in dates if one.ends_at > now), dates[-1] if dates else None)
    parts = [] if shown is None else _in_words(shown)
    place = ", ".join(text for text in (event.place_name, event.address) if text)
    text = "\n".join(part for part in (*parts, place, event.summary) if part)
    return FeedEntry(
        _title(event, shown), text, event.get_absolute_url(), "event", event.created_at, event.changed_at
    )


def _title(event: Event, one: EventDate | None) -> str:
    if one is not None and one.status == EventStatus.CANCELLED:
        return gettext("Cancelled: %(title)s") % {"title": event.title}
    if one is not None and one.status == EventStatus.MOVED:
        return gettext("Moved: %(title)s") % {"title": event.title}
    return event.title


def _in_words(one: EventDate) -> list[str]:
    return [in_words_span(one), one.reason]


EVENTS: Final = Feed(
    "events",
    pgettext_lazy("of events", "Dates"),
    _entries,
    lambda: reverse("calendar"),
    entries_of=_entries_of,
)
