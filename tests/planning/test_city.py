"""The city's page as a form without JavaScript: who gets there, what it stores, what it refuses."""

import json
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.models import Campaign, City, CityChange, District, DistrictLayer
from mapping.models.setup.history import for_lists, listed
from mapping.services.setup.city.page import NewLogo, set_boundary, set_page
from tests import personas
from tests.personas import staff_browser
from tests.services.setup.test_city import outline, png

PAGES = ("", "look/", "look.css", "boundary/", "history/")
EMPTY = {
    **dict.fromkeys(("name", "accent", "logo_alt", "mail", "phone"), ""),
    **dict.fromkeys(("postal_address", "imprint", "privacy_contact", "expected"), ""),
}


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who may edit the city's page and nothing else."""
    return personas.make_user("city@example.org", may_edit_city=True)


@pytest.fixture
def browser(editor: User) -> Client:
    """Their browser, in English."""
    client = staff_browser(editor)
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("outsider", 403),
        ("analyst", 403),
        ("moderator", 403),
        ("manager", 403),
        ("administrator", 200),
        ("dismissed", 302),
        ("editor", 200),
        ("dismissed editor", 302),
    ],
)
def test_page_is_for_its_editors(campaign: Campaign, who: str, status: int, page: str) -> None:
    if who.endswith("editor"):
        user: Any = personas.make_user("e@example.org", may_edit_city=True, is_active=who == "editor")
    else:
        user = personas.user_called(who, campaign)
    client = staff_browser(user) if isinstance(user, User) else Client()
    answer = client.get(f"/planning/city/{page}")
    assert answer.status_code == status
    if status == 200:
        assert "no-store" in answer["Cache-Control"]


def test_others_store_nothing(manager: User) -> None:
    client = staff_browser(manager)
    assert client.post("/planning/city/", EMPTY | {"name": "Neustadt"}).status_code == 403
    assert client.post("/planning/city/boundary/", {"way": "none"}).status_code == 403
    assert client.post("/planning/city/history/undo/", {"change": "1"}).status_code == 403
    large = {"logo": SimpleUploadedFile("x.png", b"x" * (3 * 2**20))}
    assert client.post("/planning/city/", large).status_code == 403
    assert not City.objects.exists()


def test_way_to_the_page_stands_where_planners_begin(browser: Client, manager: User) -> None:
    assert 'href="/planning/city/"' in browser.get("/planning/").content.decode()
    assert "/planning/city/" not in staff_browser(manager).get("/planning/").content.decode()


def test_what_is_missing_is_said_once_to_those_who_may_mend_it(
    browser: Client, editor: User, manager: User, settings: Settings
) -> None:
    settings.CITY_CONTACT = ""
    words = "The imprint has no text."
    assert browser.get("/planning/").content.decode().count(words) == 1
    assert words not in staff_browser(manager).get("/planning/").content.decode()
    set_page(editor, {"imprint": "We", "privacy_contact": "She", "phone": "0631"})
    assert "Before this site is open to the public" not in browser.get("/planning/").content.decode()


