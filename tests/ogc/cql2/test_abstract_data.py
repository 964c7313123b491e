"""The tests /conf/<class>/test-data and /conf/<class>/logical of every class of CQL2 (OGC 21-065r2, annex A)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest

from mapping.models import Campaign
from mapping.ogc.cql2 import CONFORMANCE
from tests.ogc.cql2.places import Predicate, Truth, both, either, found, negated
from tests.ogc.cql2.predicates import PREDICATES

DEPENDENCIES = {
    "case-insensitive-comparison": ("advanced-comparison-operators",),
    "accent-insensitive-comparison": ("advanced-comparison-operators", "case-insensitive-comparison"),
    "basic-spatial-functions-plus": ("basic-spatial-functions",),
    "spatial-functions": ("basic-spatial-functions-plus",),
}
COMBINATIONS = 10


def test_every_class_has_predicates() -> None:
    declared = {uri.rpartition("/")[2] for uri in CONFORMANCE}
    assert declared - {"cql2-text", "cql2-json"} == set(PREDICATES)


@pytest.mark.parametrize("name", PREDICATES)
def test_data(places: Campaign, name: str) -> None:
    """/conf/<class>/test-data: each predicate finds what Python says, in text and in JSON."""
    for predicate in PREDICATES[name]:
        assert found(places, predicate.text) == predicate.expected, predicate.text


@pytest.mark.parametrize("name", PREDICATES)
def test_logical(places: Campaign, name: str) -> None:
    """/conf/<class>/logical: random combinations of four predicates, those of the classes depended on included."""
    classes = ("basic-cql2", *DEPENDENCIES.get(name, ()), name)
    stored = list(itertools.chain.from_iterable(PREDICATES[one] for one in dict.fromkeys(classes)))
    chance = random.Random(name)  # noqa: S311 - the same ones each time
    combine = _of_basic if name == "basic-cql2" else _of_others
    for _number in range(COMBINATIONS):
        four = chance.sample(stored, 4)
        combined = combine(*four)
        assert found(places, combined.text) == combined.expected, combined.text


def _of_basic(*four: Predicate) -> Predicate:
    a, b, c, d = (one.text for one in four)

    def value(*values: Truth) -> Truth:
        p, q, r, s = values
        return either(both(negated(q), p), both(r, s), negated(either(p, s)))

    return _combined(f"(NOT ({b}) AND {a}) OR ({c} and {d}) or not ({a} OR {d})", four, value)


def _of_others(*four: Predicate) -> Predicate:
    a, b, c, d = (one.text for one in four)

    def value(*values: Truth) -> Truth:
        p, q, r, s = values
        return either(both(negated(p), q), both(r, negated(s)), negated(both(p, s)))

    return _combined(f"((NOT {a} AND {b}) OR ({c} and NOT {d}) or not ({a} AND {d}))", four, value)


def _combined(text: str, four: tuple[Predicate, ...], value: Callable[..., Truth]) -> Predicate:
    return Predicate(text, lambda place: value(*(one.value(place) for one in four)))
