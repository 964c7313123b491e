"""CSV and XLSX: sheets, headers, separators, encodings, the cells of each row."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.management import CommandError

from mapping.imports.problems import TableProblem
from mapping.imports.reading.tables import Row, Table, open_table
from mapping.models import Campaign, Contribution
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import LONLAT, SPOT
from tests.personas import TOWN_HALL

pytestmark = pytest.mark.django_db

LON, LAT = TOWN_HALL
MOMENT = datetime(2026, 5, 21, 10, 47)  # noqa: DTZ001 - cells know no zone


def read(path: Path, **reading: object) -> tuple[Table, list[Row]]:
    with open_table(path, **reading) as table:  # type: ignore[arg-type] # any way of reading
        return table, [row for batch in table.rows() for row in batch]


def book(files: Files, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook as openpyxl writes it."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    path = files.folder / "book.xlsx"
    made.save(path)
    return path


# --- times of day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form",
    [
        "yyyy-mm-dd h:mm:ss",
        "YYYY-MM-DD HH:MM:SS",
        "DD.MM.YYYY HH:MM",
        "dd.mm.yy hh:mm",
        "m/d/yy h:mm",
        "[$-407]dd.mm.yyyy hh:mm;@",
        'dd.mm.yyyy" "hh:mm" Uhr"',
        'yyyy-mm-dd"T"hh:mm:ss',
        "yyyy\\-mm\\-dd\\ hh:mm",
        "[Red]d. mmmm yyyy h:mm AM/PM",
        "dd.mm.yyyy",
    ],
)
@pytest.mark.parametrize("is_after_a_text", [False, True])
def test_time_of_day_is_kept_whatever_the_format_of_the_cell(
    files: Files, form: str, is_after_a_text: bool
) -> None:
    path = files.folder / "rows.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "at"])
        lines: list[object] = [MOMENT, MOMENT]
        if is_after_a_text:
            lines.insert(0, "unbekannt")
        for number, value in enumerate(lines, start=1):
            sheet.write(number, 0, number)
            if isinstance(value, datetime):
                sheet.write_datetime(number, 1, value, made.add_format({"num_format": form}))
            else:
                sheet.write(number, 1, value)
    _, rows = read(path)
    assert [row.fields["at"] for row in rows] == lines


def test_times_written_by_openpyxl_are_stored_as_local_times(campaign: Campaign, files: Files) -> None:
    lines: list[list[object]] = [
        ["Nr", "lon", "lat", "Datum"],
        [1, LON, LAT, MOMENT],
        [2, LON, LAT, "irgendwann"],
        [3, LON, LAT, MOMENT],
    ]
    path = book(files, Meldungen=lines)
    report = files.folder / "report.csv"
    arguments = (*LONLAT, *SPOT, "--id-field", "Nr", "--time-field", "Datum", "--report", report)

    assert run("import_contributions", campaign.slug, path, *arguments).startswith(
        "stored 2, known 0, rejected 1"
    )
    assert {one.created_at.isoformat() for one in Contribution.objects.all()} == {"2026-05-21T08:47:00+00:00"}
    assert rejected(report) == [(2, "created", "not_a_date")]


def test_midnight_is_a_date_and_other_cells_stay_what_they_are(files: Files) -> None:
    line = [date(2026, 5, 21), time(8, 5), True, 17, 7.5, "018", 2.0]
    _, [row] = read(book(files, Blatt=[list("abcdefg"), line]))
    assert list(row.fields.values()) == [date(2026, 5, 21), time(8, 5), True, 17, 7.5, "018", 2]
    assert isinstance(row.fields["a"], date)
    assert not isinstance(row.fields["a"], datetime)


# --- sheets ---------------------------------------------------------------------------------------------------------


def test_one_of_several_sheets_is_chosen(campaign: Campaign, files: Files) -> None:
    lines: list[list[object]] = [["Nr", "lon", "lat", "Datum"], [1, LON, LAT, MOMENT]]
    path = book(files, Hinweise=[["Erläuterung"], ["nichts"]], Meldungen=lines)
    with pytest.raises(CommandError, match="several layers"):
        run("import_contributions", campaign.slug, path, *LONLAT, *SPOT)
    told = run(
        "import_contributions",
        campaign.slug,
        path,
        *LONLAT,
        *SPOT,
        "--layer",
        "Meldungen",
        "--time-field",
        "Datum",
    )
    assert told.startswith("stored 1")
    assert Contribution.objects.get().created_at.isoformat() == "2026-05-21T08:47:00+00:00"


def test_blank_and_hidden_sheets_need_no_choice(files: Files) -> None:
    path = book(files, Deckblatt=[["Nur ein Titel"]], Listen=[["a"], [1]], Daten=[["id"], [1]])
    made = openpyxl.load_workbook(path)
    made["Listen"].sheet_state = "hidden"
    made.save(path)
    table, [row] = read(path)
    assert (table.layer, table.layers, row.fields) == ("Daten", ("Daten",), {"id": 1})
    assert read(path, layer="Listen")[1][0].fields == {"a": 1}
    with pytest.raises(TableProblem, match="no layer Fehlt"):
        read(path, layer="Fehlt")


def test_cell_in_the_far_corner_of_a_sheet_costs_no_memory(files: Files) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["id"])
    made.worksheets[0].append([1])
    made.worksheets[0].cell(1_048_576, 900, "x")
    path = files.folder / "book.xlsx"
    made.save(path)
    table, rows = read(path)
    assert (table.count, [row.number for row in rows]) == (2, [1, 1_048_575])
    assert rows[1].fields["Field900"] == "x"


def test_broken_workbook_is_refused_in_one_sentence(files: Files) -> None:
    path = book(files, Daten=[["id"], [1]])
    damaged = path.read_bytes()[:-400]
    with pytest.raises(TableProblem, match="cannot be read"):
        read(files.text(damaged, "broken.xlsx"))


# --- headers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("id,lon,lat,text,2025\n1,7.7,49.4,Bank,ja\n", ("id", "lon", "lat", "text", "2025")),
        (
            '"Vorname","1","2","3","lon","lat"\n"x","ja","nein","ja","7.7","49.4"\n',
            ("Vorname", "1", "2", "3", "lon", "lat"),
        ),
        ("1,2,3\nja,nein,ja\n", ("1", "2", "3")),
        (
            "lon,lat,Answer,Answer,Answer\n7.7,49.4,a,b,c\n",
            ("lon", "lat", "Answer", "Answer (2)", "Answer (3)"),
        ),
        (
            'ID, Lon ,"L A T",Text,Text,,\n1,7.7,49.4,a,b,x,y\n',
            ("ID", "Lon", "L A T", "Text", "Text (2)", "field_6", "field_7"),
        ),
        ("7.7689,49.4443,Bank\n7.7690,49.4444,Baum\n", ("field_1", "field_2", "field_3")),
    ],
)
def test_header_is_recognised_and_its_names_are_told_apart(
    files: Files, text: str, fields: tuple[str, ...]
) -> None:
    table, rows = read(files.text(text, "rows.csv"))
    assert table.fields == fields
    assert list(rows[0].fields) == list(fields)
    assert len(set(map(str, rows[0].fields.values()))) > 1


def test_numbers_name_the_columns_of_a_sheet(files: Files) -> None:
    table, [row] = read(
        book(files, Daten=[["Nr", "lon", "lat", 2025, 2025, None], [1, LON, LAT, "ja", "nein", "x"]])
    )
    assert table.fields == ("Nr", "lon", "lat", "2025", "2025 (2)", "Field6")
    assert list(row.fields.values())[3:] == ["ja", "nein", "x"]


PREAMBLE = "Meldungen 2026;;;\nStand: 01.06.2026;;;\nid;lon;lat;text\n1;7,7689;49,4443;Bank\n"


def test_titles_above_the_header_are_passed_over(files: Files) -> None:
    table, [row] = read(files.text(PREAMBLE, "rows.csv"))
    assert (table.header, table.fields, row.number) == (3, ("id", "lon", "lat", "text"), 1)
    table, [row] = read(
        book(files, Daten=[["Auswertung 2026"], [], ["Nr", "Länge", "Breite"], [17, LON, LAT]])
    )
    assert (table.header, table.fields, row.fields["Nr"]) == (3, ("Nr", "Länge", "Breite"), 17)
    assert table.heads[:3] == ("Auswertung 2026", "", "Nr · Länge · Breite")


def test_line_of_the_header_can_be_chosen(campaign: Campaign, files: Files) -> None:
    text = "Bericht;vom;Amt;x\nid;e;n;text\n1;7,7689;49,4443;Bank\n"
    path = files.text(text, "rows.csv")
    arguments = (campaign.slug, path, "--lon", "e", "--lat", "n", "--id-field", "id", *SPOT)
    assert run("import_contributions", *arguments, "--header-line", 2).startswith(
        "stored 1, known 0, rejected 0"
    )
    with pytest.raises(CommandError, match="no field"):
        run("import_contributions", *arguments, "--header-line", 1)
    with pytest.raises(CommandError, match="no line 9"):
        run("import_contributions", *arguments, "--header-line", 9)
    assert read(path, header=0)[0].fields == ("field_1", "field_2", "field_3", "field_4")


# --- text -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id\tlon\tlat\ttext\r\n1\t7,7\t49,4\tHallo, Straße\r\n", "utf-16"),
        ("id\tlon\tlat\ttext\r\n1\t7,7\t49,4\tHallo, Straße\r\n", "utf-16-be-with-mark"),
        ("sep=;\r\nid;lon;lat;text\r\n1;7,7;49,4;Hallo, Straße\r\n", "utf-8"),
        ("sep=\t\nid\tlon\tlat\ttext\n1\t7,7\t49,4\tHallo, Straße\n", "utf-8-sig"),
        ("id|lon|lat|text\n1|7,7|49,4|Hallo, Straße\n", "utf-8"),
        ('id,lon,lat,text\n1,"7,7","49,4","Hallo, Straße"\n', "utf-8"),
        ('id, lon, lat, text\n1, "7,7", "49,4", "Hallo, Straße"\n', "utf-8"),
    ],
)
def test_separators_and_encodings_are_recognised(files: Files, text: str, encoding: str) -> None:
    content = b"\xfe\xff" + text.encode("utf-16-be") if "mark" in encoding else text.encode(encoding)
    for name in ("rows.csv", "rows.tsv"):
        _, [row] = read(files.text(content, name))
        assert row.fields == {"id": "1", "lon": "7,7", "lat": "49,4", "text": "Hallo, Straße"}


def test_row_with_more_cells_than_the_header_is_reported(campaign: Campaign, files: Files) -> None:
    text = f"id;lon;lat;text\n1;{LON};{LAT};Bank;;\n2;{LON};{LAT};Bank; Baum\n3;{LON};{LAT}\n"
    report = files.folder / "report.csv"
    told = run(
        "import_contributions", campaign.slug, files.text(text, "rows.csv"), *LONLAT, *SPOT, "--text-field", "text",
        "--report", report,
    )  # fmt: skip
    assert told.startswith("stored 2, known 0, rejected 1")
    assert rejected(report) == [(2, "row", "too_many_cells")]
    assert "5 cells" in report.read_text()


@pytest.mark.parametrize("word", ["Summe", "Gesamt:", "TOTAL"])
def test_totals_at_the_end_are_no_row_and_blank_lines_neither(
    campaign: Campaign, files: Files, word: str
) -> None:
    path = files.text(f"id;lon;lat;text\n1;{LON};{LAT};Bank\n;;;\n\n{word};;;1\n", "rows.csv")
    report = files.folder / "report.csv"
    told = run(
        "import_contributions", campaign.slug, path, *LONLAT, *SPOT, "--without-place", "--report", report
    )
    assert told.startswith("stored 1, known 0, rejected 1")
    assert rejected(report) == [(4, "row", "total")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('id,text\n1,"never closed\n2,lost\n3,too\n', "file_open_quote"),
        ("id,text\n1,a\0b\n" + "2,b\n" * 40_000 + "3,c\0\n", "file_other_content"),
        ("\n\n", "file_without_rows"),
    ],
)
def test_text_that_hides_rows_is_refused(files: Files, text: str, code: str) -> None:
    with pytest.raises(TableProblem) as refused:
        read(files.text(text, "rows.csv"))
    assert refused.value.code == code


def test_quotation_marks_inside_of_texts_stay(files: Files) -> None:
    text = 'id;text\n1;"Sie sagte: ""Nein"""\n2;Nur ein "halbes Zitat\n3;"zwei\nZeilen"\n'
    _, rows = read(files.text(text, "rows.csv"))
    assert [row.fields["text"] for row in rows] == [
        'Sie sagte: "Nein"',
        'Nur ein "halbes Zitat',
        "zwei\nZeilen",
    ]
