"""Permission predicates of texts, of role, moment and object; those of campaigns are in `mapping.rules`."""

from __future__ import annotations

from accounts.models import User
from mapping.models import Campaign
from mapping.rules import may_analyse, may_manage, may_moderate, may_see_campaign, type_of_user
from texts.models import Text


def may_see_text(user: type_of_user, text: Text) -> bool:
    """Whoever may see the campaign reads its texts; nothing of protected campaigns."""
    return text.campaign.publishes_points and may_see_campaign(user, text.campaign)


def may_edit_texts(user: type_of_user, campaign: Campaign) -> bool:
    """Managers import, edit and publish texts."""
    return may_manage(user, campaign)


def may_decide_suggestions(user: type_of_user, campaign: Campaign) -> bool:
    """Those who moderate and answer contributions say what becomes of suggested wordings."""
    return may_moderate(user, campaign)


def may_read_waiting_comments(user: type_of_user, campaign: Campaign) -> bool:
    """Moderators and analysts take comments home that wait for a review, as they see them; holders of links do not."""
    return isinstance(user, User) and (may_moderate(user, campaign) or may_analyse(user, campaign))
