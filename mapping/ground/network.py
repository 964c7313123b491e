"""The shortest way along streets: pure geometry, in metres of any plane.

Streets meet where they share a corner. In networks as those of OpenStreetMap, streets that cross without one pass above
or below each other. In sketches by hand hardly any streets share corners: there every crossing is a junction, and an
end that nearly reaches another street is joined to it. Which of both a source is shows in its own streets.

The way is found by Dijkstra's method (E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische
Mathematik 1, 1959) on the pieces of streets between junctions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import count, pairwise
from typing import Final

import numpy as np
import shapely
from shapely import ops

Position = tuple[float, float]
_Node = tuple[int, int]

_PER_METRE: Final = 100
"""Corners are the same if they agree in centimetres, about 1e-7 degrees."""
_SKETCHED: Final = 0.5
"""A source is a sketch where less than this share of the streets that meet have a corner in common."""
_SHORTEST: Final = 0.1
"""Shorter ways are none."""
_SHORTEST_NAMED: Final = 5.0
"""Streets are named if the way has more metres of them than this."""


@dataclass(frozen=True, slots=True)
class Street:
    """A line on which people move; `source` is the file it is from."""

    line: shapely.LineString
    name: str = ""
    source: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """A line along streets, its length, and the names of these streets in their order."""

    line: shapely.LineString
    names: Sequence[str]

    @property
    def length(self) -> float:
        return float(self.line.length)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a street between two junctions."""

    start: _Node
    end: _Node
    line: shapely.LineString
    name: str


@dataclass(frozen=True, slots=True)
class _Snap:
    """Where a position lies on the streets: metres along a piece; `away` is how far it was from there."""

    piece: int
    along: float
    away: float


@dataclass(frozen=True, slots=True)
class _Step:
    """How a junction was reached: along a piece, from its start or its end; `before` is None at the beginning."""

    before: _Node | None
    piece: int
    is_forward: bool


class Network:
    """Streets with their junctions."""

    def __init__(self, streets: Iterable[Street], *, joint: float = 0.0) -> None:
        """`joint`: metres within which the ends of sketched streets are joined to others."""
        streets = list(_joined(streets, joint))
        corners = [_nodes(street.line) for street in streets]
        junctions = _junctions(corners)
        self._pieces = [
            piece
            for street, nodes in zip(streets, corners, strict=True)
            for piece in _divided(street, nodes, junctions)
        ]
        self._ways: dict[_Node, list[tuple[float, _Node, int, bool]]] = defaultdict(list)
        for number, piece in enumerate(self._pieces):
            length = piece.line.length
            self._ways[piece.start].append((length, piece.end, number, True))
            self._ways[piece.end].append((length, piece.start, number, False))
        self._tree = shapely.STRtree([piece.line for piece in self._pieces])
        self._parts = self._connected()

    def has_street(self, position: Position, reach: float) -> bool:
        """Whether a street lies within `reach` metres."""
        return bool(len(self._tree.query(shapely.Point(position), predicate="dwithin", distance=reach)))

    def way(self, start: Position, end: Position, reach: float) -> Way | None:
        """The shortest way between the places on streets nearest to two positions.

        Both are at most `reach` metres away, on streets that are connected: among several such pairs, the nearest one.
        None where there is none, or where both are the same place.
        """
        starts, ends = self._snaps(start, reach), self._snaps(end, reach)
        both = starts.keys() & ends.keys()
        if not both:
            return None
        part = min(both, key=lambda one: (starts[one].away + ends[one].away, one))
        return self._shortest(starts[part], ends[part])

    def _snaps(self, position: Position, reach: float) -> Mapping[_Node, _Snap]:
        """The nearest place on the streets of each connected part within reach."""
        point = shapely.Point(position)
        found: dict[_Node, _Snap] = {}
        for number in sorted(self._tree.query(point, predicate="dwithin", distance=reach).tolist()):
            line = self._pieces[number].line
            snap = _Snap(number, line.project(point), line.distance(point))
            part = self._parts[self._pieces[number].start]
            if part not in found or snap.away < found[part].away:
                found[part] = snap
        return found

    def _connected(self) -> Mapping[_Node, _Node]:
        """For each junction the first one of the connected part in which it is."""
        part: dict[_Node, _Node] = {}
        for first in self._ways:
            if first in part:
                continue
            part[first] = first
            waiting = [first]
            while waiting:
                for _length, other, _number, _is_forward in self._ways[waiting.pop()]:
                    if other not in part:
                        part[other] = first
                        waiting.append(other)
        return part

    def _shortest(self, start: _Snap, end: _Snap) -> Way | None:
        first, last = self._pieces[start.piece], self._pieces[end.piece]
        goals = {last.start: (end.along, True)}
        if last.end not in goals or last.line.length - end.along < end.along:
            goals[last.end] = last.line.length - end.along, False
        best = abs(end.along - start.along) if start.piece == end.piece else float("inf")
        arrived: tuple[_Node, bool] | None = None
        reached: dict[_Node, _Step] = {}
        order = count()
        heap = [
            (start.along, next(order), first.start, _Step(None, start.piece, is_forward=False)),
            (
                first.line.length - start.along,
                next(order),
                first.end,
                _Step(None, start.piece, is_forward=True),
            ),
        ]
        heapify(heap)
        while heap and heap[0][0] < best:
            metres, _number, node, step = heappop(heap)
            if node in reached:
                continue
            reached[node] = step
            if node in goals and metres + goals[node][0] < best:
                best, arrived = metres + goals[node][0], (node, goals[node][1])
            for length, other, piece, is_forward in self._ways[node]:
                if other not in reached:
                    heappush(heap, (metres + length, next(order), other, _Step(node, piece, is_forward)))
        if not _SHORTEST < best < float("inf"):
            return None
        if arrived is None:
            return _assembled([(first.name, _between(first.line, start.along, end.along))])
        return _assembled(self._sections(start, end, reached, arrived))

    def _sections(
        self, start: _Snap, end: _Snap, reached: Mapping[_Node, _Step], arrived: tuple[_Node, bool]
    ) -> Sequence[tuple[str, shapely.LineString]]:
        """Names and lines from the start to the end."""
        node: _Node | None
        node, is_forward = arrived
        last = self._pieces[end.piece]
        backwards = [(last.name, _between(last.line, 0.0 if is_forward else last.line.length, end.along))]
        while node is not None:
            step = reached[node]
            piece = self._pieces[step.piece]
            if step.before is None:
                line = _between(piece.line, start.along, piece.line.length if step.is_forward else 0.0)
            else:
                line = piece.line if step.is_forward else piece.line.reverse()
            backwards.append((piece.name, line))
            node = step.before
        return backwards[::-1]


