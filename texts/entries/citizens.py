"""Entries of the citizens' pages: the tab of a campaign, the link of a section's contribution, the feed of versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mapping.models import Action, Campaign, Contribution
from mapping.services.messages import enter_sentences
from mapping.services.retained.parts import PARTS
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab
from mapping.web.contribution_links import CONTRIBUTION_LINKS, ContributionLink
from mapping.web.contribution_pages import CONTRIBUTION_PAGES
from mapping.web.overview.feeds import FEEDS, Feed, FeedEntry
from texts.models import Section, Text, TextVersion
from texts.services.retained import SUGGESTIONS
from texts.services.sentences import DISCUSSING
from texts.web.text import SECTION
from texts.web.text import TEXT as WHOLE_TEXT

_NEWEST: Final = 30


def _texts(campaign: Campaign) -> QuerySet[Text]:
    """Texts with something to read; those of drafts for their preview, which only members see."""
    return Text.objects.of(campaign).filter(versions__published_at__isnull=False)


TAB: Final = CampaignTab(
    "texts",
    36,
    title=lambda _campaign: pgettext_lazy("tab of a campaign", "Text"),
    address=lambda campaign: reverse("texts", args=(campaign.slug,)),
    is_offered=lambda page: page.campaign.publishes_points,
    rows=_texts,
    invites_to=Action.COMMENT,
    invitation=_("Read and discuss the text"),
)


def _section(contribution: Contribution, _token: str) -> str:
    """The page of a section in its text; nothing for other contributions."""
    if contribution.category.takes_contributions:
        return ""
    if not Section.objects.public().filter(pk=contribution.pk).exists():
        return ""
    return reverse(
        "text-section", args=(contribution.campaign.slug, contribution.category.slug, contribution.pk)
    )


LINK: Final = ContributionLink("text", _("Read in the text"), "list", _section)


def _entries(versions: Iterable[TextVersion]) -> list[FeedEntry]:
    return [
        FeedEntry(
            f"{one.text.campaign.title} · {one.text.category.title}: "
            + gettext("Version %(number)s") % {"number": one.number},
            one.note,
            reverse("text", args=(one.text.campaign.slug, one.text.category.slug)),
            f"version-{one.number}",
            one.published_at,
        )
        for one in versions
        if one.published_at is not None
    ]


def _newest(found: QuerySet[TextVersion]) -> QuerySet[TextVersion]:
    related = found.select_related("text__category__campaign").defer("text__category__campaign__area")
    return related.order_by("-published_at", "-pk")[:_NEWEST]


def _versions() -> list[FeedEntry]:
    """The newest versions of all texts."""
    return _entries(_newest(TextVersion.objects.public()))


def _versions_of(campaign: Campaign) -> list[FeedEntry]:
    """The newest versions of a campaign's texts."""
    return _entries(_newest(TextVersion.objects.public().filter(text__category__campaign=campaign)))


VERSIONS: Final = Feed(
    "texts", _("Versions of texts"), _versions, lambda: reverse("campaigns"), entries_of=_versions_of
)


def enter() -> None:
    """Fill the registries."""
    CAMPAIGN_TABS.register(TAB)
    CONTRIBUTION_LINKS.register(LINK)
    FEEDS.register(VERSIONS)
    CONTRIBUTION_PAGES.register(SECTION)
    CONTRIBUTION_PAGES.register(WHOLE_TEXT)
    enter_sentences(DISCUSSING)
    PARTS.register(SUGGESTIONS)
