"""What the worker of browsers keeps of a visit: enough to take part without a network, nothing of one person."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from accounts.models import Role
from geoparticipation.offline import views
from mapping.models import Campaign, Contribution, GroundSource, Photo
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.browser.offline.steps import UNTIL_KEPT, WORDS, arrived, bar, on_device, write
from tests.browser.steps import (
    add_photo,
    begin,
    ground_drawn,
    open_campaign,
    send,
    stored_contribution,
)
from tests.personas import Citizen
from tests.surveys.every_kind import make_survey

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

TOOLS = "/parts/leaflet-geoman"
BODIES = """async () => {
    const bodies = [];
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const key of await cache.keys()) bodies.push(`${key.url}\\n${await (await cache.match(key)).text()}`);
    }
    return bodies;
}"""
RELEASES = "async () => (await caches.keys()).filter((name) => name.startsWith('site-'))"
IS_WAITING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting)"


def visited(page: Page, campaign: Campaign) -> None:
    """One visit, after which all is kept."""
    for words in ("ERR_", "Failed to fetch"):
        page.watch.allow(words)  # type: ignore[attr-defined]
    open_campaign(page, campaign)
    assert page.evaluate(UNTIL_KEPT, f"/campaigns/{campaign.slug}/")


def opened_without_a_network(page: Page) -> None:
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("campaign-page.is-ready")).to_be_attached()


def test_one_visit_is_enough_to_contribute_with_a_photo_on_the_citys_own_ground(
    visit: type_of_visit, ground: GroundSource, spots: Campaign
) -> None:
    page = visit("phone", service_workers="allow")
    visited(page, spots)
    assert not [path for path in on_device(page)["kept"] if TOOLS in path]

    opened_without_a_network(page)
    ground_drawn(page)
    expect(page.get_by_text("Base map not reachable")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    write(page)
    add_photo(page)
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    expect(bar(page)).to_contain_text("1 contribution waits on this device.")
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    page.context.set_offline(False)
    arrived(page)
    assert Contribution.objects.get().text == WORDS
    assert Photo.objects.count() == 1
    page.reload()
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    sent = [one for one in answers if one.request.method == "POST"]
    assert {"contributions", "photos"} <= {one.url.split("/")[-2] for one in sent}
    assert not any(one.from_service_worker for one in sent)
    assert any(one.from_service_worker for one in answers)


def test_one_visit_is_enough_for_each_campaign(
    visit: type_of_visit, spots: Campaign, topics: Campaign
) -> None:
    """Of the second one nothing is kept yet while its area and its contributions arrive."""
    personas.make_contribution(topics, text="A bench, please")
    page = visit("phone", service_workers="allow")
    visited(page, spots)
    visited(page, topics)
    for part in ("area", "contributions/?limit=1000"):
        assert page.evaluate(UNTIL_KEPT, f"/api/v1/campaigns/{topics.slug}/{part}"), part
    opened_without_a_network(page)
    expect(page.locator("#map .map-marker")).to_have_count(1)


def test_lines_are_drawn_without_a_network(visit: type_of_visit, topics: Campaign) -> None:
    page = visit("desktop", service_workers="allow")
    visited(page, topics)
    assert [path for path in on_device(page)["kept"] if TOOLS in path]
    opened_without_a_network(page)
    begin(page, "Street")
    page.get_by_role("button", name="Point here").click()
    page.locator("#map").press("ArrowRight")
    page.get_by_role("button", name="Point here").click()
    page.get_by_role("button", name="Finish drawing").click()
    page.get_by_role("button", name="Continue").click()
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.context.set_offline(False)
    arrived(page)
    assert stored_contribution()[1].geom_type == "LineString"


def test_nothing_of_one_person_is_kept(visit: type_of_visit, spots: Campaign, citizen: Citizen) -> None:
    manager = personas.make_user("boss@example.org", spots, Role.MANAGER)
    make_survey(spots)
    own = personas.make_contribution(spots, by=citizen)
    response = respond(spots, Sheet({"colour": "red"}), citizen.secret).response
    secrets = [edit_token(own.pk), edit_token(response.pk)]
    page = visit("desktop", user=manager, citizen=citizen, service_workers="allow")
    visited(page, spots)
    assert secrets[0] in page.content()
    for path in (
        "/mine/",
        f"/mine/{secrets[0]}/",
        f"/mine/{secrets[0]}/thanks/",
        f"/response/{secrets[1]}/",
        "/planning/",
        f"/planning/{spots.slug}/queue/",
    ):
        page.goto(path)
        assert page.evaluate(UNTIL_KEPT, f"/campaigns/{spots.slug}/")
    kept = page.evaluate(BODIES)
    addresses = [body.partition("\n")[0] for body in kept]
    assert any(address.endswith(f"/campaigns/{spots.slug}/") for address in addresses)
    assert not [one for one in addresses if re.match(r"http://[^/]+/(mine|response|planning)/", one)]
    for private in (*secrets, manager.email, citizen.secret):
        assert not [body for body in kept if private in body], private


def test_new_release_waits_until_somebody_wants_it_and_the_one_before_the_last_goes(
    visit: type_of_visit, spots: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("phone", service_workers="allow")
    visited(page, spots)
    releases = page.evaluate(RELEASES)
    assert len(releases) == 1
    for build in ("second", "third"):
        monkeypatch.setattr(views, "build_digest", lambda build=build: build)
        page.goto("about:blank")
        open_campaign(page, spots)
        offer = page.get_by_text("There is a new version of this page.")
        expect(offer).to_be_visible()
        assert page.evaluate(IS_WAITING)
        with page.expect_navigation():
            page.get_by_role("button", name="Load it").click()
        expect(page.locator("campaign-page.is-ready")).to_be_attached()
        expect(offer).to_be_hidden()
        assert not page.evaluate(IS_WAITING)
        assert page.evaluate(UNTIL_KEPT, f"/campaigns/{spots.slug}/")
        found = page.evaluate(RELEASES)
        assert len(found) == 2
        assert found[0] == releases[-1]
        releases = found
