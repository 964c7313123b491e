"""Citizens' stories: reading, filtering, supporting, commenting, and campaigns that take nothing."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mapping.aggregation import footprint
from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Reply, ReplyStatus, Support
from mapping.models.contribution import new_contribution_id
from tests import personas
from tests.browser.steps import (
    begin,
    markers,
    open_campaign,
    place_here,
    remember_address,
    send,
    show_list,
    stored_contribution,
    tap_map,
    thanked,
)
from tests.personas import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_list_and_map_show_the_same_and_the_filter_holds_for_both(page: Page, topics: Campaign) -> None:
    for index in range(3):
        personas.make_contribution(topics, (7.76 + index / 100, 49.44), text=f"Spot {index}")
    personas.make_contribution(topics, (7.74, 49.43), category="survey", text="Survey")
    personas.make_contribution(topics, personas.UNIVERSITY, status=ContributionStatus.PENDING, text="Unread")
    personas.make_contribution(
        topics, personas.UNIVERSITY, status=ContributionStatus.REJECTED, text="Refused"
    )
    open_campaign(page, topics)
    expect(markers(page)).to_have_count(4)
    show_list(page)
    expect(page.locator("[data-list] > li")).to_have_count(4)
    expect(page.get_by_text("4 contributions")).to_be_visible()
    expect(page.get_by_text("Unread")).to_have_count(0)
    page.get_by_role("navigation", name="Show categories").get_by_role("link", name="Spot").click()
    expect(page.locator("[data-list] > li")).to_have_count(3)
    expect(markers(page)).to_have_count(3)
    page.reload()
    expect(page.locator("[data-list] > li")).to_have_count(3)
    expect(markers(page)).to_have_count(3)


def test_the_list_goes_on_where_more_is_asked_for(page: Page, spots: Campaign) -> None:
    for index in range(25):
        personas.make_contribution(spots, footprint=False, text=f"Spot {index}")
    open_campaign(page, spots, "#list")
    expect(page.locator("[data-list] > li")).to_have_count(20)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("[data-list] > li")).to_have_count(25)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_a_contribution_is_supported_and_commented(page: Page, spots: Campaign) -> None:
    contribution = personas.make_contribution(spots, text="A bench, please")
    open_campaign(page, spots, "#list")
    page.get_by_role("link", name="A bench, please").click()
    detail = page.get_by_role("article")
    expect(detail.get_by_role("heading", name="Spot")).to_be_focused()
    expect(page.locator("#map .is-selected")).to_have_count(1)
    detail.get_by_role("button", name="Support").click()
    expect(detail.get_by_role("button", name="Support 1")).to_have_attribute("aria-pressed", "true")
    detail.get_by_role("button", name="Oppose").click()
    expect(detail.get_by_role("button", name="Oppose 1")).to_have_attribute("aria-pressed", "true")
    expect(detail.get_by_role("button", name="Support 0")).to_be_visible()
    detail.get_by_label("Your comment").fill("In the shade, if possible")
    detail.get_by_role("button", name="Send comment").click()
    expect(detail.get_by_text("Yours, waiting for review")).to_be_visible()
    assert Support.objects.get(contribution=contribution).value == -1
    assert Comment.objects.get(contribution=contribution).text == "In the shade, if possible"
    page.go_back()
    expect(page.get_by_role("link", name="A bench, please")).to_be_focused()


def test_a_line_of_the_city_is_tapped_and_judged(page: Page, topics: Campaign) -> None:
    line = personas.wkt("LINESTRING(7.74 49.4447, 7.80 49.4447)")
    plan = personas.make_contribution(topics, line, category="plan", text="Bike street", source="city")
    open_campaign(page, topics)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("article").get_by_role("button", name="Oppose").click()
    expect(page.get_by_role("button", name="Oppose 1")).to_be_visible()
    assert Support.objects.get(contribution=plan).value == -1


def test_a_closed_campaign_takes_nothing_and_shows_what_became_of_it(
    page: Page, transactional_db: None
) -> None:
    campaign = personas.make_closed(outcome="Twelve lamps were built.")
    contribution = personas.make_contribution(campaign, text="A lamp, please")
    Reply.objects.create(contribution=contribution, status=ReplyStatus.DONE, text="It shines since May.")
    open_campaign(page, campaign)
    expect(page.get_by_text("Taking part ended on")).to_be_visible()
    expect(page.get_by_role("link", name="Mark a place")).to_have_count(0)
    page.get_by_role("link", name="Results").click()
    expect(page.get_by_text("Twelve lamps were built.")).to_be_visible()
    show_list(page)
    page.get_by_role("link", name="A lamp, please").click()
    expect(page.get_by_text("It shines since May.")).to_be_visible()
    expect(page.get_by_role("button", name="Support")).to_have_count(0)
    expect(page.get_by_label("Your comment")).to_have_count(0)


def test_an_upcoming_campaign_says_when_it_begins(page: Page, transactional_db: None) -> None:
    campaign = personas.make_upcoming()
    open_campaign(page, campaign)
    expect(page.get_by_text("Taking part is possible from")).to_be_visible()
    expect(page.get_by_role("link", name="Mark a place")).to_have_count(0)
    page.goto(f"/campaigns/{campaign.slug}/#place")
    expect(page.get_by_text("Taking part is possible from")).to_be_visible()


def test_a_delicate_topic_shows_nothing_but_takes_places(
    page: Page, citizen: Citizen, transactional_db: None
) -> None:
    campaign = personas.make_campaign("night-routes", publication="cells")
    personas.make_contribution(campaign, text="Here I was afraid")
    open_campaign(page, campaign)
    expect(markers(page)).to_have_count(0)
    page.get_by_role("link", name="Protection").click()
    expect(page.get_by_text("To protect people, this topic shows no single place")).to_be_visible()
    assert "Here I was afraid" not in page.content()
    expect(page.get_by_text("person took part")).to_have_count(0)
    page.goto(f"/campaigns/{campaign.slug}/")
    begin(page, "Spot")
    place_here(page)
    send(page)
    thanked(page)
    page.get_by_role("link", name="Back to the map").click()
    expect(page.locator("#map .marker--own")).to_have_count(1)


def test_ideas_need_no_map(page: Page, transactional_db: None) -> None:
    campaign = personas.make_campaign("ideas", title="Ideas")
    campaign.categories.exclude(slug="idea").delete()
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(page, campaign)
    expect(page.locator("#map")).to_have_count(0)
    begin(page)
    send(page)
    expect(page.locator("form").get_by_text("Please fill in this field.")).to_be_visible()
    page.get_by_label("What would you like to tell us?").fill("A market in the evening")
    send(page)
    thanked(page)
    page.get_by_role("link", name="Back to the ideas").click()
    expect(page.get_by_role("region", name="Yours").get_by_text("A market in the evening")).to_be_visible()


def test_very_many_contributions_are_shown_as_counts(desktop: Page, spots: Campaign) -> None:
    category = spots.categories.get()
    Contribution.objects.bulk_create(
        Contribution(
            id=new_contribution_id(),
            campaign=spots,
            category=category,
            geom=personas.wkt((7.74 + (index % 40) / 1000, 49.43 + (index // 40) / 1000)),
            status=ContributionStatus.PUBLISHED,
            created_at=timezone.now(),
        )
        for index in range(1200)
    )
    footprint.write_many(spots)
    open_campaign(desktop, spots)
    expect(desktop.locator("#map .bubble").first).to_be_visible()
    expect(markers(desktop)).to_have_count(0)
    counts = desktop.locator("#map .bubble").all_text_contents()
    assert sum(int(count.replace(",", "")) for count in counts) == 1200
    desktop.evaluate("document.querySelector('campaign-page').base.map.setView([49.4305, 7.7405], 18)")
    expect(markers(desktop).first).to_be_visible()
    expect(desktop.locator("#map .bubble")).to_have_count(0)


def test_the_panel_is_pulled_up_and_pushed_down(phone: Page, spots: Campaign) -> None:
    open_campaign(phone, spots)
    panel = phone.locator(".campaign__panel")
    handle = phone.get_by_role("button", name="Change the height of this panel")
    for to, height in ((330, "half"), (80, "full"), (700, "peek")):
        box = handle.bounding_box()
        assert box is not None
        phone.mouse.move(180, box["y"] + 14)
        phone.mouse.down()
        phone.mouse.move(180, to, steps=4)
        phone.mouse.up()
        expect(panel).to_have_attribute("data-height", height)
    handle.press("Enter")
    expect(panel).to_have_attribute("data-height", "half")


def test_a_message_above_the_map_is_closed(
    phone: Page, citizen: Citizen, visit: type_of_visit, spots: Campaign
) -> None:
    from mapping.services.identity import edit_token

    contribution = personas.make_contribution(spots, by=citizen)
    phone.goto(f"/mine/{edit_token(contribution.pk)}/withdraw/")
    phone.get_by_role("main").get_by_role("button").click()
    message = phone.get_by_text("Your contribution is deleted")
    expect(message).to_be_visible()
    phone.get_by_role("button", name="Close this notice").click()
    expect(message).to_have_count(0)


def test_the_language_is_switched_on_the_page(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("desktop", language="")
    page.goto(f"/campaigns/{spots.slug}/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Mark a place")).to_be_visible()
    assert page.url.endswith(f"/campaigns/{spots.slug}/")


def test_without_javascript_the_plain_form_does_it_all(visit: type_of_visit, topics: Campaign) -> None:
    remember_address("Pariser Straße", personas.STATION)
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/campaigns/{topics.slug}/")
    page.get_by_role("link", name="Mark a place").click()
    page.get_by_label("Survey").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Short text").fill("typed before the search")
    page.get_by_label("Search for a street or a place").fill("Pariser")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Pariser Straße").click()
    expect(page.get_by_text("Taken over: Pariser Straße")).to_be_visible()
    expect(page.get_by_label("Short text")).to_have_value("typed before the search")
    page.get_by_role("group", name="Yes or no").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    stored, place = stored_contribution()
    assert place.equals_exact(personas.wkt(personas.STATION), 1e-6)
    assert stored.answers == {"text": "typed before the search", "yes-no": False}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_their_width(visit: type_of_visit, topics: Campaign, scheme: str) -> None:
    contribution = personas.make_contribution(topics, text="Word" * 80)
    for path in (
        f"/campaigns/{topics.slug}/",
        f"/campaigns/{topics.slug}/contribute/?category=survey",
        f"/campaigns/{topics.slug}/contributions/{contribution.pk}/",
    ):
        page = visit("phone", color_scheme=scheme)
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("height", [844, 740, 667])
def test_area_is_in_view_above_the_sheet_of_low_phones(
    visit: type_of_visit, topics: Campaign, height: int
) -> None:
    long = "Where do you want to ride a bike in summer and in winter, by day and by night, alone and with children?"
    Campaign.objects.filter(pk=topics.pk).update(title=long)
    page = visit("phone", viewport={"width": 360, "height": height})
    open_campaign(page, topics)
    outline = page.locator("path.area-outline").first.bounding_box()
    sheet = page.locator(".campaign__panel").bounding_box()
    assert outline is not None
    assert sheet is not None
    assert outline["y"] + outline["height"] <= sheet["y"]
    assert outline["y"] > 0
