"""What staff read about map sheets; `services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAPER: Final[Mapping[str, str | Promise]] = {
    "batch_not_empty": _("This batch has sheets. Please delete these first."),
    "batch_closed": _("This batch is closed. A manager of the campaign can open it again."),
    "not_a_past_day": _("Please give a day between %(first)s and today, or leave the date empty."),
    "not_a_sheet_number": _("Please give a number from 1 to %(max)s."),
    "not_on_a_sheet": _("This did not come from a sheet of a batch."),
    "sheet_taken": _(
        "Sheet %(number)s of this batch is entered already. For another sheet, %(next)s is free."
    ),
}
