"""The sections of the home page; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.core.cache import cache
from django.db.models import Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.aggregation.releases.publication import current_numbers
from mapping.exports.counts import tallied
from mapping.models import Campaign, Phase, Publication, Question, Reply
from mapping.models.campaign import CampaignQuerySet
from mapping.registry import Registry
from mapping.web.languages import readings_of
from mapping.web.overview.cards import NUMBERS_SECONDS, Card, cards_of

LATEST_REPLIES: Final = 4
_NUMBERS: Final = "home:numbers"


class State(StrEnum):
    """Where campaigns of a list stand; also in addresses."""

    RUNNING = "running"
    UPCOMING = "upcoming"
    CLOSED = "closed"

    @property
    def label(self) -> Promise:
        """The heading of the list."""
        return _TITLES[self]


_TITLES: Final[Mapping[str, Promise]] = {
    State.RUNNING: _("Take part now"),
    State.UPCOMING: _("Coming soon"),
    State.CLOSED: _("Completed"),
}
_MOST_CARDS: Final[Mapping[str, int]] = {State.RUNNING: 6, State.UPCOMING: 2, State.CLOSED: 4}
"""Cards on the home page; the others are on the page of all campaigns."""


@dataclass(frozen=True)
class Content:
    """Content of a section: the values of its template."""

    values: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class HomeSection:
    """One section; lower positions come first (those of `mapping` are 10, 20, 30, 40, 45, 50).

    `content` returns None if there is nothing to show. The template gets `values` and `name`, which is also the id of
    its heading. The page is kept while the database is unchanged: `changes_at` is the first moment after another one at
    which the clock alone changes the section; without it that shows within 15 seconds (`kept.LONGEST`).
    """

    name: str
    position: int
    template: str
    content: Callable[[], Content | None]
    changes_at: Callable[[datetime], datetime | None] | None = None


@dataclass(frozen=True)
class ShownSection:
    """A section with content."""

    name: str
    template: str
    content: Content


HOME_SECTIONS: Final[Registry[HomeSection]] = Registry("section of the home page")


def home_sections() -> list[ShownSection]:
    """The sections that have something to show, in order."""
    ordered = sorted(HOME_SECTIONS, key=lambda one: one.position)
    contents = ((one, one.content()) for one in ordered)
    return [ShownSection(one.name, one.template, content) for one, content in contents if content is not None]


def home_changes_at(at: datetime) -> datetime | None:
    """The first moment after this one at which the clock changes a section; None if none says one."""
    return earliest(one.changes_at(at) for one in HOME_SECTIONS if one.changes_at is not None)


def campaigns_change_at(at: datetime) -> datetime | None:
    """The first moment after this one at which a public campaign or one of its phases begins or ends."""
    visible = Campaign.objects.visible()
    ends = (visible, Phase.objects.filter(campaign__in=visible))
    return earliest(
        moment
        for rows in ends
        for moment in rows.aggregate(
            begin=Min("opens_at", filter=Q(opens_at__gt=at)), end=Min("closes_at", filter=Q(closes_at__gt=at))
        ).values()
    )


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The first of the moments that are known."""
    return min((one for one in moments if one is not None), default=None)


def cards_in(sections: list[ShownSection], name: str) -> list[Card]:
    """The campaigns in a section of this app."""
    values = next((one.content.values for one in sections if one.name == name), {})
    cards = values.get("cards", [])
    return cards if isinstance(cards, list) else []


def in_state(state: State, at: datetime) -> CampaignQuerySet:
    """Public campaigns in a state, those first that people can still do most about."""
    visible = Campaign.objects.visible()
    match state:
        case State.RUNNING:
            return visible.open(at).order_by("closes_at", "slug")
        case State.UPCOMING:
            return visible.upcoming(at).order_by("opens_at", "slug")
        case State.CLOSED:
            return visible.closed(at).order_by("-closes_at", "slug")


def cards_for(campaigns: CampaignQuerySet) -> list[Card]:
    """The cards of a list of campaigns."""
    has_survey = Exists(Question.objects.filter(campaign=OuterRef("pk")))
    return cards_of(
        campaigns.annotate(has_survey=has_survey).select_related("picture").prefetch_related("phases")
    )


def _section_of(state: State) -> Callable[[], Content | None]:
    """The first campaigns in a state, and how many there are; that nothing runs is worth a sentence."""

    def content() -> Content | None:
        found = in_state(state, timezone.now())
        cards = cards_for(found[: _MOST_CARDS[state]])
        if not cards and state != State.RUNNING:
            return None
        number = len(cards) if len(cards) < _MOST_CARDS[state] else found.count()
        values = {
            "title": state.label,
            "cards": cards,
            "is_wide": state != State.RUNNING,
            "number": number,
            "more": f"{reverse('campaigns')}?state={state}" if number > len(cards) else "",
        }
        return Content(values)

    return content


def _replies() -> Content | None:
    replies = latest_replies()
    return Content({"replies": replies}) if replies else None


def _numbers() -> Content | None:
    """What the city's participation amounts to, counted at most once a minute; people are known per campaign only."""
    counted: dict[str, int] | None = cache.get(_NUMBERS)
    if counted is None:
        campaigns = Campaign.objects.visible()
        shown = campaigns.filter(publication=Publication.POINTS).values_list("pk", flat=True)
        hidden = campaigns.protected().values_list("pk", flat=True)
        totals = (*tallied(shown).values(), *current_numbers(hidden).values())
        replies = Reply.objects.published()
        counted = {
            "campaigns": campaigns.count(),
            "contributions": sum(contributions for contributions, _people in totals),
            "replies": replies.count(),
        }
        cache.set(_NUMBERS, counted, NUMBERS_SECONDS)
    return Content(counted) if counted["contributions"] else None


def latest_replies(limit: int = LATEST_REPLIES, campaign: Campaign | None = None) -> list[Reply]:
    """The city's newest replies to public contributions, of all campaigns or of one."""
    replies = Reply.objects.published().select_related(
        "contribution", "contribution__campaign", "contribution__category"
    )
    if campaign is not None:
        replies = replies.filter(contribution__campaign=campaign)
    found = list(replies[:limit])
    campaigns = {one.contribution.campaign_id: one.contribution.campaign for one in found}
    readings = {one.original.pk: one for one in readings_of(list(campaigns.values()))}
    for reply in found:
        contribution, reading = reply.contribution, readings[reply.contribution.campaign_id]
        contribution.campaign, contribution.category = reading.campaign, reading.of(contribution.category)
    return found


_CARDS: Final = "home/campaigns.html"
SECTIONS: Final = (
    HomeSection("running", 10, _CARDS, _section_of(State.RUNNING), campaigns_change_at),
    HomeSection("upcoming", 20, _CARDS, _section_of(State.UPCOMING)),
    HomeSection("replies", 30, "home/replies.html", _replies),
    HomeSection("closed", 40, _CARDS, _section_of(State.CLOSED)),
    HomeSection("how", 45, "home/how.html", lambda: Content({})),
    HomeSection("numbers", 50, "home/numbers.html", _numbers),
)
