"""The city's page: what is stored, refused, noted and taken back."""

import io
import threading
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection, transaction
from django.test import Client
from PIL import Image, ImageDraw
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.checks import city_names_who_is_responsible
from mapping.models import Change, City, CityChange, CityLogo
from mapping.models.setup.profile import city_boundary, current_city
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup.area import city_extent
from mapping.services.setup.city import changes
from mapping.services.setup.city.missing import missing_of
from mapping.services.setup.city.page import MOST_POSITIONS, NewLogo, set_boundary, set_page
from tests import personas
from tests.services.photos.test_pictures import jpeg_with_secrets


def png(colour: tuple[int, int, int, int] = (200, 0, 0, 128), size: tuple[int, int] = (80, 40)) -> bytes:
    """A picture with a transparent ground."""
    written = io.BytesIO()
    Image.new("RGBA", size, colour).save(written, "PNG")
    return written.getvalue()


def outline(east: float = 7.8) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((7.7, 49.4, east, 49.5)), srid=4326)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return {name: [one.code for one in problems] for name, problems in refused.value.fields.items()}


@pytest.fixture
def editor(db: None) -> User:
    """Somebody who may edit the city's page and nothing else."""
    return personas.make_user("city@example.org", may_edit_city=True)


def test_settings_stand_until_the_page_is_filled_in(editor: User, settings: Settings) -> None:
    settings.CITY_NAME, settings.CITY_CONTACT, settings.CITY_ACCENT = (
        "Musterstadt",
        "info@x.example",
        "#c8102e",
    )
    before = current_city()
    assert (before.name, before.contact, before.accent) == ("Musterstadt", "info@x.example", "#c8102e")
    set_page(editor, {"name": "Neustadt", "phone": "+49 631 365-0"})
    after = current_city()
    assert (after.name, after.contact, after.accent) == ("Neustadt", "+49 631 365-0", "#c8102e")
    set_page(editor, {"name": "", "phone": ""})
    assert current_city().name == "Musterstadt"


def test_contact_is_one_line_of_what_there_is(editor: User, settings: Settings) -> None:
    settings.CITY_CONTACT = ""
    set_page(editor, {"postal_address": "Rathaus\n\nWilly-Brandt-Platz 1\n67657 Kaiserslautern"})
    assert current_city().contact == "Rathaus, Willy-Brandt-Platz 1, 67657 Kaiserslautern"
    set_page(editor, {"mail": "stadt@x.example", "phone": "0631 365"})
    assert current_city().contact == "stadt@x.example · 0631 365"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"accent": "red"}, {"accent": ["colour_invalid"]}),
        ({"accent": "#12345"}, {"accent": ["colour_invalid"]}),
        ({"accent": "#0b5a6b; }"}, {"accent": ["too_long"]}),
        ({"mail": "nobody"}, {"mail": ["mail_invalid"]}),
        ({"mail": "a@x.example\nBcc: b@x.example"}, {"mail": ["mail_invalid"]}),
        ({"phone": "call us"}, {"phone": ["phone_invalid"]}),
        ({"phone": "()--"}, {"phone": ["phone_invalid"]}),
        ({"name": "x" * 121}, {"name": ["too_long"]}),
        ({"imprint": "x" * 20_001, "mail": "x"}, {"imprint": ["too_long"], "mail": ["mail_invalid"]}),
    ],
)
def test_wrong_values_are_refused_by_name(editor: User, texts: dict[str, str], expected: Any) -> None:
    with pytest.raises(Invalid) as refused:
        set_page(editor, texts)
    assert codes(refused) == expected
    assert not CityChange.objects.exists()


def test_colour_is_stored_in_one_way_of_writing(editor: User) -> None:
    assert set_page(editor, {"accent": " C8102E "}).accent == "#c8102e"


def test_unseen_characters_are_taken_out(editor: User) -> None:
    assert set_page(editor, {"name": "Neu\u202estadt\u200b"}).name == "Neustadt"


# --- the logo -------------------------------------------------------------------------------------------------------


def test_logo_is_encoded_anew_and_stays_transparent(editor: User) -> None:
    city = set_page(editor, {"logo_alt": "Coat of arms"}, NewLogo(png(size=(1280, 640))))
    assert city.logo is not None
    stored = Image.open(io.BytesIO(bytes(city.logo.data)))
    assert (stored.format, stored.mode, stored.size) == ("PNG", "RGBA", (640, 320))
    assert (city.logo.width, city.logo.height) == (640, 320)


