"""The predicates of `mapping.rules` as checks that raise with a reason."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, CampaignStatus, Contribution
from mapping.services.errors import Conflict, NotAllowed


def require_open(campaign: Campaign, at: datetime) -> None:
    """Raise NotAllowed with the campaign's dates unless citizens may contribute at a moment."""
    if rules.may_contribute(campaign, at):
        return
    raise why_not_open(campaign, at)


def why_not_open(campaign: Campaign, at: datetime) -> NotAllowed:
    """Why a campaign accepts no contributions at a moment: draft, upcoming (opens_at) or closed (closes_at)."""
    if campaign.is_draft:
        return NotAllowed("campaign_draft")
    if campaign.status_at(at) == CampaignStatus.UPCOMING:
        return NotAllowed("campaign_upcoming", opens_at=campaign.opens_at)
    return NotAllowed("campaign_closed", closes_at=campaign.closes_at)


def require_public(contribution: Contribution) -> None:
    """Raise NotAllowed unless everyone may see the contribution."""
    if not rules.is_public(contribution):
        raise NotAllowed("not_public")


def require_role(
    may: Callable[[User, Campaign], bool], actor: User, campaign: Campaign, code: str = "not_member"
) -> None:
    """Raise NotAllowed with a code unless a rule lets a member of the staff do this in the campaign."""
    if not may(actor, campaign):
        raise NotAllowed(code)


def require_status(current: str, expected: str | None) -> None:
    """Raise Conflict if the status changed since the actor read it."""
    if expected is not None and current != expected:
        raise Conflict("status_changed", status=current)
