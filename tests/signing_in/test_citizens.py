"""A citizen signs in at a real provider over HTTP, and counts once on every device."""

import re
from collections.abc import Iterator
from socket import socket
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, Category, Contribution, PairwiseKey, Participant, Source
from mapping.services.identity import participants_with
from tests import personas
from tests.personas import Citizen, point
from tests.signing_in.provider import asked_for, consent, provider, signed_in_only, start, use, walk

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")

SUBJECT = "subject-of-ada-7f3a"


@pytest.fixture
def issuer(settings: Settings) -> Iterator[str]:
    """The issuer of a provider that runs."""
    with provider(settings) as running:
        yield running


@pytest.fixture
def campaign(db: None) -> Campaign:
    """A campaign that is open to people who signed in only."""
    return signed_in_only(personas.make_campaign())


def send(browser: Client, campaign: Campaign, text: str = "It is dark here.") -> Any:
    category = Category.objects.filter(campaign=campaign, takes_contributions=True).first()
    assert category is not None
    return browser.post(
        reverse("api:contributions", args=(campaign.slug,)),
        {
            "type": "Feature",
            "geometry": point(),
            "properties": {"category": category.slug, "text": text, "answers": {}},
        },
        content_type="application/geo+json",
    )


def test_who_did_not_sign_in_is_refused_with_the_way_to_it(campaign: Campaign, issuer: str) -> None:
    answer = send(Client(), campaign)
    assert answer.status_code == 401
    problem = answer.json()
    assert problem["code"] == "sign_in_needed"
    page = reverse("sign-in", args=(campaign.slug,))
    assert problem["sign_in"] == f"http://testserver{page}"
    assert page in answer.headers["WWW-Authenticate"]
    assert Client().get(page).status_code == 200
    assert not Participant.objects.filter(campaign=campaign).exists()


def test_cookie_of_anybody_is_no_sign_in(campaign: Campaign, issuer: str, citizen: Citizen) -> None:
    assert send(citizen.browser(), campaign).status_code == 401


def test_same_person_on_two_devices_is_one_participant(campaign: Campaign, issuer: str) -> None:
    phone, desk = Client(), Client()
    for browser, text in ((phone, "First."), (desk, "Second.")):
        assert walk(browser, campaign, SUBJECT).status_code == 302
        assert send(browser, campaign, text).status_code == 201
    assert Participant.objects.filter(campaign=campaign).count() == 1
    assert Contribution.objects.filter(campaign=campaign).count() == 2
    other = Client()
    walk(other, campaign, "somebody-else")
    assert send(other, campaign).status_code == 201
    assert Participant.objects.filter(campaign=campaign).count() == 2


def test_digests_of_two_campaigns_have_nothing_in_common(
    campaign: Campaign, cells_campaign: Campaign, issuer: str
) -> None:
    second = signed_in_only(cells_campaign)
    browser = Client()
    for one in (campaign, second):
        walk(browser, one, SUBJECT)
        assert send(browser, one).status_code == 201
    first_key, second_key = (bytes(one.key) for one in Participant.objects.order_by("campaign_id"))
    assert first_key != second_key
    keys = {bytes(one.key) for one in PairwiseKey.objects.all()}
    assert len(keys) == 2


def test_sign_in_for_one_campaign_is_none_for_another(
    campaign: Campaign, cells_campaign: Campaign, issuer: str
) -> None:
    second = signed_in_only(cells_campaign)
    browser = Client()
    walk(browser, campaign, SUBJECT)
    assert send(browser, second).status_code == 401
    # Not even under the name of the other one's cookie.
    browser.cookies[f"signed-in-{second.pk}"] = browser.cookies[f"signed-in-{campaign.pk}"].value
    assert send(browser, second).status_code == 401