def test_everything_is_stored_and_shown_again(browser: Client) -> None:
    data = EMPTY | {
        "name": "Neustadt",
        "accent": "#C8102E",
        "mail": "stadt@x.example",
        "phone": "+49 631 365-0",
        "postal_address": "Rathaus\r\nMarkt 1",
        "imprint": "## Wer\r\n\r\n**Wir**",
        "privacy_contact": "Frau Muster",
        "logo_alt": "Wappen",
    }
    answer = browser.post("/planning/city/", data | {"logo": SimpleUploadedFile("logo.png", png())})
    assert (answer.status_code, answer["Location"]) == (302, "/planning/city/")
    city = City.objects.get()
    assert (city.name, city.accent, city.postal_address) == ("Neustadt", "#c8102e", "Rathaus\nMarkt 1")
    page = browser.get("/planning/city/").content.decode()
    for words in ("Neustadt", "#c8102e", "stadt@x.example", "Frau Muster", f"/logo/{city.logo_id}.png"):
        assert words in page
    browser.post("/planning/city/", data | {"remove_logo": "on"})
    assert City.objects.get().logo is None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "tomato", "Please give the colour as # and six digits"),
        ("mail", "nobody", "This is no e-mail address."),
        ("phone", "call us", "Please write the telephone number in digits"),
        ("name", "x" * 121, "121"),
    ],
)
def test_wrong_values_keep_what_was_typed(browser: Client, field: str, value: str, words: str) -> None:
    answer = browser.post("/planning/city/", EMPTY | {field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert f'value="{value}"' in page
    assert not CityChange.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<svg onload='alert(1)'></svg>", "This is a drawing in vectors"),
        (b"GIF89a", "not a photo that can be read"),
        (b"\0" * (20 * 2**20), "too large"),
    ],
)
def test_wrong_logos_are_refused_at_their_field(browser: Client, data: bytes, words: str) -> None:
    file = SimpleUploadedFile("logo.png", data)
    answer = browser.post("/planning/city/", EMPTY | {"logo": file, "logo_alt": "Logo"})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_two_tabs_do_not_overwrite_each_other(browser: Client, editor: User) -> None:
    read = browser.get("/planning/city/").context["form"]["expected"].value()
    set_page(editor, {"name": "Altstadt"})
    answer = browser.post("/planning/city/", EMPTY | {"name": "Neustadt", "expected": read})
    assert answer.status_code == 422
    assert "Somebody else has changed this step meanwhile" in answer.content.decode()
    assert City.objects.get().name == "Altstadt"
    again = answer.context["form"]["expected"].value()
    assert browser.post("/planning/city/", EMPTY | {"name": "Neustadt", "expected": again}).status_code == 302
    assert City.objects.get().name == "Neustadt"


def test_history_names_who_changed_what_and_takes_it_back(browser: Client, editor: User) -> None:
    set_page(editor, {"name": "Neustadt", "logo_alt": "Wappen"}, NewLogo(png()))
    page = browser.get("/planning/city/history/").content.decode()
    assert "city@example.org" in page
    assert "Neustadt" in page
    change = CityChange.objects.get()
    assert browser.post("/planning/city/history/undo/", {"change": change.pk}).status_code == 302
    assert City.objects.get().name == ""
    assert "taken back" in browser.get("/planning/city/history/").content.decode()
    for wrong in ("", "x", "9" * 30, change.pk):
        assert browser.post("/planning/city/history/undo/", {"change": wrong}).status_code == 302
    assert CityChange.objects.count() == 2


def test_history_reads_no_outlines(browser: Client, editor: User) -> None:
    set_boundary(editor, outline(), "Land survey")
    set_boundary(editor, None, "Land survey")
    with CaptureQueriesContext(connection) as captured:
        page = browser.get("/planning/city/history/").content.decode()
    assert page.count("Land survey") == 2
    read = [one["sql"] for one in captured if "light_before" in one["sql"]]
    assert len(read) == 1
    assert '"mapping_citychange"."before",' not in read[0]
    changes = list(listed(for_lists(CityChange.objects.all())))
    assert [one.before.get("boundary") for one in changes] == [True, None]


def test_preview_uses_the_colours_of_the_site(browser: Client) -> None:
    assert (
        "--accent: #c8102e" in browser.get("/planning/city/look.css", {"accent": "#c8102e"}).content.decode()
    )
    for text in ("", "red", "#c8102e; } body { display: none", "</style><script>"):
        assert browser.get("/planning/city/look.css", {"accent": text}).content == b""
    page = browser.get("/planning/city/look/", {"accent": "#ffcc00", "name": "<b>x</b>"}).content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "would be hard to read on light ground" in page


def test_preview_shows_the_name_that_is_typed(browser: Client, editor: User, settings: Settings) -> None:
    settings.CITY_NAME = "Musterstadt"
    set_page(editor, {"name": "Neustadt"})
    assert browser.get("/planning/city/").context["look_name"] == "Neustadt"
    assert browser.get("/planning/city/look/", {"name": ""}).context["look_name"] == "Musterstadt"
    answer = browser.post("/planning/city/", EMPTY | {"name": "Altstadt", "accent": "red"})
    assert answer.context["look_name"] == "Altstadt"


@pytest.mark.parametrize("page", PAGES)
def test_number_of_queries_does_not_grow(
    browser: Client,
    editor: User,
    page: str,
    django_assert_max_num_queries: Any,
    django_assert_num_queries: Any,
) -> None:
    set_page(editor, {"name": "Neustadt", "logo_alt": "Logo"}, NewLogo(png()))
    set_boundary(editor, outline())
    browser.get(f"/planning/city/{page}")
    with django_assert_max_num_queries(9) as first:
        browser.get(f"/planning/city/{page}")
    before = len(first)
    for number in range(5):
        set_page(editor, {"name": f"Neustadt {number}"})
    browser.get(f"/planning/city/{page}")
    with django_assert_num_queries(before):
        browser.get(f"/planning/city/{page}")


