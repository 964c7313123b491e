"""Where the city's page is used: on every page, in files, letters, catalogues; read once per request at most."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, cast

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import User
from doors.letters import send_reset_letter
from mapping.exports.metadata import current_site
from mapping.models import Campaign, City, CityLogo
from mapping.models.setup import profile
from mapping.services.setup.city import changes
from mapping.services.setup.city.page import NewLogo, set_boundary, set_page
from tests import personas
from tests.services.setup.test_city import outline, png

CONTACT = {"mail": "stadt@x.example", "phone": "+49 (0) 631 365-0", "postal_address": "Rathaus\nMarkt 1"}


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who may edit the city's page and nothing else."""
    return personas.make_user("city@example.org", may_edit_city=True)


@pytest.fixture
def reader(db: None) -> Client:
    """A visitor's browser, in English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_header_and_footer_show_name_and_logo(reader: Client, editor: User) -> None:
    set_page(editor, {"name": "Neustadt", "logo_alt": "Coat of arms"}, NewLogo(png()))
    city = City.objects.get()
    page = reader.get("/help/").content.decode()
    assert page.count(f'src="/logo/{city.logo_id}.png?small"') == 2
    assert page.count('alt="Coat of arms"') == 1
    assert "· Neustadt</title>" in page


def test_logo_is_served_as_long_as_it_is_shown(reader: Client, editor: User) -> None:
    set_page(editor, {"logo_alt": "Logo"}, NewLogo(png()))
    address = f"/logo/{City.objects.get().logo_id}.png"
    answer = reader.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    set_page(editor, {"logo_alt": ""}, NewLogo(is_removed=True))
    assert CityLogo.objects.exists()
    assert reader.get(address).status_code == 404


def test_pages_get_the_logo_as_small_as_they_show_it(reader: Client, editor: User) -> None:
    """At most 160 × 40 pixels of a style sheet, three of the screen for one."""
    original = BytesIO()
    Image.effect_noise((640, 400), 80).convert("RGBA").save(original, "PNG")
    set_page(editor, {"logo_alt": "Logo"}, NewLogo(original.getvalue()))
    address = f"/logo/{City.objects.get().logo_id}.png"
    small = reader.get(f"{address}?small")
    assert (small["Content-Type"], Image.open(BytesIO(small.content)).size) == ("image/webp", (192, 120))
    assert "immutable" in small["Cache-Control"]
    assert len(small.content) < len(reader.get(address).content) / 5


def test_colour_of_the_page_is_the_theme(reader: Client, editor: User, settings: Settings) -> None:
    settings.CITY_ACCENT = ""
    set_page(editor, {"accent": "#c8102e"})
    assert 'href="/theme.css?accent=%23c8102e"' in reader.get("/help/").content.decode()
    assert "--accent: #c8102e" in reader.get("/theme.css").content.decode()


def test_imprint_and_privacy_show_their_texts(reader: Client, editor: User) -> None:
    texts = {"imprint": "## Who\n\n**We**, see [here](https://x.example)", "privacy_contact": "Ms *Sample*"}
    set_page(editor, CONTACT | texts)
    page = reader.get("/imprint/").content.decode()
    for words in (
        "<strong>We</strong>",
        'href="https://x.example"',
        "Rathaus<br>Markt 1",
        "mailto:stadt@x.example",
    ):
        assert words in page
    assert 'href="tel:+49631365-0"' in page
    assert "not complete" not in page
    assert "<em>Sample</em>" in reader.get("/privacy/").content.decode()


ATTACKS = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '[x](https://x.example "onmouseover=alert(1)")',
    "<style>body { display: none }</style>",
    "</div></article><form action=https://x.example>",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_texts_cannot_hold_markup(reader: Client, editor: User, attack: str) -> None:
    texts = dict.fromkeys(("imprint", "privacy_contact", "name", "postal_address", "logo_alt"), attack)
    set_page(editor, texts | {"mail": "stadt@x.example"}, NewLogo(png()))
    set_boundary(editor, outline(), attack)
    for path in ("/", "/imprint/", "/privacy/", "/nowhere/"):
        page = reader.get(path).content.decode()
        for wrong in (
            "<script>alert",
            "<img src=x",
            'href="javascript:',
            'href="data:',
            "<style>",
            "<form action=h",
        ):
            assert wrong not in page, (path, wrong)


def test_error_pages_name_the_contact(reader: Client, editor: User) -> None:
    set_page(editor, {"mail": "stadt@x.example"})
    assert "mailto:stadt@x.example" in reader.get("/no/such/page/").content.decode()


def test_letters_name_the_city_and_its_contact(editor: User) -> None:
    set_page(editor, {"name": "Neustadt", "mail": "stadt@x.example"})
    send_reset_letter(editor.pk, "en")
    [letter] = mail.outbox
    assert letter.subject == "New password for Neustadt"
    assert "stadt@x.example" in letter.body


def test_catalogues_name_the_city(reader: Client, editor: User, campaign: Campaign) -> None:
    set_page(editor, {"name": "Neustadt", "mail": "stadt@x.example"})
    set_boundary(editor, outline(), "Land survey")
    assert (current_site().name, current_site().contact) == ("Neustadt", "stadt@x.example")
    turtle = reader.get("/dcat/catalog.ttl")
    assert "Neustadt" in b"".join(cast("Iterator[bytes]", turtle)).decode()
    projects = b"".join(cast("Iterator[bytes]", reader.get("/dipas-pds/projects")))
    assert b"Neustadt" in projects
    assert reader.get("/open311/v2/discovery.json").json()["contact"] == "stadt@x.example"
    answer = reader.get("/api/v1/city/")
    assert answer["Content-Type"].startswith("application/geo+json")
    feature = answer.json()
    assert feature["properties"]["name"] == "Neustadt"
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_api_has_no_boundary_where_none_is_known(reader: Client) -> None:
    assert reader.get("/api/v1/city/").json()["geometry"] is None
    assert reader.get("/api/v1/city/?x=1").status_code == 400


def test_maps_do_not_keep_a_former_boundary(reader: Client, editor: User) -> None:
    set_boundary(editor, outline())
    assert reader.get("/api/v1/city/")["Cache-Control"] == "no-cache"
    assert personas.staff_browser(editor).get("/api/v1/city/")["Cache-Control"] == "no-store"


def test_home_page_draws_the_boundary(reader: Client, editor: User, campaign: Campaign) -> None:
    personas.make_contribution(campaign)
    before = reader.get("/").context["city_map"]
    set_boundary(editor, outline())
    after = reader.get("/").context["city_map"]
    assert before.area != after.area
    assert after.area


# --- reading it -----------------------------------------------------------------------------------------------------


def reads(path: str) -> Callable[[], int]:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            Client().get(path)
        return sum("mapping_city" in one["sql"] for one in queries)

    return count


@pytest.mark.parametrize("path", ["/", "/help/", "/imprint/", "/privacy/", "/no/such/page/", "/theme.css"])
def test_pages_read_the_city_once(editor: User, path: str) -> None:
    set_page(editor, CONTACT | {"logo_alt": "Logo", "imprint": "We"}, NewLogo(png()))
    assert reads(path)() == 1


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/campaigns/fear-spaces/contributions/",
        "/api/v1/campaigns/",
        "/ogc/collections/fear-spaces-contributions/items?f=json",
        "/healthz",
        "/jsi18n/",
    ],
)
def test_hot_paths_do_not_read_it(campaign: Campaign, path: str) -> None:
    assert reads(path)() == 0


def test_boundary_is_read_once_per_process_and_change(editor: User) -> None:
    set_boundary(editor, outline())
    profile.city_boundary()
    with CaptureQueriesContext(connection) as queries:
        profile.city_boundary()
    assert len(queries) == 1
    set_boundary(editor, outline(7.9))
    found = profile.city_boundary()
    assert found is not None
    assert found.extent[2] == pytest.approx(7.9)


def test_restarting_database_does_not_rename_the_city(
    reader: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_page(editor, {"name": "Neustadt"})
    assert "Neustadt" in reader.get("/help/").content.decode()

    def broken(*_: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(profile, "_row", broken)
    assert "Neustadt" in reader.get("/help/").content.decode()
    monkeypatch.setattr(profile, "_last", None)
    assert reader.get("/help/").status_code == 200


def test_next_request_shows_what_another_process_saved(reader: Client, editor: User) -> None:
    set_page(editor, {"name": "Neustadt"})
    assert "Neustadt" in reader.get("/help/").content.decode()
    City.objects.update(name="Elsewhere")
    assert "Elsewhere" in reader.get("/help/").content.decode()
    assert changes.stored_city().name == "Elsewhere"