def test_neither_subject_nor_token_is_stored_anywhere(
    campaign: Campaign, issuer: str, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Client()
    answer = walk(browser, campaign, SUBJECT)
    send(browser, campaign)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('SELECT count(*) FROM %%I AS t WHERE t::text LIKE %%L', table_name, %s)"
            " FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
            [f"%{SUBJECT}%"],
        )
        asked = [row[0] for row in cursor.fetchall()]
        for statement in asked:
            cursor.execute(statement)
            assert cursor.fetchone() == (0,), statement
    assert len(asked) > 50
    assert SUBJECT not in caplog.text
    assert SUBJECT not in str(browser.cookies) + str(answer.headers)
    assert not User.objects.exists()
    assert site.SESSION_COOKIE_NAME not in browser.cookies
    assert site.PARTICIPANT_COOKIE_NAME not in browser.cookies


def test_provider_is_asked_for_nothing_but_the_subject(campaign: Campaign, issuer: str) -> None:
    asked = asked_for(start(Client(), campaign))
    assert asked["scope"] == "openid"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 43
    assert len(asked["nonce"]) >= 43
    assert asked["redirect_uri"] == f"http://testserver{reverse('sign-in-back')}"
    assert "prompt" not in asked


def test_kiosk_takes_nobody_from_the_sign_in_before(campaign: Campaign, issuer: str) -> None:
    browser = Client()
    browser.post(reverse("kiosk", args=(campaign.slug,)))
    walk(browser, campaign, SUBJECT)
    assert asked_for(start(browser, campaign))["prompt"] == "login"
    browser.post(reverse("kiosk", args=(campaign.slug,)))
    assert send(browser, campaign).status_code == 401


def test_person_comes_back_to_where_they_were_but_never_to_another_site(
    campaign: Campaign, issuer: str
) -> None:
    form = reverse("contribute", args=(campaign.slug,))
    assert walk(Client(), campaign, SUBJECT, form).headers["Location"] == form
    own_page = campaign.get_absolute_url()
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert walk(Client(), campaign, SUBJECT, elsewhere).headers["Location"] == own_page


def test_answer_is_taken_once_and_only_by_the_browser_that_began(campaign: Campaign, issuer: str) -> None:
    browser = Client()
    back = consent(start(browser, campaign), SUBJECT).removeprefix("http://testserver")
    stranger = Client().get(back)
    assert stranger.status_code == 400
    assert "in einem anderen Browser" in stranger.content.decode()
    other = Client()
    start(other, campaign)
    assert other.get(back).status_code == 400  # the state is another one
    assert browser.get(back).status_code == 302
    assert browser.get(back).status_code == 400  # replayed
    assert send(stranger.client, campaign).status_code == 401


@pytest.mark.parametrize("path", ["page", "start"])
def test_without_a_provider_a_sentence_says_so(campaign: Campaign, settings: Settings, path: str) -> None:
    settings.CITIZEN_OIDC_ISSUER = ""
    name = "sign-in" if path == "page" else "sign-in-start"
    answer = Client().get(reverse(name, args=(campaign.slug,)))
    assert answer.status_code == 503
    assert "Die Anmeldung ist zurzeit nicht möglich" in answer.content.decode()


