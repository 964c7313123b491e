"""The sections of the home page, all of which are searched; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Question, Reply, TextOf, Translation
from mapping.models.campaign import CampaignQuerySet
from mapping.registry import Registry
from mapping.web.cards import Card, cards_of
from mapping.web.languages import readings_of

LATEST_REPLIES: Final = 4


@dataclass(frozen=True)
class Content:
    """Content of a section: the values of its template, and its number of search results."""

    values: Mapping[str, object]
    found: int = 0


@dataclass(frozen=True, eq=False)
class HomeSection:
    """One section; lower positions come first (those of `mapping` are 10, 20, 30, 40).

    `content` is called with the search query (empty without a search) and returns None if there is nothing to show.
    The template gets `values` and `name`, which is also the id of its heading.
    """

    name: str
    position: int
    template: str
    content: Callable[[str], Content | None]


@dataclass(frozen=True)
class ShownSection:
    """A section with content."""

    name: str
    template: str
    content: Content


HOME_SECTIONS: Final[Registry[HomeSection]] = Registry("section of the home page")


def sections_for(words: str) -> list[ShownSection]:
    """Sections of the home page, or with search results."""
    ordered = sorted(HOME_SECTIONS, key=lambda one: one.position)
    contents = ((one, one.content(words)) for one in ordered)
    return [ShownSection(one.name, one.template, content) for one, content in contents if content is not None]


def cards_in(sections: list[ShownSection], name: str) -> list[Card]:
    """The campaigns in a section of this app."""
    values = next((one.content.values for one in sections if one.name == name), {})
    cards = values.get("cards", [])
    return cards if isinstance(cards, list) else []


def _matching(words: str) -> CampaignQuerySet:
    """Public campaigns that contain every word, as they were written or as cards show them."""
    found = Campaign.objects.visible()
    page = get_language() or ""
    shown = Translation.objects.filter(
        campaign=OuterRef("pk"),
        campaign__languages__contains=[page],
        language=page,
        kind=TextOf.CAMPAIGN,
        field__in=("title", "summary", "description"),
    )
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(description__icontains=word)
            | Exists(shown.filter(text__icontains=word))
        )
    return found


def _cards(title: Promise, campaigns: CampaignQuerySet, *, is_wide: bool) -> Content | None:
    has_survey = Exists(Question.objects.filter(campaign=OuterRef("pk")))
    found = campaigns.annotate(has_survey=has_survey).select_related("picture").prefetch_related("phases")
    cards = cards_of(found)
    values = {"title": title, "cards": cards, "is_wide": is_wide}
    return Content(values, found=len(cards)) if cards else None


def _running(words: str) -> Content | None:
    title = _("Take part now")
    campaigns = _matching(words).open(timezone.now()).order_by("closes_at", "slug")
    shown = _cards(title, campaigns, is_wide=False)
    if shown is None and not words:
        return Content({"title": title, "cards": []})
    return shown


def _upcoming(words: str) -> Content | None:
    campaigns = _matching(words).upcoming(timezone.now()).order_by("opens_at", "slug")
    return _cards(_("Coming soon"), campaigns, is_wide=True)


def _closed(words: str) -> Content | None:
    campaigns = _matching(words).closed(timezone.now()).order_by("-closes_at", "slug")
    return _cards(_("Completed"), campaigns, is_wide=True)


def _replies(words: str) -> Content | None:
    replies = [] if words else latest_replies()
    return Content({"replies": replies}) if replies else None


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
    HomeSection("running", 10, _CARDS, _running),
    HomeSection("upcoming", 20, _CARDS, _upcoming),
    HomeSection("replies", 30, "home/replies.html", _replies),
    HomeSection("closed", 40, _CARDS, _closed),
)
