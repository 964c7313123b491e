"""What a heat map can be asked, and what is told when it makes no sense."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import measured_question
from mapping.models import Campaign
from mapping.services.messages import SENTENCES, sentence
from tests import personas
from tests.filtering import filtered

QUERY = HeatmapQuery(1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grid": "circle"}, "unknown_grid"),
        ({"size": 300}, "unknown_size"),
        ({"size": 300, "grid": "hexagon"}, "unknown_size"),
        ({"measure": "most"}, "unknown_measure"),
        ({"measure": "mean"}, "question_missing"),
        ({"filter": filtered(("withdrawn",))}, "unknown_status"),
        ({"filter": filtered(sources=("fax",))}, "unknown_source"),
        ({"filter": filtered(replies=("perhaps",))}, "unknown_reply"),
        ({"filter": filtered(weekdays=(0,))}, "unknown_weekday"),
        ({"filter": filtered(weekdays=(1, 8))}, "unknown_weekday"),
        ({"filter": filtered(hours=(24, 3))}, "unknown_hours"),
        ({"filter": filtered(hours=(3, 25))}, "unknown_hours"),
        ({"filter": filtered(hours=(5, 5))}, "unknown_hours"),
        ({"filter": filtered(start=date(2026, 2, 2), end=date(2026, 2, 1))}, "dates_inverted"),
    ],
)
def test_each_mistake_has_its_code_and_sentence(changes: dict[str, object], code: str) -> None:
    with pytest.raises(QueryProblem) as refused:
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
        {"filter": filtered(hours=(20, 6))},
        {"filter": filtered(hours=(20, 0))},
        {"filter": filtered(hours=(0, 24))},
        {"filter": filtered(weekdays=())},
        {"filter": filtered(sources=())},
        {"filter": filtered(start=date.min, end=date.max)},
    ):
        replace(QUERY, **changes).check()


def test_the_tally_answers_only_what_it_holds() -> None:
    assert QUERY.is_tallied
    for changes in (
        {"filter": filtered(categories=("spot",))},
        {"filter": filtered(start=date(2000, 1, 1))},
        {"filter": filtered(end=date(2100, 1, 1))},
        {"filter": filtered(weekdays=(1,))},
        {"filter": filtered(hours=(1, 2))},
        {"filter": filtered(sources=("online",))},
        {"filter": filtered(districts=("1",))},
        {"filter": filtered(replies=("done",))},
        {"filter": filtered(answers=(("scale", ("1",)),))},
        {"filter": filtered(("published", "pending"))},
        {"filter": filtered(())},
        {"grid": "hexagon"},
        {"measure": "support"},
    ):
        assert not replace(QUERY, **changes).is_tallied


@pytest.mark.django_db
def test_questions_of_another_campaign_are_unknown(campaign: Campaign) -> None:
    other = personas.make_campaign("other", with_categories=False)
    with pytest.raises(QueryProblem) as refused:
        measured_question(other.pk, "scale")
    assert refused.value.code == "no_such_question"
    for query in (
        HeatmapQuery(other.pk, filter=filtered(answers=(("scale", ("1",)),))),
        HeatmapQuery(other.pk, measure="mean", question="scale"),
        HeatmapQuery(other.pk, grid="district"),
    ):
        with pytest.raises(QueryProblem):
            heatmap(query)
