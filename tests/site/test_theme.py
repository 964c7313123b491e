import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django.fixtures import Settings

from geoparticipation import theme
from mapping.geo.colour import DEFAULT_ACCENT, as_hex, city_colour, city_schemes, colour_of, contrast


@pytest.mark.parametrize("accent", ["#c8102e", "#ffcc00", "#000000", "#ffffff", "#7f7f7f", "00a0ff"])
def test_any_accent_stays_readable(accent: str) -> None:
    for rules in theme.style_sheet(accent).split("@media"):
        tokens = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", rules))
        pairs = [("--accent", "--on-accent"), ("--accent-quiet", "--on-accent-quiet")]
        for ground, text in pairs:
            colours = colour_of(tokens[ground]), colour_of(tokens[text])
            assert contrast(colours[0], colours[1]) >= 4.5  # type: ignore[arg-type]


def test_a_city_without_a_colour_has_that_of_the_style_sheet() -> None:
    found = finders.find("mapping/css/tokens.css")
    assert isinstance(found, str)
    written = re.search(r"--accent: (#[0-9a-f]{6});", Path(found).read_text())
    assert written is not None
    assert written[1] == DEFAULT_ACCENT == as_hex(city_colour("")) == as_hex(city_colour("red"))
    assert city_schemes("")[0].accent == DEFAULT_ACCENT
    assert city_colour("#c8102e") == colour_of("#c8102e")


@pytest.mark.parametrize("text", ["red", "#12345", "#c8102e; } body { display: none", ""])
def test_what_is_no_colour_changes_nothing(text: str) -> None:
    assert theme.style_sheet(text) == ""


@pytest.mark.django_db
def test_pages_link_the_theme_only_when_the_city_has_an_accent(client: Client, settings: Settings) -> None:
    settings.CITY_ACCENT = ""
    assert b"theme.css" not in client.get("/imprint/").content
    settings.CITY_ACCENT = "#c8102e"
    assert b"theme.css" in client.get("/imprint/").content
    response = client.get("/theme.css")
    assert response["Content-Type"].startswith("text/css")
    assert b"--accent: #c8102e" in response.content
