"""A planner offers a campaign in further languages and translates its texts, on a phone and by keyboard."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role
from mapping.models import Campaign, Translation
from tests import personas
from tests.browser.judge import Judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_texts_are_translated_as_one_goes(
    visit: Callable[..., Page], device: Literal["phone", "desktop"]
) -> None:
    campaign = personas.make_campaign("lights", title="Traffic lights", description="# Why\n\nBecause.")
    planner = personas.make_user("planner@example.org", campaign, Role.MANAGER)
    page = visit(device, user=planner)
    judge = Judge(page)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge.open("/planning/lights/setup/languages/")
    for language in ("Turkish", "Arabic"):
        page.get_by_role("checkbox", name=language).check()
    page.get_by_role("button", name="Save").click()
    judge.judge("languages with their progress")
    page.get_by_role("link", name=re.compile("^Translate.*Arabic")).click()
    title = page.get_by_role("textbox", name="Translation: Title").first
    expect(title).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("group", name="Formatting").first).to_be_visible()
    title.focus()
    page.keyboard.type("إشارات المرور")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-saved")).to_have_text("Saved.")
    expect(page.locator(".translating-row__state").first).to_have_text("translated")
    expect(page.get_by_text("1 of").first).to_be_visible()
    title.fill("إشارات")
    page.keyboard.press("Tab")
    expect(page.locator("#setup-saved")).to_have_text("Saved.")
    Campaign.objects.filter(pk=campaign.pk).update(title="Lights for all")
    page.reload()
    expect(page.locator(".translating-row__state").first).to_contain_text("It was: Traffic lights")
    judge.judge("a translation that is out of date")
    page.get_by_role("checkbox", name="The translation is still right").first.check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".translating-row__state").first).to_have_text("translated")
    page.get_by_role("link", name="Table as a file").click()
    judge.judge("the files")
    page.get_by_label("Read in the translated table").set_input_files(
        {"name": "t.csv", "mimeType": "", "buffer": b"key,translation\r\nquestion.0.title,x\r\n"}
    )
    page.get_by_role("button", name="Upload and store").click()
    expect(page.get_by_role("row", name="2 This text does not exist any more")).to_be_visible()
    judge.judge("notes on a table")
    assert Translation.objects.get(campaign=campaign).original == "Lights for all"
    page.goto("/planning/lights/setup/languages/")
    page.get_by_role("checkbox", name="Arabic").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("group", name="What becomes of the translations?")).to_be_visible()
    judge.judge("a language that goes")
    assert not judge.found, "\n".join(judge.found)
