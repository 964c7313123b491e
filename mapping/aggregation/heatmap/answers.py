"""Answers as numbers, for means: of contributions, or of the people who made them (responses to the survey)."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import numpy.typing as npt
from django.db.models.expressions import RawSQL

from mapping.aggregation.columns import fetch_columns, raw, written
from mapping.filters.questions import AnswerMeasure
from mapping.models import Campaign, Response

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# {column} is a column of answers by short name of the question, whose parameter comes first, and as often as named.
_ANSWER: Final = "({column} -> %s::text)"
_NUMBER: Final = f"""
    CASE jsonb_typeof({_ANSWER}) WHEN 'number' THEN ({_ANSWER} #>> '{{{{}}}}')::double precision ELSE 'NaN' END
"""
# A list contains its elements, a text or truth value itself (PostgreSQL, "jsonb Containment").
_SHARE: Final = f"""
    CASE WHEN {_ANSWER} IS NULL THEN 'NaN'::double precision ELSE 100 * ({_ANSWER} @> %s::jsonb)::integer END
"""
_RANK: Final = f"""
    coalesce((
        SELECT rank FROM jsonb_array_elements_text(
            CASE jsonb_typeof({_ANSWER}) WHEN 'array' THEN {_ANSWER} ELSE '[]' END
        ) WITH ORDINALITY AS ranked (one, rank) WHERE one = %s LIMIT 1
    )::double precision, 'NaN')
"""
_STEP: Final = f"""
    coalesce(array_position(
        %s::text[], CASE jsonb_typeof({_ANSWER}) WHEN 'object' THEN {_ANSWER} ->> %s::text END
    )::double precision, 'NaN')
"""


def value_of(measure: AnswerMeasure, column: str) -> RawSQL:
    """The number that a mean is made of, NaN where there is no answer; `column` holds answers (own SQL)."""
    slug = measure.slug
    if measure.what == "share":
        return raw(_SHARE.format(column=column), slug, slug, json.dumps(measure.stored))
    if measure.what == "rank":
        return raw(_RANK.format(column=column), slug, slug, measure.part)
    if measure.what == "step":
        return raw(_STEP.format(column=column), list(measure.steps), slug, slug, measure.part)
    return raw(_NUMBER.format(column=column), slug, slug)


def values_of_people(campaign_id: int, measure: AnswerMeasure, people: Integers) -> Floats:
    """The numbers of the complete responses of participants (by primary key, -1 for none), NaN without one."""
    columns = "(mapping_response.answers || mapping_response.staff_answers)"
    given = (
        Response.objects.of(Campaign(pk=campaign_id))
        .complete()
        .filter(participant__isnull=False)
        .annotate(value=value_of(measure, columns))
        .values_list("participant_id", "value")
    )
    statement = "SELECT array_agg(person::integer), array_agg(value) FROM ({rows}) AS given (person, value)"
    known, numbers = fetch_columns(statement.format(rows=written(given)))
    if not len(known):
        return np.full(len(people), np.nan)
    order = np.argsort(known)
    known, numbers = known[order], numbers[order]
    positions = np.minimum(np.searchsorted(known, people), len(known) - 1)
    return np.where(known[positions] == people, numbers[positions], np.nan)
