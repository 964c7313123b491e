"""Predicates of times: relations as OWL-Time defines them (OGC 21-065r2, section 7.8), in three-valued logic."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.ogc.cql2.places import Predicate, Truth, both, either, moment, negated

End = datetime | None
"""A moment; None is one that nobody gave."""
Span = tuple[End, End]
Relation = Callable[[Span, Span], Truth]

_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)


def _before(one: End, other: End) -> Truth:
    return None if one is None or other is None else one < other


def _same(one: End, other: End) -> Truth:
    return None if one is None or other is None else one == other


def _precedes(a: Span, b: Span) -> Truth:
    return _before(a[1], b[0])


def _apart(a: Span, b: Span) -> Truth:
    return either(_precedes(a, b), _precedes(b, a))


def _during(a: Span, b: Span) -> Truth:
    return both(_before(b[0], a[0]), _before(a[1], b[1]))


def _starts(a: Span, b: Span) -> Truth:
    return both(_same(a[0], b[0]), _before(a[1], b[1]))


def _finishes(a: Span, b: Span) -> Truth:
    return both(_before(b[0], a[0]), _same(a[1], b[1]))


def _overlaps(a: Span, b: Span) -> Truth:
    return both(_before(a[0], b[0]), _before(b[0], a[1]), _before(a[1], b[1]))


OF_ALL: Final[dict[str, Relation]] = {
    "T_AFTER": lambda a, b: _precedes(b, a),
    "T_BEFORE": _precedes,
    "T_DISJOINT": _apart,
    "T_EQUALS": lambda a, b: both(_same(a[0], b[0]), _same(a[1], b[1])),
    "T_INTERSECTS": lambda a, b: negated(_apart(a, b)),
}
"""Relations of moments and intervals."""

OF_INTERVALS: Final[dict[str, Relation]] = {
    "T_CONTAINS": lambda a, b: _during(b, a),
    "T_DURING": _during,
    "T_FINISHEDBY": lambda a, b: _finishes(b, a),
    "T_FINISHES": _finishes,
    "T_MEETS": lambda a, b: _same(a[1], b[0]),
    "T_METBY": lambda a, b: _same(a[0], b[1]),
    "T_OVERLAPPEDBY": lambda a, b: _overlaps(b, a),
    "T_OVERLAPS": _overlaps,
    "T_STARTEDBY": lambda a, b: _starts(b, a),
    "T_STARTS": _starts,
}
"""Relations of intervals only."""

MOMENTS: Final = ("2022-04-16T10:13:19Z", "2022-04-24T07:59:57Z")
DAYS: Final = ("2022-04-16", "2022-04-24")
INTERVALS: Final = (
    ("2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z"),
    ("2022-04-16T10:13:19Z", "2022-04-16T10:15:10Z"),
    ("2022-04-16T10:13:19Z", "2022-04-16T10:16:06Z"),
    ("2022-04-16T10:15:10Z", "2023-04-16T10:15:10Z"),
    ("2020-04-16T10:13:19Z", "2022-04-16T10:16:06Z"),
    ("2020-04-16T10:13:19Z", "2020-12-31T23:59:59Z"),
    ("2023-01-01T00:00:00Z", ".."),
    ("..", "2022-04-16T10:13:19Z"),
)
INTERVALS_OF_DAYS: Final = (("2021-01-01", "2021-12-31"), ("2022-04-16", ".."))


def _end(text: str, *, is_first: bool) -> datetime:
    if text == "..":
        return _FIRST if is_first else _LAST
    if "T" in text:
        return moment(text)
    day = moment(f"{text}T00:00:00Z")
    return day if is_first else day + timedelta(days=1, microseconds=-1)


def _span(first: str, last: str) -> Span:
    return _end(first, is_first=True), _end(last, is_first=False)


def _literals() -> dict[str, Span]:
    return {
        **{f"TIMESTAMP('{text}')": _span(text, text) for text in MOMENTS},
        **{f"DATE('{text}')": _span(text, text) for text in DAYS},
        **interval_literals(),
    }


def interval_literals() -> dict[str, Span]:
    """INTERVAL(…) and what it means."""
    return {
        f"INTERVAL('{first}', '{last}')": _span(first, last)
        for first, last in (*INTERVALS, *INTERVALS_OF_DAYS)
    }


def _of_moment(function: str, relate: Relation, name: str, literal: str, span: Span) -> Predicate:
    return Predicate(
        f"{function}({name}, {literal})",
        lambda place: relate((getattr(place, name), getattr(place, name)), span),
    )


def _of_interval(function: str, relate: Relation, literal: str, span: Span) -> Predicate:
    return Predicate(
        f"{function}(INTERVAL(created, reply_created), {literal})",
        lambda place: relate((place.created, place.reply_created), span),
    )


def _predicates() -> Iterator[Predicate]:
    for name, (literal, span) in itertools.product(("created", "reply_created"), _literals().items()):
        for function, relate in OF_ALL.items():
            # A moment is equal to a day that it lies in, as with the sign of equality.
            is_day = literal.startswith("DATE") and function == "T_EQUALS"
            yield _of_moment(function, OF_ALL["T_INTERSECTS"] if is_day else relate, name, literal, span)
    for literal, span in interval_literals().items():
        for function, relate in (OF_ALL | OF_INTERVALS).items():
            yield _of_interval(function, relate, literal, span)


TEMPORAL: Final = tuple(_predicates())
