"""The result's page, the page why, and what can be taken along: who sees them, and what they say."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from mapping.models import Campaign
from tests.personas import make_campaign, make_closed, make_user, staff_browser
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.counting.pabulib.reading import read_pabulib
from voting.models import OptionChange, Rule, SetAside, Shown, StoredResult, Vote

pytestmark = pytest.mark.django_db


def address(vote: Vote, rest: str = "results/") -> str:
    """An address of a vote."""
    return f"/campaigns/{vote.campaign.slug}/votes/{vote.category.slug}/{rest}"


def text_of(client: Client, vote: Vote, rest: str = "results/") -> str:
    """The page as text."""
    answer = client.get(address(vote, rest))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def budget(db: None) -> Vote:
    """A budget that has ended: a majority of six with three projects, a minority of four with one."""
    vote = make_vote(make_closed(), Rule.APPROVAL, 4, costs=[300, 300, 300, 300], budget=1000)
    cast_ballots(vote, [(0, 1, 2)] * 6 + [(3,)] * 4)
    return vote


def test_result_says_who_won_how_many_voted_and_what_is_spent(client: Client, budget: Vote) -> None:
    text = text_of(client, budget)
    assert "<strong>10</strong>" in text
    assert "Endergebnis vom" in text
    assert "Ausgegeben werden 900 € von 1.000 €." in text
    assert "10 Personen (100\u00a0%)" in text
    assert StoredResult.objects.get(vote=budget).digest in text


def test_page_why_shows_both_methods_and_what_each_share_paid(client: Client, budget: Vote) -> None:
    text = " ".join(text_of(client, budget, "why/").split())
    assert "Gleiche Anteile" in text
    assert "1.000 € geteilt durch 10 Stimmzettel sind 100,00 € für jede Person." in text
    assert "4 Personen haben je 75,00 € gezahlt" in text
    assert "nur auf diesem Weg" in text
    assert "6</strong> Personen (60 %)" in text


@pytest.mark.parametrize("rule", Rule.values)
def test_pages_of_every_rule_are_shown_without_ballots_too(client: Client, db: None, rule: str) -> None:
    vote = make_vote(make_closed(), Rule(rule), 2)
    for page in ("results/", "why/"):
        assert "Project 1" in text_of(client, vote, page) or page == "why/"


@pytest.mark.parametrize("rule", [Rule.RANKING, Rule.FOR_AGAINST, Rule.POINTS, Rule.UP_TO])
def test_ties_are_said_on_both_pages(client: Client, db: None, rule: Rule) -> None:
    vote = make_vote(make_closed(), rule, 3, winners=1)
    cast_ballots(vote, [{0: 1}, {1: 1}])
    for page in ("results/", "why/"):
        assert "Gleichauf: „Project 1“, „Project 2“" in text_of(client, vote, page)


def test_what_did_not_count_and_what_changed_is_said(client: Client, budget: Vote) -> None:
    now = timezone.now()
    aside = SetAside.objects.create(
        vote=budget, starts_at=now - timedelta(hours=1), ends_at=now, reason="Sent by a script"
    )
    cast_ballots(budget, [(0,)] * 2, set_aside=aside)
    OptionChange.objects.create(option=options_of(budget)[0], kind="cost", before="250", after="300")
    text = " ".join(text_of(client, budget).split())
    assert "Sent by a script" in text
    assert "2 weitere zählen nicht." in text
    assert "300 € statt 250 €" in text


def test_result_is_hidden_until_the_end(client: Client, campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, Rule.UP_TO, 2, winners=1)
    cast_ballots(vote, [(0,)] * 7)
    for page in ("results/", "why/"):
        text = text_of(client, vote, page)
        assert "wenn die Abstimmung zu Ende ist" in text
        before = text.split("<main", 1)[1].split("wenn die Abstimmung")[0]
        # Names of built files hold digits, too.
        assert "7" not in re.sub(r"<[^>]*>", "", f"<{before}")
    assert "Das sehen jetzt nur Beschäftigte" in text_of(staff_browser(manager), vote)


def test_result_for_staff_is_nowhere_for_others(client: Client, campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, results=Shown.STAFF)
    for page in ("results/", "why/", "results/result.json", "results/ballots.pb"):
        assert client.get(address(vote, page)).status_code == 404
    assert staff_browser(manager).get(address(vote)).status_code == 200


def test_live_result_is_shown_and_said_to_change(client: Client, campaign: Campaign) -> None:
    vote = make_vote(campaign, results=Shown.LIVE)
    cast_ballots(vote, [(0,)])
    assert "können sich noch ändern" in text_of(client, vote)
    assert client.get(address(vote, "results/result.json")).status_code == 404


def test_drafts_and_unknown_votes_are_not_found(client: Client) -> None:
    vote = make_vote(make_campaign("draft", is_draft=True), results=Shown.LIVE)
    assert client.get(address(vote)).status_code == 404
    assert client.get(address(vote).replace("/vote/", "/other/")).status_code == 404


def test_file_has_the_digest_that_the_page_names(client: Client, budget: Vote) -> None:
    body = client.get(address(budget, "results/result.json")).content
    assert hashlib.sha256(body).hexdigest() == StoredResult.objects.get(vote=budget).digest


def test_ballots_are_taken_along_as_pabulib_and_nothing_of_people(client: Client, budget: Vote) -> None:
    cast_ballots(budget, [(0,)] * 20)
    assert "results/ballots.pb" in text_of(client, budget)
    body = b"".join(client.get(address(budget, "results/ballots.pb"))).decode()
    found = read_pabulib(body.splitlines(keepends=True))
    assert (found.kind, found.budget, len(found.ballots)) == ("approval", 1000, 30)
    assert sorted(len(one.choices) for one in found.ballots) == [1] * 24 + [3] * 6
    assert sum(bool(one.selected) for one in found.projects) == 3
    assert found.unknown == []
    assert "age" not in body.replace("language", "")


@pytest.mark.parametrize(("rule", "number"), [(Rule.UP_TO, 29), (Rule.RANKING, 40), (Rule.POINTS, 40)])
def test_ballots_that_can_be_recognised_are_for_managers_only(
    client: Client, db: None, rule: Rule, number: int
) -> None:
    vote = make_vote(make_closed(), rule, 2)
    cast_ballots(vote, [(0, 1)] * number)
    assert "ballots.pb" not in text_of(client, vote)
    assert client.get(address(vote, "results/ballots.pb")).status_code == 404
    manager = make_user("m@example.org", vote.campaign, Role.MANAGER)
    assert staff_browser(manager).get(address(vote, "results/ballots.pb")).status_code == 200


def test_votes_against_have_no_file_of_pabulib(client: Client, db: None) -> None:
    vote = make_vote(make_closed(), Rule.FOR_AGAINST, 2)
    assert client.get(address(vote, "results/ballots.pb")).status_code == 404


@pytest.mark.parametrize("page", ["results/", "why/"])
def test_constant_number_of_queries(
    client: Client, campaign: Campaign, page: str, django_assert_num_queries: object
) -> None:
    counts = []
    for number, options in enumerate((3, 12)):
        vote = make_vote(
            campaign, Rule.APPROVAL, options, budget=30_000, results=Shown.LIVE, slug=f"vote-{number}"
        )
        cast_ballots(vote, [(0, 1)] * (5 * options))
        counts.append(_queries(client, address(vote, page)))
    assert counts[0] == counts[1] <= 40


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)
