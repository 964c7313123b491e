"""What the stored responses of a survey hold, whatever its questions are today.

Questions, choices and statements may have been removed, and kinds changed, while their answers were kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import connection

from mapping.models import Campaign, Question, QuestionKind, RemovedQuestion

# Array elements and the keys of objects; free texts and numbers are not listed. `unfitting` is a text that is no date
# or time of day, or a number that is not whole, where the question wants one.
_QUERY: Final = r"""
    WITH answer AS (
        SELECT entry.key, entry.value FROM mapping_response AS response
            CROSS JOIN LATERAL jsonb_each(response.answers || response.staff_answers) AS entry (key, value)
        WHERE response.campaign_id = %(campaign)s AND response.completed_at IS NOT NULL
    )
    SELECT key, type, part FROM (
        SELECT key, NULL AS part, CASE
            WHEN jsonb_typeof(value) = 'string' AND key = ANY (%(dates)s)
                AND value #>> '{}' !~ '^\d{4}-\d{2}-\d{2}$' THEN 'unfitting'
            WHEN jsonb_typeof(value) = 'string' AND key = ANY (%(times)s)
                AND value #>> '{}' !~ '^\d{2}:\d{2}$' THEN 'unfitting'
            WHEN jsonb_typeof(value) = 'number' AND key = ANY (%(wholes)s)
                AND value::numeric %% 1 <> 0 THEN 'unfitting'
            ELSE jsonb_typeof(value)
        END AS type FROM answer
        UNION ALL SELECT key, jsonb_array_elements_text(value), 'array' FROM answer WHERE jsonb_typeof(value) = 'array'
        UNION ALL SELECT key, jsonb_object_keys(value), 'object' FROM answer WHERE jsonb_typeof(value) = 'object'
    ) AS listed
    GROUP BY key, type, part ORDER BY key, type, part
"""


@dataclass
class Found:
    """The JSON types of the answers to one question (or `unfitting`), and by type what lists and objects consist of."""

    types: set[str] = field(default_factory=set)
    parts: dict[str, list[str]] = field(default_factory=dict)


def found_answers(campaign: Campaign, questions: Sequence[Question | RemovedQuestion]) -> dict[str, Found]:
    """What complete responses hold, by the name under which they hold it."""

    def named(kind: QuestionKind) -> list[str]:
        return [one.slug for one in questions if one.kind == kind]

    parameters: dict[str, int | list[str]] = {
        "campaign": campaign.pk,
        "dates": named(QuestionKind.DATE),
        "times": named(QuestionKind.TIME_OF_DAY),
        "wholes": named(QuestionKind.SCALE),
    }
    found: dict[str, Found] = {}
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, parameters)
        for key, type_of, part in cursor.fetchall():
            one = found.setdefault(key, Found())
            one.types.add(type_of)
            if part is not None:
                one.parts.setdefault(type_of, []).append(part)
    return found
