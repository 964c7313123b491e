"""Votes, options and ballots of the tests, written as rows past the services and their limits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mapping.models import Campaign, Category, District, Source
from tests.personas import TOWN_HALL, make_contribution, make_participant
from voting.models import Ballot, Choice, Option, Rule, SetAside, Vote

DEFAULTS: Mapping[Rule, Mapping[str, int]] = {
    Rule.UP_TO: {"most_choices": 3},
    Rule.POINTS: {"points": 5, "most_points": 3},
    Rule.BUDGET: {"budget": 100_000},
    Rule.APPROVAL: {"budget": 100_000},
}
"""Limits of a vote that names none, by rule."""

Marks = Mapping[int, int] | Sequence[int]
"""A ballot by the options' numbers, from 0: values by number, or a sequence (each 1; of a ranking the best first)."""


def make_vote(
    campaign: Campaign,
    rule: Rule = Rule.UP_TO,
    n_options: int = 3,
    *,
    costs: Sequence[int | None] | None = None,
    slug: str = "vote",
    **fields: Any,
) -> Vote:
    """A vote in a category of its own, with options named "Project 1", "Project 2", ... (see `options_of`)."""
    category = Category.objects.create(
        campaign=campaign,
        slug=slug,
        title=slug.replace("-", " ").capitalize(),
        geometry_types=["point", "none"],
        takes_contributions=False,
        position=campaign.categories.count(),
    )
    vote = Vote.objects.create(category=category, rule=rule, **({**DEFAULTS.get(rule, {})} | fields))
    if costs is None and rule.has_costs:
        costs = [10_000 * (number + 1) for number in range(n_options)]
    for number in range(n_options):
        make_option(vote, f"Project {number + 1}", None if costs is None else costs[number])
    return vote


def make_option(vote: Vote, title: str, cost: int | None = None, **fields: Any) -> Option:
    """One more option of a vote: a place of the city."""
    contribution = make_contribution(
        vote.campaign,
        TOWN_HALL,
        category=vote.category.slug,
        title=title,
        text=f"What {title} is about.",
        source=Source.CITY,
        position=vote.options.count() + 1,
    )
    return Option.objects.create(vote=vote, contribution=contribution, cost=cost, **fields)


def options_of(vote: Vote) -> list[Option]:
    """The options in the order in which they were made."""
    return list(vote.options.select_related("contribution").order_by("pk"))


def cast_ballots(
    vote: Vote,
    ballots: Iterable[Marks],
    *,
    on_paper: bool = False,
    set_aside: SetAside | None = None,
    district: District | None = None,
) -> list[Ballot]:
    """Stored ballots, one new person each; those on paper belong to nobody."""
    options = options_of(vote)
    marks = list(ballots)
    made = Ballot.objects.bulk_create(
        Ballot(
            vote=vote,
            participant=None if on_paper else make_participant(vote.campaign),
            is_on_paper=on_paper,
            set_aside=set_aside,
            district=district,
        )
        for _ in marks
    )
    Choice.objects.bulk_create(
        Choice(ballot=ballot, option=options[number], value=value)
        for ballot, marked in zip(made, marks, strict=True)
        for number, value in _values(vote, marked).items()
    )
    return made


def _values(vote: Vote, marked: Marks) -> Mapping[int, int]:
    if isinstance(marked, Mapping):
        return marked
    is_ranking = vote.rule == Rule.RANKING
    return {number: place if is_ranking else 1 for place, number in enumerate(marked, start=1)}
