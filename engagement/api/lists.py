"""What the lists of events, documents and plans share: filters, pages by keyset, links, entity tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from django.db.models import F, Model, OrderBy, QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.filters.problems import QueryProblem
from mapping.geo.text import TextProblem, clean_text
from mapping.http.paging.cursors import read_keys, write_keys
from mapping.http.parameters.reading import Parameters
from mapping.http.views import json_response, tagged
from mapping.models.keysets import KeyValue, behind

RowT = TypeVar("RowT", bound=Model)

PAGING: Final = ("limit", "cursor")
_MOST: Final = 1000
_DEFAULT: Final = 100
_JSON: Final = "application/json"


@dataclass(frozen=True)
class Key:
    """A column or annotation by which a list is sorted; rows without a value come last."""

    name: str
    is_descending: bool = False
    is_nullable: bool = False

    @property
    def ordering(self) -> OrderBy:
        """The ordering by this key."""
        return OrderBy(
            F(self.name), descending=self.is_descending, nulls_last=True if self.is_nullable else None
        )


def page(
    request: Request,
    parameters: Parameters,
    name: str,
    rows: QuerySet[RowT],
    *,
    keys: Sequence[Key],
    written: Callable[[RowT], dict[str, Any]],
) -> HttpResponseBase:
    """One page of the list `name`, sorted by `keys` and then by id; raises Invalid for parameters that are wrong.

    The cursor is bound to the filters, and holds the number of all rows as the first page counted it.
    """
    limit = parameters.whole_number("limit", _DEFAULT, 1, _MOST)
    cursor = parameters.text("cursor")
    parameters.done()
    order = (*keys, Key("pk", is_descending=keys[0].is_descending))
    scope = f"{name}:{_filters(request)!r}"
    if cursor:
        values, matched = read_keys(cursor, scope)
        at = [
            KeyValue(key.name, value, key.is_descending, key.is_nullable)
            for key, value in zip(order, values, strict=True)
        ]
        rows = rows.filter(behind(at))
    else:
        matched = rows.count()
    found = list(rows.order_by(*(key.ordering for key in order))[: limit + 1])
    links = [_link("self", request.build_absolute_uri())]
    if len(found) > limit:
        end = write_keys([_plain(getattr(found[limit - 1], key.name)) for key in order], matched, scope)
        links.append(_link("next", _next(request, end)))
    body = {
        name: [written(row) for row in found[:limit]],
        "numberMatched": matched,
        "numberReturned": min(limit, len(found)),
        "links": links,
    }
    return tagged(request, json_response(request, body))


def one(request: Request, body: dict[str, Any]) -> HttpResponseBase:
    """One object, with an entity tag."""
    return tagged(request, json_response(request, body))


def no_parameters(request: Request) -> None:
    """Raise Invalid where there is any parameter."""
    Parameters(request.query_params, ()).done()


def slug_of(rows: QuerySet[RowT]) -> Callable[[str], RowT]:
    """A reader of the short name of one of these public rows; others are a QueryProblem `unknown_short_name`."""

    def read(text: str) -> RowT:
        try:
            found = rows.filter(slug=clean_text(text, max_length=80, multiline=False)).first()
        except TextProblem:
            found = None
        if found is None:
            raise QueryProblem("unknown_short_name")
        return found

    return read


def printable(words: Iterable[str]) -> list[str]:
    """The words that PostgreSQL can compare: it takes no NUL."""
    return [word for word in words if "\0" not in word]


def public_slugs(campaigns: Iterable[Any]) -> list[str]:
    """The short names of the campaigns that are no drafts, sorted."""
    return sorted(one.slug for one in campaigns if not one.is_draft)


def _filters(request: Request) -> list[tuple[str, list[Any]]]:
    return [(key, values) for key, values in sorted(request.query_params.lists()) if key not in PAGING]


def _next(request: Request, cursor: str) -> str:
    query = [
        (key, value) for key, values in request.query_params.lists() for value in values if key != "cursor"
    ]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")


def _link(rel: str, address: str) -> dict[str, str]:
    return {"rel": rel, "type": _JSON, "href": address}


def _plain(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)
