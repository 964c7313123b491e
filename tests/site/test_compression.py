"""Pages leave compressed, built files are kept for good, and nothing that could be probed is compressed."""

from __future__ import annotations

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django.fixtures import Settings

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


def test_words_of_scripts_are_sent_again_only_where_they_have_changed() -> None:
    browser = Client(headers={"accept-encoding": "br"})
    first = browser.get(CATALOGUE)
    assert first["Cache-Control"] == "no-cache"
    known = {"if-none-match": first["ETag"]}
    again = browser.get(CATALOGUE, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert browser.get(CATALOGUE, headers=known).status_code == 200


def test_a_head_request_has_the_headers_of_the_plain_page() -> None:
    assert not Client().head("/", headers={"accept-encoding": "br"}).has_header("Content-Encoding")


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
    assert browser.get(CATALOGUE + query).has_header("Content-Encoding") is expected


def test_templates_name_sources_and_pages_link_built_files() -> None:
    address = staticfiles_storage.url("mapping/js/campaign.js")
    assert address.startswith("/static/built/mapping/js/campaign-")
    assert staticfiles_storage.url("mapping/img/icons.svg").startswith("/static/built/mapping/img/icons-")


def test_built_files_are_served_compressed_and_kept_for_good() -> None:
    answer = Client().get(
        staticfiles_storage.url("mapping/js/campaign.js"), headers={"accept-encoding": "gzip, br"}
    )
    assert answer["Content-Encoding"] == "br"
    assert "immutable" in answer["Cache-Control"]
    source = Client().get("/static/mapping/js/campaign.js")
    assert "immutable" not in source["Cache-Control"]


def test_without_a_build_pages_fail_with_words(settings: Settings) -> None:
    settings.BUILT_DIR = settings.VAR_DIR / "nothing-here"
    with pytest.raises(ImproperlyConfigured, match="build scripts and style sheets"):
        staticfiles_storage.url("mapping/js/site.js")
