"""A vote that has ended as a `.pb` file: what was chosen, and nothing about those who chose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.utils import timezone

from mapping.services.errors import NotAllowed
from voting.counting.pabulib import Kind, PabulibProject
from voting.counting.pabulib.writing import write_pabulib
from voting.models import Method, Option, Rule, StoredResult, Vote
from voting.services.ballot_files import shuffled_ballots
from voting.services.results import OptionResult, Result
from voting.services.results.storing import result_from

KIND_OF: Final[dict[str, Kind]] = {
    Rule.ONE_OF: "choose-1",
    Rule.UP_TO: "approval",
    Rule.POINTS: "cumulative",
    Rule.BUDGET: "approval",
    Rule.APPROVAL: "approval",
    Rule.RANKING: "ordinal",
}
"""Kinds of ballots in the file by rule; votes against have none."""
FEWEST_FOR_EVERYONE: Final = 30
"""Of fewer ballots only managers get the file: somebody may recognise one by what is known of a person."""
_RECOGNISABLE: Final = frozenset({Rule.RANKING, Rule.POINTS})
"""A long ranking or unusual points are a pattern by which a voter can be recognised, or prove what was sold."""
_RULES: Final = {Method.GREEDY: "greedy", Method.EQUAL_SHARES: "equalshares"}


def is_for_everyone(result: Result) -> bool:
    """Whether everyone who sees a stored result may have its ballots as a file; managers may in any case."""
    return result.rule not in _RECOGNISABLE and result.ballots >= FEWEST_FOR_EVERYONE


def pabulib_file(vote: Vote) -> Iterator[str]:
    """The lines of the file. Ballots are shuffled, without times, ids, districts, age and sex.

    Without costs each option costs 1, and the budget is the number of winners. Callers must check `KIND_OF`. Raises
    NotAllowed "ballots_before_result".
    """
    stored = StoredResult.objects.filter(vote=vote).first()
    if stored is None:
        raise NotAllowed("ballots_before_result")
    kind, result = KIND_OF[vote.rule], result_from(stored)
    options = list(vote.options.all().accepted().select_related("contribution").order_by("pk"))
    names = {one.contribution_id: str(number) for number, one in enumerate(options, start=1)}
    counted = {one.id: one for one in result.options}
    ballots = shuffled_ballots(vote)
    meta: dict[str, object] = {
        "description": f"{vote.campaign.title}: {vote.category.title}",
        "unit": vote.campaign.organiser or vote.campaign.title,
        "instance": str(timezone.localtime(stored.created_at).year),
        "num_projects": len(options),
        "num_votes": len(ballots),
        "budget": vote.budget or vote.winners or 1,
        "vote_type": kind,
        "rule": _RULES.get(Method(vote.method), "greedy") if vote.budget else "greedy",
        **_dates(vote),
        **_limits(vote),
        "language": "de",
    }
    return write_pabulib(
        kind,
        meta,
        [
            _project(
                one,
                names[one.contribution_id],
                counted.get(str(one.contribution_id)),
                has_costs=vote.budget is not None,
            )
            for one in options
        ],
        {names[UUID(key)]: one.points or one.votes for key, one in counted.items() if UUID(key) in names},
        ({names[pk]: value for pk, value in marks.items() if pk in names} for marks in ballots),
    )


def _project(option: Option, key: str, counted: OptionResult | None, *, has_costs: bool) -> PabulibProject:
    cost = option.cost if has_costs else 1
    is_out = option.withdrawn_at is not None or option.merged_into_id is not None
    return PabulibProject(
        key, option.contribution.title, None if is_out else cost, counted is not None and counted.is_winner
    )


def _dates(vote: Vote) -> dict[str, object]:
    """The dates of the campaign."""
    dates = (("date_begin", vote.campaign.opens_at), ("date_end", vote.campaign.closes_at))
    return {name: f"{timezone.localtime(at):%d.%m.%Y}" for name, at in dates if at is not None}


def _limits(vote: Vote) -> dict[str, object]:
    """What a ballot could hold."""
    limits = {
        "max_length": 1 if vote.rule == Rule.ONE_OF else vote.most_choices,
        "max_sum_cost": vote.budget if vote.rule == Rule.BUDGET else None,
        "max_sum_points": vote.points,
        "max_points": vote.most_points,
    }
    return {name: value for name, value in limits.items() if value is not None}
