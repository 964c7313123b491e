"""Conditions on stored answers, alike for contributions and for responses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db import models


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the answer to a question must hold: any of some values in JSON, or of jsonpaths below it."""

    slug: str
    stored: Sequence[object]
    paths: Sequence[str] = ()


class _PathExists(models.Func):
    """Whether a jsonpath finds anything; what it cannot compare is not found."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath, '{}', true)"
    output_field: Any = models.BooleanField()


def holding(columns: Sequence[str], wanted: Wanted) -> models.Q:
    """The condition that one of some JSON columns answers as wanted."""
    contained = (
        models.Q(**{f"{column}__contains": {wanted.slug: one}}) for column in columns for one in wanted.stored
    )
    found = (
        models.Q(_PathExists(models.F(column), models.Value(f"$.{json.dumps(wanted.slug)}{path}")))
        for column in columns
        for path in wanted.paths
    )
    return reduce(or_, (*contained, *found), models.Q(pk__in=()))
