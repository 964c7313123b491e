"""A planner makes a campaign from nothing on the planners' pages, and a citizen marks the first place in it."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from mapping.models import Campaign, CampaignChange, District, DistrictLayer, Publication
from tests import personas
from tests.browser.steps import open_campaign, stored_contribution, tap_map
from tests.personas import TOWN_HALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
MOST_ACTIONS = 15
"""From the list of campaigns to the first public marker: what the issue aims at."""


@pytest.fixture
def wards(transactional_db: None) -> DistrictLayer:
    """A city of one ward."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    District.objects.create(layer=layer, code="1", name="Centre", geom=personas.area())
    return layer


class Actions:
    """What a planner does, counted: clicks, and fields that are filled in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def click(self, role: str, name: str | re.Pattern[str]) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name).click()  # type: ignore[arg-type]

    def choose(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("radio", name=re.compile(f"^{name}")).check()

    def fill(self, label: str, text: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=False).first.fill(text)
        self.page.keyboard.press("Tab")


def saved(page: Page) -> None:
    """Wait until the page says so."""
    expect(page.locator("#setup-saved")).to_have_text("Saved.")


def test_fear_spaces_from_nothing_to_the_first_place(visit: type_of_visit, wards: DistrictLayer) -> None:
    maker = personas.make_user("maker@example.org", may_make_campaigns=True)
    page = visit("desktop", user=maker)
    page.goto("/planning/")
    planner = Actions(page)
    planner.click("link", "New campaign")
    planner.fill("Title", "Angsträume für alle")
    planner.choose("Protected places")
    planner.click("button", "Make a draft")
    expect(page).to_have_url(re.compile("/planning/angstraeume-fuer-alle/setup/area/$"))
    planner.choose("The whole city")
    saved(page)
    planner.click("link", re.compile("^Texts and picture"))
    planner.fill("Contact for questions", "stadt@example.org")
    saved(page)
    planner.click("link", re.compile("^Period and phases"))
    planner.fill("Last day", f"{timezone.localdate().year + 1}-05-31")
    saved(page)
    page.get_by_role("navigation", name="Steps of the campaign").get_by_role(
        "link", name=re.compile("^Check and publish")
    ).click()
    planner.count += 1
    planner.click("button", "Publish now")
    expect(page.get_by_role("heading", name="The campaign is public")).to_be_visible()

    campaign = Campaign.objects.get()
    assert (campaign.publication, campaign.is_draft) == (Publication.CELLS, False)
    citizen = visit("phone")
    open_campaign(citizen, campaign)
    citizen.get_by_role("link", name="Mark a place").click()
    tap_map(citizen, TOWN_HALL)
    citizen.get_by_role("button", name="Continue").click()
    citizen.get_by_label("What would you like to tell us?").fill("Dark and lonely at night")
    citizen.get_by_role("button", name="Send", exact=True).click()
    expect(citizen.get_by_role("heading", name="Thank you!")).to_be_visible()
    _stored, geom = stored_contribution()
    assert campaign.area is not None
    assert geom.distance(campaign.area) == 0
    assert planner.count <= MOST_ACTIONS, planner.count


def test_expired_login_is_not_taken_for_saved(
    visit: type_of_visit, campaign: Campaign, manager: User
) -> None:
    page = visit("desktop", user=manager)
    page.goto(f"/planning/{campaign.slug}/setup/texts/")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Summary").fill("Where are you afraid?")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-saved")).to_contain_text("your login has expired")
    expect(page.get_by_label("Summary")).to_have_value("Where are you afraid?")
    campaign.refresh_from_db()
    assert campaign.summary == ""


def test_what_is_typed_stays_where_it_is_refused(
    visit: type_of_visit, campaign: Campaign, manager: User
) -> None:
    page = visit("phone", user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(f"/planning/{campaign.slug}/setup/texts/")
    page.get_by_label("Summary").fill("Where are you afraid?")
    page.get_by_label("Title", exact=True).fill("")
    page.get_by_label("Summary").focus()
    expect(page.locator("#id_title_error")).to_be_visible()
    expect(page.locator("#setup-saved")).to_contain_text("Not saved yet")
    expect(page.get_by_label("Summary")).to_have_value("Where are you afraid?")
    page.get_by_label("Title", exact=True).fill("Fear spaces")
    page.get_by_label("Summary").focus()
    saved(page)
    expect(page.locator("#id_title_error")).to_have_count(0)
    campaign.refresh_from_db()
    assert campaign.summary == "Where are you afraid?"
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Undo the last change").click()
    expect(page.get_by_text("The change is taken back.")).to_be_visible()
    campaign.refresh_from_db()
    assert campaign.summary == ""


def test_phases_are_added_one_after_the_other(
    visit: type_of_visit, campaign: Campaign, manager: User
) -> None:
    page = visit("desktop", user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    Campaign.objects.update(opens_at=None, closes_at=None)
    page.goto(f"/planning/{campaign.slug}/setup/period/")
    for number, (first, last) in enumerate((("2031-05-01", "2031-05-10"), ("2031-05-11", "2031-05-20"))):
        page.locator(f"[data-row=phase-{number}] summary").click()
        page.locator(f"#id_phase-{number}-title").fill(f"Phase {number}")
        page.locator(f"#id_phase-{number}-opens_on").fill(first)
        page.locator(f"#id_phase-{number}-closes_on").fill(last)
        page.keyboard.press("Tab")
        saved(page)
        expect(page.locator(f"[data-row=phase-{number + 1}]")).to_be_attached()
    expect(page.locator(".setup-timeline__phase")).to_have_count(2)
    assert [one.title for one in campaign.phases.all()] == ["Phase 0", "Phase 1"]


def test_area_is_drawn_and_stays(visit: type_of_visit, campaign: Campaign, manager: User) -> None:
    Campaign.objects.update(area=None, is_draft=True)
    page = visit("desktop", user=manager)
    page.goto(f"/planning/{campaign.slug}/setup/area/")
    stage = page.locator(".geometry-field__map")
    stage.scroll_into_view_if_needed()
    page.locator(".leaflet-pm-icon-polygon").click()
    box = stage.bounding_box()
    assert box is not None
    for across, down in ((40, 30), (60, 30), (60, 60), (40, 30)):
        page.mouse.click(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100)
    saved(page)
    expect(page.get_by_role("radio", name=re.compile("^Drawn on the map"))).to_be_checked()
    campaign.refresh_from_db()
    assert campaign.area is not None
    page.reload()
    expect(page.locator(".geometry-field__map path.leaflet-interactive")).to_have_count(1)
    assert CampaignChange.objects.filter(step="area").count() == 1


def test_invited_colleague_joins(visit: type_of_visit, campaign: Campaign, manager: User) -> None:
    anna = personas.make_user("anna@example.org")
    page = visit("desktop", user=manager)
    page.goto(f"/planning/{campaign.slug}/setup/people/")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Invitation link").input_value()
    colleague = visit("phone", user=anna)
    colleague.goto(link)
    colleague.get_by_role("button", name="Accept").click()
    expect(colleague.get_by_role("link", name=campaign.title).first).to_be_visible()
    assert anna.memberships.get().role == Role.MODERATOR
