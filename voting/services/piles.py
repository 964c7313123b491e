"""Ballots on paper: entered by staff pile by pile, compared with what was counted by hand, closed, and opened again.

Ballots on paper belong to nobody. They are entered after the end too, since piles are counted then, until the result is
stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from mapping.services.checking.content import Collected
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.surveys.responses import batch_name
from voting import rules
from voting.models import Ballot, BallotPile, Choice, Option, Rule, StoredResult, Vote
from voting.services.checking import check_choices

MOST_COUNTED: Final = 1_000_000
"""Most ballots or votes that a pile can be said to hold."""
AGAINST: Final = ":against"
"""Behind the id of an option: the votes against it, in totals of votes for and against."""
COUNTED: Final = "counted"
"""The field of the number of ballots; totals have the name of their key."""


@dataclass(frozen=True)
class Total:
    """One number of a pile: what was entered, and what was counted by hand where somebody did.

    `key` is the id of the option, or that with `AGAINST`. It stands for votes; of points for their sum; of rankings for
    first places.
    """

    key: str
    option: Option
    is_against: bool
    entered: int
    counted: int | None

    @property
    def difference(self) -> int | None:
        """Entered less counted by hand."""
        return None if self.counted is None else self.entered - self.counted


@dataclass(frozen=True)
class Comparison:
    """A pile as entered beside the same pile as counted by hand."""

    entered: int
    counted: int | None
    totals: list[Total]

    @property
    def difference(self) -> int | None:
        """Ballots entered less ballots counted by hand."""
        return None if self.counted is None else self.entered - self.counted

    @property
    def agrees(self) -> bool | None:
        """Whether no number differs; None where nothing was counted by hand."""
        found = [self.difference, *(total.difference for total in self.totals)]
        known = [one for one in found if one is not None]
        return not any(known) if known else None


def open_pile(vote: Vote, name: str, *, actor: User) -> BallotPile:
    """The pile of a vote with a name, made when needed; two requests at once get the same one.

    Raises NotAllowed "not_member", "campaign_draft" and "voting_counted", Invalid on "pile".
    """
    _require_entry(vote, actor)
    cleaned = batch_name(name)
    if not cleaned:
        raise invalid("pile", "required")
    pile, _made = BallotPile.objects.get_or_create(vote=vote, name=cleaned, defaults={"created_by": actor})
    return pile


def enter_ballot(pile: BallotPile, choices: Mapping[UUID, int], *, actor: User) -> Ballot:
    """Store a ballot of a pile; `choices` are values by the id of an option's contribution (see `Rule`).

    Options that were withdrawn after the ballots were printed can be chosen. Raises NotAllowed "not_member",
    "campaign_draft", "voting_counted" and "pile_closed", Conflict "gone", Invalid as `check_choices`.
    """
    vote = pile.vote
    _require_entry(vote, actor)
    options = {option.contribution_id: option for option in vote.options.all().accepted()}
    check_choices(vote, options.values(), choices, allow_withdrawn=True)
    with transaction.atomic():
        stored = _open_and_locked(pile)
        ballot = Ballot.objects.create(vote=vote, pile=stored, is_on_paper=True)
        # After the ballot was written: whoever closes the vote waits for it, or is waited for.
        _require_uncounted(vote)
        Choice.objects.bulk_create(
            Choice(ballot=ballot, option=options[pk], value=value) for pk, value in choices.items()
        )
    return ballot


def delete_ballot(pile: BallotPile, pk: int, *, actor: User) -> None:
    """Delete a ballot of a pile that was entered twice or wrongly. Idempotent.

    Raises NotAllowed "not_member", "campaign_draft", "voting_counted" and "pile_closed", Conflict "gone".
    """
    _require_entry(pile.vote, actor)
    with transaction.atomic():
        Ballot.objects.filter(pile=_open_and_locked(pile), pk=pk).delete()


def count_pile(
    pile: BallotPile, counted: int | None, totals: Mapping[str, int | None], *, actor: User
) -> None:
    """Store what was counted by hand: ballots, and totals by `Total.key`; None where nobody counted.

    Raises NotAllowed "not_member", "campaign_draft", "voting_counted" and "pile_closed", Conflict "gone", Invalid on
    "counted" or a key (not_a_count, params: max; unknown_total).
    """
    _require_entry(pile.vote, actor)
    problems, known = Collected(), {key for key, _option, _is_against in _keys(pile.vote)}
    for name, number in {COUNTED: counted, **totals}.items():
        if name != COUNTED and name not in known:
            problems.add(name, "unknown_total")
        elif number is not None and not 0 <= number <= MOST_COUNTED:
            problems.add(name, "not_a_count", max=MOST_COUNTED)
    problems.raise_if_any()
    with transaction.atomic():
        stored = _open_and_locked(pile)
        stored.counted = counted
        stored.totals = {key: number for key, number in totals.items() if number is not None}
        stored.save(update_fields=["counted", "totals"])


def compare_pile(pile: BallotPile) -> Comparison:
    """What was entered of a pile beside what was counted by hand."""
    values = Choice.objects.filter(ballot__pile=pile).order_by().values("option")
    if pile.vote.rule == Rule.POINTS:
        rows = values.annotate(number=Sum("value"), against=Count("pk", filter=Q(value=-1)))
    else:
        rows = values.annotate(number=Count("pk", filter=Q(value=1)), against=Count("pk", filter=Q(value=-1)))
    found = {row["option"]: (row["number"], row["against"]) for row in rows}
    totals = []
    for key, option, is_against in _keys(pile.vote):
        entered = found.get(option.pk, (0, 0))[is_against]
        totals.append(Total(key, option, is_against, entered, pile.totals.get(key)))
    return Comparison(pile.ballots.count(), pile.counted, totals)


def close_pile(pile: BallotPile, *, actor: User) -> None:
    """End the entry of a pile: nothing of it is added or deleted any more. Idempotent.

    Raises NotAllowed "not_member", Conflict "gone".
    """
    require_role(rules.may_enter_ballots, actor, pile.vote.campaign)
    with transaction.atomic():
        stored = _locked(pile)
        if stored.closed_at is None:
            stored.closed_at = timezone.now()
            stored.save(update_fields=["closed_at"])


def reopen_pile(pile: BallotPile, *, actor: User) -> None:
    """Let a closed pile be changed again; for managers. Idempotent.

    Raises NotAllowed "not_manager", "campaign_draft" and "voting_counted".
    """
    require_role(rules.may_edit_votes, actor, pile.vote.campaign, "not_manager")
    _require_entry(pile.vote, actor)
    BallotPile.objects.filter(pk=pile.pk).update(closed_at=None)


def delete_pile(pile: BallotPile, *, actor: User) -> None:
    """Delete a pile without ballots, for example one with a name that was mistyped.

    Raises NotAllowed "not_member", "campaign_draft" and "voting_counted", Conflict "pile_not_empty" and "gone".
    """
    _require_entry(pile.vote, actor)
    with transaction.atomic():
        stored = _locked(pile)
        if stored.ballots.exists():
            raise Conflict("pile_not_empty")
        stored.delete()


def piles_of(vote: Vote) -> QuerySet[BallotPile]:
    """The piles of a vote in the order in which they were opened, each with its number of ballots (`entered`)."""
    counted = BallotPile.objects.filter(vote=vote).annotate(entered=Coalesce(Count("ballots"), 0))
    return counted.order_by("created_at", "pk")


def _keys(vote: Vote) -> list[tuple[str, Option, bool]]:
    """What is counted of each option, in the order of the ballot."""
    found = []
    for option in vote.options.all().accepted().select_related("contribution"):
        key = str(option.contribution_id)
        found.append((key, option, False))
        if vote.rule == Rule.FOR_AGAINST:
            found.append((f"{key}{AGAINST}", option, True))
    return found


def _require_entry(vote: Vote, actor: User) -> None:
    require_role(rules.may_enter_ballots, actor, vote.campaign)
    if vote.campaign.is_draft:
        raise NotAllowed("campaign_draft")
    _require_uncounted(vote)


def _require_uncounted(vote: Vote) -> None:
    if StoredResult.objects.filter(vote=vote).exists():
        raise NotAllowed("voting_counted")


def _locked(pile: BallotPile) -> BallotPile:
    """The pile, locked until the transaction ends: people who enter its ballots wait for one another."""
    stored = BallotPile.objects.select_for_update(of=("self",), no_key=True).filter(pk=pile.pk).first()
    if stored is None:
        raise Conflict("gone")
    return stored


def _open_and_locked(pile: BallotPile) -> BallotPile:
    stored = _locked(pile)
    if stored.closed_at is not None:
        raise NotAllowed("pile_closed")
    return stored
