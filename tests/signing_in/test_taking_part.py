"""Ballots, responses, suggestions and paper in a campaign whose people sign in, and the planner who decides on it."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, OpenTo, Participant, Response
from mapping.services.setup.checklist import findings
from mapping.services.signing_in.pairwise import secret_of_person
from mapping.visitor import known_secret, sign_in, signed_in_secrets
from tests import personas
from tests.personas import staff_browser
from tests.signing_in.provider import signed_in_only, use
from tests.surveys.world import ask
from tests.voting.making import make_vote, options_of
from voting.models import Ballot

ISSUER = "https://id.example"


@pytest.fixture
def campaign(db: None, settings: Settings) -> Campaign:
    """A campaign that is open to people who signed in only."""
    use(settings, ISSUER)
    return signed_in_only(personas.make_campaign())


def browser_of(campaign: Campaign, subject: str) -> Client:
    """A browser in which somebody signed in for a campaign."""
    browser, answer = Client(), HttpResponse()
    sign_in(answer, campaign, secret_of_person(campaign, ISSUER, subject))
    browser.cookies.update(answer.cookies)
    return browser


def test_one_person_has_one_ballot_on_all_devices(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    page = reverse("vote", args=(campaign.slug, vote.category.slug))
    first, second, _third = (str(one.contribution_id) for one in options_of(vote))
    stranger = Client()
    assert 'name="choice"' not in stranger.get(page).content.decode()
    assert stranger.post(page, {"choice": [first]}).status_code == 401
    assert not Ballot.objects.exists()
    assert browser_of(campaign, "ada").post(page, {"choice": [first]}).status_code == 303
    assert browser_of(campaign, "ada").post(page, {"choice": [second]}).status_code == 303
    assert browser_of(campaign, "bob").post(page, {"choice": [second]}).status_code == 303
    assert Ballot.objects.filter(vote=vote).count() == 2
    third = browser_of(campaign, "ada")
    assert "Ihr Stimmzettel ist gespeichert" in third.get(page).content.decode()
    assert third.post(page, {"action": "withdraw"}).status_code == 303
    assert Ballot.objects.filter(vote=vote).count() == 1


def test_ballot_by_the_api_needs_the_sign_in(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    path = f"/api/v1/campaigns/{campaign.slug}/votes/{vote.category.slug}/ballot/"
    sent = {"choices": {str(options_of(vote)[0].contribution_id): 1}}
    refused = Client().put(path, sent, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
    assert browser_of(campaign, "ada").put(path, sent, "application/json").status_code == 200


def test_survey_is_answered_once_by_a_person(campaign: Campaign) -> None:
    ask(campaign, "why", "text")
    page = reverse("survey", args=(campaign.slug,))
    assert 'name="id"' not in Client().get(page).content.decode()
    sent = {"id": str(uuid4()), "why": "Because.", "q-why": "Because."}
    assert Client().post(page, sent).status_code == 401
    path = f"/api/v1/campaigns/{campaign.slug}/responses/"
    answers = {"answers": {"why": "Because."}}
    assert Client().post(path, answers, "application/json").status_code == 401
    assert browser_of(campaign, "ada").post(path, answers, "application/json").status_code == 201
    again = browser_of(campaign, "ada").post(path, answers, "application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    assert Response.objects.filter(campaign=campaign).count() == 1


def test_frame_of_another_site_leads_to_the_page_itself(campaign: Campaign) -> None:
    page = Client().get(reverse("embed", args=(campaign.slug,))).content.decode()
    assert "/sign-in/" not in page
    assert reverse("contribute", args=(campaign.slug,)) not in page
    assert campaign.get_absolute_url() in page


def test_copy_for_reading_without_a_network_is_about_nobody(campaign: Campaign) -> None:
    browser = browser_of(campaign, "ada")
    page = campaign.get_absolute_url()
    assert "Sie sind angemeldet" in browser.get(page).content.decode()
    copy = browser.get(page, headers={"Offline-Copy": "de"}).content.decode()
    assert "Sie sind angemeldet" not in copy


def test_reports_of_open311_are_refused(campaign: Campaign) -> None:
    lon, lat = personas.TOWN_HALL
    form = {"service_code": f"{campaign.slug}.spot", "lat": lat, "long": lon, "description": "Dark."}
    coded = "application/x-www-form-urlencoded"
    answer = Client().post("/open311/v2/requests.json", urlencode(form), coded)
    assert answer.status_code in {401, 403}
    assert not Participant.objects.exists()


def test_cookie_of_somebody_else_or_of_none_is_forged(campaign: Campaign) -> None:
    name = f"signed-in-{campaign.pk}"
    page = campaign.get_absolute_url()
    for value in ("x", "signed-in." + "A" * 43, "signed-in." + "A" * 43 + ":1aaaaa:b", "\udcff", "ä"):
        request = RequestFactory().get(page)
        request.COOKIES[name] = value
        assert known_secret(request, campaign) is None
        assert signed_in_secrets(request) == {}


# --- the planner --------------------------------------------------------------------------------------------------

SENT: dict[str, Any] = {
    "publication": "points",
    "k": "5",
    "release_rhythm": "daily",
    "moderation": "pre",
    "allows_photos": "on",
}


def step(campaign: Campaign) -> str:
    return reverse("planning:setup-publication", args=(campaign.slug,))


def test_planner_chooses_who_may_take_part_where_there_is_a_provider(
    campaign: Campaign, manager: User, settings: Settings
) -> None:
    browser = staff_browser(manager)
    assert "Wer sich bei BürgerID angemeldet hat" in browser.get(step(campaign)).content.decode()
    assert browser.post(step(campaign), SENT | {"open_to": "anyone"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.open_to == OpenTo.ANYONE
    settings.CITIZEN_OIDC_ISSUER = ""
    assert "open_to" not in browser.get(step(campaign)).content.decode()
    assert browser.post(step(campaign), SENT | {"open_to": "signed_in"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.open_to == OpenTo.ANYONE


def test_step_says_why_it_cannot_be_changed_any_more(campaign: Campaign, manager: User) -> None:
    personas.make_participant(campaign)
    answer = staff_browser(manager).post(step(campaign), SENT | {"open_to": "anyone"})
    assert answer.status_code == 422
    assert "denn sonst könnte jemand doppelt zählen" in answer.content.decode()
    # Other values of the step are still stored, and forms without the choice keep it.
    assert staff_browser(manager).post(step(campaign), SENT).status_code == 302
    campaign.refresh_from_db()
    assert campaign.open_to == OpenTo.SIGNED_IN


def test_campaign_without_its_provider_is_not_published(campaign: Campaign, settings: Settings) -> None:
    assert "setup_sign_in_off" not in {one.code for one in findings(campaign)}
    settings.CITIZEN_OIDC_ISSUER = ""
    [found] = [one for one in findings(campaign) if one.code == "setup_sign_in_off"]
    assert found.blocks
