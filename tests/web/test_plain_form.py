"""Contributing with the plain form: every step without JavaScript."""

import io
import re
import uuid
from collections.abc import Mapping

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from mapping.models import Address, Campaign, Contribution, ContributionStatus, Photo
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db

SPOT = {"category": "spot", "latitude": "49,4447", "longitude": "7,7689", "text": "Dark here", "send": "1"}


@pytest.fixture
def sender() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def street() -> Address:
    """A street that the search finds."""
    return Address.objects.create(
        name="Pariser Straße", kind="street", geom=Point(*personas.STATION, srid=4326)
    )


def address_of(campaign: Campaign) -> str:
    return f"/campaigns/{campaign.slug}/contribute/"


def post(client: Client, campaign: Campaign, data: Mapping[str, object], status: int = 200) -> str:
    response = client.post(address_of(campaign), dict(data))
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_a_category_is_chosen_first_where_there_are_several(sender: Client, campaign: Campaign) -> None:
    html = sender.get(address_of(campaign)).content.decode()
    assert 'name="category" value="spot"' in html
    assert 'value="plan"' not in html, "categories of the city take no contributions"
    assert "Please choose one." in sender.get(address_of(campaign) + "?category=").content.decode()
    assert 'name="latitude"' in sender.get(address_of(campaign) + "?category=spot").content.decode()


def test_the_only_category_needs_no_choice(sender: Client, campaign: Campaign) -> None:
    campaign.categories.exclude(slug="spot").delete()
    assert 'name="latitude"' in sender.get(address_of(campaign)).content.decode()


def test_typed_coordinates_are_stored_and_the_author_is_remembered(
    sender: Client, campaign: Campaign
) -> None:
    response = sender.post(address_of(campaign), SPOT)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/mine/")
    assert "participant" in response.cookies
    stored = Contribution.objects.get()
    assert stored.status == ContributionStatus.PENDING
    assert stored.geom is not None
    assert stored.geom.coords == pytest.approx(personas.TOWN_HALL)
    assert response.headers["Location"].endswith("/thanks/")
    assert "Thank you!" in sender.get(response.headers["Location"]).content.decode()
    assert "Dark here" in sender.get(f"/campaigns/{campaign.slug}/").content.decode()


def test_sending_twice_stores_once(sender: Client, campaign: Campaign) -> None:
    data = SPOT | {"id": str(uuid.uuid4())}
    for _time in range(2):
        post(sender, campaign, data, 303)
    assert Contribution.objects.count() == 1


def test_form_that_is_sent_by_a_double_click_stores_once(campaign: Campaign) -> None:
    """Without scripts nothing holds the second click back: both send the id that the page had."""
    page = Client().get(address_of(campaign) + "?category=spot").content.decode()
    [given] = re.findall(r'name="id" value="([0-9a-f-]{36})"', page)
    for _click in range(2):
        # Neither knows the cookie that the other's answer sets.
        post(Client(), campaign, SPOT | {"id": given}, 303)
    assert str(Contribution.objects.get().pk) == given


def test_a_street_is_searched_and_taken_and_everything_typed_stays(
    sender: Client, campaign: Campaign, street: Address
) -> None:
    typed = {"category": "survey", "answers.text": "near the bridge", "answers.yes-no": "yes", "text": "Dark"}
    found = post(sender, campaign, typed | {"q": "pariser", "search": "1"})
    assert f'name="pick" value="{street.pk}"' in found
    taken = post(sender, campaign, typed | {"q": "pariser", "pick": str(street.pk)})
    assert 'value="49.436100"' in taken
    assert 'value="7.768700"' in taken
    for html in (found, taken):
        assert 'value="near the bridge"' in html
        assert "field--wrong" not in html, "nothing is wrong before it is sent"
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("pick", ["", "x", "0", "-1", "9" * 30, "1\x00"])
def test_a_strange_pick_takes_no_place(sender: Client, campaign: Campaign, pick: str) -> None:
    assert "Taken over" not in post(sender, campaign, {"category": "spot", "pick": pick})


