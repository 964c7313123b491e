"""Ballots that do not count: a span of time marked by managers with a reason, and counted again.

Only ballots cast online have a moment that says anything; a ballot on paper that does not count is deleted from its
pile. What was marked is published with the result, also what was counted again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, DateTimeField, Func, QuerySet, Value
from django.utils import timezone

from accounts.models import User
from audit.recording import Action
from mapping.services.checking.content import Collected, checked_text
from mapping.services.checking.gates import require_role
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.record import record_access
from voting import rules
from voting.counting.bursts import INTERVAL
from voting.models import Ballot, SetAside, StoredResult, Vote
from voting.models.ballot import BallotQuerySet

LONGEST_REASON: Final = 300
_ORIGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)


def set_aside(
    vote: Vote,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    *,
    actor: User,
    at: datetime | None = None,
) -> SetAside:
    """Mark the ballots cast online within a span (start included, end excluded) as not counted.

    The reason is published. A voter who changes such a ballot does not bring it back. Raises NotAllowed "not_manager"
    and "voting_counted", Invalid on "reason" (required, too_long), "ends_at" (span_inverted, span_in_future) and
    "starts_at" (span_without_ballots).
    """
    require_role(rules.may_edit_votes, actor, vote.campaign, "not_manager")
    cleaned = _checked(starts_at, ends_at, reason, at or timezone.now())
    with transaction.atomic():
        _lock(vote)
        mark = SetAside.objects.create(
            vote=vote, starts_at=starts_at, ends_at=ends_at, reason=cleaned, created_by=actor
        )
        within = online(vote).counted().filter(created_at__gte=starts_at, created_at__lt=ends_at)
        number = within.update(set_aside=mark)
        if not number:
            problems = Collected()
            problems.add("starts_at", "span_without_ballots")
            problems.raise_if_any()
        record_access(actor.pk, vote.campaign, "set-ballots-aside", Action.BALLOTS_SET_ASIDE, number=number)
    return mark


def count_again(mark: SetAside, *, actor: User, at: datetime | None = None) -> None:
    """Count the ballots of a mark again; the mark stays in the record. Idempotent.

    Raises NotAllowed "not_manager" and "voting_counted".
    """
    require_role(rules.may_edit_votes, actor, mark.vote.campaign, "not_manager")
    with transaction.atomic():
        _lock(mark.vote)
        SetAside.objects.filter(pk=mark.pk, undone_at=None).update(undone_at=at or timezone.now())
        number = Ballot.objects.filter(set_aside=mark).update(set_aside=None)
        record_access(
            actor.pk, mark.vote.campaign, "count-ballots-again", Action.BALLOTS_COUNTED, number=number
        )


def marks_of(vote: Vote) -> QuerySet[SetAside]:
    """The record of a vote, oldest first, each with its number of ballots that do not count (`number`)."""
    marks = SetAside.objects.filter(vote=vote).select_related("created_by")
    return marks.annotate(number=Count("ballots")).order_by("created_at", "pk")


def counts_by_interval(vote: Vote) -> dict[datetime, int]:
    """Ballots cast online by the start of their interval of ten minutes, those that do not count included.

    Empty once the result is stored: then no moment is known any more.
    """
    start: Func = Func(
        Value(INTERVAL),
        "created_at",
        Value(_ORIGIN, output_field=DateTimeField()),
        function="date_bin",
        output_field=DateTimeField(),
    )
    rows = online(vote).exclude(created_at=None).order_by().annotate(start=start).values_list("start")
    return dict(rows.annotate(number=Count("pk")).order_by("start"))


def online(vote: Vote) -> BallotQuerySet:
    """The ballots of a vote that did not come on paper."""
    found: BallotQuerySet = Ballot.objects.filter(vote=vote, is_on_paper=False)
    return found


def _checked(starts_at: datetime, ends_at: datetime, reason: str, at: datetime) -> str:
    problems, cleaned = Collected(), ""
    try:
        cleaned = checked_text(reason, max_length=LONGEST_REASON, name="reason", multiline=False)
    except Invalid as error:
        problems.take(error)
    else:
        if not cleaned:
            problems.add("reason", "required")
    if ends_at <= starts_at:
        problems.add("ends_at", "span_inverted")
    elif ends_at > at:
        problems.add("ends_at", "span_in_future")
    problems.raise_if_any()
    return cleaned


def _lock(vote: Vote) -> None:
    """Lock the vote until the transaction ends: its result is not stored meanwhile."""
    Vote.objects.select_for_update(of=("self",), no_key=True).get(pk=vote.pk)
    if StoredResult.objects.filter(vote=vote).exists():
        raise NotAllowed("voting_counted")
