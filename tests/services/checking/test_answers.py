"""Answers are read strictly and stored in one form per kind of question."""

from typing import Any

import pytest

from mapping.models import Question, QuestionKind
from mapping.services.checking.answers import clean_answers, fitting_answers
from mapping.services.errors import Invalid

CHOICES: dict[str, Any] = {
    "choices": [{"value": "day", "title": "By day"}, {"value": "night", "title": "At night"}]
}


def question(kind: str, *, required: bool = False, **options: Any) -> Question:
    return Question(slug="q", kind=kind, required=required, options=options)


def read(kind: str, value: object, **options: Any) -> object:
    return clean_answers([question(kind, **options)], {"q": value}).get("q", "unanswered")


def code(kind: str, value: object, **options: Any) -> str:
    with pytest.raises(Invalid) as refused:
        read(kind, value, **options)
    return refused.value.fields["answers.q"][0].code


@pytest.mark.parametrize(
    ("kind", "value", "options", "stored"),
    [
        ("text", "  a \n b\x00 ", {}, "a b"),
        ("text", "<i>x</i>", {}, "<i>x</i>"),
        ("long_text", "a\r\nb", {}, "a\nb"),
        ("single_choice", "day", CHOICES, "day"),
        ("multiple_choice", ["night", "day", "night"], CHOICES, ["day", "night"]),
        ("multiple_choice", ("day",), CHOICES, ["day"]),
        ("scale", 1, {}, 1),
        ("scale", 5.0, {}, 5),
        ("scale", -2, {"minimum": -2, "maximum": 2}, -2),
        ("number", 3, {}, 3),
        ("number", 3.0, {}, 3),
        ("number", 3.25, {}, 3.25),
        ("number", -1e15, {}, -1_000_000_000_000_000),
        ("number", 0, {"minimum": 0}, 0),
        ("yes_no", False, {}, False),
        ("yes_no", True, {}, True),
        ("time_of_day", "00:00", {}, "00:00"),
        ("time_of_day", "23:59:30", {}, "23:59"),
        ("date", " 2026-02-28 ", {}, "2026-02-28"),
        ("date", "2026-12-24", {"minimum": "2026-12-24", "maximum": "2026-12-24"}, "2026-12-24"),
        ("part_of_day", "night", {}, "night"),
        *((kind, None, CHOICES, "unanswered") for kind in QuestionKind.values),
        *((kind, "", CHOICES, "unanswered") for kind in QuestionKind.values),
        ("multiple_choice", [], CHOICES, "unanswered"),
        ("text", "\u200b \x00", {}, "unanswered"),
    ],
)
def test_good_answers(kind: str, value: object, options: dict[str, Any], stored: object) -> None:
    answer = read(kind, value, **options)
    assert answer == stored
    assert type(answer) is type(stored)


@pytest.mark.parametrize(
    ("kind", "value", "options", "expected"),
    [
        ("text", 5, {}, "not_a_text"),
        ("text", "x" * 301, {}, "too_long"),
        ("long_text", "x" * 5001, {}, "too_long"),
        ("single_choice", "noon", CHOICES, "not_a_choice"),
        ("single_choice", "By day", CHOICES, "not_a_choice"),
        ("single_choice", ["day"], CHOICES, "not_a_choice"),
        ("single_choice", "day", {}, "not_a_choice"),
        ("single_choice", "day", {"choices": "day"}, "not_a_choice"),
        ("multiple_choice", "day", CHOICES, "not_a_list_of_choices"),
        ("multiple_choice", {"day": 1}, CHOICES, "not_a_list_of_choices"),
        ("multiple_choice", ["day", "noon"], CHOICES, "not_a_choice"),
        ("multiple_choice", [["day"]], CHOICES, "not_a_choice"),
        ("scale", 0, {}, "not_on_the_scale"),
        ("scale", 6, {}, "not_on_the_scale"),
        ("scale", 2.5, {}, "not_on_the_scale"),
        ("scale", "3", {}, "not_a_number_answer"),
        ("scale", True, {}, "not_a_number_answer"),
        ("number", "3", {}, "not_a_number_answer"),
        ("number", float("nan"), {}, "not_a_number_answer"),
        ("number", float("inf"), {}, "not_a_number_answer"),
        ("number", 10**400, {}, "out_of_range_answer"),
        ("number", -1, {"minimum": 0}, "out_of_range_answer"),
        ("number", 121, {"maximum": 120}, "out_of_range_answer"),
        ("yes_no", 1, {}, "not_yes_no"),
        ("yes_no", "yes", {}, "not_yes_no"),
        ("time_of_day", "24:00", {}, "not_a_time"),
        ("date", "2026-02-29", {}, "not_a_date"),
        ("date", "24.12.2026", {}, "not_a_date"),
        ("date", "٢٠٢٦-١٢-٢٤", {}, "not_a_date"),
        ("date", 20261224, {}, "not_a_date"),
        ("date", "2026-12-23", {"minimum": "2026-12-24"}, "day_too_early"),
        ("date", "2026-12-25", {"maximum": "2026-12-24"}, "day_too_late"),
        ("part_of_day", "noon", {}, "not_a_choice"),
        ("part_of_day", ["night"], {}, "not_a_choice"),
        ("time_of_day", "9:30", {}, "not_a_time"),
        ("time_of_day", "٠٩:٣٠", {}, "not_a_time"),
        ("time_of_day", 930, {}, "not_a_time"),
    ],
)
def test_wrong_answers(kind: str, value: object, options: dict[str, Any], expected: str) -> None:
    assert code(kind, value, **options) == expected


@pytest.mark.parametrize("value", [None, "", "  "])
def test_required_question_must_be_answered(value: object) -> None:
    wanted = question("text", required=True)
    with pytest.raises(Invalid) as refused:
        clean_answers([wanted], {"q": value})
    assert refused.value.fields["answers.q"][0].code == "required"
    assert clean_answers([wanted], {"q": value}, require=False) == {}


def test_no_is_an_answer_to_a_required_question() -> None:
    assert clean_answers([question("yes_no", required=True)], {"q": False}) == {"q": False}


def test_unknown_question_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        clean_answers([question("text")], {"q": "x", "other": 1})
    assert list(refused.value.fields) == ["answers.other"]


@pytest.mark.parametrize("raw", [[], "text", 5, True])
def test_answers_are_an_object(raw: object) -> None:
    with pytest.raises(Invalid) as refused:
        clean_answers([], raw)
    assert refused.value.fields["answers"][0].code == "not_an_object_of_answers"


def test_nothing_given_is_nothing_stored() -> None:
    assert clean_answers([question("text")], None) == clean_answers([question("text")], {}) == {}


def test_stored_answers_that_fit_other_questions_are_kept() -> None:
    stored = {"q": 4, "old": "x"}
    assert fitting_answers([question("scale")], stored) == {"q": 4}
    assert fitting_answers([question("text")], stored) == {}
