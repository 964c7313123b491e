"""What a heat map can be asked, and what is told when it makes no sense."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from mapping.aggregation.heatmap.answers import answer_questions, conditions, measured
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import (
    AnswerFilter,
    HeatmapProblem,
    HeatmapQuery,
    hours_of,
    weekdays_of,
)
from mapping.models import Campaign
from mapping.services.messages import SENTENCES, sentence
from tests import personas

QUERY = HeatmapQuery(1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grid": "circle"}, "unknown_grid"),
        ({"size": 300}, "unknown_size"),
        ({"size": 300, "grid": "hexagon"}, "unknown_size"),
        ({"measure": "most"}, "unknown_measure"),
        ({"measure": "mean"}, "question_missing"),
        ({"statuses": ("withdrawn",)}, "unknown_status"),
        ({"sources": ("fax",)}, "unknown_source"),
        ({"weekdays": (0,)}, "unknown_weekday"),
        ({"weekdays": (1, 8)}, "unknown_weekday"),
        ({"hours": (24, 3)}, "unknown_hours"),
        ({"hours": (3, 25)}, "unknown_hours"),
        ({"hours": (5, 5)}, "unknown_hours"),
        ({"start": date(2026, 2, 2), "end": date(2026, 2, 1)}, "dates_inverted"),
    ],
)
def test_each_mistake_has_its_code_and_sentence(changes: dict[str, object], code: str) -> None:
    with pytest.raises(HeatmapProblem) as refused:
        replace(QUERY, **changes).check()  # type: ignore[arg-type]
    assert refused.value.code == code
    assert code in SENTENCES
    with translation.override("en"):
        told = sentence(code, refused.value.params)
    assert "?" not in told
    assert "%" not in told


def test_what_makes_sense_passes() -> None:
    for changes in (
        {"size": 300, "grid": "district"},
        {"hours": (20, 6)},
        {"hours": (20, 0)},
        {"hours": (0, 24)},
        {"weekdays": ()},
        {"sources": ()},
        {"start": date.min, "end": date.max},
    ):
        replace(QUERY, **changes).check()


def test_weekdays_and_hours_are_read() -> None:
    assert weekdays_of("7, 1,7") == (1, 7)
    assert hours_of("20-6") == (20, 6)
    assert hours_of(" 0-8 ") == (0, 8)
    assert hours_of("0-24") is None
    for text in ("", "8", "1-2-3", "-1-3", "a-b", "24-3", "3-3", "١-٢"):
        with pytest.raises(HeatmapProblem):
            hours_of(text)
    for text in ("", "0", "8", "mon", "1;2", "１"):
        with pytest.raises(HeatmapProblem):
            weekdays_of(text)


def test_the_tally_answers_only_what_it_holds() -> None:
    assert QUERY.is_tallied
    for changes in (
        {"category_ids": (1,)},
        {"start": date.min},
        {"end": date.max},
        {"weekdays": (1,)},
        {"hours": (1, 2)},
        {"sources": ("online",)},
        {"district_ids": (1,)},
        {"answers": (AnswerFilter("scale", ("1",)),)},
        {"statuses": ("published", "pending")},
        {"statuses": ()},
        {"grid": "hexagon"},
        {"measure": "support"},
    ):
        assert not replace(QUERY, **changes).is_tallied


@pytest.mark.django_db
def test_questions_that_can_filter_or_be_measured(campaign: Campaign) -> None:
    found = {question.slug: question for question in answer_questions(campaign.pk)}
    assert set(found) == {"single-choice", "multiple-choice", "scale", "number", "yes-no"}
    assert [slug for slug, question in found.items() if question.is_measure] == ["scale", "number"]
    assert found["single-choice"].choices == (("day", "By day"), ("night", "At night"))
    assert found["yes-no"].choices == (("true", ""), ("false", ""))
    assert found["scale"].choices == (("1", "safe"), ("2", ""), ("3", ""), ("4", ""), ("5", "unsafe"))
    assert not found["number"].is_filter


@pytest.mark.django_db
def test_answers_are_asked_as_they_are_stored(campaign: Campaign) -> None:
    asked = [
        AnswerFilter("single-choice", ("day", "night")),
        AnswerFilter("multiple-choice", ("day",)),
        AnswerFilter("scale", ("4",)),
        AnswerFilter("yes-no", ("true",)),
    ]
    assert [[json.loads(one) for one in objects] for objects in conditions(campaign.pk, asked)] == [
        [{"single-choice": "day"}, {"single-choice": "night"}],
        [{"multiple-choice": ["day"]}],
        [{"scale": 4}],
        [{"yes-no": True}],
    ]


@pytest.mark.django_db
def test_questions_of_another_campaign_are_unknown(campaign: Campaign) -> None:
    other = personas.make_campaign("other", with_categories=False)
    with pytest.raises(HeatmapProblem) as refused:
        measured(other.pk, "scale")
    assert refused.value.code == "no_such_question"
    for query in (
        HeatmapQuery(other.pk, answers=(AnswerFilter("scale", ("1",)),)),
        HeatmapQuery(other.pk, measure="mean", question="scale"),
        HeatmapQuery(other.pk, grid="district"),
    ):
        with pytest.raises(HeatmapProblem):
            heatmap(query)
