"""What fits a query, counted by kind and campaign; the gates decide.

Most words are in a few texts: these are read from the index first, and only the gates of their kinds are asked, since
PostgreSQL plans the statement of all gates for longer than it runs. Where there are more, the newest of each kind are
read and their gates asked in the same way; a kind of which too many of these are hidden is read through its gate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connections, router
from django.db.models import QuerySet, TextField, UUIDField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from mapping.models import SearchText
from mapping.models.search.text import SearchTextQuerySet
from mapping.search.kinds import SEARCH_KINDS, SearchGroup, SearchKind, Shown
from mapping.search.query import Query

MOST_RANKED: Final = 1000
"""Texts of a kind that are ranked and counted, the newest: ranking all of 48,000 takes a third of a second."""

_READ_PER_RANKED: Final = 1.25
"""Texts that are read for each that is ranked, since some of the newest may be hidden."""


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


@dataclass(frozen=True)
class Found:
    """All that fits, each thing once, the best first; `is_more` where only the newest were ranked and counted."""

    matches: Sequence[Match]
    groups: Mapping[SearchGroup, int]
    campaigns: Mapping[int, int]
    """By campaign, within the chosen group; a thing of several campaigns counts in each."""
    several: Mapping[tuple[str, str], Sequence[int]]
    """The campaigns of matches that may have several, by kind and key."""
    is_more: bool

    def campaigns_of(self, match: Match) -> Sequence[int]:
        """The campaigns of a match, also those that are not public."""
        return _campaigns_of(match, self.several)

    @property
    def number(self) -> int:
        """How many things were found."""
        return len(self.matches)


NOTHING: Final = Found((), {}, {}, {}, is_more=False)


def find(query: Query, *, group: SearchGroup | None = None, campaign_id: int | None = None) -> Found:
    """Everything public that fits; of one group and one campaign where these are chosen."""
    if not query.prepared:
        return NOTHING
    kinds = {kind.name: kind for kind in SEARCH_KINDS}
    matches, capped = _matches(query)
    everywhere = here = list(_once(matches, kinds))
    if campaign_id is not None:
        matches, capped = _matches(query, campaign_id)
        here = list(_once(matches, kinds))
    in_groups = Counter(kinds[one.kind].group for one in here)
    chosen = [one for one in here if group is None or kinds[one.kind].group is group]
    of_group = [one for one in everywhere if group is None or kinds[one.kind].group is group]
    several = _campaigns_of_several({*of_group, *chosen}, kinds)
    return Found(
        matches=chosen,
        groups={
            one: in_groups[one]
            for one in dict.fromkeys(kind.group for kind in SEARCH_KINDS)
            if in_groups[one]
        },
        campaigns=Counter(campaign for one in of_group for campaign in _campaigns_of(one, several)),
        several=several,
        is_more=any(group is None or kinds[kind].group is group for kind in capped),
    )


def is_found(query: Query) -> bool:
    """Whether anything public fits."""
    if not query.prepared:
        return False
    few = _few(query.prepared)
    if few is not None:
        return bool(_behind_gates(few, None))
    return any(_of_kind(kind, query.prepared)[:1].exists() for kind in SEARCH_KINDS)


def show(matches: Sequence[Match]) -> Iterator[tuple[Match, SearchKind, Shown]]:
    """Results of some matches in their order, read through the gate once more; those that have gone are left out."""
    keys: dict[str, list[str]] = {}
    for match in matches:
        keys.setdefault(match.kind, []).append(match.key)
    shown: dict[tuple[str, str], tuple[SearchKind, Shown]] = {}
    for kind in SEARCH_KINDS:
        if kind.name in keys:
            rows: QuerySet[Any] = kind.public().filter(pk__in=keys[kind.name])
            shown |= {(kind.name, one.key): (kind, one) for one in kind.show(rows)}
    for match in matches:
        if (match.kind, match.key) in shown:
            yield match, *shown[match.kind, match.key]


def _matches(query: Query, campaign_id: int | None = None) -> tuple[list[Match], set[str]]:
    """Texts that fit, the best first: of each kind the newest; and the kinds of which there are more."""
    few = _few(query.prepared)
    if few is None:
        return _newest_matches(query, campaign_id)
    return sorted(_behind_gates(few, campaign_id), key=lambda one: one.order), set()


def _few(prepared: str) -> list[Match] | None:
    """All that fits in the index, hidden texts too; None if that is more than is ranked of one kind."""
    found = SearchText.objects.of_any_kind(prepared).ranked(prepared).order_by().values_list(*Match._fields)
    sql, params = found.query.sql_with_params()
    with connections[router.db_for_read(SearchText)].cursor() as cursor:
        # Planned as if all were read, hence by the index of words, and read until there are too many.
        cursor.execute(
            f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT %s",  # noqa: S608 - Django's own words
            [*params, MOST_RANKED + 1],
        )
        rows = [Match(*row) for row in cursor.fetchall()]
    return rows if len(rows) <= MOST_RANKED else None


def _behind_gates(rows: Sequence[Match], campaign_id: int | None) -> list[Match]:
    """Those that are public at this moment; of one campaign where that is chosen."""
    keys: dict[str, list[str]] = {}
    for one in rows:
        keys.setdefault(one.kind, []).append(one.key)
    branches = [
        _public(kind, campaign_id)
        .filter(pk__in=_keys(kind, keys[kind.name]))
        .order_by()
        .values_list(Value(kind.name, TextField()), Cast("pk", TextField()))
        for kind in SEARCH_KINDS
        if kind.name in keys
    ]
    if not branches:
        return []
    first, *others = branches
    public = set(first.union(*others, all=True))
    several = {kind.name for kind in SEARCH_KINDS if kind.campaigns}
    return [
        one
        for one in rows
        if (one.kind, one.key) in public
        and (campaign_id is None or one.kind in several or one.campaign_id == campaign_id)
    ]


def _keys(kind: SearchKind, keys: list[str]) -> RawSQL:
    """Keys of a kind as one value: a thousand values in a list take longer to write and to plan than to look up."""
    is_uuid = isinstance(kind.public().model._meta.pk, UUIDField)  # noqa: SLF001 - Django's own way
    return RawSQL(f"SELECT unnest(%s::{'uuid' if is_uuid else 'bigint'}[])", [keys])  # noqa: S611 - a constant


def _newest_matches(query: Query, campaign_id: int | None) -> tuple[list[Match], set[str]]:
    """Of each kind the newest that are public."""
    most_read = int(MOST_RANKED * _READ_PER_RANKED) + 1
    newest = _newest(
        {kind: _narrowed(kind, query.prepared, campaign_id) for kind in SEARCH_KINDS}, query, most_read
    )
    read = Counter(one.kind for one in newest)
    public = _by_kind(_behind_gates(newest, campaign_id))
    # Too many of the newest were hidden, and there are older ones.
    short = [
        kind
        for kind in SEARCH_KINDS
        if read[kind.name] == most_read and len(public[kind.name]) <= MOST_RANKED
    ]
    further = {kind: _of_kind(kind, query.prepared, campaign_id) for kind in short}
    public |= _by_kind(_newest(further, query, MOST_RANKED + 1))
    # The one that shows that there are more is not counted itself.
    ranked = [one for matches in public.values() for one in matches[:MOST_RANKED]]
    return sorted(ranked, key=lambda one: one.order), {
        kind for kind, matches in public.items() if len(matches) > MOST_RANKED
    }


def _newest(found: Mapping[SearchKind, SearchTextQuerySet], query: Query, most: int) -> list[Match]:
    """The newest of each kind, in one statement."""
    if not found:
        return []
    first, *others = (
        one.ranked(query.prepared).newest_first().values_list(*Match._fields)[:most] for one in found.values()
    )
    return [Match(*row) for row in first.union(*others, all=True)]


def _by_kind(matches: Iterable[Match]) -> dict[str, list[Match]]:
    """The matches of each kind, the newest first."""
    found: dict[str, list[Match]] = defaultdict(list)
    for one in sorted(matches, key=lambda one: (-one.moment, one.key)):
        found[one.kind].append(one)
    return found


def _narrowed(kind: SearchKind, prepared: str, campaign_id: int | None) -> SearchTextQuerySet:
    """What fits in the index, hidden texts too; of one campaign where the index knows it."""
    found = SearchText.objects.fitting(kind.name, prepared)
    if campaign_id is not None and not kind.campaigns:
        found = found.filter(campaign_id=campaign_id)
    return found


def _of_kind(kind: SearchKind, prepared: str, campaign_id: int | None = None) -> SearchTextQuerySet:
    return _narrowed(kind, prepared, campaign_id).behind_gate(_public(kind, campaign_id))


def _public(kind: SearchKind, campaign_id: int | None) -> QuerySet[Any]:
    """The public rows of a kind; of one campaign where a row may have several."""
    public = kind.public()
    if campaign_id is None or not kind.campaigns:
        return public
    return public.filter(**{kind.campaigns: campaign_id})


def _campaigns_of(match: Match, several: Mapping[tuple[str, str], Sequence[int]]) -> Sequence[int]:
    found = several.get((match.kind, match.key))
    if found is not None:
        return found
    return () if match.campaign_id is None else (match.campaign_id,)


def _campaigns_of_several(
    matches: Iterable[Match], kinds: Mapping[str, SearchKind]
) -> dict[tuple[str, str], list[int]]:
    """The campaigns of matches whose kinds may have several, by kind and key. One query for each such kind."""
    keys: dict[str, list[str]] = {}
    for match in matches:
        if kinds[match.kind].campaigns:
            keys.setdefault(match.kind, []).append(match.key)
    found: dict[tuple[str, str], list[int]] = {}
    for name, of_kind in keys.items():
        field = kinds[name].campaigns
        rows = kinds[name].public().filter(pk__in=of_kind, **{f"{field}__isnull": False})
        for key, campaign in rows.order_by("pk", field).values_list("pk", field):
            found.setdefault((name, str(key)), []).append(campaign)
    return found


def _once(matches: Iterable[Match], kinds: Mapping[str, SearchKind]) -> Iterable[Match]:
    """Each thing once, by its best text."""
    seen = set()
    for one in matches:
        thing = (kinds[one.kind].group.name, one.subject)
        if thing not in seen:
            seen.add(thing)
            yield one
