"""How often people tap on a phone from the poster's address to the thanks, and that a tap too many does no harm."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, expect

from mapping.models import Campaign, Category, Contribution, Publication, Question
from tests import personas
from tests.browser.steps import begin, open_campaign, place_here, stored_contribution, tap, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def fear(transactional_db: None) -> Category:
    """The fear spaces of the demo, with their questions as they are asked there."""
    demo = json.loads((settings.BASE_DIR / "fixtures/demo/angstraeume.json").read_text(encoding="utf-8"))
    campaign = personas.make_campaign("fear", with_categories=False, publication=Publication.CELLS)
    made = []
    for position, values in enumerate(demo["categories"]):
        questions: list[dict[str, Any]] = values.pop("questions")
        category = Category.objects.create(campaign=campaign, position=position, **values)
        for number, question in enumerate(questions):
            Question.objects.create(category=category, position=number, **question)
        made.append(category)
    return made[0]


def test_five_taps_lead_from_the_poster_to_the_thanks_of_a_fear_space(
    visit: type_of_visit, fear: Category
) -> None:
    lon, lat = personas.STATION
    phone = visit(
        "phone",
        viewport={"width": 390, "height": 844},
        permissions=["geolocation"],
        geolocation={"longitude": lon, "latitude": lat, "accuracy": 12},
    )
    phone.goto(f"/campaigns/{fear.campaign.slug}/?category={fear.slug}")
    expect(phone.locator("campaign-page.is-ready")).to_be_attached()
    form = phone.locator("form:visible")
    # Both questions are answered where they stand: nothing is scrolled between the taps.
    tap(phone, phone.get_by_role("link", name="Mark a place"))
    tap(phone, phone.get_by_role("button", name="Continue", exact=True))
    tap(phone, form.get_by_text("Zu dunkel", exact=True))
    tap(phone, form.get_by_role("radio", name="4", exact=True))
    tap(phone, phone.get_by_role("button", name="Send", exact=True))
    thanked(phone)
    stored, place = stored_contribution()
    assert (stored.category, stored.answers) == (fear, {"grund": ["dunkel"], "staerke": 4})
    assert place.equals_exact(personas.wkt(personas.STATION), 1e-6)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_two_taps_on_send_store_one_contribution(visit: type_of_visit, spots: Campaign, device: str) -> None:
    page = visit(device)
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one) if one.url.endswith("/contributions/") else None)
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    page.get_by_label("What would you like to tell us?").fill("Too dark")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    thanked(page)
    assert [one.method for one in sent if one.method == "POST"] == ["POST"]
    assert Contribution.objects.get().text == "Too dark"
