"""The heat map of the API: grids, measures, filters, formats and CRS, and clear answers to what makes no sense."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pyproj
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from mapping.aggregation.heatmap import counts as heatmaps
from mapping.geo.grid import Cell
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign, Contribution, District, DistrictLayer
from tests import personas
from tests.api.conftest import campaign_url, reasons, with_token
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, Citizen

FRIDAY_NIGHT = datetime(2026, 5, 1, 21, 30, tzinfo=UTC)
"""23:30 in Kaiserslautern."""
SATURDAY_NOON = datetime(2026, 5, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def filled(campaign: Campaign, citizen: Citizen) -> Campaign:
    """Two places at the town hall by one person, one at the station and one line by others, one idea without place."""
    personas.make_contribution(
        campaign, by=citizen, category="survey", answers=personas.GOOD_ANSWERS, created_at=FRIDAY_NIGHT
    )
    second = personas.make_contribution(
        campaign,
        by=citizen,
        category="survey",
        answers={"scale": 1, "single-choice": "day", "yes-no": False},
        created_at=SATURDAY_NOON,
        source="paper",
    )
    personas.make_support(second)
    personas.make_contribution(campaign, STATION, created_at=SATURDAY_NOON)
    personas.make_contribution(
        campaign, "LINESTRING(7.7530 49.4240, 7.7700 49.4240)", category="street", created_at=FRIDAY_NIGHT
    )
    personas.make_contribution(campaign, None, category="idea", created_at=SATURDAY_NOON)
    return campaign


@pytest.fixture
def districts(filled: Campaign) -> Campaign:
    """North and south of 49.44, the first with a name that a spreadsheet would compute."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for code, name, south, north in (("N", "=1+1", 49.44, 49.50), ("S", "South", 49.40, 49.44)):
        area = MultiPolygon(Polygon.from_bbox((7.70, south, 7.80, north)))
        District.objects.create(layer=layer, code=code, name=name, geom=area)
    filled.district_layer = layer
    filled.save()
    return filled


def read(client: Client, **parameters: str) -> Any:
    return client.get(campaign_url("fear-spaces", "heatmap"), parameters)


def numbers(response: Any) -> dict[str, tuple[int, int]]:
    """Contributions and participants by cell."""
    return {
        feature["id"]: (feature["properties"]["contributions"], feature["properties"]["participants"])
        for feature in response.json()["features"]
    }


def test_squares_are_named_by_geogitter(filled: Campaign, public: Client) -> None:
    response = read(public, size="200")
    assert response.headers["Content-Type"] == "application/geo+json"
    assert "OGC/1.3/CRS84" in response.headers["Content-Crs"]
    assert response.json()["totals"] == {"contributions": 5, "participants": 4, "unlocated": 1}
    assert max(numbers(response).values()) == (2, 1)
    for name in numbers(response):
        assert Cell.parse(name).size == 200


def test_hexagons_hold_their_contributions(filled: Campaign, public: Client) -> None:
    response = read(public, grid="hexagon", size="500", category="survey")
    [feature] = response.json()["features"]
    east, north = pyproj.Transformer.from_crs(4326, 3035, always_xy=True).transform(*TOWN_HALL)
    outline = shapely.Polygon(Hexagon.parse(feature["id"]).ring_laea())
    assert outline.contains(shapely.Point(east, north))
    assert shapely.Polygon(feature["geometry"]["coordinates"][0]).contains(shapely.Point(TOWN_HALL))
    assert feature["properties"] == {"contributions": 2, "participants": 1}


def test_districts_are_named_by_code(districts: Campaign, public: Client) -> None:
    response = read(public, grid="district")
    assert numbers(response) == {"N": (2, 1), "S": (2, 2)}
    [north, _south] = response.json()["features"]
    assert north["geometry"]["type"] == "MultiPolygon"
    assert north["properties"]["name"] == "=1+1"


@pytest.mark.parametrize(
    ("parameters", "contributions"),
    [
        ({}, 5),
        ({"category": "survey,street"}, 3),
        ({"datetime": "2026-05-02"}, 3),
        ({"weekday": "5"}, 2),
        ({"weekday": "6,7"}, 3),
        ({"hours": "20-6"}, 2),
        ({"hours": "6-20"}, 3),
        ({"hours": "0-24"}, 5),
        ({"source": "paper"}, 1),
        ({"source": "paper,online"}, 5),
        ({"district": "S"}, 2),
        ({"district": "N,S"}, 4),
        ({"answers[single-choice]": "night"}, 1),
        ({"answers[single-choice]": "night,day"}, 2),
        ({"answers[multiple-choice]": "day"}, 1),
        ({"answers[scale]": "1,4"}, 2),
        ({"answers[yes-no]": "false"}, 1),
        ({"answers[yes-no]": "true", "answers[scale]": "1"}, 0),
        ({"district": "N", "source": "paper", "hours": "6-20", "weekday": "6"}, 1),
    ],
)
@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
def test_every_filter_narrows_every_grid(
    districts: Campaign, public: Client, grid: str, parameters: dict[str, str], contributions: int
) -> None:
    response = read(public, grid=grid, **parameters)
    assert response.status_code == 200, response.content
    assert response.json()["totals"]["contributions"] == contributions


