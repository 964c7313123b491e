"""Questions that differ less than a format would like."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio
import pytest

from mapping.exports.fields import campaign_fields
from mapping.models import Campaign, Question
from tests.exports.conftest import download
from tests.personas import category_of, make_contribution


@pytest.fixture
def alike(campaign: Campaign) -> Campaign:
    """Two questions with one title, one with that of an attribute which every campaign has, a choice entered twice."""
    for slug, title in (("why", "Warum?"), ("why-here", "Warum?"), ("words", "Text")):
        Question.objects.create(category=category_of(campaign, "spot"), slug=slug, title=title, kind="text")
    Question.objects.create(
        category=category_of(campaign, "spot"),
        slug="how",
        title="Wie?",
        kind="single_choice",
        options={"choices": [{"value": "a", "title": "A"}, {"value": "a", "title": "A again"}]},
    )
    make_contribution(campaign, category="spot", answers={"why": "1", "why-here": "2", "how": "a"})
    return campaign


@pytest.mark.parametrize("ending", ["gpkg", "package.zip", "shp.zip", "fgb", "parquet", "xlsx", "kml", "csv"])
def test_every_format_takes_questions_of_one_title(alike: Campaign, tmp_path: Path, ending: str) -> None:
    assert download(tmp_path, ending).stat().st_size


def test_geopackage_tells_titles_and_codes_once(alike: Campaign, tmp_path: Path) -> None:
    file = download(tmp_path, "gpkg")
    assert {"why", "why-here", "words"} <= set(pyogrio.read_info(file, layer="points")["fields"])
    with closing(sqlite3.connect(file)) as database:
        titles = database.execute("SELECT column_name, title FROM gpkg_data_columns").fetchall()
        codes = database.execute(
            "SELECT value FROM gpkg_data_column_constraints WHERE constraint_name = 'points_how'"
        ).fetchall()
    assert {("why", "Warum?"), ("why-here", "Warum?"), ("words", "Text"), ("text", "Text")} <= set(titles)
    assert codes == [("a",)]


def test_choice_that_was_entered_twice_is_one(alike: Campaign) -> None:
    [how] = [one for one in campaign_fields(alike) if one.name == "how"]
    assert [choice.value for choice in how.choices] == ["a"]
