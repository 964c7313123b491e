"""Texts of the index that fit a query, hidden ones too: all of them, or the newest of each kind.

What fits few texts is found by the index of words and sorted. Words that many texts have are met soon when each kind is
read in the order of its moments. PostgreSQL's expectation decides, which takes half a millisecond.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from django.db import connections, router
from django.db.models import Q

from mapping.models import SearchText
from mapping.models.search.text import SearchTextQuerySet
from mapping.search.kinds import SearchKind

MOST_RANKED: Final = 1000
"""Texts that are ranked and counted in all: ranking 48,000 takes a third of a second."""

_COMMON: Final = 15_000
"""Texts that PostgreSQL expects of a common word: up to six times as many as there are, as spellings are added up."""

_ANY_KIND: Final = "?"
_ALL: Final = """
WITH found AS MATERIALIZED ({found}),
placed AS (
    SELECT
        id, kind, count(*) OVER () AS number,
        row_number() OVER (PARTITION BY kind ORDER BY at DESC, id DESC) AS place
    FROM found
)
SELECT ranked.*, placed.number
FROM placed
JOIN unnest(%s::text[], %s::bigint[]) AS most (kind, number) ON most.kind = placed.kind
JOIN ({ranked}) AS ranked ON ranked.id = placed.id
WHERE placed.number <= %s OR placed.place <= most.number
"""

Most = Mapping[SearchKind, int]
"""How many texts of each kind are wanted."""


class Match(NamedTuple):
    """A text that fits, as the index has it."""

    kind: str
    key: str
    subject: str
    campaign_id: int | None
    moment: float
    """Seconds since 1970."""
    rank: float

    @property
    def order(self) -> tuple[float, float, str, str]:
        """The best first, then the newest; ties broken by kind and key."""
        return -self.rank, -self.moment, self.kind, self.key


class Newest(NamedTuple):
    """Texts in no order; `is_all` where no other fits."""

    texts: list[Match]
    is_all: bool


def newest(prepared: str, most: Most, campaign_id: int | None) -> Newest:
    """The newest of each kind; all texts, where at most `MOST_RANKED` fit and these are few of all.

    Of one campaign where that is chosen and the index knows it.
    """
    if _expected(prepared) > _COMMON:
        return Newest(_in_order(prepared, most, campaign_id), is_all=False)
    return _by_words(prepared, most, campaign_id)


def of_kind(kind: SearchKind, prepared: str, campaign_id: int | None) -> SearchTextQuerySet:
    """What fits of a kind; of one campaign where that is chosen and the index knows it."""
    return _in_campaign(
        SearchText.objects.fitting(kind.name, prepared), None if kind.campaigns else campaign_id
    )


def newest_of(texts: SearchTextQuerySet, prepared: str, most: int) -> list[Match]:
    """The newest of some texts, the newest first."""
    return [Match(*row) for row in read_rows(*_newest_first(texts, prepared, most))]


def read_rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows as PostgreSQL gives them: Django looks for conversions of each value, which takes as long as reading it."""
    with connections[router.db_for_read(SearchText)].cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _expected(prepared: str) -> int:
    """How many texts fit, as PostgreSQL expects before it reads them."""
    [plan] = json.loads(SearchText.objects.of_any_kind(prepared).order_by().explain(format="json"))
    return int(plan["Plan"]["Plan Rows"])


def _in_order(prepared: str, most: Most, campaign_id: int | None) -> list[Match]:
    """Django writes the statement of one kind, which is repeated for each: writing all takes it five milliseconds."""

    @cache
    def statement(number: int, in_campaign: int | None) -> tuple[str, Sequence[Any]]:
        texts = _in_campaign(SearchText.objects.fitting(_ANY_KIND, prepared), in_campaign)
        return _newest_first(texts, prepared, number)

    statements: list[str] = []
    values: list[Any] = []
    for kind, number in most.items():
        sql, params = statement(number, None if kind.campaigns else campaign_id)
        statements.append(f"({sql})")
        values += [kind.name if one == _ANY_KIND else one for one in params]
    return [Match(*row) for row in read_rows(" UNION ALL ".join(statements), values)]


def _by_words(prepared: str, most: Most, campaign_id: int | None) -> Newest:
    texts = SearchText.objects.of_any_kind(prepared).filter(kind__in=[kind.name for kind in most])
    if campaign_id is not None:
        several = [kind.name for kind in most if kind.campaigns]
        texts = texts.filter(Q(campaign_id=campaign_id) | Q(kind__in=several))
    found, of_found = texts.order_by().values_list("id", "kind", "at").query.sql_with_params()
    ranking = SearchText.objects.ranked(prepared).order_by().values_list("id", *Match._fields)
    ranked, of_ranked = ranking.query.sql_with_params()
    sql = _ALL.format(found=found, ranked=ranked)
    wanted = [kind.name for kind in most], list(most.values())
    read = read_rows(sql, [*of_found, *wanted, *of_ranked, MOST_RANKED])
    # The first column is the id, the last the number of all that fit.
    return Newest([Match(*row[1:-1]) for row in read], is_all=not read or read[0][-1] <= MOST_RANKED)


def _in_campaign(texts: SearchTextQuerySet, campaign_id: int | None) -> SearchTextQuerySet:
    return texts if campaign_id is None else texts.filter(campaign_id=campaign_id)


def _newest_first(texts: SearchTextQuerySet, prepared: str, most: int) -> tuple[str, Sequence[Any]]:
    return texts.ranked(prepared).newest_first().values_list(*Match._fields)[:most].query.sql_with_params()
