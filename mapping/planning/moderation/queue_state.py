"""The visible part of the moderation queue: parsed from and written to addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from mapping.filters.words import searched
from mapping.models import Campaign, Comment, CommentStatus, Contribution, ContributionStatus
from mapping.planning.moderation.keyset import Cursor

CONTRIBUTIONS: Final = "contributions"
COMMENTS: Final = "comments"
REPORTED: Final = "reported"
"""What people reported and nobody decided about yet, whatever its status."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """The visible part of the queue, completely encoded in the address."""

    kind: str = CONTRIBUTIONS
    status: str = ContributionStatus.PENDING.value
    category: str = ""
    words: str = ""
    is_mine: bool = False
    start: datetime | None = None
    end: datetime | None = None
    item: str = ""
    after: Cursor | None = None
    before: Cursor | None = None

    @classmethod
    def of(cls, query: QueryDict, categories: Collection[str]) -> "QueueState":
        """Parse the query, ignoring invalid values. `categories` are the valid short names."""
        kind = COMMENTS if query.get("kind") == COMMENTS else CONTRIBUTIONS
        status, category = query.get("status", ""), query.get("category", "")
        model = Comment if kind == COMMENTS else Contribution
        return cls(
            kind=kind,
            status=status if status in (*CommentStatus.values, REPORTED) else CommentStatus.PENDING.value,
            category=category if kind == CONTRIBUTIONS and category in categories else "",
            words=searched(query.get("q", "")),
            is_mine=kind == CONTRIBUTIONS and query.get("mine") == "1",
            start=_moment(query.get("start", "")) if kind == CONTRIBUTIONS else None,
            end=_moment(query.get("end", "")) if kind == CONTRIBUTIONS else None,
            item=query.get("item", "")[:40],
            after=Cursor.parse(query.get("after", ""), model),
            before=Cursor.parse(query.get("before", ""), model),
        )

    @property
    def newest_first(self) -> bool:
        """Whether the order is newest first: what waits is oldest first, what was decided newest first."""
        return self.status not in (ContributionStatus.PENDING, REPORTED)

    def address(self, campaign: Campaign) -> str:
        """The address of this part of the queue."""
        values = {
            "kind": "" if self.kind == CONTRIBUTIONS else self.kind,
            "status": "" if self.status == ContributionStatus.PENDING else self.status,
            "category": self.category,
            "q": self.words,
            "mine": "1" if self.is_mine else "",
            "start": _written(self.start),
            "end": _written(self.end),
            "item": self.item,
            "after": self.after or "",
            "before": self.before or "",
        }
        query = urlencode({name: str(value) for name, value in values.items() if value})
        path = reverse("planning:queue", args=(campaign.slug,))
        return f"{path}?{query}" if query else path


def queue_address(campaign: Campaign, wanted: str) -> str:
    """An address sent with a form if it is in this campaign's queue; else the queue itself."""
    queue_path = reverse("planning:queue", args=(campaign.slug,))
    safe = (
        url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.split("?", 1)[0] == queue_path
    )
    return wanted if safe else queue_path


def _moment(text: str) -> datetime | None:
    """A moment with its time zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    # PostgreSQL has no year before the first, which a time zone can lead to.
    in_range = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
    return moment if moment.tzinfo is not None and in_range[0] <= moment < in_range[1] else None


def _written(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
