"""The result of a vote, counted from its ballots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count

from voting.counting.profile import Project, lot_of
from voting.counting.ranking import rank
from voting.models import Method, Option, OptionChange, Rule, SetAside, Vote
from voting.services.results import tally
from voting.services.results.money import spending_of
from voting.services.results.shapes import Change, OptionResult, Order, Result, SetAsideCount, Spending


def count(
    vote: Vote, at: datetime, *, options: Sequence[Option] | None = None, counts_empty: bool = False
) -> Result:
    """Count the ballots as they are. `counts_empty`: also how many chose nothing."""
    shown = public_options(vote) if options is None else options
    ballots = tally.ballots_of(vote)
    votes = tally.votes_of(vote, (one.pk for one in shown), has_set_asides=ballots.set_aside > 0)
    standing = [one for one in shown if not is_out(one)]
    lots = {one.pk: lot_of(vote.lot, str(one.contribution_id)) for one in shown}
    rule = Rule(vote.rule)
    order, spending, points = (
        None,
        {},
        {key: one.total if rule == Rule.POINTS else 0 for key, one in votes.items()},
    )
    if rule == Rule.RANKING:
        order, points = _order(vote, standing)
    if rule.has_costs and vote.budget is not None:
        spending = _spending(vote, standing, lots, vote.budget)
    scores = {key: _score(rule, one, points.get(key, 0)) for key, one in votes.items()}
    if order is not None:
        # The place of a ranking decides; the score only says who shares it.
        scores |= {key: -place for place, keys in enumerate(order.places) for key in keys}
    method = Method(vote.method) if spending else None
    if method is None:
        chosen = {
            one.pk: scores[one.pk]
            for one in standing
            if (votes[one.pk].votes if order else scores[one.pk]) > 0
        }
        winners, ties = _first(vote, chosen, lots)
    else:
        winners, ties = spending[method].winners, spending[method].ties
    return Result(
        rule=vote.rule,
        ballots=ballots.counted,
        online=ballots.counted - ballots.paper,
        paper=ballots.paper,
        empty=tally.empty_ballots(vote) if counts_empty else None,
        set_aside=ballots.set_aside,
        options=tuple(
            _ordered(
                [
                    _Counted(one, votes[one.pk], points.get(one.pk, 0), scores[one.pk], lots[one.pk])
                    for one in shown
                ],
                set(winners),
            )
        ),
        winners=winners,
        ties=ties,
        people_with_a_win=_people_with_a_win(vote, rule, winners, spending, method),
        budget=vote.budget,
        method=method,
        spending=spending,
        order=order,
        set_asides=_set_asides(vote),
        changes=_changes(vote),
        lot=vote.lot,
        counted_at=at,
    )


def public_options(vote: Vote) -> list[Option]:
    return list(vote.options.all().accepted().order_by("pk"))


def is_out(option: Option) -> bool:
    """Whether an option cannot win any more; it keeps its votes."""
    return option.withdrawn_at is not None or option.merged_into_id is not None


def _score(rule: Rule, votes: tally.VoteCounts, points: int) -> int:
    """What orders the options: votes, points, or votes for less votes against."""
    if rule == Rule.FOR_AGAINST:
        return votes.votes - votes.against
    return points if rule == Rule.POINTS else votes.votes


def _order(vote: Vote, standing: Sequence[Option]) -> tuple[Order, dict[int, int]]:
    """The order of a ranking, and the points of Borda."""
    found = rank([one.pk for one in standing], tally.ranked_groups_of(vote))
    duels = tuple((a, b, number) for (a, b), number in found.preferred.items())
    return Order(found.places, found.condorcet_winner, duels), dict(found.points)


def _spending(
    vote: Vote, standing: Sequence[Option], lots: dict[int, str], budget: int
) -> dict[str, Spending]:
    """Who wins the sum by each method; options without a cost take no part."""
    projects = [Project(one.pk, one.cost, lots[one.pk]) for one in standing if one.cost is not None]
    return spending_of(projects, tally.groups_of(vote), budget, vote.campaign.k)


def _first(
    vote: Vote, scores: dict[int, int], lots: dict[int, str]
) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """The best scores where a number of winners is set; a lot decides at the last place, and the tie is said."""
    if vote.winners is None:
        return (), ()
    able = sorted(scores, key=lambda key: (-scores[key], lots[key]))
    winners, rest = able[: vote.winners], able[vote.winners :]
    if not winners or not rest or scores[winners[-1]] != scores[rest[0]]:
        return tuple(winners), ()
    tied = sorted(key for key in able if scores[key] == scores[rest[0]])
    return tuple(winners), (tuple(tied),)


def _people_with_a_win(
    vote: Vote, rule: Rule, winners: Sequence[int], spending: dict[str, Spending], method: Method | None
) -> int | None:
    """Ballots that chose a winner; in a ranking: among their first places, as many as there are winners."""
    if method is not None:
        return spending[method].people_with_a_win
    if vote.winners is None:
        return None
    return tally.ballots_with(vote, winners, len(winners) if rule == Rule.RANKING else 1000)


@dataclass(frozen=True, slots=True)
class _Counted:
    option: Option
    votes: tally.VoteCounts
    points: int
    score: int
    lot: str


def _ordered(counted: Sequence[_Counted], winners: set[int]) -> list[OptionResult]:
    """All options: those that can win by score with their places, then the others by votes."""
    places: dict[int, int] = {}
    standing = sorted((one for one in counted if not is_out(one.option)), key=lambda one: -one.score)
    before = 0
    for _score_of_all, alike in groupby(standing, key=lambda one: one.score):
        same = [one.option.pk for one in alike]
        places |= dict.fromkeys(same, before + 1)
        before += len(same)
    in_order = sorted(
        counted,
        key=lambda one: (is_out(one.option), places.get(one.option.pk, 0), -one.votes.votes, one.lot),
    )
    return [
        OptionResult(
            key=one.option.pk,
            id=str(one.option.contribution_id),
            votes=one.votes.votes,
            against=one.votes.against,
            points=one.points,
            score=one.score,
            place=places.get(one.option.pk),
            is_winner=one.option.pk in winners,
            is_withdrawn=is_out(one.option),
            cost=one.option.cost,
        )
        for one in in_order
        if one.option.merged_into_id is None or one.votes.votes or one.votes.against
    ]


def _set_asides(vote: Vote) -> tuple[SetAsideCount, ...]:
    rows = SetAside.objects.filter(vote=vote, undone_at=None).annotate(number=Count("ballots"))
    return tuple(
        SetAsideCount(one.reason, one.number, one.starts_at, one.ends_at)
        for one in rows.order_by("starts_at", "pk")
    )


def _changes(vote: Vote) -> tuple[Change, ...]:
    rows = OptionChange.objects.filter(option__in=vote.options.all().accepted()).order_by("changed_at", "pk")
    return tuple(
        Change(one.option_id, one.kind, one.before, one.after, one.reason, one.changed_at) for one in rows
    )
