"""The dates of a campaign: set by its managers, shown to citizens."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import (
    Campaign,
    Contribution,
    Participant,
    Response,
    RetentionSpan,
    RetentionSubject,
    Source,
)
from mapping.models.setup.retention import LONGEST_MONTHS
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Invalid, Problem, invalid
from mapping.services.retained.defaults import Months, months_of, store_months
from mapping.services.setup.changes import locked_campaign, note

STEP: Final = "retention"
NOTICE: Final = timedelta(days=30)
"""How long before a date staff are warned; a new date is never nearer (migration `0045_retention`)."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What people are promised of one subject: a date, or before the end is known a span; `done_at` once it is kept."""

    subject: RetentionSubject
    months: int
    until: date | None
    done_at: datetime | None


def promises(campaign: Campaign) -> list[Promise]:
    """What citizens are told, in the order of subjects. One query."""
    stored = {one.subject: one for one in RetentionSpan.objects.of(campaign).limited()}
    return [
        Promise(subject, one.months, one.until, one.done_at)
        for subject in RetentionSubject
        if (one := stored.get(subject.value)) is not None and one.months is not None
    ]


def removed(campaign: Campaign) -> frozenset[str]:
    """The subjects that were removed."""
    done = RetentionSpan.objects.of(campaign).filter(done_at__isnull=False)
    return frozenset(done.values_list("subject", flat=True))


def coming(campaign: Campaign, today: date | None = None) -> list[Promise]:
    """What is removed within the next days (`NOTICE`), the first one first."""
    last = (today or timezone.localdate()) + NOTICE
    near = [
        one
        for one in promises(campaign)
        if one.done_at is None and one.until is not None and one.until <= last
    ]
    return sorted(near, key=lambda one: (one.until, one.subject))


def days_coming(campaigns: Iterable[Campaign], today: date | None = None) -> dict[int, date]:
    """The next day on which something is removed, of those campaigns that have one within `NOTICE`. One query."""
    found = RetentionSpan.objects.coming((today or timezone.localdate()) + NOTICE).filter(
        campaign__in=campaigns
    )
    days: dict[int, date] = {}
    for campaign, day in found.values_list("campaign_id", "until"):
        if day is not None:
            days.setdefault(campaign, day)
    return days


def is_promised(campaign: Campaign) -> bool:
    """Whether anybody took part, so that no date may become later; the triggers ask the same."""
    return (
        Participant.objects.filter(campaign=campaign).exists()
        or Response.objects.of(campaign).exists()
        or Contribution.objects.filter(campaign=campaign).exclude(source=Source.CITY).exists()
    )


def version_of(campaign: Campaign) -> str:
    """A mark of the spans as they are stored."""
    return hashlib.sha256(json.dumps(months_of(campaign), sort_keys=True).encode()).hexdigest()[:16]


def set_spans(campaign: Campaign, actor: User, months: Months, *, expected: str = "") -> None:
    """Store the months of subjects and note them in the history.

    Raises NotAllowed "not_manager", Conflict "step_changed" (params: version), Invalid by subject: "retention_months"
    (params: max), and "retention_promised" (params: months) where a span grows after the first contribution.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        stored = locked_campaign(campaign)
        before = months_of(stored)
        changed = {name: value for name, value in months.items() if before.get(name) != value}
        if not changed:
            return
        if expected and expected != version_of(stored):
            raise Conflict("step_changed", version=version_of(stored))
        _check(stored, before, changed)
        store_months(stored, changed)
        note(stored, actor, STEP, before={name: before[name] for name in changed}, after=changed)


def _check(campaign: Campaign, before: Months, changed: Months) -> None:
    problems: dict[str, list[Problem]] = {}
    promised = is_promised(campaign)
    for name, value in changed.items():
        former = before.get(name)
        if name not in RetentionSubject.values:
            raise invalid(name, "retention_unknown")
        if value is not None and not 1 <= value <= LONGEST_MONTHS:
            problems[name] = [Problem("retention_months", {"max": LONGEST_MONTHS})]
        elif promised and former is not None and (value is None or value > former):
            problems[name] = [Problem("retention_promised", {"months": former})]
    if problems:
        raise Invalid(problems)
