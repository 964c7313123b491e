"""Parser of CQL2 JSON (OGC 21-065r2, section 6 and the schema of annex C)."""

from __future__ import annotations

from typing import Final

from mapping.geo.errors import JsonProblem
from mapping.geo.json_text import loads_strict
from mapping.ogc.cql2.problems import FaultError
from mapping.ogc.cql2.tree import Call, Geometry, Literal, Node, Property

_CODES: Final = {
    "too_deep": "cql_too_deep",
    "not_finite": "cql_number",
    "nul_character": "cql_character",
    "lone_surrogate": "cql_character",
}
_LARGEST: Final = 2**63


def parse_json(text: str) -> Node:
    """Parse a filter; raises FaultError with an offset for invalid JSON, else with a pointer."""
    try:
        value = loads_strict(text)
    except JsonProblem as problem:
        code = _CODES.get(problem.code, "cql_not_json")
        found = text[problem.position : problem.position + 20]
        raise FaultError(code, problem.position, max=64, found=found) from None
    return _node(value, "")


def _node(value: object, at: str) -> Node:
    if isinstance(value, bool | str | float):
        return Literal(value, at)
    if isinstance(value, int):
        return Literal(value if -_LARGEST <= value < _LARGEST else float(value), at)
    if isinstance(value, list):
        return Call("list", _nodes(value, at), at)
    if isinstance(value, dict):
        return _object(value, at)
    raise FaultError("cql_unexpected", at, found="null")


def _nodes(values: list[object], at: str) -> tuple[Node, ...]:
    return tuple(_node(one, f"{at}/{number}") for number, one in enumerate(values))


def _object(value: dict[str, object], at: str) -> Node:  # noqa: C901
    keys = set(value)
    if keys == {"op", "args"}:
        op, args = value["op"], value["args"]
        if not isinstance(op, str):
            raise FaultError("cql_unexpected", f"{at}/op", found=type(op).__name__)
        if not isinstance(args, list):
            raise FaultError("cql_not_a_list", f"{at}/args")
        return Call(op.lower(), _nodes(args, f"{at}/args"), at)
    if keys == {"property"}:
        name = value["property"]
        if not isinstance(name, str):
            raise FaultError("cql_unexpected", f"{at}/property", found=type(name).__name__)
        return Property(name, at)
    for name in ("date", "timestamp"):
        if keys == {name}:
            return Call(name, (_node(value[name], f"{at}/{name}"),), at)
    for name in ("interval", "bbox"):
        if keys == {name}:
            items = value[name]
            if not isinstance(items, list):
                raise FaultError("cql_not_a_list", f"{at}/{name}")
            return Call(name, _nodes(items, f"{at}/{name}"), at)
    if "type" in keys:
        return _geometry(value, at)
    raise FaultError("cql_unexpected", at, found=", ".join(sorted(keys)) or "{}")


def _geometry(value: dict[str, object], at: str) -> Geometry:
    kind = value["type"]
    is_collection = kind == "GeometryCollection"
    held = value.get("geometries" if is_collection else "coordinates")
    if not isinstance(kind, str) or not isinstance(held, list):
        raise FaultError("cql_geometry", at, reason=str(kind))
    if not is_collection:
        return Geometry(kind, held, at)
    members = []
    for number, one in enumerate(held):
        place = f"{at}/geometries/{number}"
        if not isinstance(one, dict) or "type" not in one or "geometries" in one:
            raise FaultError("cql_geometry", place, reason=kind)
        members.append(_geometry(one, place))
    return Geometry(kind, [], at, tuple(members))
