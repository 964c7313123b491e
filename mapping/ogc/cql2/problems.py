"""Errors in filters, with their position."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mapping.services.errors import Invalid, Problem

Place = int | str
"""A position: characters from 0 in a text, a JSON pointer (RFC 6901) in JSON."""

_LONGEST_WORD: Final = 60


class FaultError(Exception):
    """A fault at a position; internal to this package, `parse` turns it into a `CqlProblem`."""

    def __init__(self, code: str, at: Place, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.params = params


class CqlProblem(Invalid, ValueError):
    """A filter that cannot be parsed.

    `code` names the reason. `params` holds `place` in words and either `offset` (characters from 0), `line` and
    `column` (both from 1) or `pointer` (RFC 6901), besides the parameters of the message.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__({"filter": [Problem(code, params)]})
        self.code = code
        self.params = params


def located(fault: FaultError, text: str) -> CqlProblem:
    """Describe the position of a fault: line and column of the text, or the value of the JSON."""
    params = {name: shortened(value) for name, value in fault.params.items()}
    if isinstance(fault.at, str):
        pointer = shortened(fault.at or "/")
        return CqlProblem(fault.code, **params, pointer=pointer, place=pointer)
    before = text[: fault.at]
    line = before.count("\n") + 1
    column = fault.at - (before.rfind("\n") + 1) + 1
    place = format_lazy(_("line {line}, character {column}"), line=line, column=column)
    return CqlProblem(fault.code, **params, offset=fault.at, line=line, column=column, place=place)


def shortened(value: object) -> object:
    """Truncate a client's value for an error message."""
    if isinstance(value, Promise) or not isinstance(value, str) or len(value) <= _LONGEST_WORD:
        return value
    return value[:_LONGEST_WORD] + "…"