def test_support_and_mean_have_values(filled: Campaign, public: Client) -> None:
    [support] = read(public, measure="support", category="survey").json()["features"]
    assert support["properties"] == {"contributions": 2, "participants": 1, "value": 1}
    [mean] = read(public, measure="mean", question="scale", category="survey").json()["features"]
    assert mean["properties"] == {"contributions": 2, "participants": 1, "value": 2.5}
    [nobody] = read(public, measure="mean", question="scale", category="spot").json()["features"]
    assert nobody["properties"]["value"] is None


@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
@pytest.mark.parametrize(
    ("crs", "limits"), [("25832", (400_000, 5_400_000)), ("3035", (4_000_000, 2_900_000))]
)
def test_other_crs_are_named_and_lie_in_the_same_place(
    districts: Campaign, public: Client, grid: str, crs: str, limits: tuple[int, int]
) -> None:
    response = read(public, grid=grid, crs=crs)
    assert response.headers["Content-Crs"] == f"<http://www.opengis.net/def/crs/EPSG/0/{crs}>"
    assert response.json()["crs"]["properties"]["name"] == f"urn:ogc:def:crs:EPSG::{crs}"
    degrees = read(public, grid=grid).json()
    assert "crs" not in degrees
    to_degrees = pyproj.Transformer.from_crs(int(crs), 4326, always_xy=True)
    for metric, geographic in zip(response.json()["features"], degrees["features"], strict=True):
        assert metric["id"] == geographic["id"]
        middle = shapely.geometry.shape(metric["geometry"]).centroid
        assert middle.x > limits[0]
        assert middle.y > limits[1]
        lon, lat = to_degrees.transform(middle.x, middle.y)
        assert (
            shapely.geometry.shape(geographic["geometry"]).centroid.distance(shapely.Point(lon, lat)) < 1e-4
        )


def table(response: Any) -> list[list[str]]:
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(response.content.decode(), newline="")))


def test_csv_joins_by_the_id_of_the_cell(filled: Campaign, public: Client) -> None:
    head, *rows = table(read(public, f="csv", size="200"))
    assert head == ["id", "contributions", "participants"]
    assert {row[0]: (int(row[1]), int(row[2])) for row in rows} == numbers(read(public, size="200"))
    head, *rows = table(read(public, f="csv", grid="hexagon", measure="mean", question="scale"))
    assert head == ["id", "contributions", "participants", "value"]
    assert {row[3] for row in rows} == {"2.5", ""}
    head, *rows = table(read(public, f="csv", measure="support", datetime="1999-01-01"))
    assert (head, rows) == (["id", "contributions", "participants", "value"], [])


def test_csv_starts_no_formula(districts: Campaign, public: Client) -> None:
    head, *rows = table(read(public, f="csv", grid="district"))
    assert head == ["id", "name", "contributions", "participants"]
    assert rows == [["N", "'=1+1", "2", "1"], ["S", "South", "2", "2"]]


def test_compact_tells_the_same(districts: Campaign, public: Client) -> None:
    compact = read(public, f="compact", size="200").json()
    assert {key: compact[key] for key in ("grid", "size", "crs")} == {
        "grid": "square",
        "size": 200,
        "crs": 3035,
    }
    assert {Cell(200, east, north).id: (n, people) for east, north, n, people in compact["cells"]} == numbers(
        read(public, size="200")
    )
    compact = read(public, f="compact", grid="hexagon", size="200").json()
    assert {Hexagon(200, i, j).id: (n, people) for i, j, n, people in compact["cells"]} == numbers(
        read(public, grid="hexagon", size="200")
    )
    compact = read(public, f="compact", grid="district", measure="support").json()
    assert compact["cells"] == [["N", 2, 1, 1], ["S", 2, 2, 0]]
    assert compact["totals"] == {"contributions": 5, "participants": 4, "unlocated": 1}


