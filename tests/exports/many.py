"""Many contributions, and the query that reads all of them in parts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from mapping.exports.streams.copying import copied_rows
from mapping.models import Campaign, Contribution, ContributionStatus
from tests.personas import make_contribution

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MANY = 400


def fill(campaign: Campaign) -> None:
    """Many contributions; a third of them were sent at the same moment, as imported ones are."""
    first = make_contribution(campaign)
    others = [
        Contribution(
            campaign=campaign,
            category=first.category,
            geom=first.geom,
            text=f"No. {number}",
            status=ContributionStatus.PUBLISHED,
            created_at=NOON + timedelta(hours=max(number - MANY // 3, 0)),
        )
        for number in range(MANY)
    ]
    Contribution.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mapping_contribution")


def newest_first() -> QuerySet[Any, Any]:
    return Contribution.objects.order_by("-created_at", "-id")


def ids() -> list[str]:
    return [str(pk) for pk in newest_first().values_list("pk", flat=True)]


def copied_ids(divided_by: str = "created_at") -> Iterator[str]:
    rows = newest_first().values_list(Cast("id", TextField()), flat=True)
    text = b"".join(copied_rows(rows, joined_by=b"\n", divided_by=divided_by)).decode()
    yield from text.split("\n")
