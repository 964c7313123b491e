"""The demo's votes: an ended vote on events that began with ideas, and a budget that people vote on now.

Proposals and ballots are invented; they are stored through the services, in the order of their days.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Role, User
from mapping.aggregation import footprint
from mapping.demo import content, seed
from mapping.models import Campaign, Contribution, Moderation, Phase, Publication
from mapping.services.campaigns import NewCampaign, NewCategory, create_campaign
from mapping.services.checking.content import Submission
from mapping.services.submit import submit
from voting.models import Rule, Vote
from voting.services.casting import cast_in_browser
from voting.services.piles import close_pile, count_pile, enter_ballot, open_pile
from voting.services.setup.ideas import ideas_for, take_over
from voting.services.setup.options import options_of, put_up
from voting.services.setup.votes import VoteDraft, set_vote

_PILE: Final = "Stapel 1"
_MOST_ON_A_BALLOT: Final = 6
"""Most projects that somebody of the demo chooses from a sum of money."""


def fill(report: Callable[[str], object]) -> None:
    """Make the campaigns with their votes that are not there yet. Callers have made the users of the demo before."""
    path = Path(settings.BASE_DIR, "fixtures", "demo", "votes.json")
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for row in found["campaigns"]:
        if Campaign.objects.filter(slug=row["slug"]).exists():
            continue
        with transaction.atomic():
            vote = _made(row, seed.demo_users())
        report(f"{row['slug']}: a vote on {vote.options.count()} proposals, {vote.ballots.count()} ballots")


def _made(row: Mapping[str, Any], users: dict[Role, User]) -> Vote:
    campaign = _campaign(row)
    seed.let_in(users, campaign)
    actor = users[Role.MANAGER]
    random = Random(row["slug"])  # noqa: S311 - always the same on purpose
    draft = VoteDraft(**{"winners": None} | row["vote"])
    vote = set_vote(campaign.categories.get(slug=row["category"]["slug"]), draft, actor=actor)
    _put_up(vote, row, actor, random)
    _vote(vote, row, actor, random)
    return vote


def _campaign(row: Mapping[str, Any]) -> Campaign:
    spans = [
        (one, seed.today() + timedelta(days=one["from"]), seed.today() + timedelta(days=one["until"]))
        for one in row["phases"]
    ]
    known = {one.name for one in fields(NewCategory)}
    rows = [row[name] for name in ("ideas", "category") if name in row]
    categories = [NewCategory(**{name: one[name] for name in known & one.keys()}) for one in rows]
    campaign = create_campaign(
        NewCampaign(
            **{
                name: row[name]
                for name in ("slug", "title", "summary", "description", "organiser", "contact")
            },
            attribution=content.ATTRIBUTION,
            opens_at=spans[0][1],
            closes_at=spans[-1][2],
            publication=Publication.POINTS,
            moderation=Moderation.POST,
            categories=categories,
        )
    )
    Phase.objects.bulk_create(
        Phase(campaign=campaign, title=one["title"], opens_at=begin, closes_at=end, allows=one["allows"])
        for one, begin, end in spans
    )
    return campaign


def _put_up(vote: Vote, row: Mapping[str, Any], actor: User, random: Random) -> None:
    """Ideas are contributed by people and taken over; the rest is put up by the city."""
    places = {one["name"]: (one["lon"], one["lat"]) for one in content.places()}
    ideas = [one for one in row["options"] if one.get("is_idea")]
    for number, one in enumerate(ideas):
        at = _moment((row["phases"][0]["from"], row["phases"][0]["until"]), random)
        idea = Submission(row["ideas"]["slug"], text=one["text"])
        submit(vote.campaign, idea, _secret(row, f"idea-{number}"), at=at)
    if ideas:
        take_over(vote, list(ideas_for(vote)), actor=actor)
    for one in row["options"]:
        if one.get("is_idea"):
            continue
        place = places.get(one.get("place", ""))
        geometry = None if place is None else {"type": "Point", "coordinates": list(place)}
        submission = Submission(vote.category.slug, geometry=geometry, text=one["text"], title=one["title"])
        put_up(vote, submission, one.get("cost"), actor=actor)
    # In the demo's story they stood there when people began to vote.
    shown = Contribution.objects.filter(option__vote=vote)
    shown.update(created_at=seed.today() + timedelta(days=row["days"][0]))
    footprint.write_many(shown.values_list("pk", flat=True))


def _vote(vote: Vote, row: Mapping[str, Any], actor: User, random: Random) -> None:
    weights = {one["title"]: one["weight"] for one in row["options"]}
    options = {one.contribution_id: (weights[one.contribution.title], one.cost) for one in options_of(vote)}
    moments = sorted(_moment(row["days"], random) for _ in range(row["ballots"]))
    for number, at in enumerate(moments):
        cast_in_browser(vote, _secret(row, f"voter-{number}"), _choices(vote, options, random), at)
    pile = open_pile(vote, _PILE, actor=actor)
    totals: dict[UUID, int] = {}
    for _ in range(row["paper"]):
        choices = _choices(vote, options, random)
        enter_ballot(pile, choices, actor=actor)
        for key in choices:
            totals[key] = totals.get(key, 0) + 1
    count_pile(pile, row["paper"], {str(key): number for key, number in totals.items()}, actor=actor)
    close_pile(pile, actor=actor)


def _choices(vote: Vote, options: Mapping[UUID, tuple[int, int | None]], random: Random) -> dict[UUID, int]:
    """What somebody chooses: by weight, as many as the rule allows or the sum pays for."""
    most = vote.most_choices or _MOST_ON_A_BALLOT
    wanted = random.randint(1, most)
    left = vote.budget if Rule(vote.rule) == Rule.BUDGET else None
    chosen: dict[UUID, int] = {}
    for key in _drawn(options, random):
        cost = options[key][1] or 0
        if left is None or cost <= left:
            chosen[key] = 1
            left = None if left is None else left - cost
        if len(chosen) == wanted:
            break
    return chosen


def _drawn(options: Mapping[UUID, tuple[int, int | None]], random: Random) -> Iterator[UUID]:
    """All options in a random order, those with a larger weight earlier on average."""
    yield from sorted(options, key=lambda key: random.random() ** (1 / options[key][0]), reverse=True)


def _moment(days: Sequence[int], random: Random) -> datetime:
    """A time of a day from the first to before the last, counted from today."""
    first, last = days
    return seed.today() + timedelta(
        days=random.randint(first, last - 1), hours=random.randint(9, 20), minutes=random.randint(0, 59)
    )


def _secret(row: Mapping[str, Any], who: str) -> str:
    return f"demo-participant-{row['slug']}-{who}"
