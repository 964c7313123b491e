"""Every way in for visitors: what is sent, by which door, and what it leaves behind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from doors import visitors
from doors.providers import openid
from doors.visitors import Door
from mapping.models import (
    Campaign,
    Comment,
    Contribution,
    ExportJob,
    Flag,
    FlagReason,
    OpenTo,
    Photo,
    Question,
    Response,
    Support,
)
from mapping.models.setup.city import City
from mapping.services.identity import edit_token
from tests import personas
from tests.background import waiting_tasks
from tests.personas import point
from tests.services.photos.test_pictures import encode, picture
from tests.surveys.world import ask
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, Vote

SCHOOL, HOME = "192.0.2.7", "198.51.100.9"
SMALL = 0.02
"""A contribution without a proof, six with one."""


@dataclass(frozen=True)
class Knock:
    """One way in: what is sent, by which door, and what it leaves behind."""

    name: str
    door: Door
    send: Callable[[Client, Campaign, dict[str, str]], Any]
    count: Callable[[], int]
    passes: int
    is_page: bool = False


def client_at(address: str) -> Client:
    """A browser without any cookie: to a limit by cookie everybody is new."""
    return Client(REMOTE_ADDR=address)


def body(**more: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": point(),
        "properties": {"category": "spot", "text": "Dark."},
        **more,
    }


def api_contribution(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/"
    return client.post(path, body(), "application/json", headers=headers)


def api_response(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    if not Question.objects.filter(campaign=campaign).exists():
        ask(campaign, "why", "text")
    path = f"/api/v1/campaigns/{campaign.slug}/responses/"
    return client.post(path, {"answers": {"why": "Dark."}}, "application/json", headers=headers)


def form_contribution(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    lon, lat = personas.TOWN_HALL
    form = {"category": "spot", "place_type": "point", "longitude": lon, "latitude": lat, "text": "Dark."}
    return client.post(f"/campaigns/{campaign.slug}/contribute/", form, headers=headers)


def open311_report(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    lon, lat = personas.TOWN_HALL
    form = {"service_code": f"{campaign.slug}.spot", "lat": lat, "long": lon, "description": "Dark."}
    coded = "application/x-www-form-urlencoded"
    return client.post("/open311/v2/requests.json", urlencode(form), coded, headers=headers)


def first_of(campaign: Campaign) -> Contribution:
    return campaign.contributions.order_by("created_at", "pk")[0]


def api_comment(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/comments/"
    return client.post(path, {"text": f"I think so too {uuid4()}"}, "application/json", headers=headers)


def form_comment(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/comment/"
    return client.post(path, {"text": f"I think so too {uuid4()}"}, headers=headers)


def api_support(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/support/"
    return client.post(path, headers=headers)


def api_opposition(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/support/"
    return client.put(path, {"value": -1}, "application/json", headers=headers)


def form_support(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/support/"
    return client.post(path, {"value": "1"}, headers=headers)


def form_report(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/campaigns/{campaign.slug}/contributions/{first_of(campaign).pk}/report/"
    return client.post(
        path, {"reason": FlagReason.OTHER.value, "text": "Look at it, please."}, headers=headers
    )


def form_barrier(client: Client, _campaign: Campaign, headers: dict[str, str]) -> Any:
    City.objects.get_or_create(defaults={"mail": "city@example.org"})
    with override_settings(SENDS_MAIL=True):
        return client.post("/accessibility/report/", {"text": "Nothing is read aloud."}, headers=headers)


def vote_of(campaign: Campaign) -> Vote:
    return Vote.objects.all().of(campaign).first() or make_vote(campaign)


def api_ballot(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    vote = vote_of(campaign)
    path = f"/api/v1/campaigns/{campaign.slug}/votes/{vote.category.slug}/ballot/"
    chosen = {str(options_of(vote)[0].contribution_id): 1}
    return client.put(path, {"choices": chosen}, "application/json", headers=headers)


def form_ballot(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    vote = vote_of(campaign)
    path = f"/campaigns/{campaign.slug}/votes/{vote.category.slug}/"
    return client.post(path, {"choice": str(options_of(vote)[0].contribution_id)}, headers=headers)


def api_place_words(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    lon, lat = personas.TOWN_HALL
    return client.get(f"/api/v1/campaigns/{campaign.slug}/place-words?lon={lon}&lat={lat}", headers=headers)


def api_follow(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    lon, lat = personas.TOWN_HALL
    ends = f"from={lon},{lat}&to={lon + 0.001},{lat}"
    return client.get(f"/api/v1/campaigns/{campaign.slug}/follow?{ends}", headers=headers)


def api_similar(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    asked = {"category": "spot", "text": "Dark.", "geometry": point()}
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/similar/"
    return client.post(path, asked, "application/json", headers=headers)


def api_photo(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    mine = personas.make_contribution(campaign)
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/{mine.pk}/photos/"
    token = {"X-Edit-Token": edit_token(mine.pk)}
    return client.post(path, encode(picture()), "image/jpeg", headers={**headers, **token})


def change(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    mine = first_of(campaign)
    lon, lat = personas.TOWN_HALL
    form = {"place_type": "point", "longitude": lon, "latitude": lat, "text": f"Changed {uuid4()}"}
    return client.post(f"/mine/{edit_token(mine.pk)}/", form, headers=headers)


def address_search(client: Client, _campaign: Campaign, headers: dict[str, str]) -> Any:
    return client.get("/api/v1/addresses/?q=Rathaus", headers=headers)


def page_search(client: Client, _campaign: Campaign, headers: dict[str, str]) -> Any:
    return client.get("/search/?q=Rathaus", headers=headers)


def api_search(client: Client, _campaign: Campaign, headers: dict[str, str]) -> Any:
    return client.get("/api/v1/search/?q=Rathaus", headers=headers)


def form_search(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    form = {"category": "spot", "q": "Rathaus", "search": "1", "text": "Dark."}
    return client.post(f"/campaigns/{campaign.slug}/contribute/", form, headers=headers)


def api_export(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    path = f"/api/v1/campaigns/{campaign.slug}/exports/"
    asked = {"format": "gpkg", "datetime": f"{2000 + ExportJob.objects.count()}-01-01/.."}
    return client.post(path, asked, "application/json", headers=headers)


def form_export(client: Client, campaign: Campaign, headers: dict[str, str]) -> Any:
    return client.post(f"/campaigns/{campaign.slug}/data/", {"format": "gpkg"}, headers=headers)


def sign_in_start(client: Client, _campaign: Campaign, headers: dict[str, str]) -> Any:
    found = Campaign.objects.filter(open_to=OpenTo.SIGNED_IN).first()
    where = found or personas.make_campaign("signed-in", open_to=OpenTo.SIGNED_IN)
    begun = ("https://id.example/", openid.Begun("state", "nonce", "verifier"))
    asked = override_settings(CITIZEN_OIDC_ISSUER="https://id.example", CITIZEN_OIDC_CLIENT_ID="city")
    with asked, patch("doors.providers.openid.begin", return_value=begun):
        return client.get(f"/campaigns/{where.slug}/sign-in/start/", headers=headers)


def nothing() -> int:
    return 0


def contributions() -> int:
    return Contribution.objects.count()


KNOCKS = [
    Knock("api-contribution", visitors.CONTRIBUTE, api_contribution, contributions, 6),
    Knock("form-contribution", visitors.CONTRIBUTE, form_contribution, contributions, 6, is_page=True),
    Knock("open311", visitors.CONTRIBUTE, open311_report, contributions, 6),
    Knock("api-response", visitors.CONTRIBUTE, api_response, Response.objects.count, 6),
    Knock("api-comment", visitors.COMMENT, api_comment, Comment.objects.count, 6),
    Knock("form-comment", visitors.COMMENT, form_comment, Comment.objects.count, 6, is_page=True),
    Knock("api-support", visitors.SUPPORT, api_support, Support.objects.count, 12),
    Knock("api-opposition", visitors.SUPPORT, api_opposition, Support.objects.count, 12),
    Knock("form-support", visitors.SUPPORT, form_support, Support.objects.count, 12, is_page=True),
    Knock("form-report", visitors.FLAG, form_report, Flag.objects.count, 1, is_page=True),
    Knock("form-barrier", visitors.BARRIER, form_barrier, lambda: len(waiting_tasks()), 1, is_page=True),
    Knock("api-ballot", visitors.VOTE, api_ballot, Ballot.objects.count, 12),
    Knock("form-ballot", visitors.VOTE, form_ballot, Ballot.objects.count, 12, is_page=True),
    Knock("api-photo", visitors.PHOTO, api_photo, Photo.objects.count, 6),
    Knock("change", visitors.CHANGE, change, nothing, 6, is_page=True),
    Knock("address-search", visitors.SEARCH, address_search, nothing, 12),
    Knock("api-place-words", visitors.SEARCH, api_place_words, nothing, 12),
    Knock("api-follow", visitors.SEARCH, api_follow, nothing, 12),
    Knock("api-similar", visitors.SEARCH, api_similar, nothing, 12),
    Knock("page-search", visitors.SEARCH, page_search, nothing, 12, is_page=True),
    Knock("api-search", visitors.SEARCH, api_search, nothing, 12),
    Knock("form-search", visitors.SEARCH, form_search, nothing, 12, is_page=True),
    Knock("sign-in", visitors.SIGN_IN, sign_in_start, nothing, 6, is_page=True),
    Knock("api-export", visitors.EXPORT, api_export, ExportJob.objects.count, 1),
    Knock("form-export", visitors.EXPORT, form_export, ExportJob.objects.count, 1, is_page=True),
]
every_knock = pytest.mark.parametrize("knock", KNOCKS, ids=[one.name for one in KNOCKS])
