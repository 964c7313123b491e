"""The predicates of `mapping.rules` as checks that raise with a reason."""

from collections.abc import Callable
from datetime import datetime

from accounts.models import User
from mapping import rules
from mapping.models import Action, Campaign, CampaignStatus, Contribution
from mapping.services.errors import Conflict, NotAllowed, SignInNeeded
from mapping.services.signing_in.pairwise import digest_in


def require_open(campaign: Campaign, at: datetime) -> None:
    """Raise NotAllowed with the campaign's dates unless citizens may contribute at a moment."""
    require_action(campaign, Action.CONTRIBUTE, at)


def require_running(campaign: Campaign, at: datetime) -> None:
    """Raise NotAllowed with the campaign's dates unless it is open at a moment, whatever its phase allows."""
    if campaign.is_draft or campaign.status_at(at) != CampaignStatus.OPEN:
        raise why_not_open(campaign, at)


def require_action(campaign: Campaign, action: Action, at: datetime) -> None:
    """Raise NotAllowed with the campaign's dates or phase unless citizens may do something at a moment."""
    if not campaign.allows(action, at):
        raise why_not_open(campaign, at)


def require_sign_in(campaign: Campaign, secret: str) -> None:
    """Raise SignInNeeded where only people who signed in take part, and the secret is not of such a person."""
    if not rules.may_take_part(campaign, is_signed_in=digest_in(secret) is not None):
        raise SignInNeeded(campaign.slug)


def why_not_open(campaign: Campaign, at: datetime) -> NotAllowed:
    """Why something is not possible at a moment: draft, upcoming (opens_at), closed (closes_at), phases."""
    if campaign.is_draft:
        return NotAllowed("campaign_draft")
    if campaign.status_at(at) == CampaignStatus.UPCOMING:
        return NotAllowed("campaign_upcoming", opens_at=campaign.opens_at)
    if campaign.status_at(at) == CampaignStatus.CLOSED:
        return NotAllowed("campaign_closed", closes_at=campaign.closes_at)
    phase = campaign.phase_at(at)
    if phase is not None:
        return NotAllowed("phase_closed", phase=phase.title)
    has_more = any(one.opens_at > at for one in campaign.timeline)
    return NotAllowed("between_phases" if has_more else "phases_over")


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
