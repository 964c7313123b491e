"""Permissions of readers of `/ogc/`."""

from __future__ import annotations

from rest_framework.request import Request

from accounts.models import User
from mapping import rules
from mapping.filters.contribution_filter import STATUSES
from mapping.http.access import readable_statuses, user_of
from mapping.models import Campaign, LinkHolder
from mapping.models.campaign import CampaignQuerySet


def campaigns_for(request: Request) -> CampaignQuerySet:
    """Campaigns visible to the reader: public ones, and drafts that they work on or have a private link to."""
    campaigns = Campaign.objects.all()
    user = user_of(request)
    if isinstance(user, LinkHolder):
        return campaigns.visible() | campaigns.filter(pk=user.link.campaign_id)
    if isinstance(user, User):
        return campaigns.visible() | campaigns.for_member(user)
    return campaigns.visible()


def sees_everything(request: Request, campaign: Campaign) -> bool:
    """Whether the reader may read the exact and unpublished data of a campaign.

    True for its analysts, and for holders of a private link that one of them made.
    """
    return rules.may_analyse(user_of(request), campaign)


def sees_contributions(campaign: Campaign, *, is_exact: bool) -> bool:
    """Whether single contributions are visible at all, given whether the reader `sees_everything` of the campaign."""
    return is_exact or rules.may_see_public_contributions(campaign)


def statuses_for(request: Request, campaign: Campaign, view: str) -> tuple[str, ...] | None:
    """None where the public gate decides; analysts get every status, and an attribute with the status.

    Clients such as QGIS add a layer by its address alone, so that the visible data of a token cannot depend on a
    parameter. Raises NotAllowed and NotAuthenticated as `readable_statuses` does, which logs `view`.
    """
    asked = STATUSES if sees_everything(request, campaign) else None
    return readable_statuses(request, campaign, asked, view)
