"""What the builder says about dates that come near."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mapping.models import Campaign
from mapping.services.retained.spans import STEP, days_coming
from mapping.services.setup.checklist import Check, Finding


def _findings(campaign: Campaign) -> Iterator[Finding]:
    for day in days_coming([campaign]).values():
        yield Finding("setup_retention_soon", STEP, params={"day": day})


COMING: Final = Check("retention", _findings)
