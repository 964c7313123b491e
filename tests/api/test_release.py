"""The heat map of a campaign that publishes cells, as the public reads it."""

import json
from datetime import timedelta
from typing import Any

import pytest
import shapely
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from mapping.models import Campaign
from mapping.models.contribution import Contribution
from mapping.services.releases.making import make_release
from tests.api.conftest import campaign_url, code, reasons, with_token
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, Citizen, make_contribution, make_user


@pytest.fixture
def released(cells_campaign: Campaign) -> Campaign:
    """Seven people at the town hall, five at the station, five in three places far apart."""
    spots = [TOWN_HALL] * 7 + [STATION] * 5 + [UNIVERSITY, UNIVERSITY, (7.72, 49.45), (7.80, 49.46), None]
    for number, spot in enumerate(spots):
        person = Citizen(f"person {number}", f"{number:028}")
        if spot is None:
            make_contribution(cells_campaign, None, category="idea", by=person)
        else:
            make_contribution(cells_campaign, spot, by=person)
    assert make_release(cells_campaign) is not None
    return cells_campaign


def read(client: Client, campaign: Campaign, query: str = "") -> Any:
    response = client.get(campaign_url(campaign.slug, f"heatmap{query}"))
    assert response.status_code == 200
    return response


def test_everyone_reads_the_cells_of_the_release(released: Campaign, public: Client) -> None:
    body = read(public, released).json()
    assert set(body) == {"type", "features", "release"}
    counts = [one["properties"]["contributions"] for one in body["features"]]
    about = body["release"]
    assert about["number"] == 1
    assert about["k"] == 5
    assert about["contributions"] == sum(counts)
    assert about["participants_at_least"] == 10
    assert max(counts) >= 7
    for one in body["features"]:
        assert one["properties"]["participants_at_least"] % 5 == 0
        assert one["properties"]["participants_at_least"] >= 5
        assert set(one["properties"]) == {"contributions", "participants_at_least", "size"}
        outline = shapely.from_geojson(json.dumps(one["geometry"]))
        assert outline.is_valid
        assert outline.area > 0


def test_size_and_grid_change_nothing(released: Campaign, public: Client) -> None:
    plain = read(public, released).content
    for query in ("?grid=square&size=100", "?size=10000", "?measure=participants", "?release=current"):
        assert read(public, released, query).content == plain


@pytest.mark.parametrize(
    "query",
    [
        "category=spot",
        "datetime=2020-01-01/2199-12-31",
        "weekday=1",
        "hours=0-24",
        "source=online",
        "district=1",
        "answers[text]=a",
        "question=text",
        "grid=hexagon",
        "grid=district",
        "measure=support",
        "measure=mean",
        "release=current&status=published",
    ],
)
def test_filters_and_other_grids_are_refused_with_a_reason(
    released: Campaign, public: Client, query: str
) -> None:
    response = public.get(campaign_url(released.slug, f"heatmap?{query}"))
    assert response.status_code == 400
    assert set(reasons(response).values()) == {"release_unfiltered"}


def test_mistyped_parameters_are_refused(released: Campaign, public: Client) -> None:
    for query, problem in (
        ("sise=100", "unknown_parameter"),
        ("f=xml", "unknown_choice"),
        ("crs=1", "unknown_choice"),
    ):
        response = public.get(campaign_url(released.slug, f"heatmap?{query}"))
        assert response.status_code == 400
        assert list(reasons(response).values()) == [problem]


def test_every_form_tells_the_same(released: Campaign, public: Client) -> None:
    features = read(public, released).json()["features"]
    rows = read(public, released, "?f=csv").content.decode().splitlines()
    assert rows[0] == "id,contributions,participants_at_least"
    assert rows[1:] == [
        f"{one['id']},{one['properties']['contributions']},{one['properties']['participants_at_least']}"
        for one in features
    ]
    compact = read(public, released, "?f=compact").json()
    assert [cell[1] for cell in compact["cells"]] == [one["properties"]["contributions"] for one in features]
    laea = read(public, released, "?crs=3035")
    assert laea.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/EPSG/0/3035>"
    for one, (squares, *_numbers) in zip(laea.json()["features"], compact["cells"], strict=True):
        area = sum(size * size for _east, _north, size in squares)
        assert shapely.from_geojson(json.dumps(one["geometry"])).area == area


def test_nothing_before_the_first_release(cells_campaign: Campaign, public: Client) -> None:
    make_contribution(cells_campaign)
    assert read(public, cells_campaign).json() == {
        "type": "FeatureCollection",
        "features": [],
        "release": None,
    }
    assert read(public, cells_campaign, "?f=compact").json()["cells"] == []
    assert read(public, cells_campaign, "?f=csv").content == b"id,contributions,participants_at_least\r\n"
    body = public.get(campaign_url(cells_campaign.slug)).json()
    assert (body["contributions"], body["participants"]) == (None, None)


def test_numbers_of_the_campaign_are_those_of_the_release(released: Campaign, public: Client) -> None:
    make_contribution(released, by=Citizen("late", "late" * 7))
    body = public.get(campaign_url(released.slug)).json()
    assert (body["contributions"], body["participants"]) == (12, 10)


def test_analysts_read_exact_numbers_or_what_the_public_reads(released: Campaign, public: Client) -> None:
    analyst = with_token(make_user("analyst-of-nights@example.org", released, Role.ANALYST))
    assert read(analyst, released).json()["totals"]["contributions"] == 17
    assert read(analyst, released, "?release=current").content == read(public, released).content
    moderator = with_token(make_user("moderator-of-nights@example.org", released, Role.MODERATOR))
    assert read(moderator, released).content == read(public, released).content


def test_campaigns_that_publish_points_have_no_releases(published: Contribution, public: Client) -> None:
    response = public.get(campaign_url("fear-spaces", "heatmap?release=current"))
    assert reasons(response) == {"release": "no_releases"}


def test_drafts_release_nothing(cells_campaign: Campaign, public: Client, manager: User) -> None:
    cells_campaign.is_draft = True
    cells_campaign.save()
    for number in range(9):
        make_contribution(cells_campaign, by=Citizen("x", f"{number:028}"))
    assert make_release(cells_campaign, at=timezone.now() + timedelta(days=900)) is None
    assert code(public.get(campaign_url(cells_campaign.slug, "heatmap"))) == "not_found"