@pytest.mark.parametrize(
    ("words", "answer"),
    [("", "Please type a street or a place."), ("\x00 xyz", "Nothing found."), ("q" * 900, "Nothing")],
)
def test_a_search_without_result_says_what_to_do(
    sender: Client, campaign: Campaign, words: str, answer: str
) -> None:
    assert answer in post(sender, campaign, {"category": "spot", "q": words, "search": "1"})


def test_found_streets_become_the_positions_of_a_line(
    sender: Client, campaign: Campaign, street: Address
) -> None:
    first = {"category": "street", "positions": "49.4447, 7.7689", "pick": str(street.pk)}
    html = post(sender, campaign, first)
    assert "49.4447, 7.7689\n49.436100, 7.768700" in html
    post(
        sender,
        campaign,
        {"category": "street", "positions": "49.4447, 7.7689\n49.4361, 7.7687", "send": "1"},
        303,
    )
    stored = Contribution.objects.get()
    assert stored.geom is not None
    assert stored.geom.geom_type == "LineString"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"latitude": "", "longitude": ""}, "Please mark the place"),
        ({"latitude": "49.45", "longitude": "7.9"}, "outside the area"),
        ({"latitude": "7,7689", "longitude": "49,4447"}, "swapped"),
        ({"latitude": "NaN"}, "number"),
        ({"latitude": "1e400"}, "number"),
        ({"category": "survey"}, "Please fill in this field."),
        ({"text": "x" * 5001}, "too long"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_lost(
    sender: Client, campaign: Campaign, change: dict[str, object], reason: str
) -> None:
    html = post(sender, campaign, SPOT | change, 422)
    assert reason in html
    assert "field--wrong" in html
    if "text" not in change:
        assert "Dark here" in html
    assert not Contribution.objects.exists()


def test_ideas_need_no_place_but_a_text(sender: Client, campaign: Campaign) -> None:
    assert "Please fill in this field." in post(sender, campaign, {"category": "idea", "send": "1"}, 422)
    post(sender, campaign, {"category": "idea", "text": "A market", "send": "1"}, 303)
    assert Contribution.objects.get().geom is None


def test_photos_are_stored_and_wrong_files_are_explained(sender: Client, campaign: Campaign) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(buffer, "PNG")
    wrong = SPOT | {"photos": SimpleUploadedFile("a.png", b"not a picture")}
    html = post(sender, campaign, wrong, 422)
    assert "This file is not a photo" in html
    assert "choose your photos again" in html
    post(sender, campaign, SPOT | {"photos": SimpleUploadedFile("a.png", buffer.getvalue())}, 303)
    assert Photo.objects.get().width == 40


@pytest.mark.parametrize("kind", ["upcoming_campaign", "closed_campaign"])
def test_outside_its_period_a_campaign_explains_and_refuses(
    sender: Client, kind: str, request: pytest.FixtureRequest
) -> None:
    campaign: Campaign = request.getfixturevalue(kind)
    html = sender.get(address_of(campaign) + "?category=spot").content.decode()
    assert 'name="latitude"' not in html
    assert "To the campaign" in html
    refused = post(sender, campaign, SPOT, 403)
    assert "This campaign" in refused
    assert "Dark here" in refused
    assert not Contribution.objects.exists()


def test_too_many_in_a_minute_are_asked_to_wait(
    citizen: Citizen, campaign: Campaign, settings: object
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 2  # type: ignore[attr-defined]
    browser = citizen.browser()
    for _time in range(2):
        post(browser, campaign, SPOT, 303)
    post(browser, campaign, SPOT, 429)
    assert Contribution.objects.count() == 2


def test_forms_need_the_token_against_forgery(campaign: Campaign) -> None:
    assert Client(enforce_csrf_checks=True).post(address_of(campaign), SPOT).status_code == 403


def test_the_categories_of_the_city_take_nothing(sender: Client, campaign: Campaign) -> None:
    html = post(sender, campaign, SPOT | {"category": "plan"})
    assert 'name="category" value="spot"' in html
    assert not Contribution.objects.exists()
