"""While very much comes in: people with scripts notice nothing, people without lose nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from doors import visitors
from doors.levels import Counter
from doors.models import UsedProof
from doors.visitors import Door
from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Moderation, Support
from tests import personas
from tests.browser.steps import begin, open_campaign, send, stored_contribution, tap_map, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What is announced until the page that thanks comes.
REMEMBER_WHAT_IS_SAID = """() => new MutationObserver(() => {
    const said = [...document.querySelectorAll('[role=status]')].map(({ textContent }) => textContent);
    sessionStorage.setItem('said', (sessionStorage.getItem('said') ?? '') + said.join());
}).observe(document.body, { subtree: true, childList: true, characterData: true })"""


@pytest.fixture
def busy(spots: Campaign) -> Campaign:
    """A campaign that publishes at once; from this network comes more than passes without a proof."""
    spots.moderation = Moderation.POST
    spots.save()
    for door in (visitors.CONTRIBUTE, visitors.COMMENT, visitors.SUPPORT):
        fill(door, door.calm or 0)
    return spots


def fill(door: Door, level: int) -> None:
    """Raise the level of this machine's network so far that a slow one does not see it sink below."""
    now = timezone.now()
    counter = Counter(door.limit, (bytes([ord("4"), 127, 0, 0]),))
    counter.clear(now)
    counter.take(now + timedelta(seconds=level * door.limit.every, minutes=5))


def test_contribution_passes_with_a_proof_that_nobody_notices(page: Page, busy: Campaign) -> None:
    page.watch.allow("status of 429")  # type: ignore[attr-defined]
    open_campaign(page, busy)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill("Too dark at night.")
    page.evaluate(REMEMBER_WHAT_IS_SAID)
    send(page)
    thanked(page)
    assert "your device does a small calculation" in page.evaluate("sessionStorage.getItem('said')")
    stored, _place = stored_contribution()
    assert stored.status == ContributionStatus.PUBLISHED
    assert UsedProof.objects.count() == 1


def test_keyboard_alone_is_enough(desktop: Page, busy: Campaign) -> None:
    """Nothing has to be pressed for the proof."""
    desktop.watch.allow("status of 429")  # type: ignore[attr-defined]
    open_campaign(desktop, busy)
    begin(desktop)
    tap_map(desktop, personas.TOWN_HALL)
    desktop.get_by_role("button", name="Continue").press("Enter")
    desktop.get_by_label("What would you like to tell us?").fill("Too dark at night.")
    desktop.get_by_role("button", name="Send", exact=True).press("Enter")
    thanked(desktop)


def test_support_and_comment_pass_with_proofs(desktop: Page, busy: Campaign) -> None:
    desktop.watch.allow("status of 429")  # type: ignore[attr-defined]
    personas.make_contribution(busy, text="A bench, please")
    open_campaign(desktop, busy, "#list")
    desktop.get_by_role("link", name="A bench, please").click()
    detail = desktop.get_by_role("article")
    detail.get_by_role("button", name="Support").click()
    expect(detail.get_by_role("button", name="Support 1")).to_have_attribute("aria-pressed", "true")
    detail.get_by_label("Your comment").fill("In the shade, if possible")
    detail.get_by_role("button", name="Send comment").click()
    expect(detail.get_by_role("listitem").get_by_text("In the shade, if possible")).to_be_visible()
    assert Support.objects.count() == 1
    assert Comment.objects.get().status == "published"
    assert UsedProof.objects.count() == 2


def test_without_scripts_a_contribution_waits_for_a_review(
    visit: Callable[..., Page], busy: Campaign
) -> None:
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/campaigns/{busy.slug}/contribute/")
    page.get_by_label("Latitude").fill("49.4447")
    page.get_by_label("Longitude").fill("7.7689")
    page.get_by_label("What would you like to tell us?").fill("Too dark at night.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The city reviews it, usually within a few days")).to_be_visible()
    stored = Contribution.objects.get()
    assert (stored.status, stored.text) == (ContributionStatus.PENDING, "Too dark at night.")


def test_above_the_limit_the_form_says_when_to_go_on_and_keeps_everything(
    visit: Callable[..., Page], busy: Campaign
) -> None:
    fill(visitors.CONTRIBUTE, visitors.CONTRIBUTE.limit.most)
    page = visit("phone")
    page.watch.allow("status of 429")  # type: ignore[attr-defined]
    open_campaign(page, busy)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill("Too dark at night.")
    send(page)
    expect(page.get_by_text("seconds and send again")).to_be_visible()
    expect(page.get_by_label("What would you like to tell us?")).to_have_value("Too dark at night.")
    assert Contribution.objects.count() == 0
