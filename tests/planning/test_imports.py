"""The import page: upload, preview, meaning of the fields, dry run, import; whose uploads are whose."""

import csv
import io
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.models import (
    Address,
    Campaign,
    Contribution,
    ContributionStatus,
    DistrictLayer,
    PopulationGrid,
    Source,
)
from mapping.services import uploads
from tests import personas
from tests.personas import BERLIN, STATION, TOWN_HALL, staff_browser

CELL = "CRS3035RES1000mN2916000E4150000"


@pytest.fixture(autouse=True)
def private_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var" / "imports"


@dataclass
class Desk:
    """A planner at the import page of a campaign."""

    campaign: Campaign
    browser: Client
    address: str = ""

    def upload(self, kind: str, name: str, content: str | bytes) -> Any:
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, data)
        response = self.browser.post(self.at("imports"), {"kind": kind, "file": file})
        self.address = response.headers.get("Location", "")
        return response

    def at(self, name: str) -> str:
        return reverse(f"planning:{name}", args=(self.campaign.slug,))

    def preview(self, **given: object) -> Any:
        return self.browser.post(self.address, given) if given else self.browser.get(self.address)

    def guessed(self) -> dict[str, Any]:
        """What the form holds as it is shown."""
        response = self.preview()
        assert response.status_code == 200, response.context["problem"]
        return filled(response)

    def check(self, given: Mapping[str, object]) -> Mapping[str, Any]:
        """The outcome of a dry run."""
        response = self.browser.post(
            f"{self.address}check/", given, headers={"Accept": "application/x-ndjson"}
        )
        assert response.status_code == 200, response.content
        lines = [json.loads(line) for line in response.getvalue().decode().splitlines()]
        assert lines[-1] == {"url": f"{self.address}result/"}
        return self.outcome()

    def store(self) -> Mapping[str, Any]:
        """The outcome of the import itself, by the page that grows."""
        response = self.browser.post(f"{self.address}store/")
        assert f'href="{self.address}result/"' in response.getvalue().decode()
        return self.outcome()

    def outcome(self) -> Mapping[str, Any]:
        outcome: Mapping[str, Any] = self.browser.get(f"{self.address}result/").context["outcome"]
        return outcome


def filled(response: Any) -> dict[str, Any]:
    """The form of a page as a browser would send it."""
    given: dict[str, Any] = {"seen": response.context["preview"].layer}
    for section in [response.context["about_file"], *response.context["sections"]]:
        for question in section.questions:
            chosen = [option.value for option in question.options if option.is_chosen]
            given[question.name] = chosen if question.kind == "checks" else (chosen or [question.value])[0]
        for value in section.values:
            given[f"value-{value.number}"] = value.text
            given[f"as-{value.number}"] = next(one.value for one in value.options if one.is_chosen)
    return {name: value for name, value in given.items() if value}


@pytest.fixture
def desk(campaign: Campaign, manager: User) -> Desk:
    return Desk(campaign, staff_browser(manager))


