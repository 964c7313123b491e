"""The stored answers to one question: counted, and taken out for good.

Answers of a category lie in its contributions, answers of a survey in its responses, each in two columns (`answers`
and `staff_answers`). The text of "other, namely" goes with its question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connections, router
from django.db.backends.utils import CursorWrapper

from mapping.models import Campaign, Category, Response
from mapping.questions.choices import OTHER

Owner = Category | Campaign
"""What has questions: a category, or a campaign for its survey."""


@dataclass(frozen=True)
class Gone:
    """Choices and statements of a question, by value, that are no longer offered."""

    choices: frozenset[str] = frozenset()
    rows: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.choices or self.rows)


_COLUMNS: Final = ("answers", "staff_answers")
# A text that is one of the choices, a list with one of them, a matrix with one of the statements or of the choices.
_TOUCHED: Final = """
    CASE jsonb_typeof({column} -> %(slug)s)
        WHEN 'string' THEN {column} ->> %(slug)s = ANY (%(choices)s::text[])
        WHEN 'array' THEN ({column} -> %(slug)s) ?| %(choices)s::text[]
        WHEN 'object' THEN ({column} -> %(slug)s) ?| %(rows)s::text[] OR EXISTS (
            SELECT FROM jsonb_each_text({column} -> %(slug)s) WHERE value = ANY (%(choices)s::text[]))
        ELSE false
    END
