"""Where pages of campaigns and contributions lead to subscriptions."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Contribution
from mapping.web.campaign_tabs import CampaignTab
from mapping.web.contribution_links import ContributionLink


def subscribe_address(name: str, value: object) -> str:
    """The address at which somebody subscribes to a subject (`services.subscriptions.subjects.NAMES`)."""
    return f"{reverse('subscribe')}?{urlencode({name: value})}"


def _of_contribution(contribution: Contribution, token: str) -> str:
    if token:
        return reverse("subscribe-author", args=(token,))
    return subscribe_address("contribution", contribution.pk)


def _of_campaign(campaign: Campaign) -> str:
    return subscribe_address("campaign", campaign.slug)


LINK: Final = ContributionLink("subscribe", _("Hear what becomes of it"), "mail", _of_contribution)
TAB: Final = CampaignTab(
    "subscribe",
    90,
    title=lambda _campaign: _("News by e-mail"),
    address=_of_campaign,
)
