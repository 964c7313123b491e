"""Votes for measurements: 50 options, ballots with about five choices each, written by PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from voting.counting.profile import Group, Project, lot_of, merged

if TYPE_CHECKING:
    from mapping.models import Campaign
    from voting.models import Vote

SLUG: Final = "bench-votes"
OPTIONS: Final = 50

_BALLOTS: Final = """
INSERT INTO voting_ballot (vote_id, is_on_paper, created_at, changed_at)
SELECT %(vote)s, number %% 20 = 0, now(), now() FROM generate_series(1, %(ballots)s) AS number
"""
# Options are chosen by 2 to 18 % of the people.
_CHOICES: Final = """
INSERT INTO voting_choice (ballot_id, option_id, value)
SELECT ballot.id, option.id, 1
FROM voting_ballot ballot
CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM voting_option WHERE vote_id = %(vote)s) AS option
WHERE ballot.vote_id = %(vote)s
AND abs(hashint8extended(ballot.id * 1000 + option.place, 0)) %% 10000 < 200 + 1600 * option.place / %(options)s
"""


def ensure(ballots: int) -> Vote:
    """A vote with so many ballots in a campaign of its own; made where it is missing."""
    from voting.models import Vote

    slug = f"vote-{ballots}"
    found = Vote.objects.filter(category__campaign__slug=SLUG, category__slug=slug).first()
    return found or make(slug, ballots)


def make(slug: str, ballots: int) -> Vote:
    """Make the vote."""
    from django.db import connection

    from mapping.models import Category, Contribution, ContributionStatus, Source
    from voting.models import Option, Rule, Vote

    campaign = _campaign()
    category = Category.objects.create(
        campaign=campaign, slug=slug, title=slug, geometry_types=["none"], takes_contributions=False
    )
    vote = Vote.objects.create(category=category, rule=Rule.UP_TO, most_choices=5, winners=10)
    contributions = Contribution.objects.bulk_create(
        Contribution(
            campaign=campaign,
            category=category,
            title=f"Projekt {number + 1}",
            source=Source.CITY,
            status=ContributionStatus.PUBLISHED,
            position=number + 1,
        )
        for number in range(OPTIONS)
    )
    Option.objects.bulk_create(Option(vote=vote, contribution=one) for one in contributions)
    with connection.cursor() as cursor:
        values = {"vote": vote.pk, "ballots": ballots, "options": OPTIONS}
        cursor.execute(_BALLOTS, values)
        cursor.execute(_CHOICES, values)
        if not connection.in_atomic_block:
            cursor.execute("VACUUM ANALYZE voting_ballot, voting_choice")
    return vote


def _campaign() -> Campaign:
    from datetime import timedelta

    from django.utils import timezone

    from mapping.models import Campaign

    now = timezone.now()
    values = {"title": "Votes", "opens_at": now - timedelta(days=1), "closes_at": now + timedelta(days=3650)}
    return Campaign.objects.get_or_create(slug=SLUG, defaults=values)[0]


def budget(
    ballots: int, options: int, *, chosen: float, costs: tuple[int, int], seed: int = 7
) -> tuple[list[Project], tuple[Group, ...]]:
    """Projects and merged ballots; costs in hundreds of euros, `chosen`: mean share of projects on a ballot."""
    random = np.random.default_rng(seed)
    low, high = costs
    projects = [
        Project(key, int(cost) * 100, lot_of("bench", str(key)))
        for key, cost in enumerate(random.integers(low // 100, high // 100, options))
    ]
    taken = random.random((ballots, options)) < random.random(options) * 2 * chosen
    return projects, merged(np.flatnonzero(row).tolist() for row in taken)
