"""Which collections there are, and when their items are from; `datetime` on those whose items have no moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role
from mapping.models import Campaign, Category, DistrictLayer
from mapping.models.campaign import PlaceType
from mapping.services.releases.making import make_release
from tests import personas
from tests.api.conftest import with_token
from tests.ogc.asking import ROOT, body, get, ids, is_problem
from tests.personas import EPOCH, PENDING, make_contribution

OPENS, CLOSES = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)


def listed(client: Client | None = None) -> list[str]:
    answer = (client or Client()).get(f"{ROOT}collections").json()
    return [
        one["id"].removeprefix("fear-spaces-").removeprefix("night-routes-") for one in answer["collections"]
    ]


def interval(collection: str, client: Client | None = None) -> list[Any] | None:
    answer = (client or Client()).get(f"{ROOT}collections/{collection}").json()
    times = answer.get("extent", {}).get("temporal")
    if times is None:
        return None
    [found] = times["interval"]
    return list(found)


def take_only(campaign: Campaign, *types: PlaceType) -> None:
    campaign.categories.update(geometry_types=list(types))


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        ((PlaceType.POINT, PlaceType.LINE), ["contributions", "points", "lines", "cells", "area"]),
        ((PlaceType.POINT, PlaceType.NONE), ["contributions", "cells", "area"]),
        ((PlaceType.NONE,), ["contributions", "area"]),
    ],
)
def test_collections_that_can_hold_nothing_are_not_listed(
    campaign: Campaign, types: tuple[PlaceType, ...], kinds: list[str]
) -> None:
    take_only(campaign, *types)
    assert listed() == kinds


def test_area_is_listed_where_there_is_one(campaign: Campaign) -> None:
    Campaign.objects.update(area=None)
    assert "area" not in listed()


def test_campaign_without_categories_has_no_contributions(campaign: Campaign) -> None:
    Category.objects.all().delete()
    assert listed() == ["area"]


def test_protected_campaign_of_ideas_has_no_cells(cells_campaign: Campaign) -> None:
    assert "cells" in listed()
    take_only(cells_campaign, PlaceType.NONE)
    assert "cells" not in listed()


def test_extent_in_time_is_that_of_the_data(campaign: Campaign) -> None:
    Campaign.objects.update(opens_at=OPENS, closes_at=CLOSES)
    kinds = ("contributions", "points", "cells")
    for kind in kinds:
        # Before there is anything: the period.
        assert interval(f"fear-spaces-{kind}") == ["2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"]
    first = EPOCH + timedelta(days=3, microseconds=5)
    make_contribution(campaign, created_at=first)
    make_contribution(campaign, created_at=first + timedelta(days=2))
    make_contribution(campaign, created_at=first + timedelta(days=9), status=PENDING)
    for kind in kinds:
        assert interval(f"fear-spaces-{kind}") == [
            f"{first:%Y-%m-%dT%H:%M:%SZ}",
            f"{first + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
        ]
    assert interval("fear-spaces-area") == ["2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"]


def test_analyst_reads_the_extent_of_every_status(campaign: Campaign) -> None:
    make_contribution(campaign, created_at=EPOCH)
    make_contribution(campaign, created_at=EPOCH + timedelta(days=9), status=PENDING)
    analyst = with_token(personas.make_user("analyst@example.org", campaign, Role.ANALYST))
    assert interval("fear-spaces-contributions", analyst) == [
        f"{EPOCH:%Y-%m-%dT%H:%M:%SZ}",
        f"{EPOCH + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}",
    ]


def test_extent_of_a_protected_campaign_tells_period_and_release_only(cells_campaign: Campaign) -> None:
    """Not when anybody took part: the same whoever contributed when."""
    name = f"{cells_campaign.slug}-cells"
    Campaign.objects.update(opens_at=OPENS, closes_at=None)
    assert interval(name) == ["2026-05-01T00:00:00Z", None]
    for day in range(9):
        make_contribution(cells_campaign, created_at=EPOCH + timedelta(days=day))
    assert interval(name) == ["2026-05-01T00:00:00Z", None]
    release = make_release(cells_campaign)
    assert release is not None
    assert interval(name) == ["2026-05-01T00:00:00Z", f"{release.made_at:%Y-%m-%dT%H:%M:%SZ}"]
    Campaign.objects.update(closes_at=CLOSES)
    assert interval(name) == ["2026-05-01T00:00:00Z", f"{min(release.made_at, CLOSES):%Y-%m-%dT%H:%M:%SZ}"]
    Campaign.objects.update(opens_at=None, closes_at=None)
    assert interval(name) == [None, f"{release.made_at:%Y-%m-%dT%H:%M:%SZ}"]


def test_districts_have_no_time(layer: DistrictLayer) -> None:
    Campaign.objects.update(opens_at=OPENS, closes_at=CLOSES)
    assert interval("fear-spaces-districts") is None


@pytest.mark.parametrize(
    "moment", ["2001-01-01", "2026-05-10T00:00:00Z", "2026-05-01/..", "../2001-01-01", "../.."]
)
def test_districts_are_found_at_any_time(layer: DistrictLayer, moment: str) -> None:
    """OGC 17-069r4, /req/core/fc-time-response C."""
    assert ids(f"{ROOT}collections/fear-spaces-districts/items", datetime=moment) == {"01"}


@pytest.mark.parametrize("moment", ["2001-01-01", "2026-05-01/..", "../.."])
def test_released_cells_are_found_at_any_time(cells_campaign: Campaign, moment: str) -> None:
    for _person in range(7):
        make_contribution(cells_campaign)
    make_release(cells_campaign)
    items = f"{ROOT}collections/{cells_campaign.slug}-cells/items"
    assert ids(items, datetime=moment) == ids(items)
    assert ids(items)


@pytest.mark.parametrize(
    ("moment", "is_found"),
    [
        ("2026-05-10", True),
        ("2026-05-01T00:00:00Z", True),
        ("2026-06-01T00:00:00Z", False),
        ("2026-04-30T23:59:59Z", False),
        ("../2026-04-01", False),
        ("2026-07-01/..", False),
        ("2001-01-01/..", True),
        ("../..", True),
    ],
)
def test_area_is_found_during_its_period(campaign: Campaign, moment: str, is_found: bool) -> None:
    Campaign.objects.update(opens_at=OPENS, closes_at=CLOSES)
    found = ids(f"{ROOT}collections/fear-spaces-area/items", datetime=moment)
    assert found == ({"fear-spaces"} if is_found else set())


def test_area_without_a_period_is_found_at_any_time(campaign: Campaign) -> None:
    Campaign.objects.update(opens_at=None, closes_at=None)
    assert ids(f"{ROOT}collections/fear-spaces-area/items", datetime="1999-12-31") == {"fear-spaces"}


def test_wrong_datetime_is_refused_everywhere(layer: DistrictLayer, cells_campaign: Campaign) -> None:
    for name in (
        "fear-spaces-districts",
        "fear-spaces-area",
        "fear-spaces-cells",
        f"{cells_campaign.slug}-cells",
    ):
        response = get(f"{ROOT}collections/{name}/items", {"datetime": "yesterday"})
        assert is_problem(response, 400)
        assert [one["field"] for one in response.json()["errors"]] == ["datetime"]


def test_times_of_an_area_are_named_as_such(campaign: Campaign) -> None:
    schema = body(f"{ROOT}collections/fear-spaces-area/schema")["properties"]
    assert schema["opens"]["x-ogc-role"] == "primary-interval-start"
    assert schema["closes"]["x-ogc-role"] == "primary-interval-end"
