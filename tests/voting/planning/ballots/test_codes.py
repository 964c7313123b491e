"""The planners' page of voting codes."""

import csv
import io
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from doors.networks import Network
from mapping.models import Campaign
from tests.personas import staff_browser
from tests.voting.making import cast_ballots, make_vote
from voting.models import Ballot, CodeSeries, VotingCode
from voting.planning.ballots.forms import MOST_LETTERS
from voting.services.casting import cast
from voting.services.codes import make_series, read_code

HOME = Network(b"4home")
NEW = {"name": "Letters", "number": "4", "format": "csv"}


@pytest.fixture
def browser(campaign: Campaign, manager: User) -> Client:
    make_vote(campaign, needs_code=True)
    return staff_browser(manager)


def address(campaign: Campaign, rest: str = "") -> str:
    return f"/planning/{campaign.slug}/voting-codes/{rest}"


def test_series_is_downloaded_once_and_never_shown(browser: Client, campaign: Campaign) -> None:
    response = browser.post(address(campaign), NEW)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [read_code(campaign, row["code"], HOME).number for row in rows] == [1, 2, 3, 4]
    page = browser.get(address(campaign)).content.decode()
    assert "Letters" in page
    assert not any(row["code"] in page or row["code"].replace("-", "") in page for row in rows)


def test_letters_are_downloaded_as_pdf(browser: Client, campaign: Campaign) -> None:
    response = browser.post(address(campaign), {**NEW, "number": "1", "format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"number": "0"},
        {"number": "x"},
        {"number": "1.5"},
        {"number": "1000000000"},
        {"format": "exe"},
        {"format": "pdf", "number": str(MOST_LETTERS + 1)},
        {"name": "Taken"},
    ],
)
def test_wrong_input_comes_back_with_errors_at_the_field(
    browser: Client, campaign: Campaign, wrong: dict[str, str]
) -> None:
    make_series(campaign, "Taken", 1, actor=None)
    response = browser.post(address(campaign), {**NEW, **wrong})
    assert response.status_code == 422
    assert b"field__error" in response.content
    assert CodeSeries.objects.count() == 1


def test_lost_code_is_replaced_and_the_new_one_shown_once(browser: Client, campaign: Campaign) -> None:
    made = make_series(campaign, "Letters", 2, actor=None)
    vote = make_vote(campaign, slug="second", needs_code=True)
    cast(vote, read_code(campaign, made.codes[1].text, HOME), {})
    prefix = f"series-{made.series.pk}"
    response = browser.post(address(campaign, f"{made.series.pk}/replace/"), {f"{prefix}-number": "2"})
    assert response.status_code == 200
    shown = re.search(r'new-code">\s*([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{3})', response.content.decode())
    assert shown is not None
    assert read_code(campaign, shown[1], HOME).number == 2
    assert not Ballot.objects.exists()
    assert shown[1] not in browser.get(address(campaign)).content.decode()


def test_page_after_a_replacement_is_the_same_whether_there_was_a_ballot(
    browser: Client, campaign: Campaign
) -> None:
    vote = campaign.categories.get(slug="vote").vote
    made = make_series(campaign, "Letters", 3, actor=None)
    cast(vote, read_code(campaign, made.codes[1].text, HOME), {})
    texts = []
    for number in ("1", "2"):
        response = browser.post(
            address(campaign, f"{made.series.pk}/replace/"), {f"series-{made.series.pk}-number": number}
        )
        message = response.content.decode().partition("message--success")[2].partition("</section>")[0]
        texts.append(re.sub(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{3}|\d+", "", message))
    assert texts[0] == texts[1] != ""


def test_number_that_is_not_there_is_refused(browser: Client, campaign: Campaign) -> None:
    made = make_series(campaign, "Letters", 2, actor=None)
    response = browser.post(
        address(campaign, f"{made.series.pk}/replace/"), {f"series-{made.series.pk}-number": "3"}
    )
    assert response.status_code == 422
    assert VotingCode.objects.filter(voided_at=None).count() == 2


def test_series_of_another_campaign_is_not_found(browser: Client, campaign: Campaign) -> None:
    from tests import personas

    made = make_series(personas.make_campaign("elsewhere"), "Letters", 1, actor=None)
    for rest in ("replace/", "delete/"):
        assert browser.post(address(campaign, f"{made.series.pk}/{rest}")).status_code == 404
    assert VotingCode.objects.count() == 1


def test_unused_series_is_deleted(browser: Client, campaign: Campaign) -> None:
    made = make_series(campaign, "Letters", 1, actor=None)
    response = browser.post(address(campaign, f"{made.series.pk}/delete/"), follow=True)
    assert response.status_code == 200
    assert not CodeSeries.objects.exists()


def test_many_series_cost_no_more_queries(
    browser: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_series(campaign, f"Series {number}", 2, actor=None)
    with django_assert_max_num_queries(20):
        browser.get(address(campaign))


@pytest.mark.parametrize("who", ["outsider", "analyst", "moderator"])
def test_others_do_not_get_in(campaign: Campaign, who: str) -> None:
    from tests.personas import user_called

    make_vote(campaign, needs_code=True)
    somebody = user_called(who, campaign)
    assert isinstance(somebody, User)
    browser = staff_browser(somebody)
    assert browser.get(address(campaign)).status_code == 403
    assert browser.post(address(campaign), NEW).status_code == 403
    assert not CodeSeries.objects.exists()


def test_tab_stands_where_there_is_a_vote(campaign: Campaign, manager: User) -> None:
    browser, tab = staff_browser(manager), f'href="/planning/{campaign.slug}/votes/"'
    assert tab not in browser.get(f"/planning/{campaign.slug}/queue/").content.decode()
    cast_ballots(make_vote(campaign), [[0], [1]])
    assert tab in browser.get(f"/planning/{campaign.slug}/queue/").content.decode()
    page = browser.get(f"/planning/{campaign.slug}/votes/").content.decode()
    assert "Vote" in page