def table(*rows: Mapping[str, object]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def row(number: int, place: tuple[float, float] = TOWN_HALL, **more: object) -> dict[str, object]:
    return {"Nr": number, "Länge": place[0], "Breite": place[1], "Thema": "Spot", "Text": "Dark"} | more


def square(name: str, place: tuple[float, float] = TOWN_HALL) -> Mapping[str, object]:
    return {
        "type": "Feature",
        "geometry": personas.square(place),
        "properties": {"name": name, "plz": "67655"},
    }


def collection(*features: Mapping[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_fields_are_guessed_checked_and_stored(desk: Desk) -> None:
    rows = [row(1), row(2, STATION, Thema="Brand new"), row(3, BERLIN), row(1)]
    desk.upload("contributions", "Meldungen.csv", table(*rows))
    given = desk.guessed()
    assert given | {"lon": "Länge", "lat": "Breite", "crs": "EPSG:4326", "id_field": "Nr"} == given
    assert (given["category_field"], given["text_field"]) == ("Thema", "Text")
    assert {given["value-0"]: given["as-0"], given["value-1"]: given["as-1"]} == {
        "Spot": "spot",
        "Brand new": "=",
    }

    outcome = desk.check(given)
    assert (outcome["stored"], outcome["known"], outcome["rejected"]) == (2, 0, 2)
    assert sorted(outcome["categories"], reverse=True) == [["Spot", 1, False], ["Brand new", 1, True]]
    assert not Contribution.objects.exists()
    assert not desk.campaign.categories.filter(title="Brand new").exists()

    outcome = desk.store()
    assert (outcome["stored"], outcome["rejected"]) == (2, 2)
    stored = Contribution.objects.get(external_id="1")
    assert (stored.text, stored.category.slug, stored.status) == (
        "Dark",
        "spot",
        ContributionStatus.PUBLISHED,
    )
    assert desk.campaign.categories.get(title="Brand new").takes_contributions


def test_dry_run_and_import_say_the_same(desk: Desk) -> None:
    rows = [row(number, TOWN_HALL if number % 3 else BERLIN) for number in range(30)]
    desk.upload("contributions", "rows.csv", table(*rows))
    dry = dict(desk.check(desk.guessed()))
    real = dict(desk.store())
    assert dry | {"dry_run": False} == real
    desk.upload("contributions", "rows.csv", table(*rows))
    again = desk.check(desk.guessed())
    assert (again["stored"], again["known"]) == (0, real["stored"])


def test_values_of_the_category_field_are_assigned_or_left_out(desk: Desk) -> None:
    rows = [row(1, Thema="Lampe"), row(2, Thema="Müll"), row(3, Thema="Müll")]
    desk.upload("contributions", "rows.csv", table(*rows))
    given = desk.guessed()
    numbers = {given[f"value-{number}"]: number for number in (0, 1)}
    given |= {f"as-{numbers['Lampe']}": "anything", f"as-{numbers['Müll']}": "-"}
    outcome = desk.check(given)
    assert outcome["categories"] == [["Anything", 1, False]]
    assert [(one["code"], one["count"]) for one in outcome["reasons"]] == [("left_out", 2)]


def test_rejected_rows_can_be_taken_along_and_are_no_formulas(desk: Desk) -> None:
    bad = row(7, BERLIN, Text='=HYPERLINK("http://evil.example";"x")')
    desk.upload("contributions", "rows.csv", table(row(1), bad))
    desk.check(desk.guessed())
    response = desk.browser.get(f"{desk.address}rejected.csv")
    assert response.headers["Content-Type"].startswith("text/csv")
    text = response.getvalue().decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text)))
    assert found[1][:3] == ["2", "geometry", "outside_area"]
    assert '\'=HYPERLINK("http://evil.example";"x")' in found[1]


def test_answers_of_questions(desk: Desk) -> None:
    rows = [row(1, Thema="Survey", Skala=4), row(2, Thema="Survey", Skala=9)]
    desk.upload("contributions", "rows.csv", table(*rows))
    outcome = desk.check(desk.guessed() | {"answer-scale": "Skala"})
    assert [(one["field"], one["code"]) for one in outcome["reasons"]] == [
        ("answers.scale", "not_on_the_scale")
    ]
    desk.store()
    assert Contribution.objects.get().answers == {"scale": 4}


def test_coordinates_in_metres_are_recognised(desk: Desk) -> None:
    rows = [{"Rechtswert": "410827,5", "Hochwert": "5477556,9", "Titel": "Rathaus"}]
    desk.upload("contributions", "rows.csv", table(*rows))
    given = desk.guessed()
    assert (given["lon"], given["lat"], given["crs"]) == ("Rechtswert", "Hochwert", "EPSG:25832")
    places = desk.browser.get(f"{desk.address}places/?lon=Rechtswert&lat=Hochwert&crs=EPSG:25832").json()
    [lon, lat] = places["features"][0]["geometry"]["coordinates"]
    assert (round(lon, 2), round(lat, 2)) == (7.77, 49.44)


