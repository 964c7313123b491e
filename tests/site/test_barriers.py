"""Reports of barriers: from every page, without JavaScript, to the city, and without anything private."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from doors.levels import Counter
from doors.visitors import BARRIER
from geoparticipation.barriers.addresses import shown_path
from mapping.models import Campaign
from mapping.models.setup.city import City
from mapping.services.identity import edit_token
from tests import personas
from tests.background import run_waiting_tasks, waiting_tasks

FORM = "/accessibility/report/"


@pytest.fixture
def city(db: None, settings: Settings) -> City:
    """A site that sends mail, of a city with an address."""
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://beteiligung.example.org"
    return City.objects.create(mail="city@example.org", name="Model City")


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def test_report_reaches_the_city_and_is_kept_nowhere(reader: Client, city: City) -> None:
    sent = {"text": "The map says nothing.", "page": "/help/", "email": "me@example.org"}
    answer = reader.post(FORM, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"{FORM}sent/")
    assert "at the latest within a month" in reader.get(f"{FORM}sent/").content.decode()
    run_waiting_tasks()
    [letter] = mail.outbox
    assert (letter.to, letter.reply_to) == (["city@example.org"], ["me@example.org"])
    assert letter.subject == "Barriere auf der Website von Model City gemeldet"
    body = str(letter.body)
    assert "https://beteiligung.example.org/help/" in body
    assert "The map says nothing." in body
    assert waiting_tasks() == []


def test_text_is_needed_and_nothing_typed_is_lost(reader: Client, city: City) -> None:
    answer = reader.post(FORM, {"text": " ", "page": "/help/", "email": "not an address"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="not an address"' in page
    assert 'aria-invalid="true"' in page
    assert waiting_tasks() == []


def test_letters_cannot_be_given_headers(reader: Client, city: City) -> None:
    answer = reader.post(FORM, {"text": "x", "email": "me@example.org\r\nBcc: all@example.org"})
    assert answer.status_code == 422
    assert waiting_tasks() == []


def test_floods_are_refused_with_the_time_to_wait(reader: Client, city: City, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 1.0
    counter = Counter(BARRIER.limit, (bytes([ord("4"), 127, 0, 0]),))
    at = timezone.now()
    for _ in range(BARRIER.limit.most):
        counter.take(at)
    answer = reader.post(FORM, {"text": "Again"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Again" in answer.content.decode()
    assert waiting_tasks() == []


def test_site_without_mail_names_the_other_ways(reader: Client, db: None, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    settings.CITY_CONTACT = "0631 1234"
    page = reader.get(FORM).content.decode()
    assert "<textarea" not in page
    assert "0631 1234" in page
    assert reader.post(FORM, {"text": "x"}).status_code == 200
    assert waiting_tasks() == []


def test_footer_names_the_page(reader: Client, city: City, campaign: Campaign) -> None:
    address = campaign.get_absolute_url()
    assert f'href="{FORM}?page={address}"' in reader.get(address).content.decode()
    assert f'value="{address}"' in reader.get(FORM, {"page": f"{address}?q=secret#x"}).content.decode()


@pytest.mark.parametrize(
    ("entered", "named"),
    [
        ("https://beteiligung.example.org/help/?a=b", "https://beteiligung.example.org/help/"),
        ("beteiligung.example.org/help/", "https://beteiligung.example.org/help/"),
        ("https://beteiligung.example.org", "https://beteiligung.example.org/"),
        ("https://beteiligung.example.org/mine/abc/", "https://beteiligung.example.org/mine/"),
        ("http://beteiligung.example.org/help/", "https://beteiligung.example.org/help/"),
        ("/help/", "https://beteiligung.example.org/help/"),
        ("  die Karte\nder Bäume ", "die Karte der Bäume"),
        ("Startseite/Karte", "Startseite/Karte"),
        ("Karte / Liste der Bürger/innen-Seite", "Karte / Liste der Bürger/innen-Seite"),
        ("mein Link /mine/abc/", "nicht genannt"),
        ("auf beteiligung.example.org/mine/abc/", "nicht genannt"),
        ("https://other.example/mine/abc/", "nicht genannt"),
        ("https://beteiligung.example.org.other.example/help/", "nicht genannt"),
    ],
)
def test_page_is_named_as_people_enter_it(reader: Client, city: City, entered: str, named: str) -> None:
    assert reader.post(FORM, {"text": "x", "page": entered}).status_code == 302
    run_waiting_tasks()
    [line] = [one for one in str(mail.outbox[0].body).splitlines() if one.startswith("Seite:")]
    assert line == f"Seite: {named}"


def test_private_links_are_never_passed_on(reader: Client, city: City, campaign: Campaign) -> None:
    token = edit_token(personas.make_contribution(campaign).pk)
    page = reader.get(f"/mine/{token}/").content.decode()
    assert f'href="{FORM}?page=/mine/"' in page
    reader.post(FORM, {"text": "x", "page": f"/mine/{token}/?a=b"})
    run_waiting_tasks()
    assert token not in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/", "/"),
        ("/help/?q=x#y", "/help/"),
        ("/mine/abc/", "/mine/"),
        ("/mine/abc/thanks/", "/mine/"),
        ("/response/abc/", "/response/"),
        ("/accounts/reset/MQ/x-y/", "/accounts/"),
        ("/ogc/key/abc/", "/ogc/"),
        ("/admin/accounts/user/1/change/", "/admin/"),
        ("/no/such/page/", ""),
        ("//other.example/", ""),
        ("https://other.example/", ""),
        ("help/", ""),
        ("/\\other.example", ""),
        ("//[", ""),
        ("/help/" + "x" * 300, ""),
        ("", ""),
    ],
)
def test_only_public_paths_are_shown(address: str, shown: str) -> None:
    assert shown_path(address) == shown


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            ("Erklärung zur Barrierefreiheit", "teilweise vereinbar", "30. November 2026", "Durchsetzung"),
        ),
        ("en", ("Statement on accessibility", "conforms in part", "Nov. 30, 2026", "arbitration body")),
    ],
)
def test_statement_has_all_that_the_law_asks_for(
    client: Client, db: None, settings: Settings, language: str, words: tuple[str, ...]
) -> None:
    settings.ACCESSIBILITY_ARBITRATION = "Arbitration, arbitration@land.example"
    settings.ACCESSIBILITY_SUPERVISION = "Supervision, https://supervision.example"
    client.cookies["django_language"] = language
    page = client.get("/accessibility/").content.decode()
    for word in (*words, "mailto:arbitration@land.example", "https://supervision.example", f'href="{FORM}"'):
        assert word in page, word


@pytest.mark.parametrize("path", ["/planning/", "/admin/"])
def test_staff_find_statement_and_form_too(db: None, path: str) -> None:
    boss: User = personas.make_user("boss@example.org", is_staff=True, is_superuser=True)
    page = personas.staff_browser(boss).get(path).content.decode()
    assert 'href="/accessibility/"' in page
    assert f'href="{FORM}' in page
