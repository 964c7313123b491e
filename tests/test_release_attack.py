"""The attacker at the site's own addresses: random campaigns, every public view after every event.

Between releases not a byte changes. Each release is written down as the public reads it, with what its numbers stand
for, and all releases together must withstand `tests.attacker`. What only forgets somebody is played with the rest:
submissions, moderation, edits that move, withdrawals, erasures, the end of the campaign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import User
from mapping.aggregation.releases.ledger import placed
from mapping.aggregation.releases.partition import Region
from mapping.aggregation.releases.publication import squares_of
from mapping.geo.grid import Cell
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    Publication,
    Release,
    ReleaseEntry,
    ReleaseRegion,
)
from mapping.models.release import told_people
from mapping.services.erase import erase_participant, withdraw
from mapping.services.moderation import moderate
from mapping.services.releases.making import make_release
from mapping.services.submit import Submission, submit
from tests import personas
from tests.attacker import Counted, attack
from tests.personas import Citizen, line, point, square
from tests.walk import Places, addresses, routes, words_of

OnCommit = Callable[..., AbstractContextManager[object]]
CHANGING = re.compile(r"""csrfmiddlewaretoken" value="[^"]*"|"timeStamp": ?"[^"]*"|'Expires': '[^']*'""")
NEAR, FAR = (7.7689, 49.4447), (7.7300, 49.4400)
SPOTS: tuple[tuple[str, object], ...] = (
    ("spot", point(NEAR)),
    ("spot", point((NEAR[0] + 0.0014, NEAR[1]))),
    ("spot", point((NEAR[0], NEAR[1] + 0.002))),
    ("spot", point(FAR)),
    ("street", line(NEAR, (NEAR[0] + 0.004, NEAR[1]))),
    ("meadow", square(FAR)),
    ("idea", None),
)
QUERIES = {
    "api/v1/campaigns/<slug:slug>/heatmap": (
        *(
            "size=100",
            "size=10000",
            "f=compact",
            "f=csv",
            "crs=3035",
            "release=current",
            "measure=participants",
        ),
        *("category=spot", "datetime=2020-01-01/2199-12-31", "grid=hexagon", "grid=district", "weekday=1"),
        *("source=online", "status=published", "answers[text]=a", "measure=support", "hours=0-12"),
    ),
    "api/v1/campaigns/<slug:slug>/hotspots": ("size=100", "status=published"),
    "api/v1/campaigns/<slug:slug>/clusters": ("min=2", "eps=5000&min=2"),
    "api/v1/campaigns/<slug:slug>/centres": ("size=100", "status=published"),
    "api/v1/campaigns/<slug:slug>/rates": ("size=100",),
    "api/v1/campaigns/<slug:slug>/heatmap/change": (
        "before=2020-01-01/2020-12-31&after=2021-01-01/2199-12-31",
    ),
    "api/v1/campaigns/<slug:slug>/contributions/": ("ordering=nearest&near=7.76,49.44&in_words=true",),
    "api/v1/campaigns/<slug:slug>/place-words": ("lon=7.7689&lat=49.4447",),
    "api/v1/campaigns/<slug:slug>/follow": ("from=7.7689,49.4447&to=7.77,49.445",),
    "campaigns/<slug:slug>/": (
        *("category=spot", "q=dark"),
        *("ordering=nearest&near=7.76,49.44", "bbox=7.7,49.4,7.8,49.5"),
    ),
    "campaigns/<slug:slug>/embed/": ("category=spot", "q=dark"),
    "campaigns/<slug:slug>/heatmap/": ("rows=all", "category=spot"),
}
FEW = ("/api/v1/campaigns/x/", "/api/v1/campaigns/x/heatmap?f=csv")

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Simplifying a failure would take minutes: every step asks the whole site."""

Views = dict[str, tuple[int, str]]


@dataclass
class Attacked:
    """A campaign, who plays in it, and what the attacker has noted down."""

    campaign: Campaign
    moderator: User
    on_commit: OnCommit
    sent: dict[UUID, int] = field(default_factory=dict)
    releases: list[dict[Region, Counted]] = field(default_factory=list)
    stands_for: dict[tuple[Region, int], Counted] = field(default_factory=dict)
    minutes: int = 0

    def send(self, person: int, spot: int) -> None:
        self.minutes += 2
        category, geometry = SPOTS[spot]
        at = timezone.now() - timedelta(days=20) + timedelta(minutes=self.minutes)
        text = f"It is dark here, {self.minutes}"
        stored = submit(self.campaign, Submission(category, geometry, text), secret(person), at=at)
        self.sent[stored.contribution.pk] = person
        moderate.publish(stored.contribution, self.moderator)

    def change(self, what: str, which: int, spot: int) -> None:
        """What may happen to one contribution."""
        standing = Contribution.objects.filter(campaign=self.campaign).order_by("pk")
        if not standing:
            return
        one = standing[which % len(standing)]
        if what == "withdraw":
            withdraw(one)
        elif what == "erase" and one.participant is not None:
            erase_participant(one.participant)
        elif what == "reject" and one.status == ContributionStatus.PUBLISHED:
            moderate.reject(one, self.moderator, "spam")
        elif what == "publish" and one.status == ContributionStatus.REJECTED:
            moderate.publish(one, self.moderator)
        elif what == "move":
            category, geometry = SPOTS[spot % 4]
            moderate.edit(one, self.moderator, category=category, geometry=geometry)

    def note(self) -> None:
        """Read the new release as everyone does, and look up what each new number stands for."""
        body = Client().get("/api/v1/campaigns/x/heatmap").json()
        told = {one["id"]: one["properties"]["contributions"] for one in body["features"]}
        now = {one.contribution: one.cell for one in placed(self.campaign)}
        numbers = ReleaseRegion.objects.filter(campaign=self.campaign, until=None)
        release: dict[Region, Counted] = {}
        for number in numbers:
            region = Region(number.size, number.cell, number.mask)
            counted = self.stands_for.get((region, number.since))
            if counted is None:
                entries = ReleaseEntry.objects.filter(campaign=self.campaign, left=None)
                inside = [one for one in entries if region.holds(one.cell)]
                # Nothing but published contributions, each where it lies.
                assert all(now[one.contribution_id] == one.cell for one in inside)
                counted = frozenset((one.contribution_id, self.sent[one.contribution_id]) for one in inside)
                self.stands_for[region, number.since] = counted
            release[region] = counted
        names = {
            region: "+".join(Cell(edge, east, north).id for east, north, edge in squares_of(*region))
            for region in release
        }
        assert told == {names[region]: len(counted) for region, counted in release.items()}
        assert "not_shown" not in body["release"]
        assert body["release"]["contributions"] == sum(told.values())
        people = [one["properties"]["participants_at_least"] for one in body["features"]]
        assert people == [told_people(number, self.campaign.k) for number in people]
        self.releases.append(release)


def secret(person: int) -> str:
    return f"{person:028}"


def views(campaign: Campaign, *, everything: bool) -> Views:
    """What the public reads, but for what differs from one request to the next."""
    found: Views = {}
    cache.clear()
    for address in every_address(campaign) if everything else FEW:
        response = Client(raise_request_exception=False).get(address)
        assert response.status_code < 500, address
        found[address] = (response.status_code, CHANGING.sub("", words_of(response)))
    return found


def every_address(campaign: Campaign) -> Iterator[str]:
    for route in routes():
        if route == "" or (route.startswith(("campaigns/", "api/")) and "<slug:slug>" in route):
            for address in addresses(route, Places([campaign], [], [], [])):
                yield address
                yield from (f"{address}?{query}" for query in QUERIES.get(route, ()))


ARRIVALS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, len(SPOTS) - 1)), min_size=2, max_size=6)
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), ARRIVALS),
        st.tuples(
            st.sampled_from(["withdraw", "erase", "reject", "publish", "move", "release", "end"]),
            st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6)), min_size=1, max_size=1),
        ),
    ),
    min_size=5,
    max_size=9,
)
Events = list[tuple[str, list[tuple[int, int]]]]


def play(attacked: Attacked, what: str, how: list[tuple[int, int]]) -> None:
    """One event, and whatever the site does when its transaction is final."""
    with attacked.on_commit(execute=True):
        if what == "send":
            for person, spot in how:
                attacked.send(person, spot)
        elif what == "end":
            Campaign.objects.filter(pk=attacked.campaign.pk).update(closes_at=timezone.now())
            attacked.campaign.refresh_from_db()
            make_release(attacked.campaign)
        elif what == "release":
            make_release(attacked.campaign)
        else:
            attacked.change(what, *how[0])


@settings(max_examples=4, deadline=None, phases=UNSHRUNK, suppress_health_check=list(HealthCheck))
@given(EVENTS, st.integers(2, 3))
def test_attacker_isolates_nobody(
    db: None, django_capture_on_commit_callbacks: OnCommit, events: Events, k: int
) -> None:
    with transaction.atomic():
        campaign = personas.make_campaign("x", publication=Publication.CELLS, k=k)
        moderator = personas.make_user("moderator@example.org", is_superuser=True)
        attacked = Attacked(campaign, moderator, django_capture_on_commit_callbacks)
        before, number = views(campaign, everything=False), 0
        for index, (what, how) in enumerate(events):
            if campaign.closes_at is not None and campaign.closes_at <= timezone.now() and what == "send":
                continue
            play(attacked, what, how)
            last = Release.objects.filter(campaign=campaign).order_by("-number").first()
            is_new = last is not None and last.number > number
            after = views(campaign, everything=index >= len(events) - 2)
            if is_new and last is not None:
                number = last.number
                attacked.note()
            elif what != "end":
                assert before == before | {one: after[one] for one in after if one in before}, what
            before = before | after
        attack(attacked.releases, k)
        transaction.set_rollback(True)


def arrive(campaign: Campaign, people: range, spot: int = 0) -> None:
    """Published contributions of new people at one place."""
    for person in people:
        category, _geometry = SPOTS[spot]
        place = (NEAR, (NEAR[0] + 0.0014, NEAR[1]), (NEAR[0], NEAR[1] + 0.002), FAR)[spot]
        personas.make_contribution(campaign, place, category=category, by=Citizen("", secret(person)))


def cells(campaign: Campaign) -> list[int]:
    body = Client().get(f"/api/v1/campaigns/{campaign.slug}/heatmap").json()
    return sorted(one["properties"]["contributions"] for one in body["features"])


@pytest.fixture
def fives(cells_campaign: Campaign) -> Campaign:
    """Ten people at one place; k is five."""
    arrive(cells_campaign, range(10))
    assert make_release(cells_campaign) is not None
    assert cells(cells_campaign) == [10]
    return cells_campaign


def test_four_newcomers_make_no_release(fives: Campaign) -> None:
    arrive(fives, range(10, 14))
    assert make_release(fives) is None
    assert cells(fives) == [10]


def test_five_newcomers_do(fives: Campaign) -> None:
    arrive(fives, range(10, 15))
    assert make_release(fives) is not None
    assert cells(fives) == [15]


def test_newcomers_at_two_places_change_neither_number(fives: Campaign) -> None:
    """Five are enough for a release, but three and two are not enough for a number."""
    arrive(fives, range(20, 25), spot=3)
    assert make_release(fives) is not None
    assert cells(fives) == [5, 10]
    arrive(fives, range(30, 33))
    arrive(fives, range(40, 42), spot=3)
    make_release(fives)
    assert cells(fives) == [5, 10]


def test_a_number_follows_once_five_have_withdrawn(fives: Campaign) -> None:
    for one in Contribution.objects.filter(campaign=fives)[:4]:
        withdraw(one)
    make_release(fives)
    assert cells(fives) == [10]
    withdraw(Contribution.objects.filter(campaign=fives)[0])
    make_release(fives)
    assert cells(fives) == [5]


def test_an_area_vanishes_with_the_next_release_though_nobody_came(fives: Campaign) -> None:
    for one in Contribution.objects.filter(campaign=fives):
        withdraw(one)
    assert cells(fives) == [10]
    assert make_release(fives) is not None
    assert cells(fives) == []


def test_a_number_goes_when_fewer_than_five_are_left(fives: Campaign) -> None:
    for one in Contribution.objects.filter(campaign=fives)[:6]:
        withdraw(one)
    arrive(fives, range(50, 65), spot=3)
    assert make_release(fives) is not None
    assert cells(fives) == [15]
    assert ReleaseEntry.objects.filter(campaign=fives, left=None).count() == 15


def test_ledger_forgets_at_once(fives: Campaign) -> None:
    one = Contribution.objects.filter(campaign=fives).first()
    assert one is not None
    person = one.participant
    assert person is not None
    erase_participant(person)
    assert not ReleaseEntry.objects.filter(contribution=one.pk).exists()
    assert not ReleaseEntry.objects.filter(participant=person.pk).exists()
    [number] = ReleaseRegion.objects.filter(campaign=fives)
    assert number.departed == [1]


def test_contributions_of_nobody_change_nothing(fives: Campaign) -> None:
    for _ in range(20):
        stored = personas.make_contribution(fives, NEAR)
        person = stored.participant
        Contribution.objects.filter(pk=stored.pk).update(participant=None)
        if person is not None:
            person.delete()
    assert make_release(fives) is None
    assert cells(fives) == [10]


def test_a_stricter_k_hides_what_is_too_small_for_it(fives: Campaign) -> None:
    fives.k = 11
    fives.save()
    make_release(fives)
    assert cells(fives) == []
