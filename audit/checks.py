"""System checks of the audit log."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def log_is_kept(**_: Any) -> list[checks.CheckMessage]:
    """Check that the log is kept for at least a month: `audit_prune` removes nothing younger."""
    if settings.AUDIT_MONTHS >= 1:
        return []
    return [checks.Error("AUDIT_MONTHS must be at least 1.", id="audit.E001")]
