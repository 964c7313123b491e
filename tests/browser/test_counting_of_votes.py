"""Staff make voting codes, type ballots on paper and mark a burst: as stories by keyboard, judged by axe."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from mapping.models import Campaign
from tests import personas
from tests.browser.judge import Judge
from tests.voting.making import cast_ballots, make_vote
from voting.models import Ballot, BallotPile, SetAside, Vote
from voting.services.codes import make_series

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def vote(transactional_db: None) -> Vote:
    return make_vote(
        personas.make_campaign("budget", title="Citizens' budget"), n_options=12, needs_code=True
    )


@pytest.fixture
def planner(vote: Vote) -> User:
    """Runs the campaign."""
    return personas.make_user("planner@example.org", vote.campaign, Role.MANAGER)


def test_codes_are_made_used_and_replaced(
    visit: type_of_visit, device: str, vote: Vote, planner: User, tmp_path: Path
) -> None:
    page = visit(device, user=planner)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    judge.open(f"/planning/{vote.campaign.slug}/votes/")
    page.get_by_role("link", name="Voting codes").click()
    page.get_by_role("button", name="Make codes and download them").click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("a number is missing")
    page.get_by_label("How many codes").fill("3")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make codes and download them").click()
    download.value.save_as(tmp_path / "codes.csv")
    code = (tmp_path / "codes.csv").read_text("utf-8-sig").splitlines()[1].split(",")[1]
    page.get_by_role("link", name="Show the new series").click()
    expect(page.get_by_role("cell", name="3", exact=True)).to_be_visible()
    judge.judge("with a series")

    voter = visit(device)
    voter.goto(f"/campaigns/{vote.campaign.slug}/votes/vote/#code={code}")
    expect(voter.get_by_label("Voting code")).to_have_value(code)
    expect(voter).not_to_have_url(re.compile("code="))

    page.get_by_text("Replace a lost code").click()
    page.get_by_label("Number of the lost code").fill("1")
    page.get_by_role("button", name="Replace the code").click()
    expect(page.locator(".new-code")).to_have_text(re.compile(r"^\s*[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{3}\s*$"))
    judge.judge("a code was replaced")
    assert not judge.found, "\n".join(judge.found)


def test_ballots_on_paper_are_typed_without_a_mouse(
    visit: type_of_visit, device: str, vote: Vote, planner: User
) -> None:
    page = visit(device, user=planner)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    page.goto(f"/planning/{vote.campaign.slug}/paper/")
    page.get_by_role("link", name="Ballots on paper").press("Enter")
    expect(page.get_by_label("Number or name of the pile")).to_have_value("1")
    judge.judge("no pile")
    page.get_by_role("button", name="Open the pile").press("Enter")
    line = page.get_by_label("Next ballot")
    for typed in ("3 7 12", "7", "0"):
        expect(line).to_be_focused()
        line.fill(typed)
        line.press("Enter")
        expect(line).to_have_value("")
    line.fill("1 2 3 99")
    line.press("Enter")
    expect(page.get_by_text("There is no proposal with the number 99")).to_be_visible()
    judge.judge("a wrong line")
    page.goto(f"/planning/{vote.campaign.slug}/ballots/?vote=vote&pile=1")
    page.get_by_label("Ballots in the pile").fill("4")
    page.get_by_role("button", name="Store the numbers and compare").click()
    expect(page.get_by_text("differs from what was entered")).to_be_visible()
    judge.judge("a difference")
    page.get_by_role("button", name="Close the pile").click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    judge.judge("a closed pile")
    assert BallotPile.objects.get().ballots.count() == 3
    assert not judge.found, "\n".join(judge.found)


def test_burst_is_marked_and_counted_again(
    visit: type_of_visit, device: str, vote: Vote, planner: User
) -> None:
    begin = (timezone.now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    for place, ballot in enumerate(cast_ballots(vote, [[0]] * 60)):
        moment = begin - timedelta(minutes=20 * place) if place < 20 else begin + timedelta(seconds=place)
        Ballot.objects.filter(pk=ballot.pk).update(created_at=moment)
    page = visit(device, user=planner)
    judge = Judge(page)
    judge.open(f"/planning/{vote.campaign.slug}/votes/vote/irregular/")
    page.get_by_role("link", name="Mark").click()
    page.get_by_label("Reason").fill("Forty ballots within a minute")
    page.get_by_role("button", name="Do not count these ballots").click()
    expect(page.get_by_role("listitem").filter(has_text="Forty ballots within a minute")).to_be_visible()
    judge.judge("with a mark")
    assert SetAside.objects.get().ballots.count() == 41
    page.get_by_role("button", name="Count them again").click()
    expect(page.get_by_text("counted again since")).to_be_visible()
    judge.judge("counted again")
    assert not judge.found, "\n".join(judge.found)


def test_many_series_fit_a_phone(visit: type_of_visit, device: str, vote: Vote, planner: User) -> None:
    campaign: Campaign = vote.campaign
    for number in range(3):
        make_series(campaign, f"Letters to households in the north, part {number}", 2, actor=planner)
    page = visit(device, user=planner)
    page.goto(f"/planning/{campaign.slug}/voting-codes/")
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider == 0
