"""Conditions on earlier answers; the scripts of the pages read the same cases (`tests/scripts/conditions.test.js`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from mapping.questions.conditions import holds

CASES: list[dict[str, Any]] = json.loads(
    Path(__file__).with_suffix(".json").with_stem("conditions").read_text()
)


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_condition_holds(case: dict[str, Any]) -> None:
    assert holds(case["condition"], case["answers"]) is case["holds"]
