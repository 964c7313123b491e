"""Votes are set up in the builder: by keyboard, on a phone, while people vote; the pages are judged by axe-core."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign, Contribution
from tests.browser.judge import Judge
from tests.personas import make_contribution
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.models import OptionChange, Rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_ideas_become_proposals_by_keyboard(visit: type_of_visit, campaign: Campaign, manager: User) -> None:
    make_contribution(campaign, text="A market at night.")
    make_contribution(campaign, text="A market in the night.")
    vote = make_vote(campaign, n_options=0)
    page = visit("desktop", user=manager)
    page.goto(f"/planning/{campaign.slug}/setup/votes/vote/ideas/")
    for box in page.get_by_role("checkbox").all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Take over what is marked").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 ideas were taken over.")).to_be_visible()
    page.get_by_role("link", name="Find similar ones").click()
    page.get_by_role("button", name=re.compile("^Keep “A market")).first.click()
    expect(page.get_by_role("heading", name="Merged so far")).to_be_visible()
    assert vote.options.all().standing().count() == 1


def test_cost_changes_with_a_reason_while_people_vote(
    visit: type_of_visit, campaign: Campaign, manager: User
) -> None:
    vote = make_vote(campaign, Rule.BUDGET, n_options=2)
    cast_ballots(vote, [[0], [0, 1]])
    first = options_of(vote)[0]
    Contribution.objects.filter(pk=first.contribution_id).update(participant=None)
    page = visit("phone", user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(f"/planning/{campaign.slug}/setup/votes/vote/options/{first.contribution_id}/")
    page.get_by_label("Cost in euros").fill("12000")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Please write why the cost is another one now.")).to_be_visible()
    page.get_by_label("Why is something changed?").fill("Steel is dearer.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("“Project 1” is saved.")).to_be_visible()
    assert OptionChange.objects.get().reason == "Steel is dearer."


def test_pages_of_votes_are_accessible(
    visit: type_of_visit, device: str, campaign: Campaign, manager: User
) -> None:
    make_contribution(campaign, text="A market at night.")
    vote = make_vote(campaign, Rule.BUDGET, n_options=3)
    vote.options.filter(pk=options_of(vote)[2].pk).update(
        withdrawn_at=campaign.opens_at, withdrawn_reason="The ground is private."
    )
    page = visit(device, user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    setup = f"/planning/{campaign.slug}/setup/votes/"
    first = options_of(vote)[0].contribution_id
    for path in ("", "vote/", "vote/options/", "vote/ideas/", "vote/merging/", "idea/"):
        judge.open(f"{setup}{path}")
    for path in ("vote/new-option/", f"vote/options/{first}/"):
        judge.open(f"{setup}{path}", ready=".leaflet-pm-toolbar")
    for path in ("withdraw/", "delete/"):
        judge.open(f"{setup}vote/options/{first}/{path}")
    page.goto(f"{setup}vote/options/{first}/withdraw/")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".field--wrong")).to_be_visible()
    judge.judge("a withdrawal without a reason")
    cast_ballots(vote, [[0], [0, 1]])
    judge.open(f"{setup}vote/", "locked")
    judge.open(f"/planning/{campaign.slug}/votes/vote/results/")
    assert not judge.found, "\n".join(judge.found)
