"""Strict parsing of query parameters: unknown, repeated or invalid ones are reported by name with a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from django.http import QueryDict

from mapping.filters.interval import Interval, interval_of
from mapping.filters.problems import QueryProblem
from mapping.geo.errors import GeometryProblem
from mapping.services.checking.content import Collected
from mapping.services.errors import Invalid

ReadT = TypeVar("ReadT")
ChoiceT = TypeVar("ChoiceT", bound=str)

_WHOLE_NUMBER: Final = re.compile(r"[0-9]{1,9}")


class Parameters:
    """Reads a query string; problems are collected until `done()` raises them together."""

    def __init__(self, query: QueryDict, known: Collection[str]) -> None:
        self._query = query
        self._problems = Collected()
        self._known = set(known)

    @property
    def names(self) -> Collection[str]:
        """The names of all parameters in the query."""
        return self._query.keys()

    def accept(self, *names: str) -> None:
        """Add names that are known to those only who were found to have a permission."""
        self._known.update(names)

    def done(self) -> None:
        """Raise Invalid where anything was wrong."""
        for name in self._query:
            if name not in self._known:
                # The name is the client's own text; only its beginning is repeated.
                self._problems.add(name[:40], "unknown_parameter", known=", ".join(sorted(self._known)))
        if self._problems.fields:
            raise Invalid(self._problems.fields)

    def text(self, name: str) -> str:
        """Return a parameter given at most once; an empty value counts as missing."""
        values = self._query.getlist(name)
        if len(values) > 1:
            self._problems.add(name, "repeated")
        return values[0].strip() if len(values) == 1 else ""

    def whole_number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        """A number within limits."""
        text = self.text(name)
        if not text:
            return default
        number = int(text) if _WHOLE_NUMBER.fullmatch(text) else -1
        if not minimum <= number <= maximum:
            self._problems.add(name, "not_a_whole_number", minimum=minimum, maximum=maximum)
            return default
        return number

    def choice(self, name: str, choices: Sequence[ChoiceT], default: ChoiceT) -> ChoiceT:
        """One of several words."""
        text = self.text(name) or default
        for choice in choices:
            if choice == text:
                return choice
        self._problems.add(name, "unknown_choice", choices=", ".join(choices))
        return default

    def read(self, name: str, reader: Callable[[str], ReadT]) -> ReadT | None:
        """Parse a parameter with a reader; None if it is missing."""
        text = self.text(name)
        try:
            return reader(text) if text else None
        except (QueryProblem, GeometryProblem) as problem:
            self._problems.add(name, problem.code, **problem.params)
            return None

    def words(self, name: str) -> tuple[str, ...]:
        """Any words, as a comma list or repeated, each once."""
        words = (word.strip() for value in self._query.getlist(name) for word in value.split(","))
        return tuple(dict.fromkeys(word for word in words if word))

    def choices(
        self, name: str, choices: Collection[str], problem: str = "unknown_choice"
    ) -> tuple[str, ...] | None:
        """Several words, as a comma list or repeated; None where there are none."""
        given = self.words(name)
        if any(word not in choices for word in given):
            self._problems.add(name, problem, choices=", ".join(sorted(choices)))
            return None
        return given or None

    def interval(self, name: str = "datetime") -> Interval:
        """A date, a date-time or an interval of them; everything where there is none."""
        return self.read(name, interval_of) or Interval()
