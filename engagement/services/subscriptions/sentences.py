"""Why subscriptions are refused, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SUBSCRIPTIONS: Final[Mapping[str, str | Promise]] = {
    "unknown_rhythm": _("Please choose how often mails should come."),
}
