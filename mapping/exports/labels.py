"""How files write choices: by code, by title, or both side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final, Literal, get_args

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField
from django.utils.translation import gettext_lazy as _

from mapping.exports.fields import Choice, Field
from mapping.exports.sources import Readable, Source
from mapping.exports.values import NewestReply

Labels = Literal["codes", "titles", "both"]
LABELS: Final[tuple[Labels, ...]] = get_args(Labels)
_ENDING: Final = "_title"


class Titled(Func):
    """The title of a code, or of each code of a list; a code that is no longer a choice stays as it is."""

    _ONE: Final = (
        "(SELECT coalesce(%s::jsonb ->> code.one, code.one) FROM (SELECT {value} AS one OFFSET 0) code)"
    )
    _SEVERAL: Final = (
        "(SELECT array_agg(coalesce(%s::jsonb ->> code.one, code.one) ORDER BY code.number)"
        " FROM unnest({value}) WITH ORDINALITY AS code(one, number))"
    )

    def __init__(self, value: Readable, choices: Iterable[Choice], *, is_list: bool) -> None:
        self.is_list = is_list
        self.titles = json.dumps({choice.value: str(choice.title) for choice in choices}, ensure_ascii=False)
        super().__init__(value, output_field=ArrayField(TextField()) if is_list else TextField())

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Look the compiled value up in a JSON object."""
        [value] = self.get_source_expressions()
        sql, params = compiler.compile(value)
        return (self._SEVERAL if self.is_list else self._ONE).format(value=sql), [self.titles, *params]


def labelled(source: Source, labels: Labels) -> Source:
    """Return a source whose choices are written as codes, titles or both (the title as `<name>_title`)."""
    if labels == "codes":
        return source
    fields: list[Field] = []
    values = dict(source.values)
    name_for = _names({field.name for field in source.fields})
    for field in source.fields:
        if not field.choices:
            fields.append(field)
        elif labels == "titles":
            fields.append(replace(field, choices=_as_titles(field.choices)))
            values[field.name] = _titled(source.values[field.name], field)
        else:
            title = replace(
                field,
                name=name_for(field.name),
                title=_("%(field)s (title)") % {"field": field.title},
                choices=_as_titles(field.choices),
            )
            fields += [field, title]
            values[title.name] = _titled(source.values[field.name], field)
    return replace(source, fields=tuple(fields), values=values)


def _titled(value: Readable, field: Field) -> Readable:
    is_list = field.kind == "texts"
    if isinstance(
        value, NewestReply
    ):  # so that the newest reply is still looked up once for all attributes read from it
        column = Titled(value.column, field.choices, is_list=is_list)
        return NewestReply(column, TextField(), is_whole=value.is_whole)
    return Titled(value, field.choices, is_list=is_list)


def _as_titles(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    titles = dict.fromkeys(str(choice.title) for choice in choices)
    return tuple(Choice(title, title) for title in titles)


def _names(taken: set[str]) -> Callable[[str], str]:
    """Names of title columns, unique regardless of case."""
    known = {name.lower() for name in taken}

    def name_for(code: str) -> str:
        name = next(one for one in _numbered(f"{code}{_ENDING}") if one.lower() not in known)
        known.add(name.lower())
        return name

    return name_for


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 1
    while True:
        number += 1
        yield f"{name}_{number}"
