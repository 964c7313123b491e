"""Votes: results of 100,000 ballots, equal shares, one ballot stored, 16 clients at once: `bin/bench votes`.

Results of 50 options are counted from stored ballots; equal shares of 100 projects and 20,000 ballots, and of 12
ballots with 100,000 euros, are pure counting. One ballot is stored beside one contribution, in turns. Then 16 clients
vote at once, each person twice, and the ballots are counted.
"""

from __future__ import annotations

import argparse
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.answers import votes_data
from benchmarks.running import data, place
from voting.counting.equal_shares import equal_shares

if TYPE_CHECKING:
    from uuid import UUID

    from mapping.models import Campaign
    from voting.models import Vote

BALLOTS: Final = 100_000
STORED: Final = 100
CLIENTS: Final = 16
EACH: Final = 25


def results(vote: Vote) -> float:
    """Seconds of one result, counted from the ballots."""
    from django.utils import timezone

    from voting.services.results import count

    return place.in_turns({"results": lambda: count(vote, timezone.now())}, rounds=3)["results"]


def shares() -> list[tuple[str, float, float]]:
    """Seconds of equal shares with completion: what, seconds, limit."""
    many = votes_data.budget(20_000, 100, chosen=0.06, costs=(5_000, 60_000))
    few = votes_data.budget(12, 24, chosen=0.3, costs=(1_000, 20_000))
    took = place.in_turns(
        {
            "many": lambda: equal_shares(*many, 1_000_000),
            "few": lambda: equal_shares(*few, 100_000),
        },
        rounds=2,
    )
    return [
        ("equal shares, 100 projects, 20,000 ballots", took["many"], 1.0),
        ("equal shares, 24 projects, 12 ballots, 100,000 €", took["few"], 1.0),
    ]


def stored(vote: Vote, campaign: Campaign, number: int = STORED) -> tuple[float, float]:
    """Median seconds of one ballot and of one contribution stored in turns; all of them are deleted afterwards."""
    from mapping.models import Contribution, Participant
    from mapping.services.identity import new_secret
    from mapping.services.submit import Submission, submit
    from voting.services.casting import cast_in_browser

    random = np.random.default_rng(7)
    options = list(vote.options.order_by("pk").values_list("contribution_id", flat=True))
    took: dict[str, list[float]] = {"ballot": [], "contribution": []}
    made: list[UUID] = []
    people: list[int | None] = []
    try:
        for _ in range(number):
            chosen = {options[place]: 1 for place in random.choice(len(options), 5, replace=False)}
            lonlat = np.array(data.CENTRE) + random.normal(0, 2_000, 2) * data.DEGREES_PER_METRE
            geometry = {"type": "Point", "coordinates": np.round(lonlat, 6).tolist()}
            start = time.perf_counter()
            ballot = cast_in_browser(vote, new_secret(), chosen)
            between = time.perf_counter()
            placed = submit(campaign, Submission("kind-0", geometry, "Hier ist es dunkel."), new_secret())
            took["contribution"].append(time.perf_counter() - between)
            took["ballot"].append(between - start)
            made.append(placed.contribution.pk)
            people += [ballot.participant_id, placed.contribution.participant_id]
    finally:
        Contribution.objects.filter(pk__in=made).delete()
        Participant.objects.filter(pk__in=[one for one in people if one is not None]).delete()
    return statistics.median(took["ballot"]), statistics.median(took["contribution"])


def at_once(vote: Vote, clients: int = CLIENTS, each: int = EACH) -> tuple[int, int, float]:
    """Clients vote at once: ballots expected, ballots stored, seconds. Each person votes, and votes again."""
    from mapping.models import Participant
    from mapping.services.identity import new_secret

    before = set(vote.ballots.values_list("pk", flat=True))
    people = [[new_secret() for _ in range(each)] for _ in range(clients)]
    # Two clients for each person, so that the same ballot is also written twice at the same moment.
    work = [*people, *people]
    start = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(lambda secrets: _vote(vote, secrets), work))
    took = time.perf_counter() - start
    added = vote.ballots.exclude(pk__in=before)
    found = added.count()
    full = sum(one.choices.count() == 3 for one in added)
    Participant.objects.filter(ballots__in=added).delete()
    return clients * each, found if full == found else -1, took


def _vote(vote: Vote, secrets: list[str]) -> None:
    from django.db import connection

    from voting.services.casting import cast_in_browser

    options = list(vote.options.order_by("pk").values_list("contribution_id", flat=True)[:3])
    try:
        for secret in secrets:
            cast_in_browser(vote, secret, dict.fromkeys(options, 1))
    finally:
        connection.close()


def _row(what: str, seconds: float, limit: float, must: str = "") -> tuple[str, ...]:
    missed = "" if seconds <= limit else " (missed)"
    return (what, f"{seconds * 1000:.0f} ms", f"≤ {limit * 1000:.0f} ms{missed}", must)


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ballots", type=int, default=BALLOTS, help="of the vote whose result is counted")
    options = parser.parse_args()
    place.enter()
    large, small = votes_data.ensure(options.ballots), votes_data.ensure(1_000)
    beside = data.ensure("10k")
    place.say(place.machine())
    ballot, contribution = stored(small, beside)
    expected, found, took = at_once(small)
    rows = [
        _row(f"results of {options.ballots:,} ballots over 50 options", results(large), 0.1, "≤ 300 ms"),
        *(_row(*one) for one in shares()),
    ]
    place.say(place.table(("what", "took", "aim", "must"), rows))
    written = f"{ballot * 1000:.1f} ms, one contribution {contribution * 1000:.1f} ms"
    place.say(f"\nOne ballot stored: {written}, {ballot / contribution:.2f} × (≤ 1.2 ×).")
    rate = f"{2 * expected / took:.0f} requests a second"
    place.say(f"{CLIENTS} clients at once: {expected} ballots expected, {found} stored, {rate}.")


if __name__ == "__main__":
    main()
