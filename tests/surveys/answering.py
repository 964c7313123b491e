"""Many responses at once, for tests of results."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from mapping.models import Campaign, Response


def answer(campaign: Campaign, *answers: Mapping[str, Any], at: datetime | None = None) -> list[Response]:
    """Responses that were sent, one for each set of answers."""
    at = at or timezone.now()
    return Response.objects.bulk_create(
        Response(campaign=campaign, answers=dict(one), created_at=at, updated_at=at, completed_at=at)
        for one in answers
    )


def times(number: int, /, **answers: Any) -> Sequence[dict[str, Any]]:
    """The same answers of several people."""
    return [answers] * number