def test_places_that_the_city_drew(desk: Desk) -> None:
    line = {"type": "Feature", "geometry": personas.line(), "properties": {"name": "Route 1"}}
    desk.upload("places", "Radrouten.geojson", collection(line))
    given = desk.guessed()
    assert (given["new_category"], given["text_field"]) == ("Radrouten", "name")
    assert desk.check(given)["stored"] == 1
    desk.store()
    stored = Contribution.objects.get()
    assert (stored.source, stored.text, stored.participant) == (Source.CITY, "Route 1", None)
    assert not stored.category.takes_contributions


def test_city_draws_into_no_category_of_citizens(desk: Desk) -> None:
    line = {"type": "Feature", "geometry": personas.line(), "properties": {"name": "Route 1"}}
    desk.upload("places", "rows.geojson", collection(line))
    for wrong in (
        {"category": "street"},
        {"category": "", "new_category": "Street"},
        {"category": "nothing"},
    ):
        response = desk.browser.post(f"{desk.address}check/", desk.guessed() | wrong)
        assert response.status_code == 422
    assert not Contribution.objects.exists()


def test_area_is_replaced_and_tells_who_is_outside(desk: Desk) -> None:
    personas.make_contribution(desk.campaign, STATION)
    before = desk.campaign.area
    desk.upload("area", "area.geojson", collection(square("Town hall")))
    outcome = desk.check(desk.guessed())
    assert (outcome["stored"], outcome["facts"]) == (1, {"outside": 1})
    assert Campaign.objects.get(pk=desk.campaign.pk).area == before
    desk.store()
    assert Campaign.objects.get(pk=desk.campaign.pk).area != before


def test_districts_are_used_at_once(desk: Desk) -> None:
    desk.upload("districts", "Postleitzahlen 2026.geojson", collection(square("A"), square("A", STATION)))
    given = desk.guessed()
    assert given | {"name_field": "name", "code_field": "plz", "short_name": "postleitzahlen-2026"} == given
    assert desk.check(given)["stored"] == 1
    assert not DistrictLayer.objects.exists()
    desk.store()
    layer = DistrictLayer.objects.get()
    assert Campaign.objects.get(pk=desk.campaign.pk).district_layer == layer
    assert layer.districts.get().code == "67655"


def test_one_wrong_district_stores_nothing_and_all_wrong_ones_are_told(desk: Desk) -> None:
    point = {"type": "Feature", "geometry": personas.point(), "properties": {"name": "B", "plz": "2"}}
    nameless = square("")
    desk.upload("districts", "rows.geojson", collection(square("A"), point, nameless))
    outcome = desk.check(desk.guessed())
    assert outcome["problem"][0] == "file_refused_rows"
    assert outcome["rejected"] == 2
    page = desk.browser.get(f"{desk.address}result/")
    assert not page.context["may_store"]
    assert "Flächen" in page.content.decode()


def test_layer_of_another_campaign_is_not_replaced(desk: Desk) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    personas.make_campaign("other", with_categories=False, district_layer=layer)
    desk.upload("districts", "wards.geojson", collection(square("A")))
    response = desk.browser.post(f"{desk.address}check/", desk.guessed())
    assert response.status_code == 422
    assert "gehört auch anderen" in response.content.decode()


def test_addresses(desk: Desk) -> None:
    rows = [{"lon": TOWN_HALL[0], "lat": TOWN_HALL[1], "Strasse": "Rathausplatz", "Art": "street"}]
    desk.upload("addresses", "rows.csv", table(*rows))
    given = desk.guessed()
    assert (given["name_field"], given["kind_field"]) == ("Strasse", "Art")
    assert desk.check(given)["stored"] == 1
    assert not Address.objects.exists()
    desk.store()
    assert Address.objects.get().name == "Rathausplatz"
    response = desk.browser.post(f"{desk.address}check/", given | {"replace": "1"})
    assert response.status_code == 302  # it was imported already


def test_only_the_administration_forgets_addresses(desk: Desk) -> None:
    Address.objects.create(name="Old", geom=Point(*TOWN_HALL, srid=4326))
    desk.upload("addresses", "rows.csv", table({"lon": 7.76, "lat": 49.44, "name": "New"}))
    assert desk.browser.post(f"{desk.address}check/", desk.guessed() | {"replace": "1"}).status_code == 422
    assert Address.objects.get().name == "Old"


