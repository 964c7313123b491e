"""One contribution through all hands: citizen, moderator, neighbour, planner, GIS team, and back to its author."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.gis.geos import GEOSGeometry
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.geo.grid import cell_of
from mapping.models import Campaign, Comment, Contribution, ContributionStatus, ModerationEvent
from tests import personas
from tests.browser.steps import begin
from tests.personas import STATION, TOWN_HALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
WORDS = "A bench in the shade, please."
BEFORE = "It was here before."
COMMENT = "Under the lime tree!"


@pytest.fixture
def spots(campaign: Campaign) -> Campaign:
    """THE campaign with the one category `spot`, in which somebody marked the station before."""
    campaign.categories.exclude(slug="spot").delete()
    personas.make_contribution(campaign, STATION, text=BEFORE)
    return campaign


def open_campaign(page: Page, campaign: Campaign, view: str = "#list") -> None:
    """Load the page anew (another fragment alone would not) and wait for the map."""
    page.goto("about:blank")
    page.goto(f"/campaigns/{campaign.slug}/{view}")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()


def listed(page: Page) -> list[str]:
    """The texts in the public list."""
    return page.locator("[data-list] .contribution-item__text").all_inner_texts()


def markers(page: Page) -> int:
    return page.locator("#map .map-marker").count()


def place(page: Page, campaign: Campaign) -> str:
    """Mark the town hall with a tap, write, send; return the private link."""
    open_campaign(page, campaign, "")
    begin(page)
    point = page.evaluate("place => document.querySelector('campaign-page').pixelOf(place)", list(TOWN_HALL))
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(point["x"], point["y"])
    else:
        page.mouse.click(point["x"], point["y"])
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill(WORDS)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The city reviews it")).to_be_visible()
    link = page.get_by_label("Private link", exact=True).input_value()
    page.get_by_role("link", name="Back to the map").click()
    return link


def download(page: Page, campaign: Campaign) -> dict[str, str]:
    """Ids and texts of the GeoJSON download, in its order."""
    answer = page.request.get(f"/api/v1/campaigns/{campaign.slug}/download.geojson")
    assert answer.ok
    features = answer.json()["features"]
    return {feature["id"]: feature["properties"]["text"] for feature in features}


def cells_on_map(page: Page, campaign: Campaign, size: int) -> dict[str, tuple[int, int]]:
    """What the planner's page says of each cell, walked from the fullest to the emptiest."""
    page.goto(f"/planning/{campaign.slug}/heatmap/?size={size}")
    page.wait_for_load_state("networkidle")
    card, found = page.locator("[data-cell-card]"), {}
    if card.is_hidden():
        return {}
    while True:
        page.get_by_role("button", name="Next emptier cell").click()
        expect(card.locator("[data-card-where]")).to_contain_text("CRS3035RES")
        words = card.inner_text()
        rank, total, cell = re.search(r"Rank (\d+) of (\d+) · (\w+)", words).groups()  # type: ignore[union-attr]
        counts = re.search(r"(\d+) contributions? · (\d+) contributors?", words)
        assert counts
        found[cell] = (int(counts[1]), int(counts[2]))
        if rank == total:
            return found


def counted(size: int, *places: GEOSGeometry | tuple[float, float]) -> dict[str, tuple[int, int]]:
    """What a heat map has to show where each place was marked by somebody else."""
    metres = [personas.wkt(place).transform(3035, clone=True).centroid for place in places]
    found = Counter(cell_of(one.x, one.y, size).id for one in metres)
    return {cell: (number, number) for cell, number in found.items()}


def publish_by_key(reviewer: Page, campaign: Campaign, words: str, kind: str = "contributions") -> None:
    """A moderator sees something in the queue and publishes it with one key; nothing else waits."""
    reviewer.goto(f"/planning/{campaign.slug}/queue/?kind={kind}")
    expect(reviewer.get_by_role("region", name="In view")).to_contain_text(words)
    reviewer.keyboard.press("p")
    expect(reviewer.get_by_text("Nothing waits here.")).to_be_visible()


def react(neighbour: Page, campaign: Campaign) -> None:
    """The neighbour finds the contribution, supports it and comments on it."""
    open_campaign(neighbour, campaign)
    assert (listed(neighbour), markers(neighbour)) == ([WORDS, BEFORE], 2)
    neighbour.get_by_role("link", name=WORDS).click()
    article = neighbour.get_by_role("article")
    article.get_by_role("button", name="Support").click()
    expect(article.get_by_role("button", name="Support 1")).to_have_attribute("aria-pressed", "true")
    article.get_by_label("Your comment").fill(COMMENT)
    article.get_by_role("button", name="Send comment").click()
    expect(article.get_by_text("Yours, waiting for review")).to_be_visible()


