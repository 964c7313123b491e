"""The planners' page of ballots by time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign
from tests.personas import make_campaign, staff_browser, user_called
from tests.voting.making import cast_ballots, make_vote
from voting.models import Ballot, SetAside, StoredResult, Vote

BEGIN = (timezone.now() - timedelta(days=2)).replace(minute=0, second=0, microsecond=0)


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    """Two ballots an hour, and forty within some minutes."""
    vote = make_vote(campaign)
    made = cast_ballots(vote, [[0]] * 60)
    for place, ballot in enumerate(made):
        moment = BEGIN + (timedelta(minutes=30 * place) if place < 20 else timedelta(hours=5, seconds=place))
        Ballot.objects.filter(pk=ballot.pk).update(created_at=moment)
    return vote


@pytest.fixture
def browser(manager: User) -> Client:
    return staff_browser(manager)


def address(vote: Vote, rest: str = "") -> str:
    return f"/planning/{vote.campaign.slug}/votes/{vote.category.slug}/irregular/{rest}"


def span(start: timedelta, end: timedelta, **more: str) -> dict[str, str]:
    starts_at, ends_at = (timezone.localtime(BEGIN + one) for one in (start, end))
    return {
        "opens_on": f"{starts_at:%Y-%m-%d}",
        "opens_time": f"{starts_at:%H:%M}",
        "closes_on": f"{ends_at:%Y-%m-%d}",
        "closes_time": f"{ends_at:%H:%M}",
        "reason": "Forty within a minute",
        **more,
    }


BURST = span(timedelta(hours=5), timedelta(hours=5, minutes=10))


def test_burst_is_listed_and_its_link_fills_in_the_span(browser: Client, vote: Vote) -> None:
    page = browser.get(address(vote)).content.decode()
    assert "burst-chart__irregular" in page
    link = page.partition('<a href="?from=')[2].partition("#mark")[0].replace("&amp;", "&")
    filled = browser.get(f"{address(vote)}?from={link}").content.decode()
    for name in ("opens_on", "opens_time", "closes_on", "closes_time"):
        assert f'value="{BURST[name]}"' in filled


def test_span_is_marked_recorded_and_counted_again(browser: Client, vote: Vote) -> None:
    response = browser.post(address(vote), BURST, follow=True)
    assert response.status_code == 200
    mark = SetAside.objects.get()
    assert mark.ballots.count() == 41
    assert "Forty within a minute" in response.content.decode()
    browser.post(address(vote, f"{mark.pk}/undo/"))
    mark.refresh_from_db()
    assert mark.undone_at is not None
    assert not mark.ballots.exists()
    assert "Forty within a minute" in browser.get(address(vote)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "x" * 301},
        {"opens_on": ""},
        {"closes_on": ""},
        {"opens_on": "x"},
        {"closes_on": "2001-01-01"},
        {"closes_on": "2100-01-01"},
        {"opens_on": "1999-01-01", "closes_on": "1999-01-02"},
    ],
)
def test_wrong_span_comes_back_with_errors_at_the_field(
    browser: Client, vote: Vote, wrong: dict[str, str]
) -> None:
    response = browser.post(address(vote), {**BURST, **wrong})
    assert response.status_code == 422
    assert "field__error" in response.content.decode()
    assert not SetAside.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        {"day": "x"},
        {"day": "2026-13-40"},
        {"day": "1999-01-01"},
        {"from": "x", "until": "y"},
        {"from": "2026-02-30T10:00:00+01:00", "until": "2026-05-01T10:00"},
        {"from": "9999-12-31T23:59:59+00:00", "until": "0001-01-01T00:00:00+00:00"},
    ],
)
def test_nonsense_in_the_address_shows_the_page(browser: Client, vote: Vote, query: dict[str, str]) -> None:
    assert browser.get(address(vote), query).status_code == 200


def test_vote_without_ballots_has_a_page(browser: Client, campaign: Campaign) -> None:
    assert browser.get(address(make_vote(campaign))).status_code == 200


def test_counted_vote_shows_its_record_only(browser: Client, vote: Vote) -> None:
    browser.post(address(vote), BURST)
    StoredResult.objects.create(vote=vote, content={}, digest="x")
    page = browser.get(address(vote)).content.decode()
    assert "Forty within a minute" in page
    assert 'id="mark"' not in page
    assert browser.post(address(vote), BURST).status_code == 422


def test_mark_of_another_vote_is_not_found(browser: Client, vote: Vote) -> None:
    other = make_vote(make_campaign("elsewhere"))
    mark = SetAside.objects.create(vote=other, starts_at=BEGIN, ends_at=timezone.now(), reason="x")
    assert browser.post(address(vote, f"{mark.pk}/undo/")).status_code == 404
    mark.refresh_from_db()
    assert mark.undone_at is None


def test_many_ballots_cost_no_more_queries(
    browser: Client, vote: Vote, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        browser.get(address(vote))


@pytest.mark.parametrize("who", ["outsider", "analyst", "moderator"])
def test_others_do_not_get_in(vote: Vote, who: str) -> None:
    somebody = user_called(who, vote.campaign)
    assert isinstance(somebody, User)
    assert staff_browser(somebody).get(address(vote)).status_code == 403
    assert staff_browser(somebody).post(address(vote), BURST).status_code == 403
