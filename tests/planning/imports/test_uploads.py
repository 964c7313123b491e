"""Uploads at the import page: whose they are, how long they stay, which are refused."""

import uuid
from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.imports.reading import uploads
from mapping.models import (
    Campaign,
    Contribution,
)
from tests import personas
from tests.personas import staff_browser
from tests.planning.import_desk import Desk, row, table


def test_file_is_removed_after_the_import_and_by_discarding(desk: Desk, private_folder: Path) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    desk.check(desk.guessed())
    assert list(private_folder.glob("*/data.csv"))
    desk.store()
    assert not list(private_folder.glob("*/data.csv"))
    desk.upload("contributions", "rows.csv", table(row(2)))
    desk.browser.post(f"{desk.address}discard/")
    assert not list(private_folder.glob("*/data.csv"))
    assert desk.browser.get(desk.address).status_code == 302


def test_old_uploads_are_swept(desk: Desk, private_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    address = desk.address
    monkeypatch.setattr(uploads, "KEPT", -1)
    assert desk.browser.get(address).status_code == 302
    monkeypatch.setattr(uploads, "KEPT", 3600)
    for _ in range(uploads.MOST_AT_ONCE + 2):
        desk.upload("contributions", "rows.csv", table(row(1)))
    assert len(list(private_folder.iterdir())) == uploads.MOST_AT_ONCE


def test_upload_belongs_to_one_person_and_one_campaign(desk: Desk, administrator: User) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    pk = uuid.UUID(desk.address.rstrip("/").rpartition("/")[2])
    colleague = personas.make_user("colleague@example.org", desk.campaign, Role.MANAGER)
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    for user in (colleague, administrator):
        browser = staff_browser(user)
        assert browser.get(desk.address).status_code == 302
        assert browser.get(f"{desk.address}places/").json()["features"] == []
        assert browser.post(f"{desk.address}check/").status_code == 302
        assert browser.get(f"{desk.address}rejected.csv").status_code == 302
        browser.post(f"{desk.address}discard/")
    manager = User.objects.get(email="manager@example.org")
    assert uploads.find(pk, manager, desk.campaign) is not None
    assert uploads.find(pk, manager, elsewhere) is None


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_managers_import(campaign: Campaign, role: Role) -> None:
    browser = staff_browser(personas.make_user("somebody@example.org", campaign, role))
    assert browser.get(reverse("planning:imports", args=(campaign.slug,))).status_code == 403
    assert "/imports/" not in browser.get("/planning/").content.decode()


def test_overview_leads_to_the_import(desk: Desk) -> None:
    assert desk.at("imports") in desk.browser.get("/planning/").content.decode()


BAD_UPLOADS = [
    ("", "rows.csv", "a,b\n", "Bitte wählen Sie, was die Datei enthält."),
    ("contributions", "rows.csv", "", "leer"),
    ("contributions", "rows.exe", "MZ", "Endung"),
    ("contributions", "rows", "a,b", "Endung"),
    ("contributions", "rows.vrt", "<OGRVRTDataSource/>", "Endung"),
    ("contributions", "rows.csv.bak.gz", "x", "Endung"),
    ("contributions", "http://127.0.0.1:9/rows", "x", "Endung"),
]


@pytest.mark.parametrize(("kind", "name", "content", "words"), BAD_UPLOADS)
def test_bad_uploads(desk: Desk, kind: str, name: str, content: str, words: str) -> None:
    response = desk.upload(kind, name, content)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not desk.address


def test_upload_that_is_too_large(desk: Desk, settings: Settings) -> None:
    settings.IMPORT_MEGABYTES = 1
    response = desk.upload("contributions", "rows.csv", b"a,b\n" + b"0" * 2**20)
    assert response.status_code == 422
    assert "Höchstens 1 MB" in response.content.decode()


def test_name_of_the_file_is_only_text(desk: Desk, private_folder: Path) -> None:
    desk.upload("contributions", "../../<script>alert(1)<script>.csv", table(row(1)))
    page = desk.preview().content.decode()
    assert "<script>alert" not in page
    assert [one.name for one in private_folder.glob("*/data*")] == ["data.csv"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("rows.gpkg", b"SQLite format 3\0" + b"\0" * 200),
        ("rows.xlsx", b"PK\3\4 nothing"),
        ("rows.zip", b"PK nothing"),
        ("rows.csv.gz", b"plain"),
        (
            "rows.kml",
            b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>',
        ),
        ("rows.csv", b"a,b\n1,\xff\xfe\n"),
        ("rows.csv", b"a" * 100 + b"\n"),
        ("rows.csv", ",".join(f"c{number}" for number in range(10_000)).encode() + b"\n1\n"),
    ],
)
def test_unreadable_file_is_explained_on_the_page(desk: Desk, name: str, content: bytes) -> None:
    desk.upload("contributions", name, content)
    response = desk.preview()
    # A header without a row is a table; what is missing is said by the check below.
    assert response.status_code == (200 if content == b"a" * 100 + b"\n" else 422)
    assert desk.browser.get(f"{desk.address}places/").json()["features"] == []
    checked = desk.browser.post(f"{desk.address}check/", {"category": "spot", "status": "published"})
    assert checked.status_code == 200
    assert checked.getvalue()
    assert desk.outcome()["problem"]
    assert not Contribution.objects.exists()
