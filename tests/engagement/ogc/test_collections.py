"""Dates and plans of the whole site as collections of the OGC API."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point, Polygon
from django.test import Client

from engagement.models import Event, EventStatus, Plan
from mapping.models import Campaign
from mapping.ogc.collections import SiteKind, register_site_kind
from tests.engagement.making import add_date, make_event, make_plan
from tests.ogc.asking import body

EVENTS = "/ogc/collections/events"
PLANS = "/ogc/collections/plans"
SPRING = datetime(2026, 3, 20, 17, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 16, tzinfo=UTC)
SQUARE = Polygon(((7.7, 49.4), (7.7, 49.5), (7.8, 49.5), (7.8, 49.4), (7.7, 49.4)))


@pytest.fixture
def walk(db: None) -> Event:
    """A walk in spring, and again in summer; a digital event; a draft."""
    made = make_event(SPRING, title="Walk", place=Point(7.77, 49.44), place_name="Town hall", step_free="yes")
    add_date(made, SUMMER, status=EventStatus.MOVED, previous_starts_at=SUMMER - timedelta(days=1))
    link = "https://meet.example.org/secret"
    make_event(SPRING, title="Talk", kind="digital", online_link=link, hides_online_link=True)
    make_event(SPRING, title="Draft", place=Point(7.5, 49.5), is_draft=True)
    return made


@pytest.fixture
def path(draft_campaign: Campaign) -> Plan:
    """A plan with an area, and a draft."""
    make_plan(title="Draft", is_draft=True)
    return make_plan(
        slug="cycle-path", title="Cycle path", place=SQUARE, costs_euros=12_000, campaign=draft_campaign
    )


def items(address: str, **query: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = body(f"{address}/items", query)["features"]
    return found


def titles(address: str, **query: object) -> list[str]:
    return [one["properties"]["title"] for one in items(address, **query)]


def test_collections_are_listed_once_they_have_rows(campaign: Campaign) -> None:
    def ids() -> list[str]:
        return [one["id"] for one in body("/ogc/collections")["collections"]]

    make_event(is_draft=True)
    assert "events" not in ids()
    assert items(EVENTS) == []
    make_event()
    make_plan()
    assert ids()[:2] == ["events", "plans"]
    assert "fear-spaces-contributions" in ids()


def test_collection_names_its_extent(walk: Event, path: Plan) -> None:
    extent = body(EVENTS)["extent"]
    assert extent["spatial"]["bbox"] == [[7.77, 49.44, 7.77, 49.44]]
    assert extent["temporal"]["interval"] == [["2026-03-20T17:00:00Z", "2026-07-01T18:00:00Z"]]
    assert body(PLANS)["extent"]["spatial"]["bbox"] == [[7.7, 49.4, 7.8, 49.5]]
    assert "temporal" not in body(PLANS)["extent"]


def test_every_date_is_a_feature_without_links_for_registered_people(walk: Event) -> None:
    features = items(EVENTS)
    assert sorted(one["properties"]["title"] for one in features) == ["Talk", "Walk", "Walk"]
    assert "secret" not in str(features)
    moved = features[-1]
    assert moved["geometry"]["coordinates"] == [7.77, 49.44]
    assert moved["properties"]["starts"] == "2026-07-01T16:00:00+00:00"
    assert moved["properties"]["previous_start"] == "2026-06-30T16:00:00+00:00"
    assert moved["properties"]["url"].endswith(walk.get_absolute_url())
    assert body(f"{EVENTS}/items/{moved['id']}")["properties"] == moved["properties"]


def test_plan_has_its_place_and_no_draft_of_a_campaign(path: Plan) -> None:
    [feature] = items(PLANS)
    assert feature["id"] == "cycle-path"
    assert feature["geometry"]["type"] == "Polygon"
    assert feature["properties"]["costs_euros"] == 12_000
    assert feature["properties"]["campaign"] is None
    assert feature["properties"]["on_list_since"] == path.admitted_on.isoformat()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"datetime": "2026-06-01/.."}, ["Walk"]),
        ({"bbox": "7.7,49.4,7.8,49.5", "datetime": "2026-03-20"}, ["Walk"]),
        ({"kind": "digital"}, ["Talk"]),
        ({"filter": "title = 'Talk' AND starts < TIMESTAMP('2026-04-01T00:00:00Z')"}, ["Talk"]),
        ({"filter": "S_WITHIN(geometry, BBOX(7.7,49.4,7.8,49.5)) AND status = 'moved'"}, ["Walk"]),
        ({"step_free": "yes", "limit": "1"}, ["Walk"]),
        ({"sortby": "-starts", "limit": "1"}, ["Walk"]),
    ],
)
def test_dates_are_filtered_and_sorted(walk: Event, query: dict[str, object], found: list[str]) -> None:
    assert titles(EVENTS, **query) == found


def test_pages_show_every_date_once(walk: Event) -> None:
    address: str | None = f"{EVENTS}/items?limit=1"
    found = []
    while address:
        page = body(address)
        assert page["numberMatched"] == 3
        found += [one["id"] for one in page["features"]]
        address = next((one["href"] for one in page["links"] if one["rel"] == "next"), None)
    assert len(set(found)) == 3


def test_answer_is_never_older_than_its_rows(path: Plan) -> None:
    address = f"{PLANS}/items"
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304
    Plan.objects.update(title="Another")  # no service, no moment of change
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200
    assert titles(PLANS) == ["Another"]


def test_schemas_describe_every_attribute(walk: Event) -> None:
    [feature, *_others] = items(EVENTS)
    for name in ("schema", "queryables"):
        described = body(f"{EVENTS}/{name}")["properties"]
        assert set(feature["properties"]) <= set(described)
        assert described["geometry"]["format"] == "geometry-point"
    assert body(f"{EVENTS}/schema")["properties"]["kind"]["enum"] == ["on_site", "digital", "hybrid"]
    assert "/collections/events/items" in body("/ogc/api")["paths"]


@pytest.mark.parametrize("rest", ["", "/items", "/schema", "/queryables", "/sortables", "/feature-schema"])
@pytest.mark.parametrize("name", ["events", "plans"])
def test_collection_has_pages_in_german(walk: Event, path: Plan, name: str, rest: str) -> None:
    page = Client().get(f"/ogc/collections/{name}{rest}?f=html", headers={"Accept-Language": "de"})
    assert page.status_code == 200
    title = "Termine" if name == "events" else "Vorhabenliste"
    assert re.search(
        rf"<h1[^>]*>\s*{title}|<title>[^<]*{title}|ogc__campaign\">{title}<", page.content.decode()
    )


def test_item_has_a_page(path: Plan) -> None:
    page = Client().get(f"{PLANS}/items/cycle-path?f=html").content.decode()
    assert "Cycle path" in page
    assert "12.000" in page


def test_list_of_collections_has_a_section_for_the_city(walk: Event, campaign: Campaign) -> None:
    page = Client().get("/ogc/collections?f=html").content.decode()
    assert page.index("/ogc/collections/events") < page.index("fear-spaces-contributions")


def test_collection_opens_in_qgis(walk: Event, path: Plan) -> None:
    for name, geometry in (("events", "Point"), ("plans", "No geometry")):
        text = Client().get(f"/ogc/collections/{name}/qgis.qlr").content.decode()
        assert name in text
        assert geometry in text


@pytest.mark.parametrize("rest", ["/tiles", "/style.json", "/tiles/WebMercatorQuad/0/0/0", "/items/nothing"])
def test_there_is_nothing_else(walk: Event, rest: str) -> None:
    assert Client().get(EVENTS + rest).status_code == 404


def test_nobody_writes_to_it(walk: Event) -> None:
    allowed = Client().options(f"{EVENTS}/items")["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "OPTIONS"}
    response = Client().post(f"{EVENTS}/items", b"{}", content_type="application/geo+json")
    assert response.status_code == 401


def test_name_with_a_dash_is_refused() -> None:
    kind = SiteKind("bad-name", title="Bad", description="", source=lambda: pytest.fail("not read"))
    with pytest.raises(ValueError, match="letters and digits"):
        register_site_kind(kind)
