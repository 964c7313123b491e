"""Invented answers fit the questions of every kind that categories may ask."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from mapping.demo import invent
from mapping.demo.content import Generate
from mapping.demo.invent import Period
from mapping.models import QuestionKind
from mapping.questions.registry import KINDS
from mapping.services.campaigns import NewQuestion
from tests.personas import QUESTION_OPTIONS

AT = datetime(2026, 5, 3, 19, 20, tzinfo=UTC)
GENERATE: Generate = {
    "participants": 1,
    "contributions": 1,
    "by_category": {},
    "texts": {},
    "answer_texts": {"asked": ["A line."]},
}


def answer(kind: str, options: dict[str, object], seed: int, at: datetime = AT) -> object:
    asked = NewQuestion(slug="asked", title="Asked?", kind=kind, required=True, options=options)
    return invent._answer(asked, GENERATE, at, Random(seed))  # noqa: S311


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.for_contributions])
def test_answers_of_every_kind_are_accepted(kind: str) -> None:
    options = QUESTION_OPTIONS.get(kind, {})
    for seed in range(20):
        assert KINDS[kind].read(answer(kind, options, seed), options) is not None


def test_days_lie_before_the_contribution_and_within_the_bounds() -> None:
    for seed in range(50):
        assert str(answer(QuestionKind.DATE, {}, seed)) <= "2026-05-03"
        bounded = str(answer(QuestionKind.DATE, {"minimum": "2026-05-01", "maximum": "2026-05-02"}, seed))
        assert "2026-05-01" <= bounded <= "2026-05-02"


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (4, "night"), (5, "early_morning"), (13, "midday"), (19, "evening"), (23, "night")],
)
def test_part_of_day_is_that_of_the_contribution(hour: int, part: str) -> None:
    assert answer(QuestionKind.PART_OF_DAY, {}, 1, AT.replace(hour=hour)) == part


def test_reactions_in_a_later_phase_do_not_come_before_it() -> None:
    phase = Period(AT + timedelta(days=10), 5)
    for seed in range(20):
        assert phase.later(AT, Random(seed)) >= phase.start  # noqa: S311
