"""The record of looks: who of the staff saw what of a campaign whose public view is protected.

One line in the log `geoparticipation.access`. People are named by number: the log is read by more people than the
table of users.
"""

import logging
from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from mapping.models import Campaign

_log: Final = logging.getLogger("geoparticipation.access")


def record_look(user: User | AnonymousUser, campaign: Campaign, view: str) -> None:
    """Record that somebody looked at exact data. Campaigns that publish points anyway need no such record."""
    if not campaign.publishes_points:
        record_access(user.pk, campaign, view)


def record_access(user_id: int | None, campaign: Campaign, view: str, **more: object) -> None:
    """Record what a member of the staff did or fetched, whatever the campaign publishes; `more` is told behind it."""
    words = {"user": user_id, "campaign": campaign.slug, "view": view, **more}
    _log.info(" ".join(f"{name}={value}" for name, value in words.items()))
