"""Who of the staff read exact data of a campaign whose public view is protected, or did what must be accounted for.

One line in the log `geoparticipation.access`, and an entry of the audit log (`audit`). Users are identified by number:
the log is read by more people than the table of users.
"""

import logging
from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from audit.recording import Action, Value, record, record_once
from mapping.models import Campaign

_log: Final = logging.getLogger("geoparticipation.access")
_REPEATED: Final = frozenset({Action.LOOKED, Action.DOWNLOADED, Action.LINK_USED})
"""What maps and scripts do again and again: recorded once an hour."""


def record_look(user: User | AnonymousUser, campaign: Campaign, view: str) -> None:
    """Record access to exact data. Campaigns that publish points need no such record."""
    if not campaign.publishes_points:
        record_access(user.pk, campaign, view)


def record_reading(user: User | AnonymousUser, campaign: Campaign, view: str) -> None:
    """Record that somebody reads what the public may not: of campaigns that publish points in the audit log alone."""
    if campaign.publishes_points:
        record_once(user.pk, Action.LOOKED, campaign=campaign, view=view)
    else:
        record_access(user.pk, campaign, view)


def record_access(
    user_id: int | None, campaign: Campaign, view: str, action: Action = Action.LOOKED, **more: Value
) -> None:
    """Record an action or download by a member of staff, whatever the campaign publishes; `more` is appended."""
    words = {"user": user_id, "campaign": campaign.slug, "view": view, **more}
    _log.info(" ".join(f"{name}={value}" for name, value in words.items()))
    if action not in _REPEATED:
        record(user_id, action, campaign=campaign, view=view, more=more)
        return
    # Of what is recorded once, the view alone tells one thing from another.
    parts = [view, *(str(more.pop(name)) for name in ("of", "format", "answers") if name in more)]
    record_once(user_id, action, campaign=campaign, view=" ".join(parts), more=more)


def record_download(user: User | AnonymousUser, campaign: Campaign, view: str) -> None:
    """Record that somebody fetches a file of what the public may not see, whatever the campaign publishes."""
    record_once(user.pk, Action.DOWNLOADED, campaign=campaign, view=view)
