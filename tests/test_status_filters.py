"""Which rows are public is said in one room: no module outside `mapping/models` filters by a status (house rule 2)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import mapping

_ROOM = Path(mapping.__file__).parent
_FILTERS = {"filter", "exclude", "get", "Q"}
_STATUS = re.compile(r"(^|_)status(_|$)")


def status_filters(source: str) -> Iterator[int]:
    """The lines on which a QuerySet is narrowed by a status."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _FILTERS and any(one.arg and _STATUS.search(one.arg) for one in node.keywords):
            yield node.lineno


def test_status_filters_stand_in_models_only() -> None:
    found = [
        f"{path.relative_to(_ROOM)}:{line}"
        for path in sorted(_ROOM.rglob("*.py"))
        if not {"models", "migrations"} & {*path.relative_to(_ROOM).parts}
        for line in status_filters(path.read_text())
    ]
    assert found == []


def test_status_filters_are_found() -> None:
    for call in ("rows.filter(status='a')", "rows.exclude(to_status__in=x)", "Q(comment__status=1)"):
        assert list(status_filters(call)) == [1]
    assert list(status_filters("rows.update(status='a').filter(statuses=1)")) == []