"""
_LEFT: Final = """
    CASE jsonb_typeof({column} -> %(slug)s)
        WHEN 'array' THEN (
            SELECT coalesce(jsonb_agg(one ORDER BY rank), '[]')
            FROM jsonb_array_elements({column} -> %(slug)s) WITH ORDINALITY AS listed (one, rank)
            WHERE one #>> '{}' <> ALL (%(choices)s::text[]))
        WHEN 'object' THEN (
            SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each({column} -> %(slug)s)
            WHERE key <> ALL (%(rows)s::text[]) AND value #>> '{}' <> ALL (%(choices)s::text[]))
        ELSE '[]'
    END
"""
_COUNT: Final = "SELECT count(*) FROM {table} WHERE {owner} = %(owner)s AND ({condition})"
_REDUCE: Final = """
    UPDATE {table} AS stored SET
        {column} = CASE
            WHEN reduced.answer IN ('[]', '{}') THEN {column} - ARRAY[%(slug)s, %(other)s]
            ELSE jsonb_set({column} - %(gone_texts)s::text[], ARRAY[%(slug)s], reduced.answer)
        END,
        updated_at = now()
    FROM (SELECT id, {left} AS answer FROM {table} WHERE {owner} = %(owner)s AND {touched}) AS reduced
    WHERE stored.id = reduced.id
"""
_FORGET: Final = """
    UPDATE {table} SET
        answers = answers - ARRAY[%(slug)s, %(other)s], staff_answers = staff_answers - ARRAY[%(slug)s, %(other)s],
        updated_at = now()
    WHERE {owner} = %(owner)s
        AND (answers ?| ARRAY[%(slug)s, %(other)s] OR staff_answers ?| ARRAY[%(slug)s, %(other)s])
"""
_ANSWERED: Final = "(answers ? %(slug)s OR staff_answers ? %(slug)s)"
_ANY: Final = "SELECT EXISTS (SELECT FROM {table} WHERE {owner} = %(owner)s AND {condition})"
# Former answers, as they were before somebody of the staff or an author changed them.
_FORGET_FORMER: Final = """
    UPDATE mapping_moderationevent AS event
    SET original = jsonb_set(original, '{answers}', (original -> 'answers') - ARRAY[%(slug)s, %(other)s])
    FROM mapping_contribution AS stored
    WHERE stored.id = event.contribution_id AND stored.category_id = %(owner)s
        AND (original -> 'answers') ?| ARRAY[%(slug)s, %(other)s]
"""
_REDUCE_FORMER: Final = """
    UPDATE mapping_moderationevent AS event
    SET original = jsonb_set(event.original, '{answers}', CASE
        WHEN reduced.answer IN ('[]', '{}') THEN reduced.answers - ARRAY[%(slug)s, %(other)s]
        ELSE jsonb_set(reduced.answers - %(gone_texts)s::text[], ARRAY[%(slug)s], reduced.answer)
    END)
    FROM (
        SELECT id, answers, {left} AS answer FROM (
            SELECT former.id, former.original -> 'answers' AS answers FROM mapping_moderationevent AS former
            JOIN mapping_contribution AS stored ON stored.id = former.contribution_id
            WHERE stored.category_id = %(owner)s
        ) AS former WHERE {touched}
    ) AS reduced
    WHERE event.id = reduced.id
"""
# Those who have locked a row to change it are waited for, too: a weaker lock would let both wait for each other.
_LOCK: Final = "LOCK TABLE mapping_response IN EXCLUSIVE MODE"
_RECOUNT: Final = "SELECT mapping_recount_survey(%s)"


def is_answered(owner: Owner, slug: str) -> bool:
    """Whether anybody has answered a question, drafts of responses included."""
    return bool(_number(_ANY.replace("{condition}", _ANSWERED), owner, slug))


def count_answers(owner: Owner, slug: str) -> int:
    """How many contributions or responses answer a question, drafts included."""
    return _number(_COUNT.replace("{condition}", _ANSWERED), owner, slug)


def count_touched(owner: Owner, slug: str, gone: Gone) -> int:
    """How many contributions or responses chose what is no longer offered."""
    condition = " OR ".join(f"({_TOUCHED.replace('{column}', column)})" for column in _COLUMNS)
    return _number(_COUNT.replace("{condition}", condition), owner, slug, gone)


def forget_answers(owner: Owner, slug: str) -> None:
    """Delete all answers to a question, in former versions of contributions, too."""
    with _cursor() as cursor:
        cursor.execute(*_for(owner, _FORGET, slug))
        if isinstance(owner, Category):
            cursor.execute(*_for(owner, _FORGET_FORMER, slug))


def forget_choices(owner: Owner, slug: str, gone: Gone, *, asked_text: Iterable[str]) -> None:
    """Delete choices from the answers to a question, in former versions of contributions, too.

    `asked_text` are the choices that had a text of one's own.
    """
    texts = [f"{slug}{OTHER}"] if gone.choices & frozenset(asked_text) else []
    statements = [(_REDUCE, column) for column in _COLUMNS]
    if isinstance(owner, Category):
        statements.append((_REDUCE_FORMER, "answers"))
    with _cursor() as cursor:
        for statement, column in statements:
            filled = statement.replace("{left}", _LEFT).replace("{touched}", _TOUCHED)
            cursor.execute(*_for(owner, filled.replace("{column}", column), slug, gone, gone_texts=texts))


def hold_responses() -> None:
    """Let responses wait until the transaction ends, before their survey is counted anew (`recount`).

    Must be called before the transaction writes a response: it would wait for those who wait for it.
    """
    with _cursor() as cursor:
        cursor.execute(_LOCK)


def recount(campaign: Campaign) -> None:
    """Count the responses of a survey anew, after its questions were changed; `hold_responses` goes before."""
    with _cursor() as cursor:
        cursor.execute(_RECOUNT, [campaign.pk])


def _number(statement: str, owner: Owner, slug: str, gone: Gone = Gone()) -> int:
    with _cursor() as cursor:
        cursor.execute(*_for(owner, statement, slug, gone))
        return int(cursor.fetchone()[0])


def _for(
    owner: Owner,
    statement: str,
    slug: str,
    gone: Gone = Gone(),
    **more: object,
) -> tuple[str, dict[str, Any]]:
    is_category = isinstance(owner, Category)
    table, column = (
        ("mapping_contribution", "category_id") if is_category else ("mapping_response", "campaign_id")
    )
    params = {
        "owner": owner.pk,
        "slug": slug,
        "other": f"{slug}{OTHER}",
        "choices": sorted(gone.choices),
        "rows": sorted(gone.rows),
        **more,
    }
    return statement.replace("{table}", table).replace("{owner}", column), params


@contextmanager
def _cursor() -> Iterator[CursorWrapper]:
    with connections[router.db_for_write(Response)].cursor() as cursor:
        yield cursor
