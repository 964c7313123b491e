"""Planners at work: reviewing with keys and without scripts, administering."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus
from mapping.services.moderation import moderate
from tests import personas
from tests.personas import EPOCH, STATION, TOWN_HALL, UNIVERSITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def waiting(campaign: Campaign) -> list[Contribution]:
    """Three contributions that wait, oldest first."""
    places = (TOWN_HALL, STATION, UNIVERSITY)
    return [
        personas.make_contribution(
            campaign,
            place,
            status=ContributionStatus.PENDING,
            text=f"Contribution {number}",
            created_at=EPOCH + timedelta(days=number),
        )
        for number, place in enumerate(places, start=1)
    ]


def queue(campaign: Campaign) -> str:
    return f"/planning/{campaign.slug}/queue/"


def heatmap(campaign: Campaign, query: str = "") -> str:
    return f"/planning/{campaign.slug}/heatmap/{query}"


def status_of(contribution: Contribution) -> str:
    return Contribution.objects.get(pk=contribution.pk).status


@pytest.mark.parametrize("width", [768, 1440])
def test_titles_of_campaigns_have_room_beside_their_figures(
    visit: Visit, campaign: Campaign, width: int
) -> None:
    boss = personas.make_user("boss@example.org", is_staff=True, is_superuser=True)
    page = visit("desktop", user=boss, language="")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/planning/")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=campaign.title))
    expect(row.get_by_role("link", name="Beteiligung bearbeiten")).to_be_visible()
    title, whole = row.locator(".campaign-row__name").bounding_box(), row.bounding_box()
    assert title is not None
    assert whole is not None
    assert title["width"] > whole["width"] / 3


def test_moderator_reviews_with_the_keyboard(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    detail = page.get_by_role("region", name="In view")
    expect(detail).to_contain_text("Contribution 1")
    page.keyboard.press("j")
    expect(detail).to_contain_text("Contribution 2")
    page.keyboard.press("k")
    expect(detail).to_contain_text("Contribution 1")
    page.keyboard.press("p")
    expect(page.locator(".message", has_text="Published.")).to_be_visible()
    expect(detail).to_contain_text("Contribution 2")
    assert status_of(waiting[0]) == ContributionStatus.PUBLISHED
    page.keyboard.press("r")
    detail.get_by_label("Reason", exact=True).select_option("off-topic")
    page.keyboard.press("Tab")
    page.keyboard.type("About another city: press p.")
    detail.get_by_role("button", name="Reject", exact=True).click()
    expect(page.locator(".message", has_text="Rejected.")).to_be_visible()
    expect(detail).to_contain_text("Contribution 3")
    assert status_of(waiting[1]) == ContributionStatus.REJECTED
    assert status_of(waiting[2]) == ContributionStatus.PENDING


def test_keys_can_be_switched_off(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    page.get_by_role("button", name="Keys on").click()
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Keys off")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Keys off")).to_be_visible()
    assert status_of(waiting[0]) == ContributionStatus.PENDING


def test_many_are_published_at_once(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    expect(page.locator("#bulk")).to_be_hidden()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.locator("#bulk").get_by_role("button", name="Publish").click()
    expect(page.locator(".message", has_text="2 published.")).to_be_visible()
    assert [status_of(one) for one in waiting] == ["published", "pending", "published"]


def test_keys_are_about_the_selected_rows_and_z_takes_it_back(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    """The second and the third are selected, the first is in view: it stays."""
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    page.locator("[name=selected]").nth(1).check()
    page.locator("[name=selected]").nth(2).check()
    expect(page.get_by_role("region", name="In view")).to_contain_text("Contribution 1")
    page.keyboard.press("p")
    expect(page.locator(".message", has_text="2 published.")).to_be_visible()
    assert [status_of(one) for one in waiting] == ["pending", "published", "published"]
    expect(page.locator("form.undo")).to_contain_text("2 decisions")
    page.keyboard.press("z")
    expect(page.locator(".message", has_text="2 decisions were taken back.")).to_be_visible()
    expect(page.locator("form.undo")).to_be_hidden()
    assert [status_of(one) for one in waiting] == ["pending", "pending", "pending"]
    page.locator("[name=selected]").nth(1).check()
    page.locator("[name=selected]").nth(2).check()
    page.keyboard.press("r")
    page.locator("#bulk").get_by_label("Reason", exact=True).select_option("off-topic")
    page.get_by_role("button", name="Reject the selected ones").click()
    expect(page.locator(".message", has_text="2 rejected.")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("u")
    expect(page.locator(".message", has_text="2 decisions were taken back.")).to_be_visible()
    assert [status_of(one) for one in waiting] == ["pending", "pending", "pending"]


def test_decision_is_taken_back_without_scripts(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("phone", user=moderator, java_script_enabled=False)
    page.goto(f"{queue(campaign)}?item={waiting[1].pk}")
    page.get_by_role("region", name="In view").get_by_role("button", name="Publish").click()
    expect(page.locator(".message", has_text="Published.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".message", has_text="The decision was taken back.")).to_be_visible()
    expect(page.locator(".item__text")).to_contain_text("Contribution 2")
    assert status_of(waiting[1]) == ContributionStatus.PENDING


def test_the_slower_moderator_is_told(
    visit: Visit, moderator: User, manager: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    moderate.reject(waiting[0], manager, "Off topic.")
    page.keyboard.press("p")
    expect(page.locator(".message", has_text="decided about this in the meantime")).to_be_visible()
    assert status_of(waiting[0]) == ContributionStatus.REJECTED


def test_an_edit_keeps_and_shows_the_original(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator)
    page.goto(queue(campaign))
    page.keyboard.press("e")
    page.get_by_label(re.compile("^Text")).fill("Contribution without a name")
    page.get_by_role("button", name="Save").click()
    detail = page.get_by_role("region", name="In view")
    expect(detail.locator(".item__text")).to_contain_text("Contribution without a name")
    expect(detail.locator(".story__original")).to_contain_text("Contribution 1")


def test_reviewing_works_without_scripts(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("desktop", user=moderator, java_script_enabled=False)
    page.goto(queue(campaign))
    page.get_by_role("link", name=re.compile("Contribution 2")).click()
    page.get_by_role("region", name="In view").get_by_role("button", name="Publish").click()
    expect(page.locator(".message", has_text="Published.")).to_be_visible()
    assert status_of(waiting[1]) == ContributionStatus.PUBLISHED
    page.locator("[name=selected]").first.check()
    page.locator("#bulk").get_by_role("button", name="Publish").click()
    assert status_of(waiting[0]) == ContributionStatus.PUBLISHED


def test_reviewing_on_a_phone(
    visit: Visit, moderator: User, campaign: Campaign, waiting: list[Contribution]
) -> None:
    page = visit("phone", user=moderator)
    page.goto(queue(campaign))
    page.get_by_role("link", name=re.compile("Contribution 1")).click()
    expect(page.locator(".item__text")).to_contain_text("Contribution 1")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".item__text")).to_contain_text("Contribution 2")
    page.get_by_role("link", name="Back to the list").click()
    expect(page.get_by_role("link", name=re.compile("Contribution 3"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_comments_and_replies(visit: Visit, moderator: User, published: Contribution) -> None:
    personas.make_comment(published, "A comment that waits.", status=CommentStatus.PENDING)
    page = visit("desktop", user=moderator)
    page.goto(queue(published.campaign))
    page.get_by_role("link", name=re.compile("^Comments")).click()
    expect(page.locator(".item__text")).to_contain_text("A comment that waits.")
    page.keyboard.press("p")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    page.goto(f"{queue(published.campaign)}?status=published")
    page.get_by_text("Reply as the city").click()
    page.locator("#queue-detail").get_by_label("Reply", exact=True).fill("Lamps come in autumn.")
    page.get_by_role("button", name="Save the reply").click()
    expect(page.locator(".message", has_text="The reply was saved.")).to_be_visible()
    expect(page.locator(".thread").last).to_contain_text("Lamps come in autumn.")


@pytest.fixture
def places(campaign: Campaign) -> Campaign:
    """Three at the station by two people, two at the university, one at the town hall that waits, one idea."""
    person = personas.make_participant(campaign)
    moments = [EPOCH + timedelta(days=number) for number in range(6)]
    personas.make_contribution(campaign, STATION, by=person, created_at=moments[0])
    personas.make_contribution(campaign, STATION, by=person, created_at=moments[1])
    personas.make_contribution(campaign, STATION, created_at=moments[2])
    personas.make_contribution(campaign, UNIVERSITY, category="anything", created_at=moments[3])
    personas.make_contribution(campaign, UNIVERSITY, category="anything", created_at=moments[4])
    personas.make_contribution(campaign, TOWN_HALL, created_at=moments[5], status=ContributionStatus.PENDING)
    return campaign


def test_numbers_page(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(f"/planning/{places.slug}/numbers/")
    # What waits is not counted unless somebody asks for it.
    expect(page.locator(".chart--wide .chart__bar")).to_have_count(5)
    page.get_by_role("link", name="Month", exact=True).click()
    expect(page.locator(".chart--wide .chart__bar")).to_have_count(1)


def test_login_leads_to_the_campaigns(desktop: Page, moderator: User, campaign: Campaign) -> None:
    desktop.goto("/planning/")
    desktop.get_by_label(re.compile("e-mail", re.IGNORECASE)).fill(moderator.email)
    desktop.locator("input[type=password]").fill(personas.PASSWORD)
    desktop.locator("main .button--primary").click()
    expect(desktop.get_by_role("heading", name=campaign.title)).to_be_visible()


def test_area_is_drawn_in_the_administration(visit: Visit, administrator: User, campaign: Campaign) -> None:
    page = visit("desktop", user=administrator)
    page.goto(f"/admin/mapping/campaign/{campaign.pk}/change/")
    field = page.locator("geometry-field")
    expect(field.locator(".leaflet-container")).to_be_visible()
    expect(field.locator("path.leaflet-interactive").first).to_be_attached()
    expect(field.locator(".leaflet-pm-toolbar").first).to_be_visible()
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    campaign.refresh_from_db()
    assert campaign.area is not None
    assert campaign.area.equals_exact(personas.area(), 1e-6)


AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_pages_are_accessible(
    visit: Visit, manager: User, waiting: list[Contribution], places: Campaign, *, device: str, scheme: str
) -> None:
    campaign = places
    page = visit(device, user=manager, color_scheme=scheme)
    paths = ("/planning/", queue(campaign), f"{queue(campaign)}?item={waiting[0].pk}", heatmap(campaign))
    more = (heatmap(campaign, "?view=table"), f"/planning/{campaign.slug}/numbers/")
    editing = f"/planning/{campaign.slug}/queue/{waiting[0].pk}/edit/"
    for path in (*paths, *more, editing):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        told = [
            f"{path}: {one['id']}: {one['help']} - {[node['html'][:160] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert not told, "\n".join(told)


def test_manager_without_a_desk_in_the_administration_edits_the_own_campaign(
    visit: Visit, manager: User, campaign: Campaign
) -> None:
    foreign = personas.make_campaign("foreign", title="Somebody else's")
    page = visit("desktop")
    page.goto("/planning/")
    page.get_by_label("E-mail").fill(manager.email)
    page.locator("input[type=password]").fill(personas.PASSWORD)
    page.locator("main .button--primary").click()
    page.goto(f"/admin/mapping/campaign/{campaign.pk}/change/")
    page.get_by_label("Title:").first.fill("Dark corners of the city")
    page.locator("#id_closes_at_0").fill("2031-03-01")
    page.locator("#id_closes_at_1").fill("00:00:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("Dark corners of the city")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
    campaign.refresh_from_db()
    assert campaign.title == "Dark corners of the city"
    assert campaign.closes_at is not None
    assert timezone.localtime(campaign.closes_at).isoformat() == "2031-03-01T00:00:00+01:00"
    page.watch.allow("status of 404")  # type: ignore[attr-defined]
    answer = page.goto(f"/admin/mapping/campaign/{foreign.pk}/change/")
    assert answer is not None
    assert answer.status == 404


AREA_FIELD = "#id_area"


def draw_triangle(page: Page, *corners: tuple[int, int]) -> None:
    """Draw on the map of the area, with corners in parts of a hundred of its width and height."""
    stage = page.locator(".field-area .geometry-field__map")
    stage.scroll_into_view_if_needed()
    page.locator(".field-area .leaflet-pm-icon-polygon").click()
    box = stage.bounding_box()
    assert box is not None
    for across, down in (*corners, corners[0]):
        page.mouse.click(box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100)


def drawn_parts(page: Page) -> int:
    """How many areas the text holds that is sent."""
    text = page.locator(AREA_FIELD).input_value()
    return len(json.loads(text)["coordinates"]) if text else 0


def test_drawn_area_stays_on_the_map(visit: Visit, manager: User, campaign: Campaign) -> None:
    """After drawing, after drawing again, after an error elsewhere in the form, and after saving."""
    Campaign.objects.filter(pk=campaign.pk).update(area=None)
    page = visit("desktop", user=manager)
    page.goto(f"/admin/mapping/campaign/{campaign.pk}/change/")
    shapes = page.locator(".field-area .leaflet-overlay-pane path.leaflet-interactive")
    expect(page.locator(".field-area .leaflet-pm-icon-polygon")).to_be_visible()
    expect(shapes).to_have_count(0)
    draw_triangle(page, (20, 20), (40, 20), (40, 40))
    expect(shapes).to_have_count(1)
    assert drawn_parts(page) == 1
    draw_triangle(page, (60, 60), (80, 60), (80, 80))
    expect(shapes).to_have_count(2)
    assert drawn_parts(page) == 2
    drawn = page.locator(AREA_FIELD).input_value()
    page.get_by_label("Title:").first.evaluate("field => { field.required = false; field.value = ''; }")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(shapes).to_have_count(2)
    assert json.loads(page.locator(AREA_FIELD).input_value()) == json.loads(drawn)
    page.get_by_label("Title:").first.fill("With an area")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect(shapes).to_have_count(2)
    campaign.refresh_from_db()
    assert campaign.area is not None
    assert len(campaign.area) == 2
