"""What planners read about bodies and sessions; `mapping.services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BODIES: Final[Mapping[str, str | Promise]] = {
    "not_records_editor": _("Your account may not edit dates and papers. Please ask whoever runs this site."),
    "body_until_before_since": _("The last day lies before the first one. Please exchange them."),
    "body_has_sessions": _("This body has sessions. Please delete them first, or make the body a draft."),
    "body_is_draft": _(
        "The body is still a draft, so nobody would see the session. Please publish the body first."
    ),
    "too_many_members": _("At most %(max)s members are possible."),
    "too_many_items": _("At most %(max)s agenda items are possible."),
    "session_number_taken": _("This body has a session with this number already."),
    "session_number_range": _("Please enter a number from 1 to %(max)s, or leave the field empty."),
    "session_public_event": _(
        "The session's date is public and in people's calendars. Please cancel it in the calendar instead."
    ),
}
