"""The attributes of a campaign's contributions as flat columns, the same in every format.

Some are the same everywhere (`FIXED`), the others are the questions, named by their slugs; questions that were removed
while their answers were kept stand behind the others. Questions of several categories that share a slug are one
attribute (as in `filters.questions`): a text where their kinds differ. A slug that is the name of a fixed attribute, or
a number, gets the prefix `answer_`.

Answers that only staff may read have columns of their own, in files for staff alone (`for_staff`): a short name that
one category asks for everyone and another one for staff only is two attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Final, Literal

from cachetools import LRUCache, cached
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mapping.models import (
    Audience,
    Campaign,
    Category,
    Change,
    ContributionStatus,
    PaperBatch,
    Question,
    RemovedQuestion,
    ReplyStatus,
    Revision,
    Source,
)
from mapping.questions.kind import ColumnType
from mapping.questions.registry import KINDS

Kind = ColumnType | Literal["datetime", "objects"]
"""Types of values: `texts` are lists of texts, `objects` lists of JSON objects; `datetime` is written in UTC."""

_PREFIX: Final = "answer_"
_NUMBER: Final = re.compile(r"-?\d+(e-?\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted value of an attribute, and its title."""

    value: str
    title: str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute: its name, its title, and the type of its values.

    `question` is the slug under which answers hold it, empty for a fixed attribute; `asked_by` are the categories whose
    contributions have it, empty for all. `minimum` and `maximum` are inclusive. Values that are missing are left out or
    empty. Attributes that are `is_for_staff` must not leave the city.
    """

    name: str
    title: str | Promise
    kind: Kind
    description: str | Promise = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    question: str = ""
    is_always_there: bool = False
    asked_by: tuple[int, ...] = ()
    is_for_staff: bool = False


def _choices(pairs: Iterable[tuple[Any, Any]], *, without: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    return tuple(Choice(str(value), title) for value, title in pairs if value not in without)


FIXED: Final = (
    Field("category", _("Category"), "text", is_always_there=True),
    Field("text", _("Text"), "text", is_always_there=True),
    Field("created", _("Sent"), "datetime", is_always_there=True),
    Field(
        "status",
        _("Status"),
        "text",
        choices=_choices(ContributionStatus.choices),
        is_always_there=True,
    ),
    Field("source", _("How it came in"), "text", choices=_choices(Source.choices), is_always_there=True),
    Field("support", _("In favour"), "integer", minimum=0, is_always_there=True),
    Field("opposition", _("Against"), "integer", minimum=0, is_always_there=True),
    Field("balance", _("Balance"), "integer", _("In favour less against."), is_always_there=True),
    Field("comments", _("Comments"), "integer", minimum=0, is_always_there=True),
    Field("photos", _("Photos"), "texts", _("Addresses of pictures (JPEG)."), is_always_there=True),
    Field("reply_status", _("Status of the city's reply"), "text", choices=_choices(ReplyStatus.choices)),
    Field("reply_text", _("The city's reply"), "text"),
    Field("reply_created", _("Day of the city's reply"), "datetime"),
    Field("title", _("Title"), "text", _("The name of a place that the city drew.")),
    Field("position", _("Order"), "integer", _("Of the places that the city drew, from 0."), minimum=0),
)
"""The attributes of every campaign, in the order in which they are written."""


PAPER_FIELDS: Final = (
    Field(
        "paper_batch",
        _("Batch of map sheets"),
        "text",
        _("Of contributions on paper, for staff only."),
        is_for_staff=True,
    ),
    Field(
        "paper_sheet",
        _("Number of the map sheet"),
        "integer",
        _("Of contributions on paper, for staff only."),
        minimum=1,
        is_for_staff=True,
    ),
)
"""Attributes of contributions from map sheets, which no public file has."""


def campaign_fields(campaign: Campaign, *, for_staff: bool = False) -> tuple[Field, ...]:
    """Return the attributes of a campaign's contributions: `FIXED`, then its questions by category and position.

    With `for_staff` those among them whose answers only staff may read; callers must check
    `rules.may_read_staff_answers` first. All other attributes have the same names and order either way.
    """
    fields = fields_at(campaign.pk, Change.objects.revision_of(campaign.pk))
    return fields if for_staff else tuple(field for field in fields if not field.is_for_staff)


@cached(LRUCache(500), lock=Lock())
def fields_at(campaign_id: int, _revision: Revision) -> tuple[Field, ...]:
    """As `campaign_fields` for staff, cached per revision of the campaign."""
    categories = Category.objects.filter(campaign=campaign_id).order_by("position", "pk")
    category = replace(FIXED[0], choices=_choices(categories.values_list("slug", "title")))
    asked: list[Question | RemovedQuestion] = [
        *Question.objects.of_categories(campaign_id),
        *RemovedQuestion.objects.of_categories(campaign_id),
    ]
    for_staff = {question.slug for question in asked if question.audience == Audience.STAFF}
    merged: dict[tuple[str, str], Field] = {}
    for question in asked:
        field, key = _answer_field(question), (question.slug, question.audience)
        if question.slug not in for_staff:
            field = replace(field, asked_by=())
        known = merged.get(key)
        merged[key] = field if known is None else _merged(known, field)
    return (category, *FIXED[1:], *_distinct(merged.values()))


def paper_fields(campaign: Campaign) -> tuple[Field, ...]:
    """Where contributions on paper came from, for files of staff; empty for a campaign without map sheets."""
    return PAPER_FIELDS if PaperBatch.objects.filter(campaign=campaign).exists() else ()


def _distinct(fields: Iterable[Field]) -> Iterator[Field]:
    """Make names unique regardless of case (for SQLite, dBase): duplicates get a number, those for staff last."""
    found = list(fields)
    taken = {field.name for field in FIXED}
    for position in sorted(range(len(found)), key=lambda one: found[one].is_for_staff):
        field, number = found[position], 1
        name = field.name
        while name.lower() in taken:
            number += 1
            name = f"{field.name}_{number}"
        taken.add(name.lower())
        found[position] = replace(field, name=name)
    yield from found


def column_name(slug: str) -> str:
    """The name of the column of a question, before it is made unique."""
    # A number among the headers of a CSV file makes GDAL take the header row for data.
    is_taken = slug.lower() in RESERVED or _NUMBER.fullmatch(slug)
    return f"{_PREFIX}{slug}" if is_taken else slug


def _answer_field(question: Question | RemovedQuestion) -> Field:
    options, kind = question.options, KINDS[question.kind]
    # A value that was entered twice is one value; choices that are offered no more stand behind the others.
    listed = (*(options.get("choices") or ()), *(options.get("removed") or ()))
    chosen = {str(one["value"]): one for one in listed}
    is_for_staff = question.audience == Audience.STAFF
    return Field(
        name=column_name(question.slug),
        title=question.title,
        kind=kind.column,
        description=_marked(question.help_text) if is_for_staff else question.help_text,
        unit=str(options.get("unit") or ""),
        choices=(
            *(Choice(value, str(one.get("title") or value)) for value, one in chosen.items()),
            *(Choice(value, title) for value, title in kind.fixed_choices),
        ),
        minimum=options.get("minimum") if kind.is_measure else None,
        maximum=options.get("maximum") if kind.is_measure else None,
        question=question.slug,
        asked_by=(question.category_id,) if question.category_id is not None else (),
        is_for_staff=is_for_staff,
    )


def _marked(description: str) -> str | Promise:
    """The explanation of an attribute for staff, which files and their dictionaries show."""
    if not description:
        return FOR_STAFF
    return format_lazy("{} {}", FOR_STAFF, description)


def _merged(first: Field, second: Field) -> Field:
    """Merge the attributes of two questions; limits and choices cover both."""
    first = replace(first, asked_by=tuple(dict.fromkeys((*first.asked_by, *second.asked_by))))
    if first.kind != second.kind:
        return replace(first, kind="text", choices=(), minimum=None, maximum=None, unit="")
    has_choices = bool(first.choices and second.choices)
    choices = {choice.value: choice for choice in (*second.choices, *first.choices)} if has_choices else {}
    return replace(
        first,
        choices=tuple(choices.values()),
        minimum=_widest(min, first.minimum, second.minimum),
        maximum=_widest(max, first.maximum, second.maximum),
    )


def _widest(choose: Any, first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else choose(first, second)


FOR_STAFF: Final = _("For staff only.")
"""How attributes are marked whose values must not leave the city."""

EXTRA_TITLES: Final = {
    "comments": _("Comments"),
    "replies": _("Replies of the city"),
    "support": _("Opinions by day"),
}
"""Optional accompanying data: the title of its table in a file, of its attribute, and of its checkbox in a form."""

EXTRA_FIELDS: Final = {
    "comments": Field(
        "comment_list",
        EXTRA_TITLES["comments"],
        "objects",
        _("Published comments."),
        is_always_there=True,
    ),
    "replies": Field("reply_list", EXTRA_TITLES["replies"], "objects", is_always_there=True),
    "support": Field("support_by_day", EXTRA_TITLES["support"], "objects", is_always_there=True),
}
"""Attributes for requested accompanying data, in formats that have one table only."""

ADDED: Final = frozenset({"geometry", "geom", "fid", "ogc_fid", "lon", "lat", "wkt", "bbox"})
"""Names of columns that programs and formats add themselves."""

PARAMETERS: Final = frozenset(
    {
        *("f", "limit", "cursor", "crs", "bbox-crs", "datetime", "sortby", "properties", "skipgeometry"),
        *("filter", "filter-lang", "filter-crs"),
    }
)
"""Names of the parameters of the OGC API, in lower case: each attribute must be one as well (OGC 19-079r2,
/req/queryables-query-parameters/parameters)."""

RESERVED: Final = frozenset(
    {
        "id",
        *ADDED,
        *PARAMETERS,
        *(field.name for field in FIXED),
        *(field.name for field in EXTRA_FIELDS.values()),
        *(field.name for field in PAPER_FIELDS),
    }
)
"""Names that no question may have: those of fixed attributes, of parameters and of columns that programs add."""
