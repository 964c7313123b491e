"""A vote with its options and ballots made from a `.pb` file, in a campaign that exists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.db import transaction
from django.utils import timezone

from mapping.models import Campaign, District
from mapping.models.campaign import PlaceType
from mapping.services.campaigns import NewCategory, add_category, validate
from mapping.services.checking.content import Submission
from mapping.services.submit import submit_city
from voting.counting.pabulib import PabulibBallot, PabulibFile, PabulibProject
from voting.models import Ballot, Choice, Option, Rule, Vote
from voting.models.vote import MOST_POINTS

_AT_ONCE: Final = 2_000
_LONGEST_TITLE: Final = 120


def import_pabulib(campaign: Campaign, file: PabulibFile, *, slug: str, title: str) -> Vote:
    """Make a category with a vote; ballots are on paper, and belong to nobody. For commands of the operator.

    Ordinal files become a ranking and lose their budget; cumulative and scoring ones become points. Raises
    Invalid where the campaign has such a category, or does not take a title or the rule.
    """
    at = timezone.now()
    with transaction.atomic():
        category = add_category(
            campaign,
            NewCategory(slug=slug, title=title, geometry_types=[PlaceType.NONE], takes_contributions=False),
            position=campaign.categories.count(),
        )
        vote = _vote(file)
        vote.category = category
        validate(vote)
        vote.save()
        options: dict[str, Option] = {}
        for project in file.projects:
            submission = Submission(category=slug, title=" ".join(project.name.split())[:_LONGEST_TITLE])
            contribution = submit_city(campaign, submission, at=at)
            options[project.key] = Option(
                vote=vote,
                contribution=contribution,
                cost=project.cost,
                withdrawn_at=at if project.cost is None else None,
            )
        Option.objects.bulk_create(options.values())
        _store_ballots(vote, file.ballots, options)
    return vote


def _vote(file: PabulibFile) -> Vote:
    """The rule of a file."""
    if file.kind == "ordinal":
        return Vote(rule=Rule.RANKING)
    if file.kind in {"cumulative", "scoring"}:
        points = max((sum(one.choices.values()) for one in file.ballots), default=1)
        most = max((value for one in file.ballots for value in one.choices.values()), default=1)
        return Vote(
            rule=Rule.POINTS, points=min(max(points, 1), MOST_POINTS), most_points=min(most, MOST_POINTS)
        )
    fits = file.meta.get("max_sum_cost", "").partition(".")[0] == str(file.budget)
    return Vote(rule=Rule.BUDGET if fits else Rule.APPROVAL, budget=file.budget)


def _store_ballots(vote: Vote, ballots: Sequence[PabulibBallot], options: dict[str, Option]) -> None:
    """Store ballots and choices in portions."""
    districts = _districts(vote.campaign)
    for part in _portions(ballots):
        stored = Ballot.objects.bulk_create(
            Ballot(vote=vote, is_on_paper=True, district=districts.get(one.district)) for one in part
        )
        Choice.objects.bulk_create(
            (
                Choice(ballot=ballot, option=options[key], value=value)
                for ballot, one in zip(stored, part, strict=True)
                for key, value in one.choices.items()
            ),
            batch_size=_AT_ONCE,
        )


def _districts(campaign: Campaign) -> dict[str, District]:
    """The campaign's districts by name and by code."""
    found = District.objects.filter(layer=campaign.district_layer_id).defer("geom")
    if campaign.district_layer_id is None:
        return {}
    return {key: one for one in found for key in (one.name, one.code)}


def _portions(ballots: Sequence[PabulibBallot]) -> Iterator[list[PabulibBallot]]:
    rest = iter(ballots)
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def shortened(projects: Sequence[PabulibProject]) -> list[str]:
    """Names of projects that are shortened to fit a title."""
    return [one.name for one in projects if len(" ".join(one.name.split())) > _LONGEST_TITLE]