def test_a_drawn_logo_is_sent_small_with_few_colours_and_a_photograph_with_all(editor: User) -> None:
    drawing = Image.new("RGBA", (320, 320), "#0b5a6b")
    pen = ImageDraw.Draw(drawing)
    for number in range(12):
        pen.ellipse(
            (10 * number, 20 * number, 10 * number + 90, 20 * number + 60), fill="white", outline="#3f8f5a"
        )
    shades = Image.radial_gradient("L").resize((320, 320))
    photograph = Image.merge(
        "RGB", [shades, shades.rotate(90), Image.linear_gradient("L").resize((320, 320))]
    )
    colours = []
    for picture in (drawing, photograph):
        written = io.BytesIO()
        picture.save(written, "PNG")
        city = set_page(editor, {"logo_alt": "Logo"}, NewLogo(written.getvalue()))
        answer = Client().get(f"/logo/{city.logo_id}.png?small")
        assert answer["Content-Type"] == "image/webp"
        sent = Image.open(io.BytesIO(answer.content)).convert("RGBA")
        assert sent.size == (120, 120)
        colours.append(len(sent.getcolors(maxcolors=120 * 120) or []))
    assert colours[0] <= 128 < colours[1]


def test_logo_loses_what_its_file_says_beside_the_picture(editor: User) -> None:
    city = set_page(editor, {"logo_alt": "Photo"}, NewLogo(jpeg_with_secrets()))
    assert city.logo is not None
    stored = Image.open(io.BytesIO(bytes(city.logo.data)))
    assert not stored.info
    assert not stored.getexif()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"no picture", "not_a_photo"),
        (b'  <svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo_vector"),
        (b'<?xml version="1.0"?><svg/>', "logo_vector"),
        (b"\0" * (20 * 2**20), "photo_too_large"),
        (png()[:60], "photo_damaged"),
    ],
)
def test_wrong_logos_are_refused(editor: User, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_page(editor, {"logo_alt": "Logo"}, NewLogo(data))
    assert codes(refused) == {"logo": [code]}
    assert not CityLogo.objects.exists()


def test_bomb_is_refused_by_its_header(editor: User) -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(Invalid) as refused:
        set_page(editor, {"logo_alt": "Logo"}, NewLogo(bomb.getvalue()))
    assert codes(refused) == {"logo": ["photo_too_many_pixels"]}


def test_logo_needs_words(editor: User) -> None:
    with pytest.raises(Invalid) as refused:
        set_page(editor, {"logo_alt": ""}, NewLogo(png()))
    assert codes(refused) == {"logo_alt": ["alt_missing"]}
    set_page(editor, {"logo_alt": "Logo"}, NewLogo(png()))
    with pytest.raises(Invalid):
        set_page(editor, {"logo_alt": ""})
    set_page(editor, {"logo_alt": "x"}, NewLogo(is_removed=True))
    city = changes.stored_city()
    assert (city.logo, city.logo_alt) == (None, "")


def test_only_logos_that_can_come_back_are_kept(editor: User) -> None:
    for shade in (10, 20, 30):
        set_page(editor, {"logo_alt": "Logo"}, NewLogo(png((shade, 0, 0, 255))))
    assert CityLogo.objects.count() == 2
    set_page(editor, {"name": "Neustadt"})
    assert CityLogo.objects.count() == 1


# --- the boundary ---------------------------------------------------------------------------------------------------


def test_maps_of_the_city_open_on_its_boundary(editor: User) -> None:
    personas.make_campaign()
    assert city_extent() == list(personas.area().extent)
    set_boundary(editor, outline(), "Land survey")
    assert city_extent() == [7.7, 49.4, 7.8, 49.5]
    set_boundary(editor, outline(7.9), "Land survey")
    found = city_boundary()
    assert found is not None
    assert found.equals(outline(7.9))
    set_boundary(editor, None)
    assert city_boundary() is None


def test_boundary_with_too_many_points_is_refused(editor: User) -> None:
    points = [(7.0 + number / 1e6, 49.0) for number in range(MOST_POSITIONS)]
    large = MultiPolygon(Polygon([*points, (7.0, 50.0), points[0]]), srid=4326)
    with pytest.raises(Invalid) as refused:
        set_boundary(editor, large)
    assert codes(refused) == {"boundary": ["boundary_too_detailed"]}


# --- two tabs, history, undo ----------------------------------------------------------------------------------------


def test_change_of_somebody_else_is_not_overwritten_unseen(editor: User, administrator: User) -> None:
    read = changes.version_of(changes.stored_city(), "page")
    set_page(administrator, {"name": "Altstadt"}, expected=read)
    with pytest.raises(Conflict) as refused:
        set_page(editor, {"name": "Neustadt"}, expected=read)
    assert refused.value.code == "step_changed"
    assert City.objects.get().name == "Altstadt"
    set_page(editor, {"name": "Neustadt"}, expected=str(refused.value.params["version"]))
    assert City.objects.get().name == "Neustadt"


def test_same_values_are_no_change(editor: User) -> None:
    read = changes.version_of(changes.stored_city(), "page")
    set_page(editor, {"name": "Neustadt"}, expected=read)
    set_page(editor, {"name": "Neustadt"}, expected=read)
    assert CityChange.objects.count() == 1


def test_last_change_is_taken_back(editor: User) -> None:
    set_page(editor, {"name": "Neustadt", "logo_alt": "Logo"}, NewLogo(png()))
    set_page(editor, {"logo_alt": "Other"}, NewLogo(png((0, 0, 200, 255))))
    former = CityChange.objects.earliest("pk").after["logo"]
    last = changes.undoable()
    assert last is not None
    changes.undo(editor, last.pk)
    city = changes.stored_city()
    assert (city.name, city.logo_alt, str(city.logo_id)) == ("Neustadt", "Logo", former)
    assert changes.undoable() is None
    with pytest.raises(Conflict):
        changes.undo(editor, last.pk)


def test_boundary_is_taken_back(editor: User) -> None:
    set_boundary(editor, outline(), "Land survey")
    set_boundary(editor, None)
    last = changes.undoable()
    assert last is not None
    changes.undo(editor, last.pk)
    city = changes.stored_city()
    assert city.boundary is not None
    assert city.boundary.equals(outline())
    assert city.boundary_source == "Land survey"
    assert set_boundary(editor, None, "Land survey").boundary_source == ""


def test_change_past_the_history_is_not_taken_back(editor: User) -> None:
    set_page(editor, {"name": "Neustadt"})
    City.objects.update(name="Elsewhere")
    last = changes.undoable()
    assert last is not None
    with pytest.raises(Conflict) as refused:
        changes.undo(editor, last.pk)
    assert refused.value.code == "changed_meanwhile"


def test_others_change_nothing(manager: User) -> None:
    with pytest.raises(NotAllowed):
        set_page(manager, {"name": "Neustadt"})
    with pytest.raises(NotAllowed):
        set_boundary(manager, outline())
    with pytest.raises(NotAllowed):
        changes.undo(manager, 1)
    assert not City.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_changes_at_once_make_one_city() -> None:
    users = [personas.make_user(f"{number}@example.org", may_edit_city=True) for number in range(2)]

    def save(user: User) -> None:
        try:
            set_page(user, {"phone": "0631"} if user == users[0] else {"mail": "info@x.example"})
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert City.objects.count() == 1
    assert CityChange.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_words_are_not_taken_from_a_logo_that_is_stored_at_the_same_moment() -> None:
    first, second = (personas.make_user(f"{number}@example.org", may_edit_city=True) for number in range(2))
    City.objects.create()
    refused: list[Exception] = []

    def save() -> None:
        try:
            set_page(second, {"name": "Neustadt", "logo_alt": ""})
        except Exception as error:  # noqa: BLE001 - its kind is what the test is about
            refused.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=save)
    with transaction.atomic():
        set_page(first, {"logo_alt": "Logo"}, NewLogo(png()))
        thread.start()
        waits = (
            "SELECT count(*) FROM pg_locks AS waiting JOIN pg_locks AS held USING (transactionid)"
            " WHERE NOT waiting.granted AND held.granted AND held.pid = pg_backend_pid()"
        )
        with connection.cursor() as cursor:
            while thread.is_alive():
                cursor.execute(waits)
                if cursor.fetchone() != (0,):
                    break
    thread.join()
    [error] = refused
    assert isinstance(error, Invalid)
    assert [one.code for one in error.fields["logo_alt"]] == ["alt_missing"]


