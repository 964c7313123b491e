"""Lists of objects: sorted by id, page by page, with the four time filters that every link keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from engagement.oparl.nouns import Noun, Origin
from engagement.oparl.values import THE_CITY, Json
from mapping.filters.problems import QueryProblem
from mapping.http.parameters.reading import Parameters

_TIMES: Final = {
    "created_since": ("created", "gte"),
    "created_until": ("created", "lt"),
    "modified_since": ("modified", "gte"),
    "modified_until": ("modified", "lt"),
}
NAMES: Final = (*_TIMES, "elementsPerPage", "limit", "omit_internal", "after")
"""`limit` is how some clients call `elementsPerPage`; a server may leave out `omit_internal`, and embeds everything."""
_MOST: Final = 100
_YEARS: Final = range(1900, 2201)


@dataclass(frozen=True)
class ListQuery:
    """What a list was asked for: since and before which moments. `kept` are the parameters that its links repeat."""

    times: dict[str, datetime]
    size: int
    after: UUID | None
    kept: tuple[tuple[str, str], ...]

    @property
    def wants_deleted(self) -> bool:
        """Deleted objects are listed for those who bring their copy up to date only."""
        return "modified_since" in self.times

    @property
    def condition(self) -> Q:
        """The time filters."""
        within = Q()
        for name, at in self.times.items():
            column, comparison = _TIMES[name]
            within &= Q(**{f"{column}__{comparison}": at})
        return within

    def includes(self, single: Json) -> bool:
        """Whether an object that has no row passes the time filters."""
        for name, at in self.times.items():
            column, comparison = _TIMES[name]
            value = datetime.fromisoformat(single[column])
            if value < at if comparison == "gte" else value >= at:
                return False
        return True


def read_query(parameters: Parameters) -> ListQuery:
    """The query of a list; raises Invalid for times without an offset and for numbers that are none."""
    times = {name: at for name in _TIMES if (at := parameters.read(name, _moment)) is not None}
    # Ends count, and objects show whole seconds.
    for name in times.keys() & {"created_until", "modified_until"}:
        at = times[name]
        times[name] = at + (timedelta(microseconds=1) if at.microsecond else timedelta(seconds=1))
    size = parameters.whole_number("limit", _MOST, 1, 10_000)
    size = min(parameters.whole_number("elementsPerPage", size, 1, 10_000), _MOST)
    after = parameters.read("after", _record)
    kept = tuple((name, text) for name in NAMES if name != "after" and (text := parameters.text(name)))
    parameters.done()
    return ListQuery(times, size, after, kept)


@dataclass(frozen=True)
class Part:
    """Conditions of a part of all objects of a noun: on its rows, and on those of what is deleted."""

    rows: Q
    gone: Q


def page(noun: Noun, query: ListQuery, address: str, part: Part | None = None) -> Json:
    """One page of all objects of a noun, or of a part of them."""
    within, within_gone = (Q(), Q()) if part is None else (part.rows, part.gone)
    origins = [(one, one.rows().filter(query.condition & within)) for one in noun.origins]
    keys = [_keys(rows) for _origin, rows in origins]
    if query.wants_deleted:
        keys.append(_keys(noun.gone().filter(query.condition & within_gone)))
    singles = _singles(noun, query) if part is None else {}
    total = sum(rows.count() for rows in keys) + len(singles)
    found = _ids(keys, singles, query)
    shown = found[: query.size]
    links = {"first": _link(address, query), "self": _link(address, query, query.after)}
    if len(found) > query.size:
        links["next"] = _link(address, query, shown[-1])
    return {
        "data": _written(noun, origins, singles, shown),
        "pagination": {"totalElements": total, "elementsPerPage": query.size},
        "links": links,
    }


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by().values_list("id", flat=True)


def _ids(keys: list[QuerySet[Any]], singles: Iterable[UUID], query: ListQuery) -> list[UUID]:
    """The ids of a page and of the object behind it. A row that is public again stands beside its deletion once."""
    found = {one for one in singles if query.after is None or one > query.after}
    for rows in keys:
        behind = rows if query.after is None else rows.filter(id__gt=query.after)
        found.update(behind.order_by("id")[: query.size + 1])
    return sorted(found)[: query.size + 1]


def _singles(noun: Noun, query: ListQuery) -> dict[UUID, Json]:
    """The city's object, by its record."""
    single = noun.single() if noun.single is not None else {}
    return {THE_CITY: single} if single and query.includes(single) else {}


def _written(
    noun: Noun, origins: list[tuple[Origin, QuerySet[Any]]], singles: dict[UUID, Json], ids: list[UUID]
) -> list[Json]:
    written = dict(singles)
    if noun.removed:
        written.update((row.pk, noun.deleted(row)) for row in noun.gone().filter(pk__in=ids))
    for origin, rows in origins:
        written.update((row.pk, origin.written(row)) for row in rows.filter(pk__in=ids))
    return [written[one] for one in ids if one in written]


def _link(address: str, query: ListQuery, after: UUID | None = None) -> str:
    pairs = [*query.kept, *([("after", str(after))] if after is not None else [])]
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _moment(text: str) -> datetime:
    """A full date-time with an offset; a plus sign that was not escaped arrives as a blank."""
    try:
        at = parse_datetime(text.replace(" ", "+"))
        if at is not None and at.tzinfo is not None and at.year in _YEARS:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise QueryProblem("not_a_moment")


def _record(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise QueryProblem("cursor_invalid") from None
