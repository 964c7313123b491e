"""Imports of what is no contribution of a person: places of the city, area, districts, addresses, inhabitants."""

from django.contrib.gis.geos import Point

from mapping.models import (
    Address,
    Campaign,
    Contribution,
    DistrictLayer,
    PopulationGrid,
    Source,
)
from tests import personas
from tests.personas import STATION, TOWN_HALL
from tests.planning.import_desk import Desk, collection, filled, square, table

CELL = "CRS3035RES1000mN2916000E4150000"


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


def test_nameless_districts_are_left_out_on_request(desk: Desk) -> None:
    desk.upload("districts", "rows.geojson", collection(square("A"), square("")))
    outcome = desk.check(desk.guessed() | {"leave_out": "1"})
    assert outcome["problem"] is None
    assert (outcome["stored"], outcome["rejected"]) == (1, 1)
    desk.store()
    assert [one.name for one in DistrictLayer.objects.get().districts.all()] == ["A"]


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
        "seen_header": "1",
        "header": "1",
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