# --- the boundary ---------------------------------------------------------------------------------------------------


def test_boundary_comes_from_a_division_of_the_city(browser: Client) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for number, (west, east) in enumerate(((7.7, 7.75), (7.75, 7.8))):
        geom = MultiPolygon(Polygon.from_bbox((west, 49.4, east, 49.5)), srid=4326)
        District.objects.create(layer=layer, code=str(number), name=str(number), geom=geom)
    data = {"way": "layer", "layer": layer.pk, "boundary_source": "Land survey", "expected": ""}
    assert browser.post("/planning/city/boundary/", data).status_code == 302
    city = City.objects.get()
    assert city.boundary is not None
    assert city.boundary.extent == (7.7, 49.4, 7.8, 49.5)
    assert "Land survey" in browser.get("/imprint/").content.decode()
    kept = {"way": "kept", "boundary_source": "State survey"}
    assert browser.post("/planning/city/boundary/", kept).status_code == 302
    assert City.objects.get().boundary is not None
    assert browser.post("/planning/city/boundary/", {"way": "none"}).status_code == 302
    assert City.objects.get().boundary is None


def test_boundary_comes_from_a_drawing_or_a_file(browser: Client) -> None:
    drawn = {"way": "drawn", "drawn": outline().geojson}
    assert browser.post("/planning/city/boundary/", drawn).status_code == 302
    features = {"type": "Feature", "properties": {}, "geometry": json.loads(outline(7.9).geojson)}
    text = json.dumps({"type": "FeatureCollection", "features": [features]}).encode()
    file = {"way": "file", "file": SimpleUploadedFile("city.geojson", text)}
    assert browser.post("/planning/city/boundary/", file).status_code == 302
    city = City.objects.get()
    assert city.boundary is not None
    assert city.boundary.extent[2] == pytest.approx(7.9)


WRONG = [
    {"way": "drawn", "drawn": ""},
    {"way": "drawn", "drawn": "{}"},
    {"way": "drawn", "drawn": '{"type": "MultiPolygon", "coordinates": []}'},
    {"way": "drawn", "drawn": '{"type": "LineString", "coordinates": [[7, 49], [8, 50]]}'},
    {
        "way": "drawn",
        "drawn": '{"type": "Polygon", "coordinates": [[[181, 49], [182, 49], [182, 50], [181, 49]]]}',
    },
    {"way": "drawn", "drawn": '{"type": "Polygon", "coordinates": [[[7, 99], [8, 99], [8, 98], [7, 99]]]}'},
    {"way": "drawn", "drawn": "[" * 100_000},
    {"way": "file"},
    {"way": "file", "file": b"nonsense"},
    {"way": "file", "file": b'{"type": "FeatureCollection", "features": []}'},
    {"way": "file", "file": b'{"type": "Point", "coordinates": [7, 49]}'},
    {"way": "layer"},
    {"way": "kept"},
    {"way": "nowhere"},
    {},
]


@pytest.mark.parametrize("data", WRONG, ids=range(len(WRONG)))
def test_wrong_boundaries_are_refused(browser: Client, data: dict[str, Any]) -> None:
    sent = {
        name: SimpleUploadedFile("city.geojson", value) if isinstance(value, bytes) else value
        for name, value in data.items()
    }
    answer = browser.post("/planning/city/boundary/", sent)
    assert answer.status_code == 422
    assert "field__errors" in answer.content.decode() or "message--error" in answer.content.decode()
    assert not City.objects.exists()


def test_the_whole_city_is_an_area_for_campaigns(browser: Client, editor: User, campaign: Campaign) -> None:
    manager = staff_browser(personas.make_user("m@example.org", campaign, Role.MANAGER))
    address = f"/planning/{campaign.slug}/setup/area/"
    assert manager.post(address, {"way": "boundary"}).status_code == 422
    set_boundary(editor, outline())
    assert 'value="boundary"' in manager.get(address).content.decode()
    assert manager.post(address, {"way": "boundary"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.area is not None
    assert campaign.area.equals(outline())