def test_inhabitants(desk: Desk) -> None:
    rows = [{"grid_id": CELL, "pop_sum": 188, "age": 30}]
    desk.upload("population", "Zensus.csv", table(*rows))
    given = desk.guessed()
    assert given == {
        "seen": "table",
        "id_field": "grid_id",
        "count_fields": ["pop_sum"],
        "short_name": "zensus",
    }
    outcome = desk.check(given)
    assert outcome["facts"] == {"size": 1000, "inhabitants": 188}
    assert not PopulationGrid.objects.exists()
    desk.store()
    assert PopulationGrid.objects.get().cells.get().inhabitants == 188


def test_only_the_administration_replaces_a_grid(desk: Desk) -> None:
    PopulationGrid.objects.create(slug="zensus", title="Zensus", size=1000)
    desk.upload("population", "Zensus.csv", table({"grid_id": CELL, "pop_sum": 188}))
    assert desk.browser.post(f"{desk.address}check/", desk.guessed()).status_code == 422


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
    assert response.status_code in {200, 422}
    assert desk.browser.get(f"{desk.address}places/").json()["features"] == []
    checked = desk.browser.post(f"{desk.address}check/", {"category": "spot", "status": "published"})
    assert checked.status_code == 200
    assert checked.getvalue()
    assert desk.outcome()["problem"]
    assert not Contribution.objects.exists()


NONSENSE: list[dict[str, object]] = [
    {"layer": "nothing"},
    {"encoding": "nothing"},
    {"encoding": "utf-7\0"},
    {"crs": "EPSG:999999"},
    {"crs": "+proj=utm +nadgrids=/etc/passwd"},
    {"lon": "Länge", "lat": "Länge"},
    {"lon": "nothing", "lat": "nothing"},
    {"lon": "Text", "lat": "Thema"},
    {"id_field": "nothing"},
    {"text_field": "x" * 10_000},
    {"category_field": "nothing"},
    {"category_field": "", "category": "nothing"},
    {"status": "withdrawn"},
    {"answer-nothing": "Nr"},
    {"value-0": "Spot", "as-0": "\0"},
    {"time_field": "Text"},
]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_in_the_form_is_no_error_of_the_server(desk: Desk, nonsense: dict[str, object]) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    given = desk.guessed() | nonsense
    assert desk.browser.post(desk.address, given).status_code in {200, 422}
    response = desk.browser.post(f"{desk.address}check/", given)
    assert response.status_code in {200, 422}
    assert response.getvalue()
    assert not Contribution.objects.exists()


def test_result_and_store_before_a_dry_run_lead_back(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    for response in (desk.browser.get(f"{desk.address}result/"), desk.browser.post(f"{desk.address}store/")):
        assert response.status_code == 302
        assert response.headers["Location"] == desk.address
    assert not Contribution.objects.exists()


def test_what_was_filled_in_is_still_there_after_the_dry_run(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    given = desk.guessed() | {"text_field": "Thema", "status": "pending"}
    desk.check(given)
    assert desk.guessed() == given


def test_other_encoding_brings_the_guesses(desk: Desk) -> None:
    content = "Länge;Breite;Straße\n7,7689;49,4447;Königstraße\n".encode("cp1252")
    desk.upload("addresses", "rows.csv", content)
    assert desk.preview().status_code == 422
    response = desk.preview(encoding="cp1252")
    assert response.status_code == 200
    given = filled(response)
    assert (given["lon"], given["lat"], given["name_field"]) == ("Länge", "Breite", "Straße")
    assert desk.check(given)["stored"] == 1
    desk.store()
    assert Address.objects.get().name == "Königstraße"


def test_unknown_crs_keeps_what_was_filled_in(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    given = desk.guessed() | {"crs": "EPSG:1", "text_field": "Thema"}
    response = desk.preview(**given)
    assert response.status_code == 422
    assert "EPSG:1" in response.context["problem"]
    assert filled(response) == given
