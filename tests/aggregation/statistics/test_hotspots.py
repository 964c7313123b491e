"""Hot spots as the API answers them, against esda fed with counts made by hand; and the frame."""

from __future__ import annotations

import warnings
from typing import Any

import esda
import libpysal
import numpy as np
import numpy.typing as npt
import pytest
import scipy.stats
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from mapping.aggregation import footprint
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.frame import frame_of
from mapping.aggregation.statistics.hotspots import autocorrelation, hotspots
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import to_laea
from mapping.geo.grid import Cell, cells_touched
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign, Contribution, District
from tests import personas
from tests.aggregation.statistics.conftest import asked, fill, lonlat, scattered
from tests.api.conftest import campaign_url, reasons
from tests.filtering import filtered

pytestmark = pytest.mark.django_db


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "hotspots", **parameters)


def counted(campaign: Campaign, size: int) -> dict[str, int]:
    """Contributions of every cell of the area, counted one by one."""
    assert campaign.area is not None
    area = to_laea(shapely.from_wkb(bytes(campaign.area.wkb)))
    numbers = {cell.id: 0 for cell in cells_touched(area, size)}
    for one in Contribution.objects.all():
        east, north = shapely.get_coordinates(shapely.from_wkb(bytes(one.geom_laea.wkb)))[0].tolist()
        numbers[Cell(size, int(east // size * size), int(north // size * size)).id] += 1
    return numbers


def queen(ids: list[str]) -> libpysal.weights.W:
    cells = [Cell.parse(one) for one in ids]
    known = {(cell.east, cell.north): cell.id for cell in cells}
    steps = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
    neighbours = {
        cell.id: [
            known[place]
            for x, y in steps
            if (place := (cell.east + x * cell.size, cell.north + y * cell.size)) in known
        ]
        for cell in cells
    }
    return libpysal.weights.W(neighbours, id_order=ids, silence_warnings=True)


def distance(ids: list[str], band: float) -> libpysal.weights.W:
    centres = [Cell.parse(one).centre_laea() for one in ids]
    return libpysal.weights.DistanceBand(centres, band, binary=True, ids=ids, silence_warnings=True)


def gi_star(values: npt.NDArray[np.float64], weights: libpysal.weights.W) -> esda.G_Local:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return esda.G_Local(values, weights, transform="B", star=True, permutations=0)


@pytest.mark.parametrize("size", [200, 500])
@pytest.mark.parametrize("weights", ["queen", "distance"])
def test_api_equals_esda_cell_by_cell(crowded: Campaign, size: int, weights: str) -> None:
    more: dict[str, str | int] = {"weights": "distance", "band": 900} if weights == "distance" else {}
    body = ask(crowded, size=size, **more)
    features = {feature["id"]: feature["properties"] for feature in body["features"]}
    numbers = counted(crowded, size)
    assert {one: properties["contributions"] for one, properties in features.items()} == numbers
    ids = list(numbers)
    neighbours = distance(ids, 900) if more else queen(ids)
    oracle = gi_star(np.array([float(numbers[one]) for one in ids]), neighbours)
    expected = scipy.stats.false_discovery_control(2 * oracle.p_norm, method="bh")
    for number, one in enumerate(ids):
        found = features[one]
        assert found["z"] == pytest.approx(oracle.Zs[number], abs=1e-9)
        assert found["p"] == pytest.approx(2 * oracle.p_norm[number], abs=1e-9)
        assert found["p_adjusted"] == pytest.approx(expected[number], abs=1e-9)
        # Everybody placed one point.
        people = numbers[one] + sum(numbers[other] for other in neighbours.neighbors[one] if other != one)
        kind = "none" if expected[number] > 0.05 else "hot" if oracle.Zs[number] > 0 else "cold"
        if kind == "hot" and (numbers[one] == 0 or people < 5):
            kind = "none"
        assert found["class"] == kind
    assert body["method"]["hot"] > 0
    assert body["method"]["cells"] == len(ids)
    assert body["totals"] == {"contributions": 100, "participants": 100, "unlocated": 0, "unnamed": 0}


def test_moran_of_the_statistics_equals_esda(crowded: Campaign) -> None:
    body = Client().get(campaign_url(crowded.slug, "statistics"), {"size": 200}).json()
    numbers = counted(crowded, 200)
    values = np.array([float(one) for one in numbers.values()])
    moran = esda.Moran(values, queen(list(numbers)), transformation="r", permutations=0, two_tailed=True)
    assert body["moran_reason"] is None
    assert body["moran"]["i"] == pytest.approx(moran.I, abs=1e-9)
    assert body["moran"]["z"] == pytest.approx(moran.z_rand, abs=1e-9)
    assert body["moran"]["p"] == pytest.approx(moran.p_rand, abs=1e-9)


def test_hexagons_have_six_neighbours(crowded: Campaign) -> None:
    body = ask(crowded, grid="hexagon", size=200)
    ids = [feature["id"] for feature in body["features"]]
    known = {one: Hexagon.parse(one) for one in ids}
    neighbours = {
        one: [other.id for other in hexagon.neighbours() if other.id in known]
        for one, hexagon in known.items()
    }
    values = np.array([float(feature["properties"]["contributions"]) for feature in body["features"]])
    assert values.sum() == 100
    oracle = gi_star(values, libpysal.weights.W(neighbours, id_order=ids, silence_warnings=True))
    z = [feature["properties"]["z"] for feature in body["features"]]
    np.testing.assert_allclose(z, oracle.Zs, atol=1e-9)


def test_districts_are_neighbours_where_they_touch(crowded: Campaign, districts: list[District]) -> None:
    body = ask(crowded, grid="district")
    codes = [feature["properties"]["code"] for feature in body["features"]]
    assert sorted(codes) == [district.code for district in districts]
    neighbours = {
        one: [
            other
            for other in codes
            if other != one
            and abs(int(one[0]) - int(other[0])) <= 1
            and abs(int(one[1]) - int(other[1])) <= 1
        ]
        for one in codes
    }
    values = np.array([float(feature["properties"]["contributions"]) for feature in body["features"]])
    oracle = gi_star(values, libpysal.weights.W(neighbours, id_order=codes, silence_warnings=True))
    z = [feature["properties"]["z"] for feature in body["features"]]
    # The middle one has all others as neighbours: esda divides by zero there, we say 0.
    np.testing.assert_allclose(z, np.nan_to_num(oracle.Zs), atol=1e-9)
    assert body["features"][0]["properties"]["name"].startswith("District")
    rows = {row[0]: row[1:] for row in ask(crowded, grid="district", f="compact")["cells"]}
    for feature in body["features"]:
        assert rows[feature["id"]][2] == feature["properties"]["z"]
    band = ask(crowded, grid="district", weights="distance")["method"]["band"]
    assert band == pytest.approx(1000, abs=1)


def test_compact_and_significant_are_the_same_cells(crowded: Campaign) -> None:
    features = ask(crowded, size=200)["features"]
    rows = ask(crowded, size=200, f="compact")["cells"]
    assert len(rows) == len(features)
    for feature, row in zip(features, rows, strict=True):
        cell = Cell.parse(feature["id"])
        assert row == [cell.east, cell.north, *feature["properties"].values()]
    hot = ask(crowded, size=200, f="compact", only="significant")["cells"]
    assert hot == [row for row in rows if row[-1] != "none"]
    assert hot


def test_people_can_be_tested_instead_of_contributions(campaign: Campaign) -> None:
    fill(campaign, scattered(60))
    fill(campaign, [(100, 100)] * 50, people=1)
    by_contributions = ask(campaign, size=500)["features"]
    by_people = ask(campaign, size=500, measure="participants")["features"]
    loudest = max(range(len(by_people)), key=lambda at: by_people[at]["properties"]["contributions"])
    assert by_contributions[loudest]["properties"]["z"] > 3 * by_people[loudest]["properties"]["z"]


def hot_cells(campaign: Campaign, **parameters: str | int) -> list[dict[str, Any]]:
    found = ask(campaign, only="significant", **parameters)["features"]
    return [feature["properties"] for feature in found if feature["properties"]["class"] == "hot"]


def outline(east: float, north: float, width: float, height: float) -> Polygon:
    corners = [
        (east, north),
        (east + width, north),
        (east + width, north + height),
        (east, north + height),
        (east, north),
    ]
    return Polygon(lonlat(corners).tolist(), srid=4326)


@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
@pytest.mark.parametrize("measure", ["contributions", "participants"])
def test_one_person_makes_no_hot_spot(
    campaign: Campaign, request: pytest.FixtureRequest, grid: str, measure: str
) -> None:
    fill(campaign, [(-2000, -1500)] * 1 + scattered(29, seed=8))
    person = personas.make_participant(campaign)
    for number in range(12):
        shape = outline(3100 + number, 3100, 900, 450)
        personas.make_contribution(campaign, shape, category="meadow", by=person)
    fill(campaign, [(3300, 3300)] * 60, people=1)
    campaign.refresh_from_db()
    if grid == "district":
        request.getfixturevalue("districts")
    assert not [
        one
        for one in hot_cells(campaign, grid=grid, size=200, measure=measure)
        if one["contributions"] >= 12 and one["participants"] <= 2
    ]


@pytest.mark.parametrize("size", [100, 200, 500])
def test_a_line_or_area_enters_once(campaign: Campaign, size: int) -> None:
    """The oracle is fed with what each cell holds of contributions whose shares sum to one."""
    fill(campaign, scattered(40))
    shapes = [outline(400, 700, 450, 330), outline(1200, 100, 90, 900), outline(430, 730, 20, 20)]
    for shape in shapes:
        personas.make_contribution(campaign, shape, category="meadow")
    body = ask(campaign, size=size)
    ids = [feature["id"] for feature in body["features"]]
    held = dict.fromkeys(ids, 0.0)
    for one in Contribution.objects.all():
        touched = [cell.id for cell in cells_touched(shapely.from_wkb(bytes(one.geom_laea.wkb)), size)]
        for cell in touched:
            held[cell] += 1 / len(touched)
    assert sum(held.values()) == pytest.approx(43)
    oracle = gi_star(np.array(list(held.values())), queen(ids))
    z = [feature["properties"]["z"] for feature in body["features"]]
    np.testing.assert_allclose(z, oracle.Zs, atol=1e-9)
    moran = Client().get(campaign_url(campaign.slug, "statistics"), {"size": size}).json()["moran"]
    expected = esda.Moran(np.array(list(held.values())), queen(ids), transformation="r", permutations=0)
    assert moran["i"] == pytest.approx(expected.I, abs=1e-9)


def test_people_who_draw_the_same_street_make_it_hot_where_it_runs(campaign: Campaign) -> None:
    fill(campaign, scattered(40))
    corners = lonlat([(150, 3450), (1750, 3450)]).tolist()
    street = f"LINESTRING({', '.join(f'{lon} {lat}' for lon, lat in corners)})"
    for _ in range(12):
        personas.make_contribution(campaign, street, category="street")
    for measure in ("contributions", "participants"):
        hot = hot_cells(campaign, size=200, measure=measure)
        assert sum(one["participants"] >= 12 for one in hot) >= 6


def test_four_people_are_too_few_for_a_hot_spot_and_five_suffice(campaign: Campaign) -> None:
    fill(campaign, scattered(40))
    for people, expected in ((4, 0), (1, 1)):
        fill(campaign, [(-1950, 1950)] * 5 * people, people=people)
        hot = [one for one in hot_cells(campaign, size=200) if one["contributions"] >= 20]
        assert len(hot) == expected
    # Fifty more by one of them: most of it is one person's now.
    fill(campaign, [(-1950, 1950)] * 50, people=1)
    assert not [one for one in hot_cells(campaign, size=200) if one["contributions"] >= 20]
    assert [
        one for one in hot_cells(campaign, size=200, measure="participants") if one["contributions"] >= 20
    ]


def test_contributions_without_a_person_are_different_people_each(campaign: Campaign) -> None:
    fill(campaign, scattered(40))
    fill(campaign, [(-1950, 1950)] * 20, people=0)
    assert [one["contributions"] for one in hot_cells(campaign, size=200)][:1] == [20]
    area = outline(2000, 2000, 1100, 700)
    personas.make_contribution(campaign, area, category="meadow")
    shape = Contribution.objects.latest("created_at")
    Contribution.objects.filter(pk=shape.pk).update(participant=None)
    footprint.write(shape)
    assert [one["contributions"] for one in hot_cells(campaign, size=200)] == [20]


def test_empty_cells_are_never_hot(crowded: Campaign) -> None:
    for size in (100, 200, 500):
        for weights in ("queen", "distance"):
            assert all(one["contributions"] for one in hot_cells(crowded, size=size, weights=weights))


def test_filters_of_the_heat_map_hold(crowded: Campaign) -> None:
    fill(crowded, scattered(35, seed=5), category=personas.category_of(crowded, "anything"))
    body = ask(crowded, category="anything", size=1000)
    assert body["totals"]["contributions"] == 35
    assert sum(feature["properties"]["contributions"] for feature in body["features"]) == 35


def test_fewer_than_thirty_people_are_refused(campaign: Campaign) -> None:
    fill(campaign, scattered(80), people=29)
    response = Client().get(campaign_url(campaign.slug, "hotspots"))
    assert response.status_code == 400
    assert reasons(response) == {"": "too_few_participants"}
    assert "29" in response.json()["detail"]
    statistics = Client().get(campaign_url(campaign.slug, "statistics")).json()
    assert (statistics["moran"], statistics["moran_reason"]) == (None, "too_few_participants")
    assert statistics["totals"]["contributions"] == 80
    assert Client().get(campaign_url(campaign.slug, "clusters")).status_code == 200
    fill(campaign, [(0, 0)])
    assert Client().get(campaign_url(campaign.slug, "hotspots")).status_code == 200


def test_contributions_without_a_person_are_voices_too(campaign: Campaign) -> None:
    fill(campaign, scattered(30), people=0)
    assert ask(campaign)["totals"] == {
        "contributions": 30,
        "participants": 0,
        "unlocated": 0,
        "unnamed": 30,
    }


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"alpha": "0"}, {"alpha": "not_a_level"}),
        ({"alpha": "nan"}, {"alpha": "not_a_level"}),
        ({"alpha": "much"}, {"alpha": "not_a_level"}),
        ({"weights": "rook"}, {"weights": "unknown_choice"}),
        ({"band": "5"}, {"band": "not_a_whole_number"}),
        ({"measure": "support"}, {"measure": "unknown_choice"}),
        ({"question": "x"}, {"question": "unknown_parameter"}),
        ({"grid": "district"}, {"grid": "no_districts"}),
        ({"grid": "triangle"}, {"grid": "unknown_choice"}),
        ({"only": "hot", "f": "csv"}, {"only": "unknown_choice", "f": "unknown_choice"}),
    ],
)
def test_wrong_parameters_are_named(
    crowded: Campaign, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    response = Client().get(campaign_url(crowded.slug, "hotspots"), parameters)
    assert response.status_code == 400
    assert reasons(response) == expected


def test_a_band_over_everything_is_refused(crowded: Campaign) -> None:
    response = Client().get(
        campaign_url(crowded.slug, "hotspots"), {"size": "100", "weights": "distance", "band": "50000"}
    )
    assert response.status_code == 400
    assert reasons(response) == {"band": "band_too_large"}


def test_everything_on_one_point(campaign: Campaign) -> None:
    fill(campaign, [(500, 500)] * 40)
    [hot] = ask(campaign, size=200, only="significant")["features"]
    assert hot["properties"]["class"] == "hot"
    assert hot["properties"]["contributions"] == 40


def test_an_area_without_any_difference_has_no_spots(campaign: Campaign) -> None:
    campaign.area = MultiPolygon(Polygon.from_bbox((7.7680, 49.4440, 7.7681, 49.4441)), srid=4326)
    campaign.save()
    for _ in range(30):
        personas.make_contribution(campaign, (7.76805, 49.44405))
    body = ask(campaign, size=10_000)
    assert [feature["properties"]["z"] for feature in body["features"]] == [0]
    assert Client().get(campaign_url(campaign.slug, "statistics")).json()["moran_reason"] == "undefined"


def test_without_an_area_the_frame_is_the_box_around_what_is_counted(campaign: Campaign) -> None:
    campaign.area = None
    campaign.save()
    fill(campaign, [(50, 50)] * 29 + [(450, 250)])
    body = ask(campaign, size=100)
    assert len(body["features"]) == 5 * 3
    hexagons = ask(campaign, size=100, grid="hexagon")["features"]
    assert sum(feature["properties"]["contributions"] for feature in hexagons) == 30
    empty = hotspots_of_nothing(campaign)
    assert empty == []


def hotspots_of_nothing(campaign: Campaign) -> list[int]:
    query = HeatmapQuery(campaign.pk, 100, filtered(categories=()))
    keys: list[int] = frame_of(query, np.zeros(0, dtype=np.int64)).keys.tolist()
    return keys


def test_what_lies_beyond_the_area_takes_no_part_and_is_told(crowded: Campaign) -> None:
    personas.make_contribution(crowded, "LINESTRING(7.8399 49.4549, 7.8430 49.4560)", category="street")
    body = ask(crowded, size=100)
    found = hotspots(HeatmapQuery(crowded.pk, 100))
    assert body["method"]["left_out"] == found.left_out > 0
    assert autocorrelation(HeatmapQuery(crowded.pk, 100)).cells == len(body["features"])


@pytest.mark.parametrize("grid", ["square", "hexagon"])
def test_too_many_cells_name_the_smallest_size_that_works(crowded: Campaign, grid: str) -> None:
    crowded.area = MultiPolygon(Polygon.from_bbox((7.0, 49.0, 8.5, 50.0)), srid=4326)
    crowded.save()
    with pytest.raises(QueryProblem) as refused:
        hotspots(HeatmapQuery(crowded.pk, 100, grid=grid))  # type: ignore[arg-type] # one of the two
    assert refused.value.code == "too_many_cells"
    assert refused.value.params["smallest"] == 500
    response = Client().get(campaign_url(crowded.slug, "hotspots"), {"grid": grid, "size": "100"})
    assert reasons(response) == {"size": "too_many_cells"}
    assert ask(crowded, grid=grid, size=500)["method"]["cells"] <= 50_000
    statistics = Client().get(campaign_url(crowded.slug, "statistics"), {"size": 100}).json()
    assert statistics["moran_reason"] == "too_many_cells"
