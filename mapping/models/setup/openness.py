"""Who may take part in a campaign, and the promises that stay once somebody has."""

from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from mapping.models.campaign import Campaign

_STAYS_PROTECTED: Final = _(
    "People have contributed here because single contributions are not shown. That cannot be taken back. "
    "For contributions that everyone may see, please make a new campaign."
)
_STAYS_AS_LARGE: Final = _(
    "People have contributed here because published areas stand for at least %(k)s people. The number can only grow."
)
_STAYS_OPEN_TO: Final = _(
    "People have taken part already. Who may take part cannot be changed any more, because somebody could then count "
    "twice. Please make a new campaign."
)


class OpenTo(models.TextChoices):
    """Who may take part: anyone with a browser, or each person once who signed in at the citizens' provider."""

    ANYONE = "anyone", _("Anyone")
    SIGNED_IN = "signed_in", _("People who signed in")


def require_promises_kept(campaign: "Campaign", before: "Campaign") -> None:
    """Raise ValidationError for what the triggers of `0020_protection_stays` and `0044_open_to` refuse, too."""
    from mapping.models.setup.retention import refuse_late_end  # which imports the campaign's module

    refuse_late_end(campaign, before.closes_at)
    _require_protection_kept(campaign, before)
    if campaign.open_to != before.open_to and before.participants.exists():
        raise ValidationError({"open_to": _STAYS_OPEN_TO}, code="stays_open_to")


def _require_protection_kept(campaign: "Campaign", before: "Campaign") -> None:
    if before.publishes_points or not any(
        given.exists() for given in (before.contributions, before.responses, before.releases)
    ):
        return
    if campaign.publishes_points:
        raise ValidationError({"publication": _STAYS_PROTECTED}, code="stays_protected")
    if (campaign.k or before.k) < before.k:
        raise ValidationError({"k": _STAYS_AS_LARGE % {"k": before.k}}, code="stays_protected")
