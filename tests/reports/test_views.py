"""Report and picture show the view of the page (hot spots, surface, two maps, a change, own classes) or say why not."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from accounts.models import Role, User
from mapping.models import Campaign
from mapping.reports.classes import (
    equal_classes_of,
    manual_classes_of,
    quantile_classes_of,
    signed_classes_of,
    step_of,
)
from mapping.reports.drawing import ramp
from tests import personas
from tests.aggregation.statistics.conftest import crowded, fill, scattered
from tests.api.conftest import campaign_url

__all__ = ["crowded"]

pytestmark = pytest.mark.django_db

DATA = re.compile(r'<script type="application/json" id="report-data">(.*?)</script>', re.DOTALL)
PERIODS = (
    "mode=change&before_start=2026-04-01&before_end=2026-04-30&after_start=2026-05-01&after_end=2026-05-20"
)


@pytest.fixture
def analyst(campaign: Campaign) -> User:
    return personas.make_user("analyst@example.org", campaign, Role.ANALYST)


@pytest.fixture
def browser(analyst: User) -> Client:
    client = personas.staff_browser(analyst)
    client.cookies["django_language"] = "en"
    return client


def report(browser: Client, campaign: Campaign, query: str) -> str:
    response = browser.get(f"/planning/{campaign.slug}/heatmap/report.html?{query}")
    assert response.status_code == 200, response.headers
    return response.content.decode()


def picture(browser: Client, campaign: Campaign, query: str) -> Image.Image:
    response = browser.get(f"/planning/{campaign.slug}/heatmap/picture.png?{query}")
    assert response.status_code == 200
    return Image.open(io.BytesIO(response.content))


def data_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DATA.findall(text)[0])
    return found


def legend_of(text: str) -> str:
    return " ".join(
        re.sub("<[^>]+>", " ", text.split('<ul class="legend">', 1)[1].split("</ul>", 1)[0]).split()
    )


def dark_pixels(image: Image.Image) -> int:
    """How much of a map is as dark as an outline."""
    counts = image.crop((64, 196, 1396, 1016)).convert("L").histogram()
    return sum(counts[:60])


def test_every_view_has_a_report_and_a_picture_of_its_own(crowded: Campaign, browser: Client) -> None:
    fill(crowded, scattered(40, seed=9), created_at=datetime(2026, 4, 20, tzinfo=UTC))
    views = ("", "hotspots=1", "bandwidth=500", "mode=compare&b.category=street", PERIODS, "classes=equal")
    pages = [re.sub(r"map_[0-9a-f]{32}", "", report(browser, crowded, view)) for view in views]
    assert len(set(pages)) == len(views)
    pictures = [picture(browser, crowded, view).tobytes() for view in views]
    assert len(set(pictures)) == len(views)


def test_hot_spots_of_the_report_are_those_of_the_api(crowded: Campaign, browser: Client) -> None:
    text = report(browser, crowded, "hotspots=1&size=200")
    asked = {"size": "200", "only": "significant"}
    found = Client().get(campaign_url(crowded.slug, "hotspots"), asked).json()
    assert found["method"]["hot"] > 1
    assert f"Hot spot {found['method']['hot']} squares" in legend_of(text)
    [mark] = data_of(text)["marks"]
    assert mark["look"] == "up"
    corners = {tuple(corner) for polygon in mark["shape"] for ring in polygon for corner in ring}
    west = min(x for one in found["features"] for x, _y in one["geometry"]["coordinates"][0])
    assert min(lon for _lat, lon in corners) == pytest.approx(west, abs=1e-5)
    assert "at least 5 people stand behind it" in text
    outlined, plain = (picture(browser, crowded, f"{view}size=200") for view in ("hotspots=1&", ""))
    assert dark_pixels(outlined) > dark_pixels(plain) + 500


def test_so_few_people_have_no_hot_spots_and_the_report_says_why(campaign: Campaign, browser: Client) -> None:
    fill(campaign, scattered(29))
    text = report(browser, campaign, "hotspots=1")
    assert data_of(text)["marks"] == []
    assert (
        text.count("Fewer than 30 contributors: significance cannot be told.") == 2
    )  # at the head, in the note


def test_surface_is_drawn_with_its_bandwidth_and_its_legend(crowded: Campaign, browser: Client) -> None:
    text = report(browser, crowded, "bandwidth=500&grid=hexagon&size=1000")
    asked = Client().get(campaign_url(crowded.slug, "surface"), {"bandwidth": 500}).json()
    surface = data_of(text)["surface"]
    (south, west), (north, east) = surface["bounds"]
    assert [west, south, east, north] == pytest.approx(asked["bounds"], abs=1e-6)
    assert surface["picture"].startswith("data:image/png;base64,")
    assert "Contributions per km², smoothed over 500 m" in text
    assert "a bandwidth of 500 m" in text
    assert data_of(report(browser, crowded, ""))["surface"] is None
    smooth = picture(browser, crowded, "bandwidth=500")
    assert smooth.tobytes() != picture(browser, crowded, "bandwidth=2000").tobytes()


def test_two_maps_share_their_legend_and_stand_with_their_filters(crowded: Campaign, browser: Client) -> None:
    fill(crowded, [(1000, 1000)] * 7, category=personas.category_of(crowded, "anything"), people=0)
    query = "mode=compare&category=spot&b.category=anything&side=b&size=500"
    text = report(browser, crowded, query)
    assert text.count("drawHeatMap(map_") == 2
    for words in ("Map A", "Map B", "Categories: Spot", "Categories: Anything"):
        assert words in text
    numbers = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))
    assert "Contributions 100 7 −93" in numbers
    assert "Contributors 100 – –" in numbers
    assert re.search(r"7 A 0 · B 1|A \d+ · B 1", legend_of(text))
    assert ">−" in text  # differences of cells in the table
    image = picture(browser, crowded, query)
    assert image.size == (1920, 1080)


def test_change_is_told_cell_by_cell_as_the_api_tells_it(campaign: Campaign, browser: Client) -> None:
    april, may = datetime(2026, 4, 10, tzinfo=UTC), datetime(2026, 5, 3, tzinfo=UTC)
    fill(campaign, scattered(30, seed=3), created_at=april)
    fill(campaign, [(2050, 2050)] * 25, created_at=may)
    text = report(browser, campaign, PERIODS)
    periods = {"before": "2026-04-01/2026-04-30", "after": "2026-05-01/2026-05-20", "size": "200"}
    found = Client().get(campaign_url(campaign.slug, "heatmap/change"), periods).json()["features"]
    more = [one for one in found if one["properties"]["class"] == "more"]
    assert len(more) == 1
    assert f"Clearly more {len(more)} square" in legend_of(text)
    first = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text.split('<table class="report-cells">')[1]))
    assert "Earlier Later Difference Chance (p)" in first
    assert f"0 25 +25 &lt; 0.001 {more[0]['id']}" in first
    for words in (
        "Earlier: Wed 1 April 2026 to Thu 30 April 2026",
        "Later: Fri 1 May 2026 to Wed 20 May 2026",
    ):
        assert words in text
    assert data_of(text)["ramp"] == "change"
    assert "conditional Poisson test" in text
    assert len(ramp("change")) == 7


def test_change_without_periods_takes_the_halves_that_the_page_takes(
    crowded: Campaign, browser: Client
) -> None:
    fill(crowded, [(0, 0)] * 3, created_at=datetime(2026, 5, 11, tzinfo=UTC))
    page = browser.get(f"/planning/{crowded.slug}/heatmap/?mode=change").context["filter"]
    text = report(browser, crowded, "mode=change")
    assert (page.before.start, page.after.end) == (datetime(2026, 5, 1).date(), datetime(2026, 5, 11).date())  # noqa: DTZ001 - days
    assert "Earlier: Fri 1 May 2026 to Wed 6 May 2026" in text


def test_periods_that_overlap_lead_back_to_the_page(crowded: Campaign, browser: Client) -> None:
    query = PERIODS.replace("after_start=2026-05-01", "after_start=2026-04-30")
    response = browser.get(f"/planning/{crowded.slug}/heatmap/report.html?{query}")
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"{PERIODS}&hotspots=1", "Hot spots are outlined where one distribution is shown"),
        ("mode=compare&bandwidth=300", "The smooth surface is there where one distribution is shown"),
        (f"{PERIODS}&measure=participants", "A change is told of contributions alone"),
        ("hotspots=1&measure=support", "those outlined here are the ones of contributions"),
        ("bandwidth=300&measure=participants", "The smooth surface shows contributions"),
        ("bandwidth=7", "“bandwidth=7” has no meaning here"),
        ("mode=globe", "“mode=globe” has no meaning here"),
        ("classes=pretty", "“classes=pretty” has no meaning here"),
    ],
)
def test_what_does_not_go_together_is_told_on_page_report_and_picture(
    crowded: Campaign, browser: Client, query: str, words: str
) -> None:
    assert words in browser.get(f"/planning/{crowded.slug}/heatmap/?{query}").content.decode()
    assert words in report(browser, crowded, query)
    assert picture(browser, crowded, query).size == (1920, 1080)


def test_command_shows_the_same_views(crowded: Campaign, tmp_path: Path) -> None:
    page, image = tmp_path / "report.html", tmp_path / "report.png"

    def made(*options: str) -> str:
        call_command("heatmap_report", crowded.slug, f"--out={page}", "--language=en", *options)
        return page.read_text(encoding="utf-8")

    assert data_of(made("--hotspots", f"--png={image}"))["marks"]
    assert image.read_bytes().startswith(b"\x89PNG")
    assert "smoothed over 1,000 m" in made("--bandwidth=1000")
    assert "Categories: Street" in made("--mode=compare", "--other=category=street&start=2026-05-01")
    text = made("--mode=change", "--before=2026-04-01/2026-04-30", "--after=2026-05-01/2026-05-31")
    assert "Later: Fri 1 May 2026 to Sun 31 May 2026" in text
    assert "Earlier: " in made("--mode=change")
    assert "Classes with limits of your own." in made("--classes=manual", "--limits=1,3")
    assert "Status: " in made("--status=published", "--status=pending")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--mode=change", "--hotspots"], "not in comparisons"),
        (["--mode=compare", "--other=category=spot", "--bandwidth=300"], "not in comparisons"),
        (["--mode=change", "--measure=support"], "contributions alone"),
        (["--bandwidth=300", "--measure=support"], "shows contributions"),
        (["--mode=compare"], "needs the filter of the second map"),
        (["--other=category=spot"], "--other belongs to --mode compare"),
        (["--before=2026-04-01/2026-04-30"], "--before belongs to --mode change"),
        (["--mode=change", "--start=2026-04-01"], "not in --start and --end"),
        (["--mode=change", "--before=2026-04-01"], "is no period"),
        (["--mode=change", "--before=2026-04-30/2026-04-01"], "ends before it begins"),
        (["--mode=compare", "--other=category=nothing"], "category=nothing"),
        (["--classes=manual"], "belong together"),
        (["--classes=manual", "--limits=x"], "no number"),
    ],
)
def test_command_refuses_what_does_not_go_together(
    crowded: Campaign, tmp_path: Path, options: list[str], reason: str
) -> None:
    page = tmp_path / "report.html"
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("heatmap_report", crowded.slug, f"--out={page}", "--language=en", *options)
    assert not page.exists()


def test_release_with_a_filter_says_that_it_has_none(cells_campaign: Campaign, browser: Client) -> None:
    from mapping.models import Release

    personas.make_user("second@example.org", cells_campaign, Role.ANALYST)
    Release.objects.create(campaign=cells_campaign, number=1, k=5, contributions=9, participants_at_least=5)
    second = personas.staff_browser(User.objects.get(email="second@example.org"))
    second.cookies["django_language"] = "en"
    words = "A release can be neither filtered nor shown in another way"
    assert words in report(second, cells_campaign, "release=current&hotspots=1")
    assert words not in report(second, cells_campaign, "release=current")


@pytest.mark.parametrize(
    "values", [[], [0], [1], [-1, 1], [3, -2, 0, 0, 1], [1, -50, 4, 400, -7, 12, 0], range(-30, 9)]
)
def test_every_difference_has_its_class(values: list[int]) -> None:
    classes = signed_classes_of(values)
    assert sum(one.cells for one in classes) == len(values)
    assert [one.low for one in classes] == [-one.high for one in reversed(classes)]
    for value in values:
        step = step_of(value, classes)
        assert step is not None
        assert (step > 3) == (value > 0)
        assert (step < 3) == (value < 0)


def test_other_classes_are_those_of_the_map_of_planners() -> None:
    values = [1, 1, 1, 2, 3, 5, 8, 40]

    def limits(classes: list[Any]) -> list[tuple[float, float, int]]:
        return [(one.low, one.high, one.cells) for one in classes]

    assert limits(quantile_classes_of(values, whole=True)) == [
        (1, 1, 3),
        (2, 2, 1),
        (3, 3, 1),
        (4, 8, 2),
        (9, 40, 1),
    ]
    assert limits(equal_classes_of(values)) == [(1, 8, 7), (9, 16, 0), (17, 24, 0), (25, 32, 0), (33, 40, 1)]
    assert limits(manual_classes_of(values, (3, 90), whole=True)) == [(1, 3, 5), (4, 40, 3)]
    assert limits(manual_classes_of([1.5, 2.5], (2,), whole=False)) == [(1.5, 2, 1), (2, 2.5, 1)]
