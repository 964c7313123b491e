"""Forms larger than any that the site has are refused before their files are written to disk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from geoparticipation.bodies import largest_form
from mapping.models import Campaign

MEGABYTE = 2**20


@pytest.mark.parametrize("path", ["/campaigns/fear-spaces/data/", "/dcat/", "/planning/", "/nowhere"])
def test_form_that_announces_too_much_is_not_read(campaign: Campaign, path: str) -> None:
    answer = Client().post(path, {"file": SimpleUploadedFile("f", b"x")}, CONTENT_LENGTH=str(10**10))
    assert answer.status_code == 413
    assert answer.content.decode() == "Die Anfrage ist zu groß."


def test_three_photos_and_an_import_fit() -> None:
    assert largest_form("/campaigns/x/contribute/") > 30 * MEGABYTE
    assert largest_form("/planning/x/imports/") > 200 * MEGABYTE
    assert largest_form("/campaigns/x/contribute/") < 100 * MEGABYTE


def test_json_has_its_own_limit_and_its_own_words(campaign: Campaign) -> None:
    answer = Client().post(
        "/api/v1/campaigns/fear-spaces/exports/",
        "{}",
        content_type="application/json",
        CONTENT_LENGTH=str(10**10),
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"
