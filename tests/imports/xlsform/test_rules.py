"""The grammar of rules: what it reads, what it prints, and that it never fails otherwise."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.imports.xlsform.conditions import Target, as_rule, to_condition
from mapping.imports.xlsform.rules import RuleProblem, parse_rule
from mapping.questions.conditions import holds

CHOICES = {"choices": [{"value": value, "title": value.upper()} for value in ("a", "b", "it's", "x\"y'z")]}
TARGETS = {
    "one": Target("one", "single_choice", CHOICES),
    "many": Target("many", "multiple_choice", CHOICES),
    "ranked": Target("ranked", "ranking", CHOICES),
    "sure": Target("sure", "yes_no"),
    "age": Target("age", "number", is_whole=True),
    "weight": Target("weight", "number"),
    "mood": Target("mood", "scale", {"minimum": 0, "maximum": 5}, is_whole=True),
    "free": Target("free", "text"),
}
KINDS = {name: one.kind for name, one in TARGETS.items()}


def find(name: str) -> Target:
    """As a form does."""
    if name not in TARGETS:
        raise RuleProblem("rule_unknown_name", name=name)
    return TARGETS[name]


def condition_of(rule: str) -> dict[str, Any]:
    """What a rule becomes."""
    return to_condition(parse_rule(rule), find)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("${one} = 'a'", {"question": "one", "is": "a"}),
        ('${ one } = "a"', {"question": "one", "is": "a"}),
        ("${one}=‘a’", {"question": "one", "is": "a"}),
        ("'a' = ${one}", {"question": "one", "is": "a"}),
        ("${one} != 'a'", {"question": "one", "is_not": "a"}),
        ("selected(${many}, 'b')", {"question": "many", "is": "b"}),
        ("not(selected(${many}, 'b'))", {"question": "many", "is_not": "b"}),
        ("not(${one} = 'a')", {"question": "one", "is_not": "a"}),
        ("not(not(${one} = 'a'))", {"question": "one", "is": "a"}),
        ("${one} = 'a' or ${one} = 'b'", {"question": "one", "is": ["a", "b"]}),
        ("${one} != 'a' and ${one} != 'b'", {"question": "one", "is_not": ["a", "b"]}),
        ("${age} >= 18", {"question": "age", "at_least": 18}),
        ("${age} > 18", {"question": "age", "at_least": 19}),
        ("${age} > 18.5", {"question": "age", "at_least": 19}),
        ("18 < ${age}", {"question": "age", "at_least": 19}),
        ("${age} < 18", {"question": "age", "at_most": 17}),
        ("${age} <= '18'", {"question": "age", "at_most": 18}),
        ("${weight} >= 0.5", {"question": "weight", "at_least": 0.5}),
        ("${age} = -1", {"question": "age", "is": -1}),
        ("${mood} = 3", {"question": "mood", "is": 3}),
        (
            "not(${age} >= 18)",
            {"any": [{"question": "age", "at_most": 17}, {"question": "age", "answered": False}]},
        ),
        ("${sure} = 'OK'", {"question": "sure", "is": "true"}),
        ("${sure} = true()", {"question": "sure", "is": "true"}),
        ("${free} != ''", {"question": "free", "answered": True}),
        ("${free} = ''", {"question": "free", "answered": False}),
        ("string-length(${free}) > 0", {"question": "free", "answered": True}),
        ("count-selected(${many}) >= 1", {"question": "many", "answered": True}),
        ("0 = string-length(${free})", {"question": "free", "answered": False}),
        ("true()", {}),
        ("true() and ${free} != ''", {"question": "free", "answered": True}),
        (
            "${one} = 'a' and (${age} >= 1 or ${free} != '')",
            {
                "all": [
                    {"question": "one", "is": "a"},
                    {"any": [{"question": "age", "at_least": 1}, {"question": "free", "answered": True}]},
                ]
            },
        ),
        (
            "${one} = 'a' and ${age} >= 1 or ${free} != ''",
            {
                "any": [
                    {"all": [{"question": "one", "is": "a"}, {"question": "age", "at_least": 1}]},
                    {"question": "free", "answered": True},
                ]
            },
        ),
        (
            "not(${one} = 'a' and ${free} != '')",
            {"any": [{"question": "one", "is_not": "a"}, {"question": "free", "answered": False}]},
        ),
    ],
)
def test_rule_becomes_condition(rule: str, expected: Mapping[str, Any]) -> None:
    assert condition_of(rule) == expected


_VALUES = st.sampled_from(["a", "b", "it's", "x\"y'z"])
_NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1000, 1000).map(lambda one: round(one, 6))
_TESTS = st.one_of(
    st.builds(
        lambda name, test, values: {"question": name, test: values},
        st.sampled_from(["one", "many", "ranked"]),
        st.sampled_from(["is", "is_not"]),
        _VALUES | st.lists(_VALUES, min_size=2, max_size=3, unique=True),
    ),
    st.builds(lambda value: {"question": "sure", "is": value}, st.sampled_from(["true", "false"])),
    st.builds(lambda value: {"question": "mood", "is": value}, st.integers(0, 5)),
    st.builds(
        lambda name, test, number: {"question": name, test: number},
        st.sampled_from(["age", "weight", "mood"]),
        st.sampled_from(["at_least", "at_most"]),
        _NUMBERS,
    ),
    st.builds(
        lambda name, is_answered: {"question": name, "answered": is_answered},
        st.sampled_from(sorted(TARGETS)),
        st.booleans(),
    ),
)
_CONDITIONS = st.recursive(
    _TESTS,
    lambda parts: st.builds(
        lambda group, listed: {group: listed},
        st.sampled_from(["all", "any"]),
        st.lists(parts, min_size=1, max_size=3),
    ),
    max_leaves=8,
)
_ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "one": _VALUES,
        "many": st.lists(_VALUES, min_size=1, unique=True),
        "ranked": st.lists(_VALUES, min_size=1, unique=True),
        "sure": st.booleans(),
        "age": st.integers(-3, 120),
        "weight": st.floats(-1, 200),
        "mood": st.integers(0, 5),
        "free": st.text(min_size=1),
    },
)


@settings(max_examples=300)
@given(_CONDITIONS)
def test_printed_condition_is_read_as_the_same_one(condition: dict[str, Any]) -> None:
    try:
        once = condition_of(as_rule(condition, KINDS))
    except RuleProblem as problem:
        assert problem.code == "rule_too_deep"
        return
    assert condition_of(as_rule(once, KINDS)) == once


@settings(max_examples=300)
@given(_CONDITIONS, _ANSWERS)
def test_printed_condition_means_the_same(condition: dict[str, Any], answers: dict[str, object]) -> None:
    try:
        again = condition_of(as_rule(condition, KINDS))
    except RuleProblem:
        return
    assert holds(again, answers) == holds(condition, answers)


@settings(max_examples=300)
@given(_CONDITIONS, _ANSWERS)
def test_not_means_the_opposite(condition: dict[str, Any], answers: dict[str, object]) -> None:
    answers = {name: value for name, value in answers.items() if name != "weight"}
    try:
        opposite = condition_of(f"not({as_rule(condition, KINDS)})")
    except RuleProblem:
        return
    if "weight" not in str(condition) and "." not in str(condition):
        assert holds(opposite, answers) != holds(condition, answers)


_PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "${one}",
                "${age}",
                "${}",
                "${",
                "'a'",
                '"',
                "'",
                "(",
                ")",
                "not(",
                "selected(",
                ",",
                "=",
                "!=",
            ),
            *(">=", "<", "and", "or", "1", "-1", "1.5", "9" * 30, ".", "string-length(", "true()", "false()"),
            *(" ", "\n", "\x00", "ß", "“", "”", "*"),
        ]
    ),
    max_size=25,
)


@settings(max_examples=500)
@given(st.one_of(st.text(max_size=60), _PIECES.map(" ".join), _PIECES.map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = condition_of(text)
    except RuleProblem:
        return
    assert condition_of(as_rule(condition, KINDS) or "true()") == condition


@pytest.mark.parametrize("piece", ["(", "not(", "${one} = 'a' and ", "'", "${", "- ", "not"])
def test_long_rules_are_refused_at_once(piece: str) -> None:
    with pytest.raises(RuleProblem):
        parse_rule(piece * 100_000)
    with pytest.raises(RuleProblem):
        parse_rule(piece * (3_900 // len(piece)))
