"""Voting as people do it: a budget on a phone, points and ranks by keyboard, everything without JavaScript."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import Locator, Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.steps import draw_picture, tab_to
from tests.personas import STATION, TOWN_HALL, UNIVERSITY
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, Option, Rule, Vote
from voting.services import codes
from voting.services.casting import choices_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
PROJECTS = (
    ("Benches in the park", 40_000, TOWN_HALL),
    ("Lamps for the underpass", 60_000, STATION),
    ("A market in the evening", 25_000, UNIVERSITY),
    ("Trees for the square", 30_000, None),
)


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    made = personas.make_campaign("budget", title="Citizens' budget")
    made.categories.all().delete()
    return made


def put_up(campaign: Campaign, rule: Rule, **fields: Any) -> Vote:
    """A vote with four projects that look as projects do."""
    vote = make_vote(
        campaign, rule, len(PROJECTS), costs=[cost for _title, cost, _place in PROJECTS], **fields
    )
    for number, (option, (title, _cost, place)) in enumerate(zip(options_of(vote), PROJECTS, strict=True)):
        contribution = option.contribution
        contribution.title = title
        contribution.text = f"{title}: where many people pass every day, and nothing has been done for years."
        contribution.geom = None if place is None else personas.wkt(place)
        contribution.save()
        if number:
            data = ContentFile(draw_picture(number), name=f"{number}.jpg")
            contribution.photos.create(file=data, width=960, height=720, digest=bytes([number]))
    return vote


def stored(vote: Vote) -> dict[str, int]:
    """The only ballot, by the titles of options."""
    choices = choices_on(Ballot.objects.get(vote=vote))
    titles = {one.contribution_id: one.contribution.title for one in options_of(vote)}
    return {titles[pk]: value for pk, value in choices.items()}


def card(page: Page, title: str) -> Locator:
    return page.locator(".option").filter(has=page.get_by_role("heading", name=title))


def choose(page: Page, title: str) -> None:
    card(page, title).get_by_text("Choose").click()


def assert_nothing_is_covered(page: Page) -> None:
    """Every field scrolls clear of the running sum."""
    for field in page.locator(".option input").all():
        field.scroll_into_view_if_needed()
        field.focus()
        box, bar = field.bounding_box(), page.locator(".ballot__foot").bounding_box()
        assert box is not None
        assert bar is not None
        assert box["y"] + box["height"] <= bar["y"] + 1 or box["y"] >= bar["y"] + bar["height"]


def test_budget_on_a_phone(visit: type_of_visit, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.BUDGET)
    page = visit("phone")
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(f"/campaigns/{campaign.slug}/")
    page.get_by_role("link", name="Vote now").click()
    expect(page.get_by_text("Choose proposals that cost no more than 100,000 € together.")).to_be_visible()
    bar = page.get_by_role("progressbar", name="Cost of your proposals")
    words = page.locator("[data-sum-words]")
    expect(bar).to_be_visible()
    expect(words).to_have_text("0 € of 100,000 € spent, 100,000 € left")
    expect(page.locator("options-map .leaflet-interactive")).to_have_count(3)
    choose(page, "Benches in the park")
    choose(page, "Lamps for the underpass")
    expect(words).to_have_text("100,000 € of 100,000 € spent, 0 € left")
    choose(page, "Trees for the square")
    expect(words).to_have_text("130,000 € of 100,000 € spent, 30,000 € too much")
    assert_nothing_is_covered(page)
    # The server has the last word; everything is still there.
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("alert")).to_contain_text("That is 30,000 € more than the sum of 100,000 €.")
    expect(page.locator(".option input:checked")).to_have_count(3)
    choose(page, "Lamps for the underpass")
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    assert stored(vote) == {"Benches in the park": 1, "Trees for the square": 1}
    # It can be changed, and withdrawn.
    choose(page, "A market in the evening")
    page.get_by_role("button", name="Change ballot").click()
    expect(page.get_by_text("the last one counts").first).to_be_visible()
    assert len(stored(vote)) == 3
    page.get_by_role("button", name="Withdraw ballot").click()
    expect(page.get_by_text("Your ballot is withdrawn.")).to_be_visible()
    assert not Ballot.objects.exists()
    # Nothing is wider than the phone.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_points_by_keyboard_alone(visit: type_of_visit, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.POINTS)
    page = visit("desktop")
    page.goto(f"/campaigns/{campaign.slug}/votes/")
    expect(page.locator("ballot-form.is-ready")).to_be_attached()
    tab_to(page, "One point more: Benches in the park")
    for _point in range(3):
        page.keyboard.press("Enter")
    # Three are the most for one proposal: the focus goes to the other button.
    expect(page.get_by_role("button", name="One point less: Benches in the park")).to_be_focused()
    page.get_by_label("Points: Trees for the square").focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")  # not sent: other fields may follow
    expect(page.locator("[data-sum-words]")).to_have_text("5 of 5 points given, 0 left")
    tab_to(page, "Cast ballot")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    assert stored(vote) == {"Benches in the park": 3, "Trees for the square": 2}


def test_buttons_of_points_are_large_enough_for_a_finger(visit: type_of_visit, campaign: Campaign) -> None:
    put_up(campaign, Rule.POINTS)
    page = visit("phone")
    page.goto(f"/campaigns/{campaign.slug}/votes/")
    for button in page.get_by_role("button", name=re.compile("One point")).all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    assert_nothing_is_covered(page)


def test_ranks_by_keyboard_and_by_dragging(visit: type_of_visit, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.RANKING)
    page = visit("desktop")
    page.goto(f"/campaigns/{campaign.slug}/votes/")
    expect(page.locator("ballot-form.is-ready")).to_be_attached()
    for title in ("Benches in the park", "Trees for the square", "A market in the evening"):
        tab_to(page, f"Rank next: {title}")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Move up: Trees for the square").focus()
    page.keyboard.press("Enter")
    ranked = page.locator(".ranking__title")
    expect(ranked).to_have_text(["Trees for the square", "Benches in the park", "A market in the evening"])
    handles = page.locator(".ranking__handle")
    handles.nth(2).hover()
    page.mouse.down()
    target = handles.nth(0).bounding_box()
    assert target is not None
    page.mouse.move(target["x"] + 5, target["y"] - 5, steps=5)
    page.mouse.up()
    expect(ranked).to_have_text(["A market in the evening", "Trees for the square", "Benches in the park"])
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    assert stored(vote) == {
        "A market in the evening": 1,
        "Trees for the square": 2,
        "Benches in the park": 3,
    }


def test_without_javascript_every_rule_is_a_form(visit: type_of_visit, campaign: Campaign) -> None:
    votes = {rule: put_up(campaign, rule, slug=rule.replace("_", "-")) for rule in Rule}
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/campaigns/{campaign.slug}/votes/")
    expect(page.get_by_role("article")).to_have_count(len(Rule))
    for rule, vote in votes.items():
        page.goto(f"/campaigns/{campaign.slug}/votes/{vote.category.slug}/")
        if rule == Rule.FOR_AGAINST:
            card(page, "Benches in the park").get_by_label("In favour").check()
            card(page, "Trees for the square").get_by_label("Against").check()
        elif rule == Rule.POINTS:
            page.get_by_label("Points: Benches in the park").fill("3")
        elif rule == Rule.RANKING:
            page.get_by_label("Rank 1").select_option("Trees for the square")
        else:
            card(page, "Benches in the park").get_by_role(
                "radio" if rule == Rule.ONE_OF else "checkbox"
            ).check()
        page.get_by_role("button", name="Cast ballot").click()
        expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    assert stored(votes[Rule.FOR_AGAINST]) == {"Benches in the park": 1, "Trees for the square": -1}
    assert stored(votes[Rule.POINTS]) == {"Benches in the park": 3}
    assert stored(votes[Rule.RANKING]) == {"Trees for the square": 1}
    assert stored(votes[Rule.ONE_OF]) == {"Benches in the park": 1}


def test_code_of_a_printed_link_is_in_its_field(visit: type_of_visit, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.ONE_OF, needs_code=True)
    [code] = codes.make_series(campaign, "Letters", 1, actor=None).codes
    page = visit("phone")
    page.goto(f"/campaigns/{campaign.slug}/votes/{vote.category.slug}/#code={code.text}")
    expect(page.get_by_label("Voting code")).to_have_value(code.text)
    assert code.signs[:4] not in page.url
    card(page, "Benches in the park").get_by_text("Choose").click()
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_text("Your ballot is stored.")).to_be_visible()
    page.get_by_label("Voting code").fill(code.text)
    page.get_by_role("button", name="Show the ballot of this code").click()
    expect(card(page, "Benches in the park").get_by_role("radio")).to_be_checked()
    assert stored(vote) == {"Benches in the park": 1}


def test_voter_reads_what_changed(visit: type_of_visit, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.APPROVAL)
    page = visit("phone")
    page.goto(f"/campaigns/{campaign.slug}/votes/")
    choose(page, "Benches in the park")
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    option = options_of(vote)[0]
    option.changes.create(kind="cost", before="40000", after="45000", reason="Wood became dearer.")
    Option.objects.filter(pk=option.pk).update(cost=45_000)
    page.reload()
    told = page.get_by_role("region", name="Changed since you voted")
    expect(told).to_contain_text("45,000 € instead of 40,000 €. Wood became dearer.")
