"""The city's page in a browser: the preview follows what is typed, with and without JavaScript it is saved."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.demo.city import logo
from mapping.models import City
from tests import personas

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def editor(transactional_db: None) -> User:
    """Somebody who may edit the city's page and nothing else."""
    return personas.make_user("city@example.org", may_edit_city=True)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """The file of a logo."""
    path = tmp_path / "logo.png"
    path.write_bytes(logo())
    return path


def test_preview_follows_name_colour_and_logo(visit: type_of_visit, editor: User, picture: Path) -> None:
    page = visit("desktop", user=editor)
    page.goto("/planning/city/")
    preview = page.locator("#city-preview")
    page.get_by_label("Name of the city").fill("Neustadt")
    page.get_by_label("Colour (optional)").fill("#c8102e")
    expect(preview.locator(".site-name__city")).to_have_text("Neustadt")
    button = preview.locator(".city-look__light .city-look__button")
    expect(button).to_have_css("background-color", "rgb(200, 16, 46)")
    page.get_by_label("Logo (optional)").set_input_files(picture)
    expect(preview.locator(".site-name__logo img")).to_be_visible()
    page.get_by_label("Colour (optional)").fill("#c8102")
    expect(preview).to_contain_text("This is no colour")
    expect(preview.locator(".site-name__logo img")).to_be_visible()
    page.get_by_label("Choose the colour").fill("#0a6b3d")
    expect(page.get_by_label("Colour (optional)")).to_have_value("#0a6b3d")
    assert not City.objects.exists()
    page.get_by_label("What the logo shows").fill("Coat of arms")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("header .site-name__logo img")).to_be_visible()
    assert City.objects.get().accent == "#0a6b3d"


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_page_works_without_javascript(
    visit: type_of_visit, editor: User, picture: Path, device: str
) -> None:
    page = visit(device, user=editor, java_script_enabled=False)
    page.goto("/planning/city/")
    page.get_by_label("Name of the city").fill("Neustadt")
    page.locator("[name=logo]").set_input_files(picture)
    page.get_by_label("What the logo shows").fill("Coat of arms")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".site-name__city").first).to_have_text("Neustadt")
    page.goto("/planning/city/boundary/")
    page.locator("[name=drawn]").fill(personas.area().geojson)
    page.locator("[name=way][value=drawn]").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[name=way][value=kept]")).to_be_checked()
    page.goto("/planning/city/history/")
    page.get_by_role("button", name="Undo the last change").click()
    city = City.objects.get()
    assert (city.name, city.boundary) == ("Neustadt", None)
