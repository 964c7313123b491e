"""What one reading of another system brought."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from engagement.services.council import parsing
from engagement.services.council.parsing import Json

logger = logging.getLogger(__name__)


@dataclass
class Report:
    """How many sessions were read, and how many objects could not be."""

    sessions: int = 0
    skipped: int = 0

    def skip(self, found: Json, error: Exception) -> None:
        """Count and log an object that could not be read."""
        self.skipped += 1
        code = getattr(error, "code", "") or str(error) or type(error).__name__
        logger.warning("OParl: %a was not read: %s", parsing.text(found, "id", 200), code)
