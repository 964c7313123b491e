"""The cookie: set by answers to writes only, unreadable for scripts, worthless when forged."""

from django.conf import settings as site
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Contribution, Participant
from mapping.services import identity
from mapping.visitor import Visitor, known_participant, remember, visitor_of
from tests.personas import Citizen


def test_first_visit_gets_a_new_secret() -> None:
    request = RequestFactory().post("/")
    first, second = visitor_of(request, Campaign()), visitor_of(request, Campaign())
    assert first.is_new
    assert first.secret != second.secret


def test_remembered_visitor_comes_back(citizen: Citizen) -> None:
    response = HttpResponse()
    remember(response, Visitor(citizen.secret, is_new=True))
    request = RequestFactory().post("/")
    request.COOKIES[site.PARTICIPANT_COOKIE_NAME] = response.cookies[site.PARTICIPANT_COOKIE_NAME].value
    assert visitor_of(request, Campaign()) == Visitor(citizen.secret, is_new=False)


def test_forged_cookie_is_a_first_visit(citizen: Citizen) -> None:
    request = RequestFactory().post("/")
    request.COOKIES[site.PARTICIPANT_COOKIE_NAME] = citizen.secret + ":forged"
    visitor = visitor_of(request, Campaign())
    assert visitor.is_new
    assert visitor.secret != citizen.secret


def test_cookie_is_out_of_reach_of_scripts_and_other_sites(citizen: Citizen, settings: Settings) -> None:
    response = HttpResponse()
    remember(response, Visitor(citizen.secret, is_new=True))
    cookie = response.cookies[settings.PARTICIPANT_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")
    assert cookie["max-age"] == settings.PARTICIPANT_COOKIE_DAYS * 24 * 3600
    assert not cookie["domain"]

    settings.HTTPS = True
    remember(response, Visitor(citizen.secret, is_new=True))
    assert response.cookies[settings.PARTICIPANT_COOKIE_NAME]["secure"] is True


def test_known_participant_is_read_and_never_made(
    campaign: Campaign, post_campaign: Campaign, published: Contribution, citizen: Citizen
) -> None:
    request = RequestFactory().get("/")
    assert known_participant(request, campaign) is None
    request.COOKIES[site.PARTICIPANT_COOKIE_NAME] = identity.sign(citizen.secret)
    assert known_participant(request, campaign) == published.participant
    assert known_participant(request, post_campaign) is None
    assert Participant.objects.count() == 1
