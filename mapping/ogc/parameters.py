"""Parsing of the parameters of `/items`: errors are reported by name, unknown parameters are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, get_args

from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils.dateparse import parse_datetime

from mapping.exports.fields import Field
from mapping.exports.paging import Key
from mapping.exports.sources import SortKey, Source
from mapping.exports.values import OUTPUT
from mapping.http.paging.cursors import read_keys
from mapping.http.parameters.reading import Parameters
from mapping.ogc.cql2 import Language, Queryable, parse
from mapping.ogc.crs import CRS84, Crs, box_of, crs_of
from mapping.services.errors import invalid

FORMS: Final = ("f", "limit", "bbox", "bbox-crs", "crs", "cursor")
FILTERS: Final = ("filter", "filter-lang", "filter-crs")
OF_FEATURES: Final = (
    "datetime",
    *FILTERS,
    "sortby",
    "properties",
    "skipGeometry",
)
DEFAULT_LIMIT: Final = 1000
MOST: Final = 10_000
SORTED_LETTERS: Final = 100
"""Leading characters by which a text is sorted."""
DEFAULT_ON_PAGE: Final = 100
MOST_ON_PAGE: Final = 500
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
ID: Final = Field("id", "id", "text", is_always_there=True)
"""The id, which every collection has besides its attributes."""
_DIGITS: Final = re.compile(r"[0-9]{1,40}")
_COMPARED: Final = ("text", "integer", "number", "boolean", "datetime")
_LARGEST: Final = 2**63
_BOOLEANS: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class Page:
    """The start of a page, and the total that the first page counted."""

    after: tuple[Key, ...] | None = None
    matched: int | None = None


def limit_of(parameters: Parameters, *, is_page: bool = False) -> int:
    """The limit of items; more than `MOST` means `MOST` (OGC 17-069r4, /req/core/fc-limit-response-1).

    Pages for people hold fewer: no browser should choke on ten thousand rows.
    """
    default, most = (DEFAULT_ON_PAGE, MOST_ON_PAGE) if is_page else (DEFAULT_LIMIT, MOST)
    text = parameters.text("limit")
    if _DIGITS.fullmatch(text) and int(text) > most:
        return most
    return parameters.whole_number("limit", default, 1, MOST)


def crs_parameter(parameters: Parameters, name: str = "crs") -> Crs:
    """The CRS named by a parameter, CRS84 without one."""
    text = parameters.text(name)
    return crs_of(text, name) if text else CRS84


def box_condition(parameters: Parameters, source: Source) -> Q | None:
    """Rows whose place intersects the box (/req/core/fc-bbox-response)."""
    crs = crs_parameter(parameters, "bbox-crs")
    text = parameters.text("bbox")
    return Q(**{f"{source.place}__intersects": box_of(text, crs)}) if text else None


def filter_condition(parameters: Parameters, known: Mapping[str, Queryable]) -> Q | None:
    """The condition of a CQL2 filter (OGC 19-079r2); raises Invalid with the position of a fault."""
    language = parameters.choice("filter-lang", LANGUAGES, "cql2-text")
    crs = crs_parameter(parameters, "filter-crs")
    text = parameters.text("filter")
    if not text:
        return None
    return parse(text, language, known, filter_crs=crs.epsg, northing_first=crs.northing_first)


def all_of(*conditions: Q | None) -> Q | None:
    """AND of the conditions that are not None."""
    given = [condition for condition in conditions if condition is not None]
    whole = Q()
    for condition in given:
        whole &= condition
    return whole if given else None


def attribute_names(fields: Iterable[Field]) -> tuple[str, ...]:
    """The parameters that `attribute_condition` reads besides `FILTERS`."""
    return ("id", *(field.name for field in comparable(fields)))


def attribute_condition(parameters: Parameters, source: Source, known: Mapping[str, Queryable]) -> Q | None:
    """The condition on attributes: by parameters of their names, and by a filter."""
    return all_of(
        identified(parameters, source),
        equalities(parameters, source.fields, known),
        filter_condition(parameters, known),
    )


def page_of(parameters: Parameters, scope: str) -> Page:
    """The position in a link to the next page; raises Invalid where it belongs to another query."""
    text = parameters.text("cursor")
    return Page(*read_keys(text, scope)) if text else Page()


def chosen_fields(parameters: Parameters, fields: tuple[Field, ...]) -> tuple[Field, ...] | None:
    """The attributes named by `properties`, in the collection's order; None means all."""
    names = parameters.choices("properties", [field.name for field in fields], "unknown_property")
    return None if names is None else tuple(field for field in fields if field.name in names)


def sort_order(parameters: Parameters, source: Source) -> tuple[SortKey, ...]:
    """Parse `sortby`: "-created,category" is newest first, then by category; texts are sorted by their beginning."""
    order = []
    sortable = {field.name: field for field in source.fields if field.kind != "texts"}
    for word in parameters.words("sortby"):
        # An unescaped plus sign arrives as a blank, which `words` has stripped.
        name = word.lstrip("+-")
        if name not in sortable:
            raise invalid("sortby", "unknown_property", choices=", ".join(sortable))
        is_nullable = not sortable[name].is_always_there
        value = source.values[name]
        # The keys of a page's last row are part of the link to the next page.
        key = Left(value, SORTED_LETTERS) if sortable[name].kind == "text" else value
        order.append(SortKey(key, word.startswith("-"), is_nullable))
    return tuple(order)


def equalities(parameters: Parameters, fields: Iterable[Field], known: Mapping[str, Queryable]) -> Q | None:
    """Attributes filtered by a parameter of their name (/req/queryables-query-parameters/parameters)."""
    condition = Q()
    for field in comparable(fields):
        text = parameters.text(field.name)
        if text:
            value = Value(_value(field, text), output_field=OUTPUT[field.kind]())
            condition &= Q(Exact(known[field.name].expression, value))
    return condition or None


def comparable(fields: Iterable[Field]) -> list[Field]:
    """The attributes that can be filtered by a parameter of their name."""
    return [field for field in fields if field.kind in _COMPARED]


def identified(parameters: Parameters, source: Source) -> Q | None:
    """The row with the parameter `id`, found by its index; none where the text is no valid id."""
    text = parameters.text("id")
    if not text:
        return None
    column = source.rows.model._meta.get_field(source.identifier)  # noqa: SLF001 - Django's own way
    try:
        column.to_python(_value(ID, text))
    except ValidationError:
        return Q(pk__in=())
    return Q(**{source.identifier: text})


def _value(field: Field, text: str) -> str | int | float | bool | datetime:
    try:
        if field.kind == "boolean":
            return _BOOLEANS[text]
        if field.kind == "datetime":
            return _moment(text)
        number = float(text) if field.kind == "number" else int(text) if field.kind == "integer" else 0
    except (KeyError, ValueError, OverflowError) as error:
        raise invalid(field.name, "wrong_type") from error
    # Values that PostgreSQL cannot store match nothing and are invalid.
    if not abs(number) < _LARGEST or "\0" in text:
        raise invalid(field.name, "wrong_type")
    return text if field.kind == "text" else number


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None or found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)
