"""Choices and statements as they are listed in the editor, made into the options of a question.

A value is made once, from the first title, and never changes: stored answers hold it. What was removed is remembered
under `removed` (statements: `removed_rows`), with its title, so that files still name it and no other choice gets its
value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from mapping.aggregation.given_answers import Gone
from mapping.models import Campaign, Picture, QuestionKind
from mapping.questions.choices import MOST_CHOICES
from mapping.questions.matrix import MOST_ROWS
from mapping.services.errors import Invalid, Problem
from mapping.services.setup.asking.owners import checked_line, free_name

LONGEST_TITLE: Final = 200
LONGEST_ALT: Final = 300
LONGEST_VALUE: Final = 60
MOST_PICTURES: Final = 40
WITH_TEXT: Final = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE})
"""The kinds whose choices may ask for a text of one's own."""


@dataclass(frozen=True, slots=True)
class Row:
    """A choice or a statement: `value` names a stored one and is empty for a new one, `picture` is the id of one."""

    title: str
    value: str = ""
    asks_text: bool = False
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class ListOfRows:
    """Where a list of rows stands in the options, and what limits it has."""

    name: str
    removed: str
    fallback: str
    most: int


CHOICES: Final = ListOfRows("choices", "removed", "choice", MOST_CHOICES)
ROWS: Final = ListOfRows("rows", "removed_rows", "statement", MOST_ROWS)


def stored_rows(options: Mapping[str, Any], which: ListOfRows = CHOICES) -> list[Row]:
    """The rows of stored options."""
    return [
        Row(
            title=str(one.get("title") or one["value"]),
            value=str(one["value"]),
            asks_text=one.get("other") is True,
            picture=str(one.get("picture") or ""),
            alt=str(one.get("alt") or ""),
        )
        for one in _objects(options.get(which.name))
    ]


def with_rows(
    options: Mapping[str, Any], rows: Sequence[Row], *, which: ListOfRows, kind: str, campaign: Campaign
) -> dict[str, Any]:
    """Options with these rows in the place of the former ones.

    Raises Invalid on "choices" or "rows" (needed, too many) and on "choices.<number>.title", ".alt", ".picture".
    """
    if not rows:
        raise Invalid({which.name: [Problem(f"{which.name}_needed")]})
    if len(rows) > which.most:
        raise Invalid({which.name: [Problem(f"too_many_{which.name}", {"max": which.most})]})
    former = {
        one["value"]: one
        for one in (*_objects(options.get(which.removed)), *_objects(options.get(which.name)))
    }
    titles = _checked_titles(rows, which)
    made: dict[str, dict[str, Any]] = {}
    for row, title in zip(rows, titles, strict=True):
        value = row.value if row.value in former and row.value not in made else ""
        value = value or _value_again(title, options, which, made)
        value = value or free_name(title, {*former, *made}, which.fallback, max_length=LONGEST_VALUE)
        made[value] = {"value": value, "title": title}
        if row.asks_text and kind in WITH_TEXT and which is CHOICES:
            made[value]["other"] = True
    if kind == QuestionKind.PICTURE_CHOICE and which is CHOICES:
        _add_pictures(rows, list(made.values()), campaign)
    removed = [
        {
            "value": value,
            "title": str(one.get("title") or value),
            **({"other": True} if one.get("other") else {}),
        }
        for value, one in former.items()
        if value not in made
    ]
    rest = {name: value for name, value in options.items() if name not in (which.name, which.removed)}
    return rest | {which.name: list(made.values())} | ({which.removed: removed} if removed else {})


def gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> Gone:
    """The choices and statements that are offered before a change and not after it."""
    return Gone(*(_values(before, which) - _values(after, which) for which in (CHOICES, ROWS)))


def titles_of(options: Mapping[str, Any], what: Gone) -> list[str]:
    """The titles of choices and statements, in their order."""
    return [
        row.title
        for which, values in ((CHOICES, what.choices), (ROWS, what.rows))
        for row in stored_rows(options, which)
        if row.value in values
    ]


def _values(options: Mapping[str, Any], which: ListOfRows) -> frozenset[str]:
    return frozenset(row.value for row in stored_rows(options, which))


def _value_again(
    title: str, options: Mapping[str, Any], which: ListOfRows, made: Mapping[str, object]
) -> str:
    """The value of a removed row that is listed again under its title; empty where there is none."""
    return next(
        (
            str(one["value"])
            for one in _objects(options.get(which.removed))
            if str(one.get("title", "")).casefold() == title.casefold() and one["value"] not in made
        ),
        "",
    )


def _checked_titles(rows: Sequence[Row], which: ListOfRows) -> list[str]:
    problems: dict[str, list[Problem]] = {}
    titles: list[str] = []
    seen: set[str] = set()
    for number, row in enumerate(rows):
        field = f"{which.name}.{number}.title"
        try:
            title = checked_line(field, row.title, LONGEST_TITLE, required=True)
        except Invalid as refused:
            problems |= refused.fields
            continue
        if title.casefold() in seen:
            problems[field] = [Problem("title_twice")]
        seen.add(title.casefold())
        titles.append(title)
    if problems:
        raise Invalid(problems)
    return titles


def _add_pictures(rows: Sequence[Row], made: Sequence[dict[str, Any]], campaign: Campaign) -> None:
    if len(rows) > MOST_PICTURES:
        raise Invalid({CHOICES.name: [Problem("too_many_choices", {"max": MOST_PICTURES})]})
    wanted = {picture for row in rows if (picture := _uuid(row.picture)) is not None}
    known = set(Picture.objects.filter(campaign=campaign, pk__in=wanted).values_list("pk", flat=True))
    problems: dict[str, list[Problem]] = {}
    for number, (row, choice) in enumerate(zip(rows, made, strict=True)):
        field = f"{CHOICES.name}.{number}"
        picture = _uuid(row.picture)
        if picture is None or picture not in known:
            problems[f"{field}.picture"] = [Problem("picture_needed")]
            continue
        try:
            choice["alt"] = checked_line(f"{field}.alt", row.alt, LONGEST_ALT)
        except Invalid as refused:
            problems |= refused.fields
            continue
        if not choice["alt"]:
            problems[f"{field}.alt"] = [Problem("alt_missing")]
        choice["picture"] = str(picture)
    if problems:
        raise Invalid(problems)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), str):
            yield one
