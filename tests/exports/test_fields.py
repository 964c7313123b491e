"""Attributes of a campaign's contributions, and their values."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
from django.contrib.gis.geos import LineString
from django.db import transaction
from django.test import Client

from mapping.exports.fields import FIXED, Field, campaign_fields
from mapping.exports.flat import FlatFeatureText
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source
from mapping.exports.values import value_of
from mapping.geo.crs import UTM32, WGS84, transform_positions
from mapping.models import Campaign, Category, Question, QuestionKind, Reply, ReplyStatus
from mapping.models.campaign import PlaceType
from tests.personas import GOOD_ANSWERS, STATION, TOWN_HALL, make_contribution


def attribute(campaign: Campaign, name: str) -> Field:
    return next(field for field in campaign_fields(campaign) if field.name == name)


def value(campaign: Campaign, name: str) -> Any:
    [found] = (
        Selection(campaign).contributions().values_list(value_of(attribute(campaign, name), "p/"), flat=True)
    )
    return found


def ask(category: Category, slug: str, kind: str, **options: Any) -> None:
    Question.objects.create(category=category, slug=slug, title=slug.title(), kind=kind, options=options)


@pytest.fixture
def survey(campaign: Campaign) -> Category:
    return campaign.categories.get(slug="survey")


@pytest.fixture
def spot(campaign: Campaign) -> Category:
    return campaign.categories.get(slug="spot")


def test_categories_are_choices_of_the_campaign(campaign: Campaign) -> None:
    choices = attribute(campaign, "category").choices
    assert [choice.value for choice in choices] == list(
        campaign.categories.order_by("position", "pk").values_list("slug", flat=True)
    )


def test_question_named_like_a_fixed_attribute_gets_a_prefix(campaign: Campaign, spot: Category) -> None:
    ask(spot, "status", QuestionKind.TEXT)
    names = [field.name for field in campaign_fields(campaign)]
    assert "answer_status" in names
    assert len(names) == len(set(names))


def test_question_named_by_a_number_does_not_hide_the_head_of_a_csv_file(
    campaign: Campaign, spot: Category, tmp_path: Path
) -> None:
    for slug in ("2030", "1e5", "-7"):
        ask(spot, slug, QuestionKind.TEXT)
    make_contribution(campaign, answers={"2030": "more trees"})
    path = tmp_path / "file.csv"
    path.write_bytes(Client().get(f"/api/v1/campaigns/{campaign.slug}/download.csv").getvalue())
    about, _ids, _places, columns = pyogrio.raw.read(path)
    assert {"answer_2030", "answer_1e5", "answer_-7"} <= {*about["fields"]}
    assert len(columns[0]) == 1


def test_questions_of_one_kind_are_one_attribute_with_the_choices_of_both(
    campaign: Campaign, spot: Category, survey: Category
) -> None:
    ask(spot, "when", QuestionKind.SINGLE_CHOICE, choices=[{"value": "day", "title": "By day"}])
    ask(survey, "when", QuestionKind.SINGLE_CHOICE, choices=[{"value": "night", "title": "At night"}])
    merged = attribute(campaign, "when")
    assert merged.kind == "text"
    assert {choice.value for choice in merged.choices} == {"day", "night"}


def test_questions_of_different_kinds_are_one_text(
    campaign: Campaign, spot: Category, survey: Category
) -> None:
    ask(spot, "how-many", QuestionKind.NUMBER, minimum=0, maximum=9, unit="m")
    ask(survey, "how-many", QuestionKind.YES_NO)
    merged = attribute(campaign, "how-many")
    assert (merged.kind, merged.unit, merged.minimum) == ("text", "", None)
    make_contribution(campaign, category="survey", answers={"how-many": True})
    assert value(campaign, "how-many") == "true"


def test_limits_of_merged_scales_hold_both(campaign: Campaign, spot: Category, survey: Category) -> None:
    ask(spot, "fear", QuestionKind.SCALE, minimum=1, maximum=5)
    ask(survey, "fear", QuestionKind.SCALE, minimum=0, maximum=3)
    merged = attribute(campaign, "fear")
    assert (merged.kind, merged.minimum, merged.maximum) == ("integer", 0, 5)


def test_answers_have_the_type_of_their_question(campaign: Campaign) -> None:
    make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    for field in campaign_fields(campaign):
        if field.question:
            assert value(campaign, field.name) == GOOD_ANSWERS[field.question]


@pytest.mark.parametrize("stored", ["five", True, None, [5], {"a": 5}])
def test_answer_of_another_kind_than_its_question_has_no_value(
    campaign: Campaign, spot: Category, stored: object
) -> None:
    ask(spot, "width", QuestionKind.NUMBER)
    make_contribution(campaign, answers={"width": stored})
    assert value(campaign, "width") is None


def test_newest_reply_is_told(campaign: Campaign) -> None:
    contribution = make_contribution(campaign)
    for day, status in ((2, ReplyStatus.DONE), (1, ReplyStatus.PLANNED)):
        Reply.objects.create(
            contribution=contribution,
            status=status,
            text=f"Day {day}",
            created_at=datetime(2026, 5, day, tzinfo=UTC),
        )
    assert value(campaign, "reply_status") == "done"
    assert value(campaign, "reply_text") == "Day 2"
    assert value(campaign, "reply_created") == datetime(2026, 5, 2, tzinfo=UTC)


def test_any_choice_of_attributes_is_valid_json(campaign: Campaign) -> None:
    make_contribution(campaign, category="survey", answers=GOOD_ANSWERS, text='"%s" \\ äöü')
    fields = campaign_fields(campaign)
    for count in range(len(fields)):
        for chosen in (fields[count:], fields[count : count + 1], fields[:count]):
            source = contributions_source(Selection(campaign), "p/")
            [text] = source.rows.values_list(FlatFeatureText(source, chosen), flat=True)
            properties = json.loads(text)["properties"]
            assert set(properties) <= {field.name for field in chosen}
            assert {field.name for field in chosen if field.is_always_there} <= set(properties)


def test_feature_tells_of_the_newest_reply_with_one_look(campaign: Campaign) -> None:
    contribution = make_contribution(campaign)
    for day in (2, 1):
        moment = datetime(2026, 5, day, tzinfo=UTC)
        Reply.objects.create(contribution=contribution, status="done", text=f'"{day}"', created_at=moment)
    source = contributions_source(Selection(campaign), "p/")
    rows = source.rows.values_list(FlatFeatureText(source), flat=True)
    assert str(rows.query).count('FROM "mapping_reply"') == 1
    [text] = rows
    properties = json.loads(text)["properties"]
    told = {name: value for name, value in properties.items() if name.startswith("reply_")}
    created = datetime.fromisoformat(told.pop("reply_created"))
    assert created == datetime(2026, 5, 2, tzinfo=UTC)
    assert told == {"reply_status": "done", "reply_text": '"2"'}


def test_more_attributes_than_one_call_takes(campaign: Campaign, spot: Category) -> None:
    answers = {f"width-{number}": number for number in range(250)}
    for slug in answers:
        ask(spot, slug, QuestionKind.NUMBER)
    make_contribution(campaign, answers=answers)
    source = contributions_source(Selection(campaign), "p/")
    for chosen in (source.fields, tuple(field for field in source.fields if field.question)):
        [text] = source.rows.values_list(FlatFeatureText(source, chosen), flat=True)
        properties = json.loads(text)["properties"]
        assert {name: properties[name] for name in answers} == answers


def test_feature_comes_in_another_crs_and_order_of_axes(campaign: Campaign) -> None:
    make_contribution(campaign, STATION)

    def place(**more: Any) -> tuple[float, float]:
        source = contributions_source(Selection(campaign), "")
        [text] = source.rows.values_list(FlatFeatureText(source, (), **more), flat=True)
        return tuple(json.loads(text)["geometry"]["coordinates"])

    assert place() == STATION
    assert place(northing_first=True) == STATION[::-1]
    expected = transform_positions(np.array([STATION]), WGS84, UTM32)[0]
    assert place(crs=UTM32) == pytest.approx(expected, abs=0.001)
    assert place(crs=3035, northing_first=True) == place(crs=3035)[::-1]


def test_selection_by_type_of_place(campaign: Campaign) -> None:
    make_contribution(campaign, text="point")
    make_contribution(campaign, LineString(STATION, TOWN_HALL, srid=4326), category="street", text="line")
    make_contribution(campaign, None, category="idea", text="nowhere")
    chosen = Selection(campaign, place_types=(PlaceType.LINE,))
    assert [found.text for found in chosen.contributions()] == ["line"]
    assert chosen.is_filtered


def test_fixed_attributes_have_distinct_names() -> None:
    assert len({field.name for field in FIXED}) == len(FIXED)


def test_reading_all_finds_the_photos_and_replies_that_a_page_finds(campaign: Campaign) -> None:
    for number in range(3):
        contribution = make_contribution(campaign, text=str(number))
        if number:
            Reply.objects.create(contribution=contribution, status=ReplyStatus.DONE, text="mended")
            contribution.photos.create(file="a.jpg", width=1, height=1, digest=contribution.pk.bytes)

    def texts(*, is_whole: bool) -> list[str]:
        source = contributions_source(Selection(campaign), "p/", is_whole=is_whole)
        return list(source.in_order().values_list(FlatFeatureText(source), flat=True))

    assert texts(is_whole=True) == texts(is_whole=False)
    assert sum("mended" in text and "p/" in text for text in texts(is_whole=True)) == 2


def test_questions_that_were_never_committed_are_not_remembered(spot: Category) -> None:
    with transaction.atomic():
        ask(spot, "undone", QuestionKind.TEXT)
        assert attribute(spot.campaign, "undone").question == "undone"
        transaction.set_rollback(True)
    ask(spot, "done", QuestionKind.TEXT)
    names = {field.name for field in campaign_fields(spot.campaign)}
    assert "done" in names
    assert "undone" not in names
