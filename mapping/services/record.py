"""The access log: which member of staff read exact data of a campaign whose public view is protected.

One line in the log `geoparticipation.access`. Users are identified by number: the log is read by more people than the
table of users.
"""

import logging
from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from mapping.models import Campaign

_log: Final = logging.getLogger("geoparticipation.access")


def record_look(user: User | AnonymousUser, campaign: Campaign, view: str) -> None:
    """Log access to exact data. Campaigns that publish points need no such record."""
    if not campaign.publishes_points:
        record_access(user.pk, campaign, view)


def record_access(user_id: int | None, campaign: Campaign, view: str, **more: object) -> None:
    """Log an action or download by a member of staff, whatever the campaign publishes; `more` is appended."""
    words = {"user": user_id, "campaign": campaign.slug, "view": view, **more}
    _log.info(" ".join(f"{name}={value}" for name, value in words.items()))
