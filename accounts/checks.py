"""System checks of the accounts."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security)
def tokens_end(**_: Any) -> list[checks.CheckMessage]:
    """Check that the default lifetime of tokens is positive and at most the longest allowed."""
    if 1 <= settings.API_TOKEN_DAYS <= settings.API_TOKEN_MOST_DAYS:
        return []
    return [
        checks.Error(
            "API_TOKEN_DAYS must be at least 1 and not more than API_TOKEN_MOST_DAYS.", id="accounts.E001"
        )
    ]
