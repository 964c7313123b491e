"""Kiosks: a browser that starts over for each person."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from mapping.models import Campaign, Participant
from tests import personas

KIOSK = "/campaigns/fear-spaces/kiosk/"
START = "/campaigns/fear-spaces/"


def english() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def cookie_of(client: Client, name: str) -> str:
    found = client.cookies.get(name)
    return found.value if found is not None else ""


def contribute(client: Client, text: str) -> None:
    answer = client.post(f"{START}contribute/", {"category": "idea", "text": text, "send": "1"})
    assert answer.status_code == 303


def test_a_kiosk_begins_by_its_button_and_lasts_on_every_page(campaign: Campaign) -> None:
    client = english()
    page = client.get(KIOSK).content.decode()
    assert "Begin the kiosk" in page
    assert "kiosk-guard" not in page
    answer = client.post(KIOSK, {"action": "start"})
    assert (answer.status_code, answer.headers["Location"]) == (302, START)
    cookie = answer.cookies["kiosk"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "fear-spaces",
        True,
        "Lax",
        "",
    )
    for address in (START, f"{START}contribute/", "/privacy/"):
        html = client.get(address).content.decode()
        assert f'data-home="{START}"' in html, address
        assert f'action="{KIOSK}"' in html, address
    # It begins in the site's own language, whatever the person before chose.
    assert "Infostand beenden" in client.get(KIOSK).content.decode()


def test_other_browsers_are_none(campaign: Campaign) -> None:
    assert "kiosk-guard" not in Client().get(START).content.decode()


@pytest.mark.parametrize("value", ["../../evil", "a b", "x" * 81, '"><script>', ""])
def test_a_forged_cookie_makes_no_kiosk(campaign: Campaign, value: str) -> None:
    client = Client()
    client.cookies["kiosk"] = value
    assert "kiosk-guard" not in client.get(START).content.decode()


def test_the_next_person_is_a_new_one(campaign: Campaign) -> None:
    client = english()
    client.post(KIOSK, {"action": "start"})
    contribute(client, "A bench, please.")
    contribute(client, "And a tree.")
    assert Participant.objects.count() == 1
    assert cookie_of(client, settings.PARTICIPANT_COOKIE_NAME)
    answer = client.post(KIOSK, {"action": "start"})
    assert answer.cookies[settings.PARTICIPANT_COOKIE_NAME].value == ""
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert cookie_of(client, "kiosk") == "fear-spaces"
    assert "A bench" not in client.get(START).content.decode()
    contribute(client, "A swing.")
    assert Participant.objects.count() == 2


def test_whoever_begins_a_kiosk_is_logged_out(campaign: Campaign, manager: User) -> None:
    browser = personas.staff_browser(manager)
    assert browser.get("/planning/fear-spaces/queue/").status_code == 200
    browser.post(KIOSK, {"action": "start"})
    assert browser.get("/planning/fear-spaces/queue/").status_code == 302


def test_it_ends_by_its_button(campaign: Campaign) -> None:
    client = english()
    client.post(KIOSK, {"action": "start"})
    assert cookie_of(client, "kiosk")
    client.post(KIOSK, {"action": "end"})
    assert "kiosk-guard" not in client.get(START).content.decode()


def test_no_other_site_can_begin_one(campaign: Campaign) -> None:
    """It would take their contributions from people."""
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(KIOSK, {"action": "start"}).status_code == 403
    assert browser.get(KIOSK).cookies.get("kiosk") is None


def test_drafts_have_no_kiosk(draft_campaign: Campaign, client: Client) -> None:
    address = f"/campaigns/{draft_campaign.slug}/kiosk/"
    assert client.get(address).status_code == client.post(address, {"action": "start"}).status_code == 404
    member = personas.make_user("member@example.org", draft_campaign, "analyst")  # type: ignore[arg-type]
    browser = personas.staff_browser(member)
    assert 'value="start"' not in browser.get(address).content.decode()
    assert browser.post(address, {"action": "start"}).cookies.get("kiosk") is None