def _between(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    """The part of a line between two of its metres, in this direction; without length where both are the same."""
    part = ops.substring(line, start, end)
    return part if isinstance(part, shapely.LineString) else shapely.LineString([*part.coords, *part.coords])


def _assembled(sections: Sequence[tuple[str, shapely.LineString]]) -> Way | None:
    """One line of all sections, without repeated corners."""
    corners: list[Position] = []
    metres: dict[str, float] = defaultdict(float)
    for name, line in sections:
        metres[name] += line.length
        for x, y in shapely.get_coordinates(line).tolist():
            if not corners or (x, y) != corners[-1]:
                corners.append((x, y))
    if len(corners) < 2:
        return None
    named = [name for name in metres if name and metres[name] > _SHORTEST_NAMED]
    return Way(shapely.LineString(corners), named or [name for name in metres if name][:1])


def _nodes(line: shapely.LineString) -> list[_Node]:
    return [(x, y) for x, y in np.rint(shapely.get_coordinates(line) * _PER_METRE).astype(np.int64).tolist()]


def _junctions(corners: Iterable[Sequence[_Node]]) -> set[_Node]:
    """Ends of streets, and corners where more than one passes."""
    passed: Counter[_Node] = Counter()
    ends: set[_Node] = set()
    for nodes in corners:
        passed.update(nodes)
        ends.update((nodes[0], nodes[-1]))
    return ends | {node for node, times in passed.items() if times > 1}


def _divided(street: Street, nodes: Sequence[_Node], junctions: set[_Node]) -> Iterator[_Piece]:
    """The pieces of a street between its junctions."""
    positions = shapely.get_coordinates(street.line)
    at = [number for number, node in enumerate(nodes) if node in junctions]
    for start, end in pairwise(at):
        line = shapely.LineString(positions[start : end + 1])
        if line.length > 0:
            yield _Piece(nodes[start], nodes[end], line, street.name)


def _joined(streets: Iterable[Street], joint: float) -> Iterator[Street]:
    """Streets, those of sketches with corners where they meet others of their source."""
    by_source: dict[int, list[Street]] = defaultdict(list)
    for street in streets:
        by_source[street.source].append(street)
    for group in by_source.values():
        yield from _with_corners(group, joint) if _is_sketch(group) else group


def _is_sketch(streets: Sequence[Street]) -> bool:
    """Whether hardly any of the streets that meet have a corner in common."""
    lines = [street.line for street in streets]
    tree = shapely.STRtree(lines)
    corners = [set(_nodes(line)) for line in lines]
    met = shared = 0
    for one, other in zip(*tree.query(lines, predicate="intersects").tolist(), strict=True):
        if one < other:
            met += 1
            shared += not corners[one].isdisjoint(corners[other])
    return met == 0 or shared < _SKETCHED * met


def _with_corners(streets: Sequence[Street], joint: float) -> Iterator[Street]:
    """Each street with a corner where another one crosses or nearly ends at it, and with ends that reach those."""
    lines = [street.line for street in streets]
    tree = shapely.STRtree(lines)
    more: dict[int, list[Position]] = defaultdict(list)
    longer: dict[tuple[int, int], Position] = {}
    pairs = tree.query(lines, predicate="intersects").tolist()
    for one, other in zip(*pairs, strict=True):
        if one < other:
            places = [
                (x, y) for x, y in shapely.get_coordinates(lines[one].intersection(lines[other])).tolist()
            ]
            more[one] += places
            more[other] += places
    meeting = set(zip(*pairs, strict=True))
    for one, line in enumerate(lines):
        for end in (0, -1):
            point = shapely.Point(line.coords[end])
            for other in tree.query(point, predicate="dwithin", distance=joint).tolist():
                if (one, other) in meeting:
                    continue
                place = lines[other].interpolate(lines[other].project(point))
                longer[one, end] = (place.x, place.y)
                more[other].append((place.x, place.y))
                break
    for number, street in enumerate(streets):
        line = _with_positions(street.line, more[number])
        corners = [*line.coords]
        before = [longer[number, 0]] if (number, 0) in longer else []
        after = [longer[number, -1]] if (number, -1) in longer else []
        yield Street(shapely.LineString([*before, *corners, *after]), street.name, street.source)


def _with_positions(line: shapely.LineString, positions: Sequence[Position]) -> shapely.LineString:
    """A line with further corners where they lie on it."""
    if not positions:
        return line
    corners = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.hypot(*np.diff(corners, axis=0).T).cumsum()])
    further = shapely.line_locate_point(line, shapely.points(np.array(positions)))
    order = np.argsort(np.concatenate([along, further]), kind="stable")
    return shapely.LineString(np.concatenate([corners, np.array(positions)])[order])
