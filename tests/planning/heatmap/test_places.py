"""Places that people marked in a survey, as a layer of the planners' heat map: in squares, for staff, recorded."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import shapely
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mapping.geo.crs import to_laea
from mapping.geo.grid import cell_of
from mapping.models import Campaign, Response
from tests.personas import STATION, TOWN_HALL, staff_browser
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


def answered(campaign: Campaign, *places: object, is_sent: bool = True) -> None:
    """A response for each place."""
    for place in places:
        point = {"type": "Point", "coordinates": place}
        sent = timezone.now() if is_sent else None
        Response.objects.create(campaign=campaign, answers={"home": point}, completed_at=sent)


def square(place: tuple[float, float]) -> str:
    """The name of the square of 100 m around a place."""
    laea = to_laea(shapely.Point(place))
    return cell_of(laea.x, laea.y, 100).id


@pytest.fixture(autouse=True)
def survey(campaign: Campaign) -> Campaign:
    """A question about a place, with four answers in two squares, a draft, and answers that lie nowhere here."""
    ask(campaign, "home", "place", title="Where do you live?")
    ask(campaign, "why", "text")
    answered(campaign, STATION, STATION, TOWN_HALL, TOWN_HALL, STATION)
    answered(campaign, TOWN_HALL, is_sent=False)
    answered(campaign, (-170.0, -52.0), (179.0, 1.0), "nowhere", None)
    return campaign


def features(browser: Client, campaign: Campaign, question: str = "home") -> list[dict[str, Any]]:
    response = browser.get(reverse("planning:heatmap-places", args=(campaign.slug,)), {"question": question})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/geo+json"
    assert "no-store" in response["Cache-Control"]
    found: list[dict[str, Any]] = response.json()["features"]
    return found


def test_answers_are_counted_in_squares(campaign: Campaign, analyst: User) -> None:
    found = features(staff_browser(analyst), campaign)
    assert {one["id"]: one["properties"] for one in found} == {
        square(STATION): {"participants": 3},
        square(TOWN_HALL): {"participants": 2},
    }
    for one in found:
        assert square(tuple(one["geometry"]["coordinates"])) == one["id"]


def test_answers_for_staff_are_counted_as_well(campaign: Campaign, analyst: User) -> None:
    campaign.survey_questions.filter(slug="home").update(audience="staff")
    assert not Response.objects.filter(answers__has_key="home").exists()
    assert len(features(staff_browser(analyst), campaign)) == 2


@pytest.mark.parametrize("question", ["", "why", "nobody", "home' OR true"])
def test_other_questions_have_no_places(campaign: Campaign, analyst: User, question: str) -> None:
    assert features(staff_browser(analyst), campaign, question) == []


def test_each_use_is_recorded(campaign: Campaign, analyst: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        features(staff_browser(analyst), campaign)
    assert f"user={analyst.pk} campaign={campaign.slug} view=heatmap-places" in caplog.text


def test_nobody_else_gets_them(campaign: Campaign, moderator: User, outsider: User) -> None:
    address = reverse("planning:heatmap-places", args=(campaign.slug,)) + "?question=home"
    assert Client().get(address).status_code == 302
    for user in (moderator, outsider):
        assert staff_browser(user).get(address).status_code == 403
    for path in ("heatmap", "contributions/", "download.geojson"):
        assert Client().get(f"/api/v1/campaigns/{campaign.slug}/{path}?places=home").status_code == 400
    public = Client().get(f"/campaigns/{campaign.slug}/heatmap/?places=home").content.decode()
    assert "Where do you live?" not in public


def test_page_offers_the_layer_and_says_what_it_is(campaign: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    path = reverse("planning:heatmap", args=(campaign.slug,))
    plain = browser.get(path).content.decode()
    assert '<option value="home">Where do you live?</option>' in plain
    assert "/heatmap/places/" not in plain
    page = browser.get(path, {"places": "home", "grid": "hexagon"}).content.decode()
    assert '<option value="home" selected>' in page
    assert f'data-places="{path}places/?question=home"' in page
    assert "Kreise: Antworten auf „Where do you live?“" in page
    assert "places=home" in page.partition('data-address="')[2].partition('"')[0]
    for wrong in ("why", "nobody"):
        assert "/heatmap/places/" not in browser.get(path, {"places": wrong}).content.decode()


def test_number_of_queries_is_constant(
    campaign: Campaign, analyst: User, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    browser = staff_browser(analyst)
    with django_assert_max_num_queries(10) as before:
        features(browser, campaign)
    answered(campaign, *[STATION] * 20)
    with django_assert_num_queries(len(before)):
        features(browser, campaign)
