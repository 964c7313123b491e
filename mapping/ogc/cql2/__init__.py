"""CQL2 (OGC 21-065r2): parses a filter in text or JSON into a condition of a QuerySet.

Pure: the attributes are passed in as `Queryable`s, nothing is read from the database here. Conformance classes are in
`CONFORMANCE`. Not supported: custom functions (`functions`) beyond those of the standard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from django.db.models import Q

from mapping.ogc.cql2.conditions import Translator
from mapping.ogc.cql2.json_form import parse_json
from mapping.ogc.cql2.lenient import Quoted
from mapping.ogc.cql2.problems import CqlProblem, FaultError, located
from mapping.ogc.cql2.queryables import Queryable, contribution_queryables, source_queryables
from mapping.ogc.cql2.sql import Condition
from mapping.ogc.cql2.text import parse_text
from mapping.ogc.cql2.tree import LONGEST
from mapping.ogc.crs import Crs

__all__ = [
    "CONFORMANCE",
    "CqlProblem",
    "Language",
    "Queryable",
    "contribution_queryables",
    "parse",
    "source_queryables",
]

Language = Literal["cql2-text", "cql2-json", "cql-text"]
"""The languages of the standard, and GDAL's (`lenient`)."""

CONFORMANCE: Final = tuple(
    f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
    for name in (
        "cql2-text",
        "cql2-json",
        "basic-cql2",
        "advanced-comparison-operators",
        "case-insensitive-comparison",
        "accent-insensitive-comparison",
        "basic-spatial-functions",
        "basic-spatial-functions-plus",
        "spatial-functions",
        "temporal-functions",
        "array-functions",
        "property-property",
        "arithmetic",
    )
)
"""Conformance classes of CQL2; `functions` is not among them."""

_FORBIDDEN: Final = re.compile("[\0\ud800-\udfff]")


def parse(
    text: str,
    language: Language,
    queryables: Mapping[str, Queryable],
    *,
    filter_crs: int = 4326,
    northing_first: bool = False,
) -> Q:
    """Parse a filter whose geometries are in a CRS (`northing_first`: its first axis points north).

    Raises CqlProblem with the position of the fault; a parsed filter does not fail in the database.
    """
    crs = Crs(uri="", epsg=filter_crs, northing_first=northing_first)
    is_lenient = language == "cql-text"
    quoted = Quoted(text, queryables if is_lenient else ())
    try:
        _check(text)
        tree = parse_json(text) if language == "cql2-json" else parse_text(quoted.text)
        condition = Translator(queryables, crs, is_lenient=is_lenient).condition(tree)
    except FaultError as fault:
        if isinstance(fault.at, int):
            fault.at = quoted.before(fault.at)
        raise located(fault, text) from fault
    return Q(Condition(condition, template="(%(expressions)s)"))


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise FaultError("cql_too_long", LONGEST, max=LONGEST)
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        raise FaultError("cql_character", forbidden.start())
