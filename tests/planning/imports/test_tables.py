"""The import page and tables: the sheet, the line of the header, places in one field, how dates are written."""

import io
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest

from mapping.models import Contribution
from tests.personas import TOWN_HALL
from tests.planning.import_desk import Desk, filled, row, table

LON, LAT = TOWN_HALL
SPOT = {"category": "spot", "category_field": ""}


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def names(response: object) -> set[str]:
    sections = [response.context["about_file"], *response.context["sections"]]  # type: ignore[attr-defined]
    return {question.name for section in sections for question in section.questions}


def test_sheet_is_chosen_and_its_fields_are_guessed_anew(desk: Desk) -> None:
    moment = datetime(2026, 5, 21, 10, 47)  # noqa: DTZ001 - cells know no zone
    first = [["Stichwort", "Erläuterung"], ["a", "b"]]
    second: list[list[object]] = [["Auswertung"], ["Nr", "Länge", "Breite", "Datum"], [17, LON, LAT, moment]]
    desk.upload("contributions", "Umfrage.xlsx", book(Hinweise=first, Meldungen=second))
    given = desk.guessed()
    assert (given["layer"], given["header"]) == ("Hinweise", "1")

    given = filled(desk.preview(**given | {"layer": "Meldungen"}))
    assert (given["header"], given["lon"], given["lat"], given["time_field"]) == (
        "2",
        "Länge",
        "Breite",
        "Datum",
    )
    assert desk.check(given | SPOT)["stored"] == 1
    desk.store()
    assert Contribution.objects.get().created_at.isoformat() == "2026-05-21T08:47:00+00:00"
    assert not list(desk.kept.glob("*.rows"))


def test_line_of_the_header_is_chosen_from_the_first_lines(desk: Desk) -> None:
    text = f"Bericht;vom;Amt\nNr;Länge;Breite\n1;{LON};{LAT}\n"
    desk.upload("contributions", "rows.csv", "\n" + text.replace("Länge;Breite", "a;b"))
    response = desk.preview()
    [question] = [one for one in response.context["about_file"].questions if one.name == "header"]
    assert [option.title for option in question.options] == [
        "1", "2: Bericht · vom · Amt", "3: Nr · a · b", f"4: 1 · {LON} · {LAT}", "Keine Zeile",
    ]  # fmt: skip
    given = filled(desk.preview(**filled(response) | {"header": "3"}))
    assert desk.preview(**given).context["preview"].fields == ("Nr", "a", "b")
    given |= {"lon": "a", "lat": "b", **SPOT}
    assert desk.check(given)["stored"] == 1


@pytest.mark.parametrize("cell", [f"{LAT:.4f}, {LON:.4f}", f"{LON:.4f} {LAT:.4f}", f"POINT ({LON} {LAT})"])
def test_place_in_one_field_is_guessed_and_shown(desk: Desk, cell: str) -> None:
    desk.upload("contributions", "rows.csv", table({"Nr": 1, "Koordinaten": cell}))
    given = desk.guessed()
    assert given["place_field"] == "Koordinaten"
    assert desk.preview().context["preview"].placed == 1
    assert desk.check(given | SPOT)["stored"] == 1
    address = desk.preview().context["places_url"]
    [feature] = desk.browser.get(address).json()["features"]
    assert feature["geometry"]["coordinates"] == pytest.approx([LON, LAT], abs=1e-3)


def test_order_of_both_coordinates_can_be_turned(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table({"Nr": 1, "wo": "41.1234, 40.1234"}))
    given = desk.guessed() | {"place_field": "wo"}
    shown = desk.preview(**given)
    assert "place_order" in names(shown)
    assert shown.context["preview"].bounds[0] == pytest.approx(40.1234)
    turned = desk.preview(**given | {"place_order": "lon-lat"})
    assert turned.context["preview"].bounds[0] == pytest.approx(41.1234)


def test_dates_that_can_be_read_in_two_ways_are_asked_about(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1, Datum="03/04/2026 10:00")))
    response = desk.preview()
    words = "lassen sich auf zwei Arten lesen"
    assert words in response.content.decode()
    given = filled(response)
    desk.check(given)
    assert words in desk.browser.get(f"{desk.address}result/").content.decode()

    chosen = given | {"date_form": "month-first", "time_zone": "UTC"}
    assert "4. März 2026" in desk.preview(**chosen).content.decode()
    assert desk.check(chosen)["stored"] == 1
    desk.store()
    assert Contribution.objects.get().created_at.isoformat() == "2026-03-04T10:00:00+00:00"


def test_unknown_time_zone_stands_at_its_question(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table(row(1, Datum="2026-05-21 10:47")))
    given = desk.guessed()
    assert given["time_zone"] == "Europe/Berlin"
    response = desk.browser.post(f"{desk.address}check/", given | {"time_zone": "Mond/Krater"})
    assert response.status_code == 422
    assert "Zeitzone Mond/Krater" in response.content.decode()


def test_result_tells_of_times_in_the_change_of_clocks(desk: Desk) -> None:
    desk.upload(
        "contributions", "rows.csv", table(row(1, Datum="2026-03-29 02:30"), row(2, Datum="2025-10-26 02:30"))
    )
    assert desk.check(desk.guessed())["stored"] == 2
    page = desk.browser.get(f"{desk.address}result/").content.decode()
    assert "bei der Umstellung auf Sommerzeit übersprungen" in page
    assert "am Ende der Sommerzeit zweimal" in page


def test_rows_with_a_cell_too_many_are_told(desk: Desk) -> None:
    text = f"Nr;Länge;Breite;Text\n1;{LON};{LAT};Bank; Baum\n2;{LON};{LAT};Bank\n"
    desk.upload("contributions", "rows.csv", text)
    outcome = desk.check(desk.guessed() | SPOT)
    assert (outcome["stored"], outcome["rejected"]) == (1, 1)
    assert "5 Zellen" in desk.browser.get(f"{desk.address}result/").content.decode()


def test_metres_with_the_zone_in_front_are_recognised(desk: Desk) -> None:
    desk.upload("contributions", "rows.csv", table({"rechts": "32410827,5", "hoch": "5477556,9", "Nr": 1}))
    given = desk.guessed()
    assert (given["lon"], given["lat"], given["crs"]) == ("rechts", "hoch", "EPSG:4647")
    assert desk.check(given | SPOT)["stored"] == 1