# --- what is missing, and what a process keeps ----------------------------------------------------------------------


def test_what_a_public_site_lacks(editor: User, settings: Settings) -> None:
    settings.CITY_CONTACT = ""
    everything = ["city_no_imprint", "city_no_contact", "city_no_privacy_contact"]
    assert list(missing_of(current_city())) == everything
    settings.CITY_CONTACT = "info@x.example"
    assert list(missing_of(current_city())) == [everything[0], everything[2]]
    set_page(editor, {"imprint": "We", "privacy_contact": "She"})
    assert list(missing_of(current_city())) == []


def test_operators_learn_what_is_missing_before_they_open_the_site(editor: User, settings: Settings) -> None:
    settings.CITY_CONTACT = ""
    assert city_names_who_is_responsible() == []
    found = city_names_who_is_responsible(databases=["default"])
    assert [one.id for one in found] == ["mapping.W001"] * 3
    set_page(editor, {"imprint": "We", "privacy_contact": "She", "phone": "0631"})
    assert city_names_who_is_responsible(databases=["default"]) == []


def test_change_by_another_process_is_seen_at_once(editor: User) -> None:
    set_boundary(editor, outline())
    assert city_boundary() is not None
    City.objects.update(name="Elsewhere", boundary=None)
    assert current_city().name == "Elsewhere"
    assert city_boundary() is None


def test_changes_reach_kept_answers_of_campaigns(editor: User) -> None:
    campaign = personas.make_campaign()
    before = Change.objects.revision_of(campaign.pk)
    set_page(editor, {"name": "Neustadt"})
    assert Change.objects.revision_of(campaign.pk).number > before.number