def withdraw(page: Page, link: str) -> None:
    """The author takes it back by the private link, which then leads nowhere."""
    page.goto(link)
    page.get_by_role("link", name="Delete contribution").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Your contribution is deleted")).to_be_visible()
    page.watch.allow("status of 404")  # type: ignore[attr-defined]
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(WORDS)).to_have_count(0)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_place_goes_through_all_hands_and_back(
    visit: type_of_visit, spots: Campaign, moderator: User, analyst: User, device: str
) -> None:
    author, neighbour = visit(device), visit(device)
    reviewer, planner = visit("desktop", user=moderator), visit("desktop", user=analyst)

    # A citizen places a point: it waits for review, and nobody else sees it.
    link = place(author, spots)
    stored = Contribution.objects.get(text=WORDS)
    assert stored.geom is not None
    open_campaign(author, spots)
    expect(author.get_by_role("region", name="Yours").get_by_text("Waiting for review")).to_be_visible()
    open_campaign(neighbour, spots)
    assert (listed(neighbour), markers(neighbour)) == ([BEFORE], 1)
    assert neighbour.request.get(f"/campaigns/{spots.slug}/contributions/{stored.pk}/").status == 404
    assert cells_on_map(planner, spots, 100) == counted(100, STATION)
    assert list(download(neighbour, spots).values()) == [BEFORE]

    # A moderator publishes it, the neighbour answers, the author reads that once it is reviewed as well.
    publish_by_key(reviewer, spots, WORDS)
    react(neighbour, spots)
    open_campaign(author, spots, f"#c-{stored.pk}")
    expect(author.get_by_role("article").get_by_role("button", name="Support 1")).to_be_visible()
    expect(author.get_by_text(COMMENT)).to_have_count(0)
    publish_by_key(reviewer, spots, COMMENT, "comments")
    open_campaign(author, spots, f"#c-{stored.pk}")
    expect(author.get_by_text(COMMENT)).to_be_visible()

    # The planner's heat map counts exactly, and the GIS team takes home what the list shows.
    for size in (100, 1000):
        assert cells_on_map(planner, spots, size) == counted(size, stored.geom, STATION)
    open_campaign(neighbour, spots)
    ids = [item.get_attribute("data-id") for item in neighbour.locator("[data-list] > li").all()]
    assert list(download(neighbour, spots).items()) == list(zip(ids, listed(neighbour), strict=True))

    # The author takes it back in another browser: it is gone everywhere at once.
    withdraw(visit("phone" if device == "desktop" else "desktop"), link)
    open_campaign(neighbour, spots)
    assert (listed(neighbour), markers(neighbour)) == ([BEFORE], 1)
    open_campaign(author, spots)
    expect(author.get_by_text(WORDS)).to_have_count(0)
    assert cells_on_map(planner, spots, 100) == counted(100, STATION)
    assert list(download(neighbour, spots).values()) == [BEFORE]
    assert not {WORDS, COMMENT} & everything_stored()


def everything_stored() -> set[object]:
    """Every text in the tables of what people wrote, and what moderation kept of it."""
    texts: set[object] = set()
    for model, column in ((Contribution, "text"), (Comment, "text"), (ModerationEvent, "original__text")):
        texts |= set(model._default_manager.values_list(column, flat=True))
    return texts


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_the_same_without_scripts_and_in_two_languages(
    visit: type_of_visit, spots: Campaign, moderator: User, analyst: User, device: str
) -> None:
    author = visit(device, java_script_enabled=False, language="")
    author.goto(f"/campaigns/{spots.slug}/")
    expect(author.locator("html")).to_have_attribute("lang", "de")
    expect(author.get_by_role("link", name="Ort markieren")).to_be_visible()
    author.get_by_role("button", name="English").click()
    expect(author.locator("html")).to_have_attribute("lang", "en")
    author.get_by_role("link", name="Mark a place").click()
    author.get_by_label("Latitude").fill(f"{TOWN_HALL[1]}".replace(".", ","))
    author.get_by_label("Longitude").fill(f"{TOWN_HALL[0]}")
    author.get_by_label("What would you like to tell us?", exact=False).last.fill(WORDS)
    author.get_by_role("button", name="Send").click()
    expect(author.get_by_role("heading", name="Thank you!")).to_be_visible()
    stored = Contribution.objects.get(text=WORDS)
    assert stored.status == ContributionStatus.PENDING
    assert stored.geom is not None
    assert stored.geom.equals_exact(personas.wkt(TOWN_HALL), 1e-6)

    neighbour = visit(device, java_script_enabled=False)
    neighbour.goto(f"/campaigns/{spots.slug}/")
    assert listed(neighbour) == [BEFORE]

    reviewer = visit(device, user=moderator, java_script_enabled=False)
    reviewer.goto(f"/planning/{spots.slug}/queue/")
    reviewer.get_by_role("link", name=re.compile(re.escape(WORDS))).click()
    reviewer.get_by_role("region", name="In view").get_by_role("button", name="Publish").click()
    expect(reviewer.locator(".message", has_text="Published.")).to_be_visible()

    neighbour.goto(f"/campaigns/{spots.slug}/")
    assert listed(neighbour) == [WORDS, BEFORE]
    neighbour.get_by_role("link", name=WORDS).click()
    neighbour.get_by_role("button", name="Support").click()
    expect(neighbour.get_by_role("button", name="Support 1")).to_be_visible()
    neighbour.get_by_label("Your comment").fill(COMMENT)
    neighbour.get_by_role("button", name="Send comment").click()
    expect(neighbour.get_by_text("Yours, waiting for review")).to_be_visible()

    planner = visit(device, user=analyst, java_script_enabled=False)
    planner.goto(f"/planning/{spots.slug}/heatmap/?view=table&size=100")
    rows = [row.inner_text().split() for row in planner.locator(".heatmap-table tbody tr").all()]
    assert {cell: (int(many), int(people)) for cell, many, people in rows} == counted(100, TOWN_HALL, STATION)
    assert set(download(neighbour, spots).values()) == {WORDS, BEFORE}

    author.goto(f"/campaigns/{spots.slug}/")
    author.get_by_role("region", name="Yours").get_by_role("link", name="Change").click()
    author.get_by_role("link", name="Delete contribution").click()
    author.get_by_role("button", name="Delete for good").click()
    expect(author.get_by_text("Your contribution is deleted")).to_be_visible()
    neighbour.goto(f"/campaigns/{spots.slug}/")
    assert listed(neighbour) == [BEFORE]
    planner.reload()
    expect(planner.locator(".heatmap-table tbody tr")).to_have_count(1)
    assert list(download(neighbour, spots).values()) == [BEFORE]
