"""The orders in which people read lists of contributions: by one number, the largest first, then the newest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Value, When
from django.utils.translation import gettext_lazy as _

from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import Reply
from mapping.models.keysets import KeyValue, behind


class Ordering(models.TextChoices):
    """The orders that lists offer."""

    NEW = "new", _("Newest first")
    SUPPORTED = "supported", _("Most supported first")
    DISCUSSED = "discussed", _("Most discussed first")
    UNANSWERED = "unanswered", _("Without an answer first")


_RANKS: Final[Mapping[Ordering, Any]] = {
    Ordering.SUPPORTED: F("support_count"),
    Ordering.DISCUSSED: F("comment_count"),
    Ordering.UNANSWERED: Case(
        When(Exists(Reply.objects.filter(contribution=OuterRef("pk"))), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    ),
}
"""What is compared before the time. The newest need nothing, so that their index serves them."""


def ranked(rows: ContributionQuerySet, ordering: Ordering) -> ContributionQuerySet:
    """Contributions with `rank`, the number by which an ordering other than `NEW` compares them, in this order."""
    return rows.annotate(rank=_RANKS[ordering]).order_by("-rank", "-created_at", "-id")


def behind_ranked(
    rows: ContributionQuerySet, rank: int, created_at: datetime, pk: uuid.UUID
) -> ContributionQuerySet:
    """The rest of `ranked()` behind one contribution (keyset paging).

    Numbers change while somebody turns pages: what gained support may be missed, what lost it may come again.
    """
    keys = (
        KeyValue("rank", rank, is_descending=True),
        KeyValue("created_at", created_at, is_descending=True),
        KeyValue("id", pk, is_descending=True),
    )
    return rows.filter(behind(keys))
