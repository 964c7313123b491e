"""Imports of contributions: meaning of the fields, dry run, import, rejected rows."""

import csv
import io

import pytest

from mapping.models import (
    Contribution,
    ContributionStatus,
)
from tests.personas import BERLIN, STATION, TOWN_HALL
from tests.planning.import_desk import Desk, filled, row, table


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


def test_rejected_rows_stand_in_the_order_of_the_file_and_name_fields_in_words(desk: Desk) -> None:
    rows = [row(1), row(2, BERLIN), row(3) | {"Länge": "", "Breite": ""}, row(4, BERLIN)]
    desk.upload("contributions", "rows.csv", table(*rows))
    desk.check(desk.guessed())
    shown = desk.browser.get(f"{desk.address}result/")
    assert [(number, field) for number, field, _words in shown.context["rows"]] == [
        (2, "Ort"),
        (3, "Ort"),
        (4, "Ort"),
    ]


def test_page_says_when_nothing_is_left_to_import(desk: Desk) -> None:
    words = "Es gibt nichts einzulesen"
    desk.upload("contributions", "rows.csv", table(row(1), row(2, BERLIN)))
    desk.check(desk.guessed())
    assert words not in desk.browser.get(f"{desk.address}result/").content.decode()
    desk.store()
    desk.upload("contributions", "rows.csv", table(row(1), row(2, BERLIN)))
    desk.check(desk.guessed())
    assert words in desk.browser.get(f"{desk.address}result/").content.decode()


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


NONSENSE: list[tuple[dict[str, object], int, int]] = [
    # what is sent, the status of its preview and of the check
    ({"layer": "nothing"}, 422, 200),
    ({"encoding": "nothing"}, 200, 200),
    ({"encoding": "utf-7\0"}, 200, 200),
    ({"crs": "EPSG:999999"}, 422, 422),
    ({"crs": "+proj=utm +nadgrids=/etc/passwd"}, 422, 422),
    ({"lon": "Länge", "lat": "Länge"}, 200, 200),
    ({"lon": "nothing", "lat": "nothing"}, 200, 200),
    ({"lon": "Text", "lat": "Thema"}, 200, 200),
    ({"id_field": "nothing"}, 200, 200),
    ({"text_field": "x" * 10_000}, 200, 200),
    ({"category_field": "nothing"}, 200, 200),
    ({"category_field": "", "category": "nothing"}, 200, 422),
    ({"status": "withdrawn"}, 200, 422),
    ({"answer-nothing": "Nr"}, 200, 200),
    ({"value-0": "Spot", "as-0": "\0"}, 200, 200),
    ({"time_field": "Text"}, 200, 200),
]


@pytest.mark.parametrize(("nonsense", "previewed", "checked"), NONSENSE)
def test_nonsense_in_the_form_is_no_error_of_the_server(
    desk: Desk, nonsense: dict[str, object], previewed: int, checked: int
) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    given = desk.guessed() | nonsense
    first = desk.browser.post(desk.address, given).status_code
    response = desk.browser.post(f"{desk.address}check/", given)
    assert (first, response.status_code) == (previewed, checked)
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


def test_unknown_crs_keeps_what_was_filled_in(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1)))
    given = desk.guessed() | {"crs": "EPSG:1", "text_field": "Thema"}
    response = desk.preview(**given)
    assert response.status_code == 422
    assert "EPSG:1" in response.context["problem"]
    assert filled(response) == given