@pytest.mark.parametrize(
    ("parameters", "field", "reason"),
    [
        ({"grid": "circle"}, "grid", "unknown_choice"),
        ({"size": "150"}, "size", "unknown_choice"),
        ({"size": "-200"}, "size", "unknown_choice"),
        ({"measure": "most"}, "measure", "unknown_choice"),
        ({"measure": "mean"}, "question", "question_missing"),
        ({"measure": "mean", "question": "weight"}, "question", "no_such_question"),
        ({"measure": "mean", "question": "yes-no"}, "question", "no_such_part"),
        ({"category": "nonsense"}, "category", "unknown_category"),
        ({"datetime": "2026-05-02/2026-05-01"}, "datetime", "dates_reversed"),
        ({"datetime": "0001-01-01"}, "datetime", "dates_out_of_range"),
        ({"datetime": "soon"}, "datetime", "dates_malformed"),
        ({"weekday": "0"}, "weekday", "unknown_weekday"),
        ({"weekday": "monday"}, "weekday", "unknown_weekday"),
        ({"weekday": "1,,2"}, "weekday", "unknown_weekday"),
        ({"hours": "25-3"}, "hours", "unknown_hours"),
        ({"hours": "6-6"}, "hours", "unknown_hours"),
        ({"hours": "night"}, "hours", "unknown_hours"),
        ({"source": "fax"}, "source", "unknown_choice"),
        ({"grid": "district"}, "grid", "no_districts"),
        ({"district": "N"}, "district", "no_districts"),
        ({"answers[weight]": "1"}, "answers[weight]", "no_such_question"),
        ({"answers[text]": "here"}, "answers[text]", "no_such_question"),
        ({"answers[number]": "many"}, "answers[number]", "not_a_range"),
        ({"answers[scale]": "much"}, "answers[scale]", "not_a_range"),
        ({"answers": "night"}, "answers", "unknown_parameter"),
        ({"answers[]": "night"}, "answers[]", "unknown_parameter"),
        ({"crs": "4258"}, "crs", "unknown_choice"),
        ({"f": "xml"}, "f", "unknown_choice"),
        ({"bbox": "1,2,3"}, "bbox", "bbox_malformed"),
        ({"nearby": "1"}, "nearby", "unknown_parameter"),
    ],
)
def test_what_makes_no_sense_is_told(
    filled: Campaign, public: Client, parameters: dict[str, str], field: str, reason: str
) -> None:
    response = read(public, **parameters)
    assert response.status_code == 400
    assert reasons(response) == {field: reason}
    assert "%" not in response.json()["detail"]


def test_unknown_districts_are_told(districts: Campaign, public: Client) -> None:
    response = read(public, district="N,X")
    assert reasons(response) == {"district": "unknown_district"}
    assert "N, S" in response.json()["detail"]


@pytest.mark.parametrize("grid", ["square", "hexagon"])
@pytest.mark.parametrize("filters", [{}, {"source": "online,paper"}, {"measure": "support"}])
def test_too_many_cells_name_the_smallest_size_that_works(
    filled: Campaign, public: Client, monkeypatch: pytest.MonkeyPatch, grid: str, filters: dict[str, str]
) -> None:
    at_500 = len(read(public, grid=grid, size="500", **filters).json()["features"])
    assert len(read(public, grid=grid, size="200", **filters).json()["features"]) > at_500
    monkeypatch.setattr(heatmaps, "MOST_CELLS", at_500)
    response = read(public, grid=grid, size="100", **filters)
    assert reasons(response) == {"size": "too_many_cells"}
    assert "500" in response.json()["detail"]


def test_a_campaign_without_contributions_has_empty_answers(campaign: Campaign, public: Client) -> None:
    for form in ("geojson", "csv", "compact"):
        for measure in ({}, {"measure": "support"}, {"measure": "mean", "question": "scale"}):
            for grid in ("square", "hexagon"):
                response = read(public, grid=grid, f=form, **measure)
                assert response.status_code == 200
    assert read(public).json()["totals"] == {"contributions": 0, "participants": 0, "unlocated": 0}


def test_everything_on_one_point_by_one_person(campaign: Campaign, citizen: Citizen, public: Client) -> None:
    for _ in range(3):
        personas.make_contribution(campaign, UNIVERSITY, by=citizen)
    for grid in ("square", "hexagon"):
        assert list(numbers(read(public, grid=grid)).values()) == [(3, 1)]


def test_status_is_for_analysts(
    filled: Campaign, pending: Contribution, public: Client, analyst: Any
) -> None:
    assert read(public, status="pending").status_code == 401
    assert read(with_token(analyst), status="pending", grid="hexagon").json()["totals"]["contributions"] == 1


def test_a_withdrawn_contribution_is_gone_at_once(filled: Campaign, citizen: Citizen, public: Client) -> None:
    from mapping.services.erase import withdraw

    before = read(public, size="200").json()["totals"]["contributions"]
    contribution = filled.contributions.filter(participant=citizen.participant(filled)).first()
    assert contribution is not None
    withdraw(contribution)
    for query in ({}, {"grid": "hexagon"}, {"source": "online,paper"}):
        assert read(public, **query).json()["totals"]["contributions"] == before - 1
