"""Forced colours (high contrast): what is chosen, what is focused and what comes next can still be told apart.

Colours are the user's own: asserted is that states differ, and that borders and outlines are there.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.steps import begin, open_campaign, place_here, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

# A hidden radio button or box is seen as its label.
LOOK = """(element) => {
    const style = getComputedStyle(element.matches('label input') ? element.closest('label') : element);
    const outline = style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
    return {
        background: style.backgroundColor,
        ink: style.color,
        border: style.borderTopStyle === 'none' ? 0 : parseFloat(style.borderTopWidth),
        start: style.borderInlineStartStyle === 'none' ? 0 : parseFloat(style.borderInlineStartWidth),
        outline,
        offset: parseFloat(style.outlineOffset),
        isOutlineSeen: style.outlineColor !== style.backgroundColor || parseFloat(style.outlineOffset) > 0,
        fill: style.fill,
        stroke: style.stroke,
    };
}"""


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, visit: type_of_visit) -> Page:
    return visit("phone", forced_colors="active", color_scheme=request.param)


def look(target: Locator) -> dict[str, Any]:
    expect(target).to_be_visible()
    found: dict[str, Any] = target.evaluate(LOOK)
    return found


def is_chosen_beside(chosen: Locator, other: Locator) -> bool:
    """By a ground of its own, on which the words can be read."""
    one, two = look(chosen), look(other)
    return bool(one["background"] != two["background"] and one["ink"] != one["background"])


def shows_focus(page: Page, target: Locator, around: Locator | None = None) -> bool:
    """By an outline that is not there without; of what is `around` a field that nobody sees."""
    seen = around or target
    page.evaluate("document.activeElement.blur()")
    before = look(seen)["outline"]
    page.keyboard.press("Shift")  # whoever uses the keyboard sees the focus
    target.focus()
    after = look(seen)
    return bool(before == 0 and after["outline"] >= 2 and after["isOutlineSeen"])


def test_chosen_focused_and_primary_things_are_told_apart(page: Page, topics: Campaign) -> None:
    personas.make_contribution(topics, personas.TOWN_HALL, text="A bench")
    personas.make_contribution(topics, personas.UNIVERSITY, category="survey", text="A tree")
    open_campaign(page, topics, "?category=survey")
    filters = page.get_by_role("navigation", name="Show categories")
    chosen = filters.get_by_role("link", name="Survey")
    assert is_chosen_beside(chosen, filters.get_by_role("link", name="Spot"))
    tabs = page.get_by_role("navigation", name="Parts of this page")
    current = tabs.get_by_role("link", name="Map", exact=True)
    assert is_chosen_beside(current, tabs.get_by_role("link", name="List"))
    first = page.get_by_role("link", name="Mark a place")
    assert look(first)["border"] >= 2
    language = page.get_by_role("button", name="EN: English")
    for target in (chosen, current, language, first):
        assert shows_focus(page, target), target
    # Markers keep colour, halo and shape.
    marker = page.locator("#map .map-marker").first
    shape, halo = look(marker.locator(".marker__shape")), look(marker.locator(".marker__halo"))
    assert len({shape["fill"], halo["fill"], "none"}) == 3

    page.goto(f"/campaigns/{topics.slug}/#place")
    page.get_by_role("button", name="Anything").click()
    cross = page.locator("[data-crosshair]")
    line, around = look(cross.locator(".crosshair__line")), look(cross.locator(".crosshair__halo"))
    assert len({line["stroke"], around["stroke"], "none"}) == 3
    kinds = page.get_by_role("radiogroup", name="What would you like to mark?")
    point, area = (kinds.locator("label").filter(has_text=name) for name in ("Point", "Area"))
    assert is_chosen_beside(point, area)
    assert shows_focus(page, kinds.get_by_role("radio", name="Point"), point)
    assert look(page.get_by_role("button", name="Zoom in first"))["border"] >= 2
    step = look(page.locator(".steps [aria-current]"))
    assert (step["outline"], step["ink"] != step["background"]) == (0, True)


def test_answers_and_mistakes_are_told_apart(page: Page, topics: Campaign) -> None:
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(page, topics)
    begin(page, "Survey")
    place_here(page)
    form = page.locator("form[data-form='survey']")
    button = form.get_by_role("button", name="Send", exact=True)
    assert look(button)["border"] >= 2
    assert shows_focus(page, button)
    for question, chosen, other in (("scale", "4", "3"), ("single-choice", "At night", "By day")):
        answers = form.locator(f"[data-question='{question}']")
        one, two = (answers.get_by_role("radio", name=name, exact=True) for name in (chosen, other))
        one.check()
        assert is_chosen_beside(one, two)
        assert shows_focus(page, one)
        assert shows_focus(page, two)
    assert shows_focus(page, form.get_by_label("What would you like to tell us?"))
    send(page)
    wrong = form.locator(".field--wrong")
    expect(wrong).to_contain_text("Please fill in this field.")
    assert look(wrong)["start"] >= 3
