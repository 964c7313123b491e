"""Answers to removed questions and choices stay in the files of staff."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat
import pytest

from mapping.exports.responses.codebook import codebook
from mapping.exports.responses.columns import columns_of
from mapping.exports.responses.formats import RESPONSES_FORMATS
from mapping.models import (
    Audience,
    Campaign,
    Question,
    RemovedQuestion,
    Response,
)
from tests.exports.reading import layer
from tests.exports.responses.world import (
    ARABIC,
    COMPLETE,
    EMOJI,
    IDS,
    written,
)

pytestmark = pytest.mark.django_db


def test_what_was_removed_stays_with_its_answers(survey: Campaign, tmp_path: Path) -> None:
    ways = Question.objects.get(campaign=survey, slug="ways")
    ways.options = {
        "choices": [ROW for ROW in ways.options["choices"] if ROW["value"] not in {"🚲", "other"}]
    }
    ways.options["removed"] = [{"value": "other", "title": "Anderes", "other": True}]
    ways.save()
    rank = Question.objects.get(campaign=survey, slug="rank")
    RemovedQuestion.objects.create(
        campaign=survey, slug="rank", title="Rang", kind="ranking", options=rank.options
    )
    rank.delete()
    Question.objects.get(campaign=survey, slug="time").delete()
    named = {column.name: column for column in columns_of(survey)}
    names = list(named)
    at = names.index("ways__نعم")
    assert names[at : at + 5] == ["ways__نعم", "ways__a_b_c", "ways__other", "ways__other_text", "ways__x"]
    assert (named["ways__other"].title, named["ways__other"].is_removed) == ("ways – Anderes", True)
    assert (named["ways__x"].title, named["ways__x"].is_removed) == ("ways – 🚲", True)
    assert names[-3:] == ["rank__نعم", "rank__x", "further_answers"]
    assert (named["rank__x"].is_removed, named["rank__x"].title) == (True, "Rang – Rad 🚲 & mehr; „schön“")
    text = written(survey, "csv", tmp_path).read_text("utf-8-sig")
    full, _empty, paper = csv.DictReader(io.StringIO(text, newline=""))
    assert (full["ways__other"], full["ways__x"], paper["ways__x"], full["ways__other_text"]) == (
        "1",
        "0",
        "1",
        "Roller",
    )
    assert (full["rank__x"], full["further_answers"]) == ("1", '{"time": "22:05"}')


def test_removed_questions_for_staff_stay_in_every_file_and_in_the_codebook(
    survey: Campaign, tmp_path: Path
) -> None:
    choices = {"choices": [ARABIC], "removed": [EMOJI]}
    for slug, kind, options in (("age", "number", {}), ("mode", "single_choice", choices)):
        RemovedQuestion.objects.create(
            campaign=survey, slug=slug, title=f"{slug}?", kind=kind, options=options, audience=Audience.STAFF
        )
    Question.objects.filter(campaign=survey, slug="age").delete()
    Response.objects.filter(pk=IDS[1]).update(answers={"mode": "🚲"})
    Response.objects.filter(pk=IDS[0]).update(answers={**COMPLETE})
    names = [column.name for column in columns_of(survey)]
    assert names[-3:] == ["age", "mode", "further_answers"]
    rows = [row for row in codebook(columns_of(survey)) if row[0] in {"age", "mode"}]
    assert [row[1] for row in rows] == ["age?", "mode?", "mode?", "mode?"]
    assert [row[10] for row in rows][2:] == [ARABIC["title"], EMOJI["title"]]
    assert {(row[7], row[8]) for row in rows} == {("Nur Mitarbeitende", "Nein")}
    for known in RESPONSES_FORMATS:
        file = written(survey, known.name, tmp_path)
        if known.name == "sav":
            frame, about = pyreadstat.read_sav(str(file))
            assert (frame["age"][0], frame["mode"][1]) == (41.0, "🚲")
            labels: Any = about.variable_value_labels
            assert labels["mode"]["🚲"] == EMOJI["title"]
        elif known.name == "gpkg":
            _about, [full, other, _paper] = layer(file, "responses")
            assert (full["age"], other["mode"]) == (41.0, "🚲")
        elif known.name == "xlsx":
            sheet = openpyxl.load_workbook(file)["Antworten"]
            head = [cell.value for cell in sheet[1]]
            cells = sheet[2][head.index("age")].value, sheet[3][head.index("mode")].value
            assert cells == (41, "🚲")
        else:
            full, other, _paper = csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
            assert (full["age"], other["mode"]) == ("41", "🚲")
