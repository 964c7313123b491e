"""What a browser's person has: listed for the holder of the cookie alone, deleted at once, or forgotten there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from engagement.models import PlanProposal
from mapping.models import Address, Campaign, Contribution, Participant, Response, Withdrawal
from mapping.services.erase import erase_participant
from mapping.services.identity import edit_token, participants_with
from mapping.services.own import erasing
from mapping.services.own.erasing import erase_everything
from tests import personas
from tests.mine.world import PROTECTED_WORDS, browser_of, english, fill, forged, numbers_of
from tests.personas import Citizen
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, BallotPile, StoredResult, Vote
from voting.services.casting import cast_in_browser
from voting.services.results.closing import close

pytestmark = pytest.mark.django_db


@pytest.fixture
def filled(
    campaign: Campaign, cells_campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> tuple[Campaign, Campaign]:
    """Two campaigns in which two people have everything."""
    for person in (citizen, another_citizen):
        fill(person, campaign, cells_campaign)
    return campaign, cells_campaign


def words_of(browser: Client, address: str = "/mine/") -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


# --- who sees what --------------------------------------------------------------------------------------------------

BROWSERS: dict[str, Callable[[Citizen, Citizen], Client]] = {
    "nobody": lambda _own, _other: english(Client()),
    "forged cookie": lambda _own, _other: forged(),
    "another's cookie": lambda _own, other: browser_of(other),
    "own cookie": lambda own, _other: browser_of(own),
}
TABLE: dict[str, str] = {
    # what                    nobody forged another own
    "Place of citizen":         "no   no     no      yes",
    "Comment of citizen":       "no   no     no      yes",
    "Proposal of citizen":      "no   no     no      yes",
    "Place of another citizen": "no   no     yes     no",
    "Answers to the survey":    "no   no     yes     yes",
    "Ballot: Vote":             "no   no     yes     yes",
    "2 opinions on what":       "no   no     yes     yes",
    "Wish of citizen":          "no   no     no      no",
    "Project 1":                "no   no     no      no",
    PROTECTED_WORDS:            "no   no     no      no",
}  # fmt: skip


@pytest.mark.parametrize("who", BROWSERS)
def test_everybody_sees_their_own_alone(
    filled: tuple[Campaign, Campaign], citizen: Citizen, another_citizen: Citizen, who: str
) -> None:
    shown = words_of(BROWSERS[who](citizen, another_citizen))
    for what, row in TABLE.items():
        expected = dict(zip(BROWSERS, row.split(), strict=True))[who] == "yes"
        assert (what in shown) is expected, what


def test_list_leads_to_the_private_pages_and_says_how_it_stands(
    filled: tuple[Campaign, Campaign], citizen: Citizen
) -> None:
    shown = words_of(browser_of(citizen))
    for own in Contribution.objects.filter(participant__in=[citizen.participant(one) for one in filled]):
        assert f'href="/mine/{edit_token(own.pk)}/"' in shown
    assert "Counts" in shown, "protected contributions are not published"
    assert shown.count('<time class="fact" datetime="') == 5
    assert "today at" in shown


def test_places_stand_in_words_but_those_of_protected_campaigns(
    filled: tuple[Campaign, Campaign], citizen: Citizen
) -> None:
    lon, lat = personas.TOWN_HALL
    Address.objects.create(name="Rathausplatz 1", kind="address", geom=Point(lon, lat, srid=4326))
    assert words_of(browser_of(citizen)).count("Rathausplatz 1") == 1


def test_reading_the_list_leaves_no_cookie_and_nothing_in_caches(
    filled: tuple[Campaign, Campaign], citizen: Citizen
) -> None:
    for browser, address in ((english(Client()), "/mine/"), (browser_of(citizen), "/mine/")):
        response = browser.get(address)
        assert settings.PARTICIPANT_COOKIE_NAME not in response.cookies
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "strict-origin"


def test_number_of_queries_does_not_grow_with_the_rows(
    filled: tuple[Campaign, Campaign], citizen: Citizen, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for _number in range(5):
        personas.make_contribution(filled[0], by=citizen)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        words_of(browser_of(citizen))


# --- deleting everything ----------------------------------------------------------------------------------------------


def test_page_asks_once_more_and_names_what_goes_and_what_stays(
    filled: tuple[Campaign, Campaign], citizen: Citizen
) -> None:
    browser = browser_of(citizen)
    shown = words_of(browser, "/mine/delete/")
    for line in ("Contributions: 2", "Answers to surveys: 1", "Comments: 1", "Opinions: 2", "Ballots: 1"):
        assert line in shown
    assert "Proposals for plans: 1" in shown
    assert "votes that have ended" in shown
    assert numbers_of(citizen, *filled)["contributions"] == 2, "asking deletes nothing"
    assert browser.post("/mine/delete/", {"action": "something"}).status_code == 302
    assert numbers_of(citizen, *filled)["contributions"] == 2


def test_everything_of_one_person_is_deleted_and_the_cookie_forgotten(
    filled: tuple[Campaign, Campaign], citizen: Citizen, another_citizen: Citizen
) -> None:
    before = numbers_of(another_citizen, *filled)
    browser = browser_of(citizen)
    response = browser.post("/mine/delete/", {"action": "delete"})
    assert response.status_code == 200
    assert "Everything is deleted" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies[settings.PARTICIPANT_COOKIE_NAME]["max-age"] == 0
    assert set(numbers_of(citizen, *filled).values()) == {0}
    assert Response.objects.count() == 1
    assert numbers_of(another_citizen, *filled) == before
    assert Withdrawal.objects.count() == 3, (
        "two contributions and the answers: repetitions bring nothing back"
    )
    assert "has sent nothing yet" in words_of(browser)
    # Again, by a reload: there is nothing left, and nobody else is touched.
    assert browser.post("/mine/delete/", {"action": "delete"}).status_code == 200
    assert numbers_of(another_citizen, *filled) == before


@pytest.mark.parametrize("who", ["nobody", "forged cookie"])
def test_whoever_has_no_cookie_deletes_nothing(
    filled: tuple[Campaign, Campaign], citizen: Citizen, another_citizen: Citizen, who: str
) -> None:
    before = [numbers_of(one, *filled) for one in (citizen, another_citizen)]
    response = BROWSERS[who](citizen, another_citizen).post("/mine/delete/", {"action": "delete"})
    assert response.status_code == 200
    assert [numbers_of(one, *filled) for one in (citizen, another_citizen)] == before


def test_forgetting_in_the_browser_deletes_nothing(
    filled: tuple[Campaign, Campaign], citizen: Citizen
) -> None:
    before = numbers_of(citizen, *filled)
    response = browser_of(citizen).post("/mine/delete/", {"action": "forget"})
    assert "This browser has forgotten it" in response.content.decode()
    assert response.cookies[settings.PARTICIPANT_COOKIE_NAME]["max-age"] == 0
    assert numbers_of(citizen, *filled) == before


def test_deleting_needs_the_token_of_the_form(filled: tuple[Campaign, Campaign], citizen: Citizen) -> None:
    browser = citizen.browser()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    assert strict.post("/mine/delete/", {"action": "delete"}).status_code == 403
    assert numbers_of(citizen, *filled)["contributions"] == 2


def test_deleting_is_all_or_nothing(
    filled: tuple[Campaign, Campaign], citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = numbers_of(citizen, *filled)
    erased: list[Participant] = []

    def fail_at_the_second(participant: Participant) -> None:
        erased.append(participant)
        if len(erased) > 1:
            raise RuntimeError
        erase_participant(participant)

    monkeypatch.setattr(erasing, "erase_participant", fail_at_the_second)
    with pytest.raises(RuntimeError):
        erase_everything(citizen.secret)
    assert numbers_of(citizen, *filled) == before
    assert PlanProposal.objects.count() == 2


# --- votes that ended -------------------------------------------------------------------------------------------------


def test_ballots_of_ended_votes_count_on_without_the_person(campaign: Campaign, citizen: Citizen) -> None:
    """Nobody takes a ballot back after the end: not while paper is being entered, not from a stored result."""
    waiting, stored = make_vote(campaign), make_vote(campaign, slug="stored")
    BallotPile.objects.create(vote=waiting, name="1")
    for vote in (waiting, stored):
        cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    elsewhere = personas.make_campaign("elsewhere")
    running = make_vote(elsewhere)
    cast_in_browser(running, citizen.secret, {options_of(running)[0].contribution_id: 1})
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now() - timedelta(minutes=1))
    assert close(Vote.objects.get(pk=stored.pk), timezone.now()) is not None
    content = StoredResult.objects.get(vote=stored).content
    erase_everything(citizen.secret)
    assert participants_with(citizen.secret) == []
    assert not running.ballots.exists()
    left = Ballot.objects.get(vote=waiting)
    assert (left.participant, left.code, left.created_at, left.changed_at) == (None, None, None, None)
    assert left.choices.count() == 1
    assert StoredResult.objects.get(vote=stored).content == content
    assert stored.ballots.count() == 1
