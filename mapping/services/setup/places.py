"""The city's own places in their order: what lists and interfaces show first, before what people contributed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, Contribution, Source
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed

MOST_ORDERED: Final = 500
"""Most places that have an order: all of them are renumbered when one is moved."""


def places_of(campaign: Campaign) -> list[Contribution]:
    """The places that the city drew, in their order; those without one stand behind, the oldest first."""
    in_order = _drawn(campaign).order_by(F("position").asc(nulls_last=True), "created_at", "pk")
    return list(in_order.select_related("category"))


def next_position(campaign: Campaign) -> int | None:
    """The position behind the last place; None where there are too many to keep an order.

    Deleted places leave gaps: where these have used the numbers up, all places are numbered anew.
    """
    drawn = _drawn(campaign)
    if drawn.count() >= MOST_ORDERED:
        return None
    last = drawn.aggregate(last=Max("position"))["last"]
    number = 0 if last is None else int(last) + 1
    if number < MOST_ORDERED:
        return number
    with transaction.atomic():
        _one_after_another(campaign)
        stored = places_of(campaign)
        _number(stored)
    return len(stored)


def move_place(place: Contribution, index: int, *, actor: User) -> None:
    """Move a place of the city among those of its campaign, counted from 0.

    Raises NotAllowed "not_manager" and "too_many_to_order", Conflict "gone".
    """
    campaign = place.campaign
    require_role(rules.may_write_features, actor, campaign, "not_manager")
    with transaction.atomic():
        _one_after_another(campaign)
        before = places_of(campaign)
        moved = next((one for one in before if one.pk == place.pk), None)
        if moved is None:
            raise Conflict("gone")
        if len(before) > MOST_ORDERED:
            raise NotAllowed("too_many_to_order", max=MOST_ORDERED)
        after = [one for one in before if one.pk != place.pk]
        after.insert(max(0, index), moved)
        _number(after)


def _drawn(campaign: Campaign) -> QuerySet[Contribution]:
    return Contribution.objects.filter(campaign=campaign, source=Source.CITY, participant=None)


def _one_after_another(campaign: Campaign) -> None:
    """Let managers who change the order wait for one another until the transaction ends."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _number(places: Sequence[Contribution]) -> None:
    """Store the order of places."""
    changed = [one for number, one in enumerate(places) if one.position != number]
    numbers = {one.pk: number for number, one in enumerate(places)}
    # In the order of ids, as in all services: two of them never wait for each other.
    locked = Contribution.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in changed])
    rows = list(locked.order_by("pk"))
    now = timezone.now()
    for row in rows:
        row.position, row.updated_at = numbers[row.pk], now
    Contribution.objects.bulk_update(rows, ["position", "updated_at"])
