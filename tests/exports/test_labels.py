"""`labels`: choices as codes, titles or both, in every format that has no place of its own for what codes mean."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openpyxl import load_workbook

from mapping.exports.labels import LABELS
from mapping.exports.registry import formats
from mapping.models import Campaign, Question, Reply
from tests.api.conftest import reasons
from tests.exports.conftest import download
from tests.exports.reading import layer
from tests.personas import GOOD_ANSWERS, make_contribution

WITH_LABELS = sorted(one.name for one in formats() if len(one.labels) > 1)
TITLES = {
    "category": "Survey",
    "status": "Veröffentlicht",
    "source": "Online",
    "reply_status": "Geplant",
    "single-choice": "Night & \"late\" 'hours'",
    "multiple-choice": ["By day", "At night"],
}
CODES = {
    "category": "survey",
    "status": "published",
    "source": "online",
    "reply_status": "planned",
    "single-choice": "night",
    "multiple-choice": ["day", "night"],
}


@pytest.fixture
def answered(campaign: Campaign) -> Campaign:
    """One contribution with every kind of choice, and one with a code that is no choice any more."""
    question = Question.objects.get(slug="single-choice")
    question.options = {
        "choices": [{"value": "day", "title": "Day"}, {"value": "night", "title": TITLES["single-choice"]}]
    }
    question.save()
    made = make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    Reply.objects.create(contribution=made, status="planned", text="We will.")
    make_contribution(campaign, category="survey", answers={"single-choice": "dusk"}, text="old")
    return campaign


def rows_of(file: Path, ending: str) -> list[dict[str, Any]]:
    if ending == "ndjson":
        return [json.loads(line)["properties"] for line in file.read_text().splitlines()]
    if ending == "geojson":
        return [one["properties"] for one in json.loads(file.read_text())["features"]]
    if ending == "xlsx":
        head, *lines = load_workbook(file).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, head), line, strict=True)) for line in lines]
    if ending == "shp.zip":
        _about, described = layer(f"/vsizip/{file}/fields.csv")
        names = {one["column"]: one["name"] for one in described}
        _about, rows = layer(f"/vsizip/{file}/points.shp")
        return [{names.get(name, name): value for name, value in row.items()} for row in rows]
    return layer(file)[1]


def row_of(rows: list[dict[str, Any]], text: str) -> dict[str, Any]:
    [found] = [row for row in rows if row["text"] == text]
    return found


def joined(value: object) -> object:
    return "; ".join(value) if isinstance(value, list) else value


def wanted(values: dict[str, Any], ending: str, after: str = "") -> dict[str, Any]:
    """What a format makes of values: GeoJSON has lists, tables join them."""
    is_json = ending in {"geojson", "ndjson"}
    return {f"{name}{after}": value if is_json else joined(value) for name, value in values.items()}


def test_formats_that_cannot_explain_codes_take_labels() -> None:
    assert {"csv", "xlsx", "geojson", "ndjson", "shp.zip"} == {*WITH_LABELS}


@pytest.mark.parametrize("ending", WITH_LABELS)
@pytest.mark.parametrize("labels", ["", *LABELS])
def test_choices_are_written_as_asked(answered: Campaign, tmp_path: Path, ending: str, labels: str) -> None:
    rows = rows_of(download(tmp_path, ending, f"labels={labels}"), ending)
    row = row_of(rows, "Here it is dark.")
    expected = wanted(TITLES if labels == "titles" else CODES, ending)
    assert {name: row[name] for name in expected} == expected
    assert (row_of(rows, "old")["single-choice"]) == "dusk"
    if labels == "both":
        titles = wanted(TITLES, ending, "_title")
        assert {name: row[name] for name in titles} == titles
        assert row_of(rows, "old")["single-choice_title"] == "dusk"
        assert not row_of(rows, "old")["reply_status_title"]
    else:
        assert not [name for name in row if name.endswith("_title")]


def test_titles_stand_beside_their_codes(answered: Campaign, tmp_path: Path) -> None:
    head = download(tmp_path, "csv", "labels=both").read_text("utf-8-sig").split("\r\n")[0].split(",")
    assert head[1:3] == ["category", "category_title"]
    assert head[head.index("multiple-choice") + 1] == "multiple-choice_title"


def test_title_of_a_question_never_takes_the_name_of_another(answered: Campaign, tmp_path: Path) -> None:
    survey = answered.categories.get(slug="survey")
    Question.objects.create(category=survey, slug="Category_Title", title="Mine", kind="text")
    head = download(tmp_path, "csv", "labels=both").read_text("utf-8-sig").split("\r\n")[0].split(",")
    assert "category_title_2" in head
    assert "Category_Title" in head


def test_titles_are_in_the_language_of_the_request(answered: Campaign) -> None:
    for language, title in (("de", "Veröffentlicht"), ("en", "Published")):
        client = Client()
        client.cookies["django_language"] = language
        for ending in ("csv", "geojson", "ndjson"):
            answer = client.get(f"/api/v1/campaigns/fear-spaces/download.{ending}?labels=titles")
            assert title in answer.getvalue().decode(), (language, ending)


def test_title_that_begins_like_a_formula_is_made_safe(answered: Campaign, tmp_path: Path) -> None:
    answered.categories.filter(slug="survey").update(title="=1+1")
    assert "'=1+1" in download(tmp_path, "csv", "labels=titles").read_text("utf-8-sig")


def test_replies_that_come_along_have_titles_too(answered: Campaign, tmp_path: Path) -> None:
    file = download(tmp_path, "xlsx", "labels=titles&include=replies")
    head, row = load_workbook(file)["Rückmeldungen der Stadt"].iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["status"] == "Geplant"


@pytest.mark.parametrize("ending", sorted({one.name for one in formats()} - {*WITH_LABELS}))
def test_other_formats_refuse_labels(answered: Campaign, ending: str) -> None:
    response = Client().get(f"/api/v1/campaigns/fear-spaces/download.{ending}?labels=titles")
    assert reasons(response) == {"labels": "unknown_choice"}
    assert Client().get(f"/api/v1/campaigns/fear-spaces/download.{ending}?labels=codes").status_code == 200


def test_unknown_label_is_refused(answered: Campaign) -> None:
    response = Client().get("/api/v1/campaigns/fear-spaces/download.csv?labels=names")
    assert reasons(response) == {"labels": "unknown_choice"}


def test_command_writes_titles_in_its_language(answered: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    options = ("--format", "csv", "--out", str(path), "--labels", "both", "--language", "en")
    call_command("export", "fear-spaces", *options)
    assert "published,Published" in path.read_text("utf-8-sig")


def test_description_names_the_formats_that_take_along_and_label() -> None:
    """Derived from the formats, so that it cannot be stale."""
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    [operation] = [
        one["get"]
        for path, one in paths.items()
        if path.endswith("/download.{ending}") and "/responses/" not in path
    ]
    described = {one["name"]: one.get("description", "") for one in operation["parameters"]}
    for one in formats():
        included, _dot, whole = described["include"].partition("All of it")
        assert (f"`{one.name}`" in included) == (not one.extras and not one.has_all_extras)
        assert (f"`{one.name}`" in whole) == one.has_all_extras
        assert (f"`{one.name}`" in described["labels"]) == (len(one.labels) > 1)
