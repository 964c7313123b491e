"""The planners' page of ballots on paper."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign
from tests.personas import make_campaign, staff_browser, user_called
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, BallotPile, Rule, StoredResult, Vote


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    return make_vote(campaign, n_options=12)


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def address(campaign: Campaign, rest: str = "") -> str:
    return f"/planning/{campaign.slug}/ballots/{rest}"


def enter(browser: Client, vote: Vote, line: str, pile: str = "1") -> int:
    form = {"vote": vote.category.slug, "pile": pile, "line": line}
    return browser.post(address(vote.campaign), form).status_code


def test_ballots_are_typed_one_after_the_other(browser: Client, vote: Vote) -> None:
    for line in ("3 7 12", "0", "7"):
        assert enter(browser, vote, line) == 302
    pile = BallotPile.objects.get()
    assert pile.ballots.count() == 3
    page = browser.get(address(vote.campaign), {"vote": "vote", "pile": "1"}).content.decode()
    assert "3 7 12" in page
    assert "autofocus" in page
    number = vote.ballots.filter(choices__option=options_of(vote)[6]).count()
    assert number == 2


@pytest.mark.parametrize("line", ["", "13", "3 3", "three", "1 2 3 4", "-3"])
def test_wrong_line_comes_back_with_what_was_typed(browser: Client, vote: Vote, line: str) -> None:
    form = {"vote": "vote", "pile": "1", "line": line}
    response = browser.post(address(vote.campaign), form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "field__error" in page
    assert not line or f'value="{line}"' in page
    assert not Ballot.objects.exists()


def test_problem_of_a_proposal_names_its_number(browser: Client, campaign: Campaign) -> None:
    make_vote(campaign, Rule.POINTS, 3)
    form = {"vote": "vote", "pile": "1", "line": "2=4"}
    response = browser.post(address(campaign), form, headers={"Accept-Language": "de"})
    assert "Vorschlag 2:" in response.content.decode()


def test_pile_is_compared_closed_and_opened_again(
    browser: Client, vote: Vote, manager: User, campaign: Campaign
) -> None:
    enter(browser, vote, "1 2")
    ids = [str(one.contribution_id) for one in options_of(vote)]
    named = {"vote": "vote", "pile": "1"}
    response = browser.post(address(campaign, "count/"), {**named, "counted": "2", ids[0]: "1"}, follow=True)
    assert "−1" in response.content.decode()
    assert browser.post(address(campaign, "pile/"), {**named, "do": "close"}).status_code == 302
    assert enter(browser, vote, "3") == 422
    assert Ballot.objects.count() == 1
    browser.post(address(campaign, "pile/"), {**named, "do": "reopen"})
    assert BallotPile.objects.get().closed_at is not None
    staff_browser(manager).post(address(campaign, "pile/"), {**named, "do": "reopen"})
    assert BallotPile.objects.get().closed_at is None


@pytest.mark.parametrize("counted", ["-1", "x", "1.5", "1000000000"])
def test_wrong_count_comes_back_at_its_field(browser: Client, vote: Vote, counted: str) -> None:
    enter(browser, vote, "1")
    form = {"vote": "vote", "pile": "1", "counted": counted}
    response = browser.post(address(vote.campaign, "count/"), form)
    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert BallotPile.objects.get().counted is None


def test_ballot_and_empty_pile_are_deleted(browser: Client, vote: Vote) -> None:
    enter(browser, vote, "1")
    ballot = Ballot.objects.get()
    assert browser.post(address(vote.campaign, f"{ballot.pk}/delete/")).status_code == 302
    assert not Ballot.objects.exists()
    browser.post(address(vote.campaign, "pile/"), {"vote": "vote", "pile": "1", "do": "delete"})
    assert not BallotPile.objects.exists()


def test_ballots_cast_online_and_elsewhere_are_not_deleted_here(
    browser: Client, vote: Vote, manager: User
) -> None:
    from tests.voting.making import cast_ballots

    (online,) = cast_ballots(vote, [[0]])
    assert browser.post(address(vote.campaign, f"{online.pk}/delete/")).status_code == 404
    elsewhere = make_vote(make_campaign("elsewhere"))
    pile = BallotPile.objects.create(vote=elsewhere, name="1")
    foreign = Ballot.objects.create(vote=elsewhere, pile=pile, is_on_paper=True)
    assert browser.post(address(vote.campaign, f"{foreign.pk}/delete/")).status_code == 404
    assert Ballot.objects.count() == 2


def test_counted_vote_takes_no_ballot(browser: Client, vote: Vote) -> None:
    StoredResult.objects.create(vote=vote, content={}, digest="x")
    assert enter(browser, vote, "1") == 422
    assert not Ballot.objects.exists()


def test_unknown_vote_and_campaign_without_one_are_not_found(browser: Client, campaign: Campaign) -> None:
    assert browser.get(address(campaign)).status_code == 404
    make_vote(campaign)
    assert browser.get(address(campaign)).status_code == 200
    assert browser.get(address(campaign), {"vote": "nothing"}).status_code == 404


def test_ballots_stand_beside_other_sheets(browser: Client, vote: Vote) -> None:
    page = browser.get(f"/planning/{vote.campaign.slug}/paper/").content.decode()
    assert f'href="{address(vote.campaign)}"' in page


def test_many_ballots_cost_no_more_queries(
    browser: Client, vote: Vote, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(25):
        enter(browser, vote, "1 2 3")
    with django_assert_max_num_queries(26):
        browser.get(address(vote.campaign), {"vote": "vote", "pile": "1"})


@pytest.mark.parametrize("who", ["outsider", "analyst"])
def test_others_do_not_get_in(vote: Vote, who: str) -> None:
    somebody = user_called(who, vote.campaign)
    assert isinstance(somebody, User)
    browser = staff_browser(somebody)
    assert browser.get(address(vote.campaign)).status_code == 403
    assert enter(browser, vote, "1") == 403
