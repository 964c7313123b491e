"""Files of responses, read back by the programs for which they are made and compared value by value."""

import csv
import io
import json
import math
import os
import sqlite3
import subprocess
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pyogrio
import pyreadstat
import pytest
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.exports.errors import TooManyColumns
from mapping.exports.formats.csv import BYTE_ORDER_MARK
from mapping.exports.responses import geopackage
from mapping.exports.responses.codebook import codebook
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.formats import RESPONSES_FORMATS
from mapping.exports.responses.questions import _CELLS
from mapping.exports.responses.spss import shortened, variable_names
from mapping.geo.formulas import guarded, unguarded
from mapping.models import (
    Campaign,
    Question,
    QuestionKind,
    Response,
    TaggedText,
    TextTag,
)
from tests.api.conftest import reasons
from tests.exports.reading import layer
from tests.exports.responses.world import (
    COMPLETE,
    NAMES,
    ROWS_AS_READ,
    survey_of_every_kind,
    url,
    written,
)
from tests.personas import staff_browser
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


def plain(value: Any) -> Any:
    """Days and times as texts, numbers that are none as nothing."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    is_nothing = value == "" or (isinstance(value, float) and math.isnan(value))
    return None if is_nothing else value


def test_every_kind_that_is_answered_has_its_cells() -> None:
    assert set(_CELLS) == set(QuestionKind.values) - {QuestionKind.NOTE}


def test_columns_stand_in_one_order_for_every_format(survey: Campaign) -> None:
    columns = columns_of(survey)
    assert [column.name for column in columns] == NAMES
    assert [column.name for column in columns if column.is_for_staff] == ["age", "further_answers"]
    titles = {column.name: column.title for column in columns}
    assert titles["ways__نعم"] == "ways – نعم، بالتأكيد"
    assert titles["matrix__quiet"] == "matrix – Leise"
    measures = {column.name: column.measure for column in columns}
    assert (measures["way"], measures["scale"], measures["number"]) == ("nominal", "ordinal", "scale")


def test_csv_read_back(survey: Campaign, tmp_path: Path) -> None:
    text = written(survey, "csv", tmp_path).read_bytes().decode()
    assert text.startswith(BYTE_ORDER_MARK)
    read = csv.DictReader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline=""))
    assert read.fieldnames == NAMES
    for row, wanted in zip(read, ROWS_AS_READ, strict=True):
        assert {name: unguarded(cell) for name, cell in row.items()} == {
            name: {None: "", True: "true", False: "false"}.get(cell, str(cell))
            if cell is None or isinstance(cell, bool)
            else str(cell)
            for name, cell in wanted.items()
        }
        for name in ("answer_text", "batch", "way__other_text"):
            assert row[name] == str(guarded(wanted[name] or ""))


def test_csv_with_titles_is_for_people(survey: Campaign, tmp_path: Path) -> None:
    text = written(survey, "csv", tmp_path, "titles").read_text("utf-8-sig")
    full, _empty, paper = csv.DictReader(io.StringIO(text, newline=""))
    assert (full["way"], full["source"], full["matrix__safe"]) == (
        "Anderes",
        "Online",
        "Rad 🚲 & mehr; „schön“",
    )
    assert paper["way"] == '\'=HYPERLINK("x")'
    assert full["scale"] == "5"


def test_choice_that_is_called_none_is_no_missing_answer(campaign: Campaign, tmp_path: Path) -> None:
    ask(campaign, "why", "single_choice", options={"choices": [{"value": "None", "title": "Keiner"}]})
    now = timezone.now()
    for answers in ({"why": "None"}, {}):
        Response.objects.create(campaign=campaign, answers=answers, completed_at=now)
    text = written(campaign, "csv", tmp_path, "titles").read_text("utf-8-sig")
    found = sorted(row["why"] for row in csv.DictReader(io.StringIO(text, newline="")))
    assert found == ["", "Keiner"]


def test_workbook_read_back(survey: Campaign, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(survey, "xlsx", tmp_path))
    assert book.sheetnames == ["Antworten", "Codebuch"]
    head, *rows = book["Antworten"].iter_rows(values_only=True)
    assert list(head) == NAMES
    found = [{name: plain(cell) for name, cell in zip(NAMES, row, strict=True)} for row in rows]
    assert found == ROWS_AS_READ
    kinds = {name: cell.data_type for name, cell in zip(NAMES, book["Antworten"][2], strict=True)}
    assert (kinds["answer_text"], kinds["all"], kinds["day"], kinds["scale"]) == ("s", "b", "d", "n")
    book_of_codes = list(book["Codebuch"].iter_rows(values_only=True))
    assert ("ways__other", "ways – Anderes") in {row[:2] for row in book_of_codes}
    assert any(row[0] == "way" and row[9:11] == ("🚲", "Rad 🚲 & mehr; „schön“") for row in book_of_codes)


def test_workbook_with_titles_has_questions_as_heads(survey: Campaign, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(survey, "xlsx", tmp_path, "titles"))
    head, full, *_rows = book["Antworten"].iter_rows(values_only=True)
    row = dict(zip(NAMES, full, strict=True))
    assert head[NAMES.index("matrix__safe")] == "matrix – Sicher"
    assert (row["way"], row["part"]) == ("Anderes", "Am Abend (18 bis 22 Uhr)")


def test_geopackage_read_back(survey: Campaign, tmp_path: Path) -> None:
    file = written(survey, "gpkg", tmp_path)
    assert dict(pyogrio.list_layers(file)) == {"responses": None, "place_where": "Point"}
    _about, rows = layer(file, "responses")
    found = [{name: plain(of_geopackage(name, row[name])) for name in NAMES} for row in rows]
    assert found == ROWS_AS_READ
    about, [point] = layer(file, "place_where")
    assert point["id"] == ROWS_AS_READ[0]["id"]
    assert (about["crs"], about["geometry_type"]) == ("EPSG:4326", "Point")
    assert list(point["place"].coords[0]) == COMPLETE["where"]["coordinates"]
    with sqlite3.connect(file) as base:
        titles = dict(base.execute("SELECT column_name, title FROM gpkg_data_columns").fetchall())
        assert titles["ways__other"] == "ways – Anderes"
        [joined] = base.execute("SELECT r.way FROM responses r JOIN place_where p ON p.id = r.id").fetchall()
        assert joined == ("other",)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_geopackage_read_by_another_gdal(survey: Campaign, tmp_path: Path) -> None:
    """Debian's GDAL, older than that of the wheels by which the file was written."""
    file = written(survey, "gpkg", tmp_path)
    told = subprocess.run(
        ["ogrinfo", "-ro", "-al", str(file)],  # noqa: S607 - by PATH
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    assert "ERROR" not in told.stderr
    assert "Layer name: responses" in told.stdout
    assert "Feature Count: 3" in told.stdout
    assert "ways__other (Integer64) = 1" in told.stdout
    assert "day (Date) = 2026/02/28" in told.stdout
    assert "POINT (7.7689 49.4447)" in told.stdout


def of_geopackage(name: str, cell: Any) -> Any:
    """GDAL reads columns of numbers with gaps as floating-point numbers, and days as those of numpy."""
    if plain(cell) is None:
        return None
    if name in {"created", "completed", "day"}:
        return None if str(cell) == "NaT" else str(cell)
    return bool(cell) if name == "all" else cell


def test_spss_file_read_back(survey: Campaign, tmp_path: Path) -> None:
    frame, about = pyreadstat.read_sav(str(written(survey, "sav", tmp_path)))
    names = variable_names(NAMES)
    assert list(frame.columns) == names
    found = [
        dict(zip(NAMES, map(plain, row), strict=True)) for row in frame.itertuples(index=False, name=None)
    ]
    for row, wanted in zip(found, ROWS_AS_READ, strict=True):
        row["all"] = None if row["all"] is None else bool(row["all"])
        assert row == wanted
    labels = dict(zip(names, about.column_labels, strict=True))
    assert labels["ways__other"] == "ways – Anderes"
    assert labels["long"] == shortened("ä" * 200, 256)
    labels_of_values: Any = about.variable_value_labels
    assert labels_of_values["way"]["🚲"] == "Rad 🚲 & mehr; „schön“"
    assert labels_of_values["scale"] == {1.0: "safe", 5.0: "unsafe"}
    assert labels_of_values["v_all"] == {1.0: "Ja", 0.0: "Nein"}
    assert labels_of_values["ways__other"] == {1.0: "Ausgewählt", 0.0: "Nicht ausgewählt"}
    measures = about.variable_measure
    assert (measures["way"], measures["scale"], measures["number"]) == ("nominal", "ordinal", "scale")
    assert about.file_label == survey.title


def test_names_of_variables_are_allowed_and_unique() -> None:
    odd = [
        "all",
        "ALL",
        "1st",
        "_x",
        "a-b",
        "a_b",
        "نعم",
        "🚲",
        "x" * 80,
        "x" * 90,
        "with",
        "ways__نعم",
        "ways__x",
    ]
    names = variable_names(odd)
    assert names[:8] == ["v_all", "v_ALL_2", "v_1st", "x", "a_b", "a_b_2", "v", "v_2"]
    assert len({name.upper() for name in names}) == len(odd)
    assert all(len(name) <= 64 and name.isascii() and not name.endswith("_") for name in names)


def test_texts_are_shortened_between_characters() -> None:
    assert shortened("ä" * 200, 256) == "ä" * 126 + "…"
    assert shortened("short", 5) == "short"
    assert len(shortened("🚲" * 40, 120).encode()) <= 120


def test_columns_are_found_without_reading_a_response(
    survey: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(6) as queries:
        columns_of(survey)
    assert not [one for one in queries.captured_queries if 'FROM "mapping_response"' in one["sql"]]


def test_order_of_columns_and_choices_is_that_of_the_questions(survey: Campaign) -> None:
    way = Question.objects.get(campaign=survey, slug="way")
    gone = [{"value": f"gone-{number}", "title": f"Gone {number}"} for number in range(9)]
    way.options["removed"] = gone
    way.save()
    [column] = [column for column in columns_of(survey) if column.name == "way"]
    expected = [*(one["value"] for one in way.options["choices"]), *(one["value"] for one in gone)]
    assert [choice.value for choice in column.choices] == expected
    expected = [
        name
        for slug in Question.objects.of_survey(survey.pk).values_list("slug", flat=True)
        for name in NAMES
        if name.removeprefix("answer_").partition("__")[0] == slug
    ]
    assert [column.name for column in columns_of(survey)][5:-1] == expected


def test_answers_of_a_former_kind_stand_apart(survey: Campaign, tmp_path: Path) -> None:
    Question.objects.filter(campaign=survey, slug="number").update(kind="scale", options={})
    Question.objects.filter(campaign=survey, slug="way").update(kind="multiple_choice")
    Question.objects.filter(campaign=survey, slug="text").update(kind="date", options={})
    text = written(survey, "csv", tmp_path).read_text("utf-8-sig")
    full, _empty, paper = csv.DictReader(io.StringIO(text, newline=""))
    assert (full["number"], paper["number"]) == ("", "-3")
    assert full["way__x"] == ""
    further = json.loads(unguarded(full["further_answers"]))
    assert further == {name: COMPLETE[name] for name in ("number", "way", "text")}


def test_survey_without_responses_has_columns_and_no_rows(campaign: Campaign, tmp_path: Path) -> None:
    survey_of_every_kind(campaign)
    for known in RESPONSES_FORMATS:
        file = written(campaign, known.name, tmp_path)
        if known.name == "sav":
            frame, _about = pyreadstat.read_sav(str(file))
            assert (len(frame), len(frame.columns)) == (0, len(NAMES))
        if known.name == "gpkg":
            assert layer(file, "responses")[1] == []
        if known.name == "xlsx":
            assert openpyxl.load_workbook(file)["Antworten"].max_row == 1


def test_more_columns_than_a_format_holds_are_refused(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, analyst: User
) -> None:
    many = [{"value": f"c{number}", "title": f"C {number}"} for number in range(200)]
    ask(campaign, "many", "multiple_choice", options={"choices": many})
    monkeypatch.setattr(geopackage, "_MOST_COLUMNS", 100)
    with pytest.raises(TooManyColumns):
        written(campaign, "gpkg", tmp_path)
    refused = staff_browser(analyst).get(url("gpkg"))
    assert reasons(refused) == {"format": "too_many_columns"}
    assert staff_browser(analyst).get(url("sav")).status_code == 200


def test_codebook_speaks_the_readers_language(survey: Campaign) -> None:
    with translation.override("en"):
        rows = list(codebook(columns_of(survey)))
    assert rows[0][:2] == ["Column", "Title"]
    [age] = [row for row in rows if row[0] == "age"]
    assert age[7:9] == ["Only staff", "Yes"]
    assert [row[9] for row in rows if row[0] == "way"] == ["", "نعم", "🚲", "other", "a b/c"]


def test_tags_of_texts_are_columns_for_staff(survey: Campaign, tmp_path: Path) -> None:
    tags = {name: TextTag.objects.create(campaign=survey, name=name) for name in ("=dark!", "loud", "unused")}
    tagged = Response.objects.of(survey).complete().filter(answers__text=COMPLETE["text"])[0]
    for writing, name in (("text", "=dark!"), ("way:other", "loud")):
        TaggedText.objects.create(tag=tags[name], response=tagged, writing=writing)
    TaggedText.objects.create(tag=tags["loud"], response=tagged, writing="text", is_stale=True)
    columns = {one.name: one for one in columns_of(survey)}
    named = [name for name in columns if "__tag_" in name or "__other_tag_" in name]
    assert named == ["answer_text__tag_dark", "way__other_tag_loud"]
    assert list(columns).index("answer_text__tag_dark") == list(columns).index("answer_text") + 1
    assert all(columns[name].is_for_staff for name in named)
    with written(survey, "csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows[str(tagged.pk)]["answer_text__tag_dark"] == "1"
    assert {row["answer_text__tag_dark"] for row in rows.values() if not row["answer_text"]} <= {""}
    labels = [row for row in codebook(columns_of(survey)) if row[0] == "answer_text__tag_dark"]
    assert [row[9] for row in labels] == ["", "1", "0"]
