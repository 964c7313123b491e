"""Which dates a calendar shows: the filters of `/calendar/` and `/calendar.ics`, read from an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q

from engagement.models import Event, EventKind, Known, Topic
from engagement.models.event import EventDateQuerySet, EventQuerySet
from mapping.models import Campaign, District

PARAMETERS: Final = ("kind", "topic", "district", "campaign", "accessible")


@dataclass(frozen=True)
class CalendarFilter:
    """The chosen filters; None or False where nothing was chosen.

    A hybrid event is found as a digital one and as one on site: people can take part in either way.
    """

    kind: EventKind | None = None
    topic: Topic | None = None
    district: District | None = None
    campaign: Campaign | None = None
    is_accessible: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen."""
        return self == CalendarFilter()

    @property
    def shows_campaigns(self) -> bool:
        """Whether the begin and end of campaigns can be meant: they have neither kind nor topic nor place."""
        return self.kind is None and self.topic is None and self.district is None and not self.is_accessible

    def events(self, events: EventQuerySet) -> EventQuerySet:
        """The events that fit."""
        found = events.filter(self._condition(""))
        return found if self.campaign is None else found.filter(campaigns=self.campaign)

    def dates(self, dates: EventDateQuerySet) -> EventDateQuerySet:
        """The dates of events that fit."""
        found = dates.filter(self._condition("event__"))
        return found if self.campaign is None else found.filter(event__campaigns=self.campaign)

    def campaigns(self) -> list[Campaign] | None:
        """The campaigns whose begin, end and phases are shown; None means all public ones."""
        if not self.shows_campaigns:
            return []
        return None if self.campaign is None else [self.campaign]

    def pairs(self) -> dict[str, str]:
        """The filters as an address names them."""
        chosen = {
            "kind": self.kind.value if self.kind else "",
            "topic": self.topic.value if self.topic else "",
            "district": self.district.code if self.district else "",
            "campaign": self.campaign.slug if self.campaign else "",
            "accessible": "true" if self.is_accessible else "",
        }
        return {name: value for name, value in chosen.items() if value}

    def query(self, **more: str) -> str:
        """The query of an address with these filters and more parameters, with `?`; empty without any."""
        pairs = more | self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def _condition(self, prefix: str) -> Q:
        condition = Q()
        if self.kind is not None:
            fitting = {self.kind, EventKind.HYBRID}
            condition &= Q(**{f"{prefix}kind__in": fitting})
        if self.topic is not None:
            condition &= Q(**{f"{prefix}topic": self.topic})
        if self.district is not None:
            condition &= Q(**{f"{prefix}district__code": self.district.code})
        if self.is_accessible:
            condition &= Q(**{f"{prefix}step_free": Known.YES})
        return condition


def read_filter(query: Mapping[str, str]) -> tuple[CalendarFilter, list[str]]:
    """The filters of an address, and the names of those whose value means nothing; these are left out."""
    kind, topic = _text(query, "kind"), _text(query, "topic")
    chosen = CalendarFilter(
        kind=EventKind(kind) if kind in EventKind.values else None,
        topic=Topic(topic) if topic in Topic.values else None,
        district=_district(_text(query, "district")),
        campaign=_campaign(_text(query, "campaign")),
        is_accessible=_text(query, "accessible") == "true",
    )
    understood = chosen.pairs()
    return chosen, [name for name in PARAMETERS if _text(query, name) and name not in understood]


def _text(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\0", "")


def _district(code: str) -> District | None:
    return District.objects.defer("geom").filter(code=code).order_by("pk").first() if code else None


def _campaign(slug: str) -> Campaign | None:
    return Campaign.objects.visible().defer("area").filter(slug=slug).first() if slug else None


MOST_CHOICES: Final = 200
"""Most campaigns and districts to choose from."""


def districts_to_choose() -> list[District]:
    """The districts in which public events are."""
    with_events = Event.objects.public().filter(district__isnull=False).values("district")
    return list(
        District.objects.defer("geom").filter(pk__in=with_events).order_by("name", "pk")[:MOST_CHOICES]
    )


def campaigns_to_choose() -> list[Campaign]:
    """The public campaigns that have public events, the newest first."""
    with_events = Event.objects.public().filter(campaigns__isnull=False).values("campaigns")
    found = Campaign.objects.visible().filter(pk__in=with_events)
    return list(found.only("pk", "slug", "title", "language", "languages").order_by("-pk")[:MOST_CHOICES])
