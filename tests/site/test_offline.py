"""The worker, the manifest with its icons, the page without a network, copies of campaigns' pages."""

import io
import json
import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from geoparticipation.offline import views
from mapping.models import Campaign, Publication
from mapping.services.identity import edit_token
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db

COPY = {"Offline-Copy": "en"}


def test_worker_is_looked_for_with_each_visit_and_never_takes_over_by_itself(client: Client) -> None:
    response = client.get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    script = response.content.decode()
    assert script.startswith("self.SITE = {")
    assert f'"staticFiles": "{settings.STATIC_URL}"' in script
    install = script[script.index('"install"') :].splitlines()[0]
    assert "skipWaiting" not in install
    assert client.post("/sw.js").status_code == 405
    assert client.get("/sw.js").content == response.content


def release_of(client: Client) -> str:
    found = re.match(r'self\.SITE = \{"release": "([0-9a-f]{12})"', client.get("/sw.js").content.decode())
    assert found
    return found[1]


def test_release_changes_with_any_built_file_and_with_nothing_else(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    built = json.loads((settings.BUILT_DIR / "manifest.json").read_text())
    settings.BUILT_DIR = tmp_path
    settings.DEBUG = True  # another process, for each build: one of its own names what was there at its start
    manifest = tmp_path / "manifest.json"

    def build(moment: int) -> None:
        manifest.write_text(json.dumps(built))
        os.utime(manifest, ns=(moment, moment))

    build(1)
    first = release_of(client)
    build(2)
    assert release_of(client) == first
    # A part that no template names, as the drawing tools are.
    part = next(name for name in built["made"] if name.startswith("parts/"))
    built["made"] = sorted({*built["made"], "parts/another-ABCDEFGH.js"} - {part})
    build(3)
    assert release_of(client) != first


def test_release_is_named_without_looking_at_files(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look at thousands of files in each process made the first visit after a start wait."""
    first = release_of(client)
    monkeypatch.setattr("django.contrib.staticfiles.finders.FileSystemFinder.list", pytest.fail)
    monkeypatch.setattr("django.contrib.staticfiles.finders.AppDirectoriesFinder.list", pytest.fail)
    views._script.cache_clear()
    assert release_of(client) == first


def test_policy_allows_the_worker_and_the_manifest_of_this_site_alone(client: Client) -> None:
    policy = client.get("/imprint/")["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


@pytest.mark.parametrize(
    ("query", "accepted", "language", "words"),
    [
        ("?language=de", "en", "de", "macht mit"),
        ("?language=en", "de", "en", "takes part"),
        ("", "en-GB,en;q=0.8", "en", "takes part"),
        ("", "fr", "de", "macht mit"),
        ("?language=xx", "", "de", "macht mit"),
    ],
)
def test_manifest_speaks_the_language_of_the_page_or_of_the_browser(
    client: Client, query: str, accepted: str, language: str, words: str
) -> None:
    response = client.get(f"/manifest.webmanifest{query}", headers={"Accept-Language": accepted})
    assert response["Content-Type"] == "application/manifest+json"
    found = response.json()
    assert (found["lang"], found["start_url"], found["display"]) == (language, "/", "standalone")
    assert found["name"].endswith(words)
    assert found["name"].startswith(found["short_name"])
    for icon in found["icons"]:
        picture = client.get(icon["src"])
        assert picture["Content-Type"] == "image/png"
        size = Image.open(io.BytesIO(picture.content)).size
        assert "{}x{}".format(*size) == icon["sizes"]


def test_pages_name_manifest_and_icon(client: Client) -> None:
    page = client.get("/imprint/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest?language=de">' in page
    assert client.get("/icon-180.png").status_code == 200


def test_icon_wears_the_colour_of_the_city(client: Client, settings: Settings) -> None:
    settings.CITY_ACCENT = "#c8102e"
    picture = Image.open(io.BytesIO(client.get("/icon-192.png").content))
    assert picture.getpixel((2, 2)) == (0xC8, 0x10, 0x2E)


def test_page_without_a_network_is_about_nobody(client: Client, administrator: object) -> None:
    client.force_login(administrator)  # type: ignore[arg-type]
    german = client.get("/offline/", headers={"Offline-Copy": "de"})
    english = client.get("/offline/", headers=COPY)
    assert "Kein Netz" in german.content.decode()
    assert english["Content-Language"] == "en"
    assert "No network" in english.content.decode()
    assert "Log out" not in english.content.decode()
    assert english["Offline-Copy"] == "yes"
    assert not english.cookies


def test_copy_of_a_campaign_is_that_of_a_stranger(campaign: Campaign, citizen: Citizen) -> None:
    own = personas.make_contribution(campaign, by=citizen, text="My own words")
    address = f"/campaigns/{campaign.slug}/"
    browser = citizen.browser()
    seen = browser.get(address)
    assert edit_token(own.pk) in seen.content.decode()
    assert "no-store" in seen["Cache-Control"]
    assert "Offline-Copy" not in seen
    copy = browser.get(address, headers=COPY)
    assert copy["Offline-Copy"] == "yes"
    assert copy["Cache-Control"] == "no-cache"
    assert copy["Content-Language"] == "en"
    words = copy.content.decode()
    assert edit_token(own.pk) not in words
    assert 'name="copied-at"' in words
    assert "Mark a place" in words
    assert not copy.cookies
    assert words.count("copied-at") == Client().get(address, headers=COPY).content.decode().count("copied-at")


def test_unknown_language_of_a_copy_is_that_of_the_site(client: Client, campaign: Campaign) -> None:
    copy = client.get(f"/campaigns/{campaign.slug}/", headers={"Offline-Copy": "xx"})
    assert copy["Content-Language"] == "de"


def test_protected_campaigns_and_drafts_have_no_copy(client: Client, campaign: Campaign) -> None:
    address = f"/campaigns/{campaign.slug}/"
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.CELLS)
    protected = client.get(address, headers=COPY)
    assert (protected.status_code, protected.content, protected["Cache-Control"]) == (204, b"", "no-store")
    assert "Offline-Copy" not in protected
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.POINTS, is_draft=True)
    assert client.get(address, headers=COPY).status_code == 404
