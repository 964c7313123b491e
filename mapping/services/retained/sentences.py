"""What managers read about how long data are kept; `services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETAINED: Final[Mapping[str, str | Promise]] = {
    "retention_months": _("Please choose from 1 to %(max)s months."),
    "retention_promised": _(
        "People took part under the promise that this is deleted %(months)s months after the end. It can be deleted "
        "earlier, but not later."
    ),
    "retention_unknown": _("This cannot have a date of its own."),
    "setup_retention_soon": _(
        "On %(day)s data of this campaign are deleted as promised. Please finish your evaluation before that day."
    ),
}
