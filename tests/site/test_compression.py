"""Pages leave compressed, built files are kept for good, and nothing that could be probed is compressed."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from uuid import UUID

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from geoparticipation.middleware.compression import holds_secret, without_indentation
from mapping.http.paging.sealed import seal
from mapping.models import Campaign
from mapping.services.identity import edit_token
from mapping.web.listing import PAGE_SIZE
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db
CATALOGUE = "/jsi18n/"


def test_a_page_leaves_in_the_coding_that_the_browser_accepts() -> None:
    plain, packed = Client().get(CATALOGUE), Client().get(CATALOGUE, headers={"accept-encoding": "br"})
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "br"
    assert packed["Content-Length"] == str(len(packed.content))
    assert len(packed.content) < len(plain.content) / 2
    assert brotli.decompress(packed.content) == plain.content
    assert all("Accept-Encoding" in answer["Vary"] for answer in (plain, packed))


def test_blank_lines_between_tags_do_not_travel(campaign: Campaign) -> None:
    address = f"/campaigns/{campaign.slug}/"
    answer = Client().get(address, headers={"accept-encoding": "identity"})
    plain = answer.content
    assert answer["Content-Length"] == str(len(plain))
    assert b"</h1>" in plain
    assert re.search(rb">\s*\n\s*\n\s*<", plain) is None
    assert re.search(rb">\n +<", plain) is None


def test_a_page_with_preformatted_text_keeps_its_blanks() -> None:
    kept = HttpResponse("<p>a</p>\n\n  <pre><b>b</b>\n\n  <i>c</i></pre>")
    assert without_indentation(kept) == kept.content
    assert without_indentation(HttpResponse("<p>a</p>\n\n  <p>b\n\n c</p>")) == b"<p>a</p>\n<p>b\n\n c</p>"
    assert without_indentation(HttpResponse("<p>a</p> \r\n\t<p>b</p>")) == b"<p>a</p>\n<p>b</p>"


def test_a_text_of_line_breaks_does_not_keep_a_page_busy() -> None:
    # Matched in two ways, these would take a minute.
    page = HttpResponse(f"<p>{chr(10) * 200_000}a</p>")
    assert without_indentation(page) == page.content


@pytest.mark.parametrize("address", ["/", CATALOGUE])
def test_a_head_request_has_the_headers_of_the_page(address: str) -> None:
    accepted = {"accept-encoding": "br"}
    head, page = (getattr(Client(), method)(address, headers=accepted) for method in ("head", "get"))
    for name in ("Content-Encoding", "Content-Length", "ETag", "Vary"):
        assert head.get(name) == page.get(name)
    assert head["Content-Encoding"] == "br"


def test_a_campaigns_page_is_compressed_unless_it_holds_a_private_link(
    campaign: Campaign, citizen: Citizen
) -> None:
    personas.make_contribution(campaign, by=citizen)
    address = f"/campaigns/{campaign.slug}/"
    for browser, is_compressed in ((Client(), True), (citizen.browser(), False)):
        page = browser.get(address, headers={"accept-encoding": "br"})
        assert page.has_header("Content-Encoding") is is_compressed
        assert page["Vary"].count("Accept-Encoding") == 1


def test_a_page_of_a_long_list_is_compressed(campaign: Campaign) -> None:
    """The link to the next page holds where it begins, sealed: at first sight a secret."""
    for _number in range(PAGE_SIZE + 1):
        personas.make_contribution(campaign, category="survey")
    page = Client().get(f"/campaigns/{campaign.slug}/", headers={"accept-encoding": "br"})
    assert b"after=" in brotli.decompress(page.content)
    assert page["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (f'<a href="?sort=new&amp;after={seal(b"2026-11-30T11:00:00 a position", "list")}">', False),
        (f'<a href="?before={seal(b"2026-11-30T11:00:00 a position", "list")}">', True),
        (f'<a href="/mine/{edit_token(UUID(int=7))}/">', True),
        (f"next=%2Fmine%2F{edit_token(UUID(int=7))}%2F", True),
        (f'<input name="csrfmiddlewaretoken" value="{get_token(RequestFactory().get("/"))}">', True),
        (f"gp_{'aB3_-' * 9}", True),
        ("qWertzUiopAsdfghjKlyxcvbnmQwertZuioPasdfgHj", True),  # 43 letters at random may lack a digit
        (f'<a href="/subscriptions/mine/{UUID(int=7).hex * 2}/">', True),
        (f"https://beteiligung.example.org/subscriptions/confirm/{UUID(int=7).hex * 2}/", True),
        (f"next=%2Fsubscriptions%2Fend%2F{UUID(int=7).hex * 2}%2F", True),
        (f'<link href="/static/site.{UUID(int=7).hex * 2}.css">', False),
        (f'<img src="/photos/{UUID(int=7)}.jpg">', False),
        ("/documents/protokoll-der-3-sitzung-des-ausschusses-fuer-verkehr-und-umwelt/", False),
        ("Straßenbahnhaltestellen" * 9, False),
        ("Donaudampfschifffahrtsgesellschaftskapitaen-Strasse-7", False),
        ("RINDFLEISCHETIKETTIERUNGSUEBERWACHUNGSAUFGABEN", False),
    ],
)
def test_secrets_are_recognised_by_how_they_look(words: str, expected: bool) -> None:
    assert holds_secret(words.encode()) is expected


@pytest.mark.parametrize(
    ("query", "cookie", "site", "expected"),
    [
        ("?q=x", True, "cross-site", False),
        ("?q=x", True, "same-site", False),
        ("?q=x", True, "same-origin", True),
        ("?q=x", False, "cross-site", True),
        ("", True, "cross-site", True),
    ],
)
def test_a_query_that_another_site_chose_is_not_compressed_for_a_known_visitor(
    query: str, cookie: bool, site: str, expected: bool
) -> None:
    browser = Client(headers={"accept-encoding": "br", "sec-fetch-site": site})
    if cookie:
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert browser.get("/privacy/" + query).has_header("Content-Encoding") is expected


def test_templates_name_sources_and_pages_link_built_files() -> None:
    address = staticfiles_storage.url("mapping/js/campaign/kiosk.js")
    assert address.startswith("/static/built/mapping/js/campaign/kiosk-")
    assert staticfiles_storage.url("mapping/img/icons.svg").startswith("/static/built/mapping/img/icons-")


def test_built_files_are_served_compressed_and_kept_for_good() -> None:
    answer = Client().get(
        staticfiles_storage.url("mapping/js/campaign.js"), headers={"accept-encoding": "gzip, br"}
    )
    assert answer["Content-Encoding"] == "br"
    assert "immutable" in answer["Cache-Control"]
    source = Client().get("/static/mapping/js/campaign.js")
    assert "immutable" not in source["Cache-Control"]


def test_a_process_names_the_files_of_its_start(settings: Settings, tmp_path: Path) -> None:
    """They are built anew beside it while it runs, and it serves what it found then."""
    settings.BUILT_DIR = tmp_path
    manifest = tmp_path / "manifest.json"
    named = set()
    for name in ("mapping/js/site-AAAAAAAA.js", "mapping/js/site-BBBBBBBB.js"):
        read = {"files": {"mapping/js/site.js": name}, "made": [], "citizens": [], "campaign": []}
        manifest.write_text(json.dumps(read))
        named.add(staticfiles_storage.url("mapping/js/site.js"))
    assert named == {"/static/built/mapping/js/site-AAAAAAAA.js"}


def test_built_files_that_come_and_go_are_served_while_they_are_there(settings: Settings) -> None:
    path = settings.BUILT_DIR / "parts" / f"of-another-process-{os.getpid()}-ABCDEFGH.js"
    address = f"/static/built/parts/{path.name}"
    browser = Client()
    assert browser.get(address).status_code == 404
    path.write_text("export {};")
    try:
        there = browser.get(address)
        assert there.status_code == 200
        assert "immutable" in there["Cache-Control"]
        there.close()
    finally:
        path.unlink()
    assert browser.get(address).status_code == 404
    assert browser.get("/static/built/../../secret_key").status_code == 404


def test_without_a_build_pages_fail_with_words(settings: Settings) -> None:
    settings.BUILT_DIR = settings.VAR_DIR / "nothing-here"
    with pytest.raises(ImproperlyConfigured, match="build scripts and style sheets"):
        staticfiles_storage.url("mapping/js/site.js")