def test_provider_that_is_down_is_named_so(
    campaign: Campaign, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        use(settings, f"http://127.0.0.1:{port}")
        answer = Client().get(reverse("sign-in-start", args=(campaign.slug,)))
    assert answer.status_code == 503
    assert "nicht erreichbar" in answer.content.decode()
    assert str(port) not in caplog.text


def test_who_cancels_reads_so(campaign: Campaign, issuer: str) -> None:
    browser = Client()
    state = asked_for(start(browser, campaign))["state"]
    answer = browser.get(
        reverse("sign-in-back"), {"state": state, "error": "access_denied", "error_description": "<b>no</b>"}
    )
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "nicht angemeldet" in page
    assert "<b>no" not in page


def test_sign_in_ends_after_its_hours_and_by_the_button(
    campaign: Campaign, issuer: str, settings: Settings
) -> None:
    browser = Client()
    walk(browser, campaign, SUBJECT)
    cookie = browser.cookies[f"signed-in-{campaign.pk}"]
    assert cookie["max-age"] == 12 * 3600
    assert cookie["httponly"]
    settings.CITIZEN_SIGN_IN_HOURS = 0
    assert send(browser, campaign).status_code == 401
    settings.CITIZEN_SIGN_IN_HOURS = 12
    assert send(browser, campaign).status_code == 201
    browser.post(reverse("sign-out", args=(campaign.slug,)))
    assert send(browser, campaign).status_code == 401


def test_own_things_are_found_and_deleted_after_signing_in_elsewhere(campaign: Campaign, issuer: str) -> None:
    phone, desk = Client(), Client()
    walk(phone, campaign, SUBJECT)
    send(phone, campaign, "The lamp is broken.")
    assert "The lamp is broken." in phone.get(reverse("mine")).content.decode()
    before = desk.get(reverse("mine")).content.decode()
    assert "The lamp is broken." not in before
    assert reverse("sign-in", args=(campaign.slug,)) in before
    walk(desk, campaign, SUBJECT)
    assert "The lamp is broken." in desk.get(reverse("mine")).content.decode()
    desk.post(reverse("delete-mine"), {"action": "delete"})
    assert not Participant.objects.filter(campaign=campaign).exists()
    assert not Contribution.objects.filter(campaign=campaign).exists()
    assert send(desk, campaign).status_code == 401  # signed out, too
    assert participants_with(None, {}) == []


def test_pages_invite_to_sign_in_and_then_to_take_part(campaign: Campaign, issuer: str) -> None:
    browser = Client()
    form = reverse("contribute", args=(campaign.slug,))
    for address in (campaign.get_absolute_url(), form):
        page = browser.get(address).content.decode()
        assert "Anmelden, um mitzumachen" in page
        assert urlencode({"next": address}) in page
    assert not re.search(r'name="text"', browser.get(form).content.decode())
    walk(browser, campaign, SUBJECT)
    page = browser.get(campaign.get_absolute_url()).content.decode()
    assert "Sie sind angemeldet" in page
    assert form in page


def test_plain_form_of_somebody_who_is_not_signed_in_is_refused(campaign: Campaign, issuer: str) -> None:
    category = campaign.categories.filter(takes_contributions=True).first()
    assert category is not None
    sent = {"category": category.slug, "text": "Dark.", "place_type": "point"}
    place = {"latitude": "49.4447", "longitude": "7.7689"}
    answer = Client().post(reverse("contribute", args=(campaign.slug,)), sent | place)
    assert answer.status_code == 401
    assert not Contribution.objects.filter(campaign=campaign).exists()


def test_reactions_are_refused_and_their_forms_hidden(campaign: Campaign, issuer: str) -> None:
    place = personas.make_contribution(campaign, source=Source.PAPER)
    page = reverse("contribution", args=(campaign.slug, place.pk))
    support = reverse("contribution-support", args=(campaign.slug, place.pk))
    browser = Client()
    assert support not in browser.get(page).content.decode()
    assert browser.post(support, {"value": "1"}).status_code == 401
    comment = reverse("contribution-comment", args=(campaign.slug, place.pk))
    assert browser.post(comment, {"text": "Yes."}).status_code == 401
    walk(browser, campaign, SUBJECT)
    assert support in browser.get(page).content.decode()
    assert browser.post(support, {"value": "1"}).status_code == 303
    place.refresh_from_db()
    assert place.support_count == 1


def test_long_addresses_fit_into_the_cookie(campaign: Campaign, issuer: str) -> None:
    browser = Client()
    start(browser, campaign, f"{campaign.get_absolute_url()}?search={'ä' * 3000}")
    assert len(browser.cookies["sign-in"].OutputString()) < 4096
