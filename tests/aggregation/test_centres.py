"""Centres are exact on every path a change can take, whether they are read from the tally or counted anew."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest
import shapely
from django.db import connection
from django.utils import timezone

from accounts.models import User
from mapping.aggregation import footprint
from mapping.aggregation.centres import CENTRE_SIZES, Centres, centres
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.origins import SOURCE
from mapping.filters.places import CATEGORY
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import to_laea
from mapping.geo.grid import KEY_FACTOR, SIZES
from mapping.models import Campaign, Centre, Contribution, ContributionStatus, Footprint
from mapping.models.footprint import STATUS_CODES
from mapping.services.erase import withdraw
from mapping.services.moderation import moderate
from mapping.services.submit import Submission, revise, submit
from tests import personas
from tests.imports.conftest import Files, run
from tests.imports.rows import LONLAT, SPOT, row
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, Citizen

pytestmark = pytest.mark.django_db

EVERYTHING = ContributionFilter()
MEADOW = "POLYGON((7.76 49.43, 7.77 49.43, 7.77 49.44, 7.76 49.43))"
HOOK = "POLYGON((7.76 49.42, 7.78 49.42, 7.78 49.44, 7.779 49.44, 7.779 49.421, 7.76 49.421, 7.76 49.42))"
"""A thin area around a corner: its centroid lies outside."""
STREET = "LINESTRING(7.7530 49.4240, 7.7700 49.4240)"

Row = tuple[int, int, int, int]
"""Status, level, cell, category."""


def standing_for(contribution: Contribution) -> tuple[float, float] | None:
    """The point that stands for a contribution, in metres of EPSG:3035, computed by another library."""
    if contribution.geom is None:
        return None
    stored = Contribution.objects.values_list("geom_laea", flat=True).get(pk=contribution.pk)
    place = shapely.from_wkb(bytes(stored.wkb))
    if isinstance(place, shapely.LineString):
        place = place.interpolate(0.5, normalized=True)
    [point] = shapely.get_coordinates(place.centroid)
    return float(point[0]), float(point[1])


def naive(campaign: Campaign) -> dict[Row, tuple[int, int, int]]:
    """Number and sums of centimetres by row of the tally, one contribution after the other."""
    found: dict[Row, list[tuple[int, int]]] = defaultdict(list)
    for one in Contribution.objects.filter(campaign=campaign):
        place = standing_for(one)
        if place is None:
            continue
        east, north = (math.floor(Fraction(value) * 100) for value in place)
        for level, size in enumerate(SIZES):
            cell = north // (size * 100) * KEY_FACTOR + east // (size * 100)
            found[STATUS_CODES[one.status], level, cell, one.category_id].append((east, north))
    return {
        key: (len(places), sum(east for east, _ in places), sum(north for _, north in places))
        for key, places in found.items()
    }


def tallied(campaign: Campaign) -> dict[Row, tuple[int, int, int]]:
    rows = Centre.objects.filter(campaign_id=campaign.pk)
    return {
        (one.status, one.level, one.cell, one.category_id): (one.contributions, one.east, one.north)
        for one in rows
    }


def described(found: Centres) -> list[tuple[int, list[float], list[int]]]:
    return list(zip(found.keys.tolist(), found.places.tolist(), found.counts.tolist(), strict=True))


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    for place in (TOWN_HALL, (TOWN_HALL[0] + 0.0001, TOWN_HALL[1]), STATION):
        personas.make_contribution(campaign, place)
    personas.make_contribution(campaign, TOWN_HALL, category="survey", source="paper")
    personas.make_contribution(campaign, STREET, category="street")
    personas.make_contribution(campaign, MEADOW, category="meadow")
    personas.make_contribution(campaign, None, category="idea")
    personas.make_contribution(campaign, UNIVERSITY, status=ContributionStatus.PENDING)
    return campaign


def test_centres_follow_every_path_of_a_change(
    campaign: Campaign, citizen: Citizen, moderator: User, tmp_path: Path
) -> None:
    """Sent, changed by the author, published, moved to another category, rejected, imported, withdrawn, rebuilt."""
    sent = [
        submit(
            campaign, Submission("spot", personas.point(place), f"Dark {number}"), citizen.secret
        ).contribution
        for number, place in enumerate((TOWN_HALL, (7.76894, 49.44474), STATION))
    ]
    assert tallied(campaign) == naive(campaign) != {}
    revise(sent[0], Submission("spot", personas.point(UNIVERSITY), "Elsewhere"), at=timezone.now())
    assert tallied(campaign) == naive(campaign)
    for one in sent:
        moderate.publish(one, moderator)
    moderate.edit(sent[1], moderator, category="survey", geometry=personas.point((7.77, 49.44)))
    assert tallied(campaign) == naive(campaign)
    moderate.reject(sent[2], moderator, "spam")
    path = Files(tmp_path).csv([row(number, (7.7 + number / 500, 49.44)) for number in range(40)])
    run("import_contributions", campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)
    assert tallied(campaign) == naive(campaign)
    withdraw(sent[0])
    assert tallied(campaign) == naive(campaign)
    assert footprint.rebuild(campaign).differences == 0
    Contribution.objects.filter(campaign=campaign).delete()
    assert tallied(campaign) == {}


def test_lines_and_areas_count_once_where_their_middle_lies(filled: Campaign) -> None:
    assert tallied(filled) == naive(filled)
    for one in Contribution.objects.filter(campaign=filled).exclude(geom=None):
        assert one.footprints.exclude(east_cm=None).count() == 1
    assert Footprint.objects.filter(campaign_id=filled.pk, cell=-1).exclude(east_cm=None).count() == 0


def test_the_point_of_a_bent_area_lies_on_it(campaign: Campaign) -> None:
    stored = personas.make_contribution(campaign, HOOK, category="meadow")
    stored.refresh_from_db()
    [holder] = stored.footprints.exclude(east_cm=None)
    assert holder.east_cm is not None
    assert holder.north_cm is not None
    east = holder.cell % KEY_FACTOR * 100 + holder.east_cm / 100
    north = holder.cell // KEY_FACTOR * 100 + holder.north_cm / 100
    assert shapely.from_wkb(bytes(stored.geom_laea.wkb)).distance(shapely.Point(east, north)) < 0.02


def test_a_shape_beyond_the_grid_has_no_centre(campaign: Campaign) -> None:
    personas.make_contribution(campaign, "LINESTRING(-58.4 -34.6, -58.5 -34.6)", category="anything")
    personas.make_contribution(campaign, "POINT(-58.4 -34.6)", category="anything")
    assert tallied(campaign) == {}


def test_a_rebuild_repairs_centres(filled: Campaign) -> None:
    right = tallied(filled)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mapping_centre SET east = east + 1 WHERE level = 3")
        cursor.execute("DELETE FROM mapping_centre WHERE level = 0")
    assert footprint.rebuild(filled).differences > 0
    assert tallied(filled) == right
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoparticipation.tally', 'later', false)")
        cursor.execute("UPDATE mapping_footprint SET east_cm = NULL, north_cm = NULL")
        cursor.execute("SELECT set_config('geoparticipation.tally', '', false)")
    assert footprint.rebuild(filled).differences > 0
    assert tallied(filled) == right
    assert footprint.rebuild(filled).differences == 0


def test_the_migration_fills_in_what_the_triggers_keep(filled: Campaign) -> None:
    personas.make_contribution(filled, HOOK, category="meadow")
    right = tallied(filled)
    migration = import_module("mapping.migrations.0041_tally_centres")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoparticipation.tally', 'later', false)")
        cursor.execute("UPDATE mapping_footprint SET east_cm = NULL, north_cm = NULL")
        cursor.execute("SELECT set_config('geoparticipation.tally', '', false)")
        cursor.execute("DELETE FROM mapping_centre")
        for statement in (*migration.FILL_FOOTPRINTS, *migration.FILL_CENTRES):
            cursor.execute(statement)
    assert tallied(filled) == right
    assert footprint.rebuild(filled).differences == 0


def test_the_centre_of_one_is_its_place_and_of_several_their_mean(filled: Campaign) -> None:
    found = centres(filled, EVERYTHING.having(CATEGORY, ("spot",)), 100)
    assert found.counts.tolist() == [[1], [2]]
    [station, hall] = found.places.tolist()
    assert station == pytest.approx(STATION, abs=2e-7)
    assert hall == pytest.approx((TOWN_HALL[0] + 0.00005, TOWN_HALL[1]), abs=2e-7)


@pytest.mark.parametrize("size", CENTRE_SIZES)
def test_every_size_counts_each_published_contribution_with_a_place_once(filled: Campaign, size: int) -> None:
    found = centres(filled, EVERYTHING, size)
    assert found.counts.sum() == 6
    assert sorted(found.counts.sum(axis=0).tolist()) == [1, 1, 1, 3]


@pytest.mark.parametrize("size", [100, 500, 2000, 20_000])
def test_a_filter_that_takes_everything_finds_the_same_as_the_tally(filled: Campaign, size: int) -> None:
    filtered = EVERYTHING.having(SOURCE, ("online", "paper"))
    for boxes in (None, ((7.76, 49.43, 7.77, 49.45),)):
        counted, read = centres(filled, filtered, size, boxes), centres(filled, EVERYTHING, size, boxes)
        assert described(counted) == described(read)
        assert counted.categories == read.categories


def test_a_filter_counts_what_matches(filled: Campaign) -> None:
    assert centres(filled, EVERYTHING.having(SOURCE, ("paper",)), 1000).counts.tolist() == [[1]]
    pending = ContributionFilter((ContributionStatus.PENDING.value,))
    [place] = centres(filled, pending, 1000).places.tolist()
    assert place == pytest.approx(UNIVERSITY, abs=2e-7)
    assert centres(filled, EVERYTHING.having(SOURCE, ("city",)), 1000).counts.tolist() == []


def test_a_box_chooses_squares_and_counts_them_in_full(filled: Campaign) -> None:
    everything = described(centres(filled, EVERYTHING, 500))
    # The box ends between the two places of the town hall.
    box = (TOWN_HALL[0] - 0.0001, TOWN_HALL[1] - 0.0001, TOWN_HALL[0] + 0.00005, TOWN_HALL[1] + 0.0001)
    within = described(centres(filled, EVERYTHING, 500, (box,)))
    assert 0 < len(within) < len(everything)
    numbers = {key: (place, sum(counts)) for key, place, counts in everything}
    assert all(numbers[key] == (place, sum(counts)) for key, place, counts in within)
    assert max(sum(counts) for _key, _place, counts in within) == 3
    assert centres(filled, EVERYTHING, 500, ((10.0, 52.0, 10.1, 52.1),)).counts.tolist() == []
    for wide in (((-180.0, -90.0, 180.0, 90.0),), ((170.0, 0.0, 180.0, 60.0), (-180.0, 0.0, 20.0, 60.0))):
        assert described(centres(filled, EVERYTHING, 500, wide)) == everything


def test_too_many_squares_are_refused_with_the_size_that_works(
    filled: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.aggregation.centres.MOST_CENTRES", 2)
    with pytest.raises(QueryProblem) as refused:
        centres(filled, EVERYTHING, 100)
    assert refused.value.code == "too_many_cells"
    smallest = refused.value.params["smallest"]
    assert isinstance(smallest, int)
    assert len(centres(filled, EVERYTHING, smallest).keys) <= 2
    with pytest.raises(QueryProblem) as refused:
        centres(filled, EVERYTHING, 300)
    assert refused.value.code == "unknown_size"


def test_places_are_those_that_were_sent(campaign: Campaign) -> None:
    """A point goes through metres and whole centimetres and comes back within one."""
    personas.make_contribution(campaign, TOWN_HALL)
    [found] = centres(campaign, EVERYTHING, 100).places.tolist()
    there, back = to_laea(shapely.Point(TOWN_HALL)), to_laea(shapely.Point(found))
    assert there.distance(back) < 0.01
