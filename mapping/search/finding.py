"""What fits a query, counted by kind and campaign; the gates decide.

The index is read first (`mapping.search.reading`), and only the gates of the kinds that it names are asked, for these
texts alone: PostgreSQL plans the statement of all gates for longer than it runs. A kind of which too many of the newest
texts are hidden is read through its gate.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import BooleanField, F, Func, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from mapping.search.kinds import SEARCH_KINDS, SearchGroup, SearchKind, Shown
from mapping.search.query import Query
from mapping.search.reading import MOST_RANKED, Match, Most, newest, newest_of, of_kind, read_rows

SHARE: Final = 150
"""Where more fit, each kind has so many of them; more where there are few kinds, and for a group that was chosen."""

_READ_PER_RANKED: Final = 1.25
"""Texts that are read for each that is ranked, since some of the newest may be hidden."""


@dataclass(frozen=True)
class Found:
    """All that fits, each thing once, the best first; `is_more` where only the newest were ranked and counted."""

    matches: Sequence[Match]
    groups: Mapping[SearchGroup, int]
    campaigns: Mapping[int, int]
    """By campaign, within the chosen group; a thing of several campaigns counts in each."""
    campaigns_are_more: bool
    """Whether only the newest of all campaigns were counted for that."""
    several: Mapping[tuple[str, str], Sequence[int]]
    """The campaigns of matches that may have several, by kind and key."""
    is_more: bool
    more_in: frozenset[SearchGroup]
    """Groups of which only the newest were counted."""
    is_anywhere: bool
    """Whether anything fits, in whichever group and campaign."""

    def campaigns_of(self, match: Match) -> Sequence[int]:
        """The campaigns of a match, also those that are not public."""
        return _campaigns_of(match, self.several)

    @property
    def number(self) -> int:
        """How many things were found."""
        return len(self.matches)


NOTHING: Final = Found(
    matches=(),
    groups={},
    campaigns={},
    campaigns_are_more=False,
    several={},
    is_more=False,
    more_in=frozenset(),
    is_anywhere=False,
)


def find(query: Query, *, group: SearchGroup | None = None, campaign_id: int | None = None) -> Found:
    """Everything public that fits; of one group and one campaign where these are chosen."""
    if not query.prepared:
        return NOTHING
    kinds = {kind.name: kind for kind in SEARCH_KINDS}
    matches, more = _matches(query, group)
    everywhere = here = list(_once(matches, kinds))
    more_everywhere = more_in = frozenset(kind.group for kind in more)
    if campaign_id is not None:
        matches, more = _matches(query, group, campaign_id)
        here = list(_once(matches, kinds))
        more_in = frozenset(kind.group for kind in more)
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
        campaigns_are_more=_has_more(more_everywhere, group),
        several=several,
        is_more=_has_more(more_in, group),
        more_in=more_in,
        is_anywhere=bool(everywhere),
    )


def _has_more(more_in: frozenset[SearchGroup], group: SearchGroup | None) -> bool:
    return bool(more_in) if group is None else group in more_in


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


def _matches(
    query: Query, group: SearchGroup | None, campaign_id: int | None = None
) -> tuple[list[Match], list[SearchKind]]:
    """Texts that fit, the best first: of each kind the newest; and the kinds of which there are more."""
    most = {kind: MOST_RANKED if kind.group is group else SHARE for kind in SEARCH_KINDS}
    public, more = _newest_public(query, most, campaign_id)
    missing = MOST_RANKED - sum(map(len, public.values()))
    if more and missing > MOST_RANKED / 2:  # reading twice takes longer than a few texts are worth
        further = {kind: most[kind] + -(-missing // len(more)) for kind in more}
        of_more, more = _newest_public(query, further, campaign_id)
        public |= of_more
    ranked = [one for of_one in public.values() for one in of_one]
    return sorted(ranked, key=lambda one: one.order), more


def _newest_public(
    query: Query, most: Most, campaign_id: int | None
) -> tuple[dict[str, list[Match]], list[SearchKind]]:
    """The newest of some kinds that are public, `most` of each, and the kinds of which there are more.

    All of them where at most `MOST_RANKED` fit.
    """
    most_read = {kind: int(number * _READ_PER_RANKED) + 1 for kind, number in most.items()}
    found = newest(query.prepared, most_read, campaign_id)
    read = Counter(one.kind for one in found.texts)
    public = _by_kind(_behind_gates(found.texts, campaign_id))
    if found.is_all:
        return public, []
    # Too many of the newest were hidden, and there are older ones.
    for kind, number in most.items():
        if read[kind.name] == most_read[kind] and len(public[kind.name]) <= number:
            behind_gate = of_kind(kind, query.prepared, campaign_id).behind_gate(_public(kind, campaign_id))
            public[kind.name] = newest_of(behind_gate, query.prepared, number + 1)
    more = [kind for kind, number in most.items() if len(public[kind.name]) > number]
    # The one that shows that there are more is not counted itself.
    return {kind.name: public[kind.name][:number] for kind, number in most.items()}, more


def _behind_gates(texts: Sequence[Match], campaign_id: int | None) -> list[Match]:
    """Those that are public at this moment; of one campaign where that is chosen."""
    keys: dict[str, list[str]] = {}
    for one in texts:
        keys.setdefault(one.kind, []).append(one.key)
    branches = [
        _public(kind, campaign_id)
        .filter(_among(kind, keys[kind.name]))
        .order_by()
        .values_list(Value(kind.name, TextField()), Cast("pk", TextField()))
        for kind in SEARCH_KINDS
        if kind.name in keys
    ]
    if not branches:
        return []
    first, *others = branches
    public = set(read_rows(*first.union(*others, all=True).query.sql_with_params()))
    several = {kind.name for kind in SEARCH_KINDS if kind.campaigns}
    return [
        one
        for one in texts
        if (one.kind, one.key) in public
        and (campaign_id is None or one.kind in several or one.campaign_id == campaign_id)
    ]


def _among(kind: SearchKind, keys: Sequence[str]) -> Func:
    """Whether a row has one of these keys, as one value: a list of a thousand takes longer to write and plan."""
    is_uuid = isinstance(kind.public().model._meta.pk, UUIDField)  # noqa: SLF001 - Django's own way
    return Func(
        F("pk"),
        Value("{" + ",".join(keys) + "}", TextField()),
        template=f"%(expressions)s::{'uuid' if is_uuid else 'bigint'}[])",
        arg_joiner=" = ANY (",
        output_field=BooleanField(),
    )


def _by_kind(matches: Iterable[Match]) -> dict[str, list[Match]]:
    """The matches of each kind, the newest first."""
    found: dict[str, list[Match]] = defaultdict(list)
    for one in sorted(matches, key=lambda one: (-one.moment, one.key)):
        found[one.kind].append(one)
    return found


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
    for name, of_one in keys.items():
        field = kinds[name].campaigns
        rows = kinds[name].public().filter(pk__in=of_one, **{f"{field}__isnull": False})
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
