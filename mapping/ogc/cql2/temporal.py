"""Relations of times (OGC 21-065r2, section 8.5): each is a span from its first to its last moment."""

from __future__ import annotations

from typing import Final

from mapping.exports.sources import Readable
from mapping.ogc.cql2 import sql

Span = tuple[Readable, Readable]
"""First and last moment; one and the same for an instant."""

# Relations as conjunctions of comparisons: end of the first span, operator, end of the second (0 start, 1 end).
TEMPORAL: Final[dict[str, tuple[tuple[int, str, int], ...]]] = {
    "t_after": ((0, ">", 1),),
    "t_before": ((1, "<", 0),),
    "t_contains": ((0, "<", 0), (1, ">", 1)),
    "t_disjoint": (),
    "t_during": ((0, ">", 0), (1, "<", 1)),
    "t_equals": ((0, "=", 0), (1, "=", 1)),
    "t_finishedby": ((0, "<", 0), (1, "=", 1)),
    "t_finishes": ((0, ">", 0), (1, "=", 1)),
    "t_intersects": ((0, "<=", 1), (1, ">=", 0)),
    "t_meets": ((1, "=", 0),),
    "t_metby": ((0, "=", 1),),
    "t_overlappedby": ((0, ">", 0), (0, "<", 1), (1, ">", 1)),
    "t_overlaps": ((0, "<", 0), (1, ">", 0), (1, "<", 1)),
    "t_startedby": ((0, "=", 0), (1, ">", 1)),
    "t_starts": ((0, "=", 0), (1, "<", 1)),
}
# A day and a moment are equal if the moment lies in the day.
_COMPARISONS: Final[dict[str, tuple[int, str, int]]] = {
    "<": (1, "<", 0),
    "<=": (0, "<=", 1),
    ">": (0, ">", 1),
    ">=": (1, ">=", 0),
}


def related(left: Span, op: str, right: Span) -> sql.Condition:
    """Whether two times are in a relation."""
    if op == "t_disjoint":
        return sql.disjunction(related(left, "t_before", right), related(left, "t_after", right))
    return sql.conjunction(*(_held(left, one, right) for one in TEMPORAL[op]))


def span_compared(left: Span, op: str, right: Span) -> sql.Condition:
    """Compare two times, each of which is a moment or a day."""
    if op == "=":
        return related(left, "t_intersects", right)
    if op == "<>":
        return related(left, "t_disjoint", right)
    return sql.conjunction(_held(left, _COMPARISONS[op], right))


def _held(left: Span, comparison: tuple[int, str, int], right: Span) -> sql.Condition:
    one, operator, other = comparison
    return sql.compared(left[one], operator, right[other])
