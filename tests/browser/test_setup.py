"""The steps of a campaign's setup in a browser: saved as one goes, refused with words, taken back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Role, User
from mapping.models import Campaign, CampaignChange
from tests import personas
from tests.browser.steps import saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


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


@pytest.mark.parametrize("focused", ["title", "summary"])
def test_what_was_typed_before_the_script_arrived_is_saved(
    visit: type_of_visit, campaign: Campaign, manager: User, focused: str
) -> None:
    page = visit("desktop", user=manager)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/planning/setup*.js", hold)
    page.goto(f"/planning/{campaign.slug}/setup/texts/", wait_until="commit")
    page.get_by_label("Summary").fill("Where are you afraid?")
    page.locator(f"[name={focused}]").focus()
    for route in held:
        route.continue_()
    saved(page)
    campaign.refresh_from_db()
    assert campaign.summary == "Where are you afraid?"


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
