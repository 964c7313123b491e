"""What holds for every page of the site: its frame, its headers, its words."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from mapping.models import Campaign
from mapping.models.campaign import Marker, Palette
from mapping.services.identity import edit_token
from tests import personas

PAGES = (
    "/",
    "/search/",
    "/search/?q=x",
    "/campaigns/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/accessibility/report/",
    "/accessibility/report/sent/",
    "/imprint/",
    "/accounts/login/",
    "/no/such/page/",
    "/mine/x/",
    "/mine/",
    "/mine/delete/",
)


class Outline(HTMLParser):
    """Collects what the tests ask about a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_page_has_landmarks_one_heading_and_nothing_inline(client: Client, path: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(path)
    page = Outline()
    page.feed(response.content.decode())
    assert page.tags[0] == ("html", {"lang": language})
    for tag in ("h1", "main", "header", "footer", "title"):
        assert page.count(tag) == 1, tag
    for tag, attributes in page.tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag == "script":
            assert attributes.get("src")
        if tag in {"link", "script", "img", "use"}:
            address = attributes.get("href") or attributes.get("src") or ""
            assert address.startswith("/")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for name in ("help", "privacy", "accessibility", "imprint"):
        assert any(attributes.get("href") == reverse(name) for _, attributes in page.tags)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["Content-Language"] == language


@pytest.mark.django_db
def test_titles_name_page_and_city(client: Client, settings: Settings) -> None:
    settings.CITY_NAME = "Model City"
    client.cookies["django_language"] = "en"
    html = client.get("/imprint/").content.decode()
    [title] = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    assert " ".join(title.split()) == "Imprint · Model City"


@pytest.mark.django_db
def test_contact_of_the_city_is_named_where_people_look_for_it(client: Client, settings: Settings) -> None:
    settings.CITY_CONTACT = "teilnahme@stadt.example"
    for path in ("/imprint/", "/help/", "/privacy/", "/accessibility/"):
        assert "mailto:teilnahme@stadt.example" in client.get(path).content.decode()


@pytest.mark.django_db
def test_wrong_password_is_told_and_staff_gets_in(client: Client) -> None:
    client.cookies["django_language"] = "en"
    personas.make_user("planner@example.org")
    wrong = client.post("/accounts/login/", {"username": "planner@example.org", "password": "guess"})
    assert "do not fit together" in wrong.content.decode()
    right = client.post(
        "/accounts/login/",
        {"username": "Planner@Example.org", "password": personas.PASSWORD, "next": "/imprint/"},
    )
    assert right["Location"] == "/imprint/"


def test_errors_of_the_server_have_a_page_that_needs_nothing(
    monkeypatch: pytest.MonkeyPatch, db: None, campaign: Campaign
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("mapping.web.overview.home.cards_of", broken)
    browser = Client(raise_request_exception=False)
    browser.cookies["django_language"] = "en"
    response = browser.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.content.decode()


def test_form_without_its_token_gets_a_friendly_page(db: None, campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["django_language"] = "en"
    response = browser.post(f"/mine/{edit_token(contribution.pk)}/", {"text": "x"})
    assert response.status_code == 403
    assert "Please send it again" in response.content.decode()


def _static(name: str) -> str:
    from django.contrib.staticfiles import finders

    found = finders.find(name)
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")


def test_every_colour_and_marker_of_the_models_is_drawn() -> None:
    tokens, cards, icons = (
        _static(f"mapping/{name}") for name in ("css/tokens.css", "css/cards.css", "img/icons.svg")
    )
    for colour in Palette.values:
        assert f"--category-{colour}: #" in tokens
        assert f".category-{colour} {{" in cards
    for marker in Marker.values:
        assert f'id="marker-{marker}"' in icons


def test_icons_named_in_templates_exist(settings: Settings) -> None:
    icons = set(re.findall(r'<symbol id="([a-z-]+)"', _static("mapping/img/icons.svg")))
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    named = {name for path in templates for name in re.findall(r'{% icon "([a-z-]+)"', path.read_text())}
    assert named <= icons


def _luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


TEXT_PAIRS = [
    *(
        (ink, ground)
        for ink in ("--ink", "--ink-quiet")
        for ground in ("--ground", "--surface", "--surface-quiet")
    ),
    ("--on-accent", "--accent"),
    ("--on-accent", "--accent-strong"),
    ("--on-accent-quiet", "--accent-quiet"),
    ("--accent", "--surface"),
    ("--accent", "--ground"),
    ("--good", "--good-quiet"),
    ("--warning", "--warning-quiet"),
    ("--bad", "--bad-quiet"),
    ("--bad", "--surface"),
    ("--on-bad", "--bad"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_and_controls_have_the_contrast_that_wcag_asks_for(scheme: str) -> None:
    light, dark = _static("mapping/css/tokens.css").split("prefers-color-scheme: dark")[:2]
    tokens = dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", light.replace("#fff;", "#ffffff;")))
    if scheme == "dark":
        tokens |= dict(re.findall(r"(--[a-z0-9-]+): (#[0-9a-f]{6});", dark.replace("#fff;", "#ffffff;")))
    for ink, ground in TEXT_PAIRS:
        assert _contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    for ground in ("--ground", "--surface", "--surface-quiet"):
        assert _contrast(tokens["--line-strong"], tokens[ground]) >= 3, ground
        assert _contrast(tokens["--focus"], tokens[ground]) >= 3, ground
    for colour in Palette.values:
        assert _contrast(tokens[f"--category-{colour}"], "#f2f2ee") >= 2.99, colour


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/", "/privacy/", "/jsi18n/", "/nowhere/"])
def test_shared_caches_keep_languages_apart(client: Client, url: str) -> None:
    assert "Cookie" in client.get(url).headers["Vary"]
