"""Base classes of filter dimensions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from django.http import QueryDict
from django.utils.functional import Promise

from mapping.filters.choices import Choices
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign
from mapping.models.contribution import ContributionQuerySet

ValueT = TypeVar("ValueT")
ReadT = TypeVar("ReadT")
Pairs = list[tuple[str, str]]
Params = dict[str, Any]

HeldBy = Literal["footprint", "contribution", "district"]
"""Where the condition is evaluated: on footprints (then heat maps count from the index alone), only on contributions,
or by the areas of districts, which heat maps do in numpy for all places at once."""

Control = Literal["chips", "days", "list", "hours", "words", "number", "date", "time"]
"""The last three are ranges: two fields of this type, `name[from]` and `name[to]`; `words` is one field of text."""


class Reader(Protocol):
    """Parses parameters strictly and collects their errors (`http.parameters.reading.Parameters`)."""

    def read(self, name: str, reader: Callable[[str], ReadT]) -> ReadT | None:
        """Parse a parameter given at most once; None where it is missing or wrong."""

    def choices(
        self, name: str, choices: Collection[str], problem: str = "unknown_choice"
    ) -> tuple[str, ...] | None:
        """Several known words, as a comma list or repeated; None where there are none."""

    def words(self, name: str) -> tuple[str, ...]:
        """Any words, as a comma list or repeated, each once."""

    @property
    def names(self) -> Collection[str]:
        """The names of all parameters in the query."""


@dataclass(frozen=True, slots=True)
class Option:
    """One selectable value in a form."""

    value: str
    title: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A form control for a dimension, or for one question: `name` is the name of its parameter."""

    name: str
    title: str
    control: Control
    options: Sequence[Option]
    chosen: Collection[str] = ()
    key: str = ""
    """Prefix of the ids of the control's fields."""


class Dimension(ABC, Generic[ValueT]):
    """One thing to filter by. Without a value nothing is filtered."""

    name: ClassVar[str]
    """Name of the parameter, in addresses of the API and of pages."""
    title: ClassVar[Promise]
    description: ClassVar[str]
    """Description for the API's documents and the help of commands."""
    held_by: ClassVar[HeldBy]
    schema: ClassVar[Mapping[str, Any]] = {"type": "string"}
    """OpenAPI schema of the parameter."""
    is_seldom: ClassVar[bool] = True
    """Whether pages hide it in a collapsed section."""
    is_for_staff: ClassVar[bool] = False
    """Whether it filters by answers that only staff may read (`Choices.for_staff`)."""

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the API's parameters; `[slug]` stands for any question."""
        return (self.name,)

    @abstractmethod
    def read(self, reader: Reader, choices: Choices) -> ValueT | None:
        """Parse strictly, as the API does; errors are collected by the reader."""

    @abstractmethod
    def find(self, query: QueryDict, choices: Choices, prefix: str) -> ValueT | None:
        """Parse leniently, as pages do: names begin with `prefix`, invalid values are dropped."""

    @abstractmethod
    def pairs(self, value: ValueT) -> Pairs:
        """Query parameters of a page, as parsed by `find`."""

    @abstractmethod
    def written(self, value: ValueT) -> Mapping[str, str]:
        """Query parameters of the API, as parsed by `read`."""

    def check(self, value: ValueT) -> None:
        """Raise QueryProblem for an invalid value, whatever its source."""

    @abstractmethod
    def contributions(
        self, found: ContributionQuerySet, value: ValueT, campaign: Campaign
    ) -> ContributionQuerySet:
        """Filter contributions; raises QueryProblem for a value that the campaign does not have."""

    def footprints(self, value: ValueT, campaign_id: int, params: Params) -> str:
        """The SQL condition on a footprint `f`; only for dimensions held by footprints."""
        raise NotImplementedError

    @abstractmethod
    def statements(self, value: ValueT, choices: Choices) -> Iterator[tuple[str, str]]:
        """Title and value in words, in the active language."""

    def groups(self, value: ValueT | None, choices: Choices) -> Iterator[Group]:
        """Form controls of the dimension."""
        yield from ()


class Named(Dimension[tuple[str, ...]]):
    """A dimension whose values are names from a list, any of which matches."""

    problem: ClassVar[str] = "unknown_choice"
    control: ClassVar[Control] = "chips"

    @abstractmethod
    def options(self, choices: Choices) -> Sequence[Option]:
        """All selectable values in the campaign."""

    def read(self, reader: Reader, choices: Choices) -> tuple[str, ...] | None:
        """See `Dimension`."""
        if self.name not in reader.names:
            return None
        return reader.choices(self.name, [one.value for one in self.options(choices)], self.problem)

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> tuple[str, ...] | None:
        """See `Dimension`; choosing all values means no filter."""
        wanted = set(query.getlist(prefix + self.name))
        return chosen_of(wanted, [one.value for one in self.options(choices)]) if wanted else None

    def pairs(self, value: tuple[str, ...]) -> Pairs:
        """See `Dimension`."""
        return [(self.name, one) for one in value]

    def written(self, value: tuple[str, ...]) -> Mapping[str, str]:
        """See `Dimension`."""
        return {self.name: ",".join(value)}

    def statements(self, value: tuple[str, ...], choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        yield str(self.title), ", ".join(one.title for one in self.options(choices) if one.value in value)

    def groups(self, value: tuple[str, ...] | None, choices: Choices) -> Iterator[Group]:
        """See `Dimension`."""
        options = self.options(choices)
        if options:
            yield Group(self.name, str(self.title), self.control, options, value or (), self.name)


def chosen_of(wanted: Collection[str], known: Sequence[str]) -> tuple[str, ...] | None:
    """The valid ones among some words, in order; None if none or all are chosen."""
    chosen = tuple(one for one in known if one in wanted)
    return chosen if chosen and len(chosen) < len(known) else None


def words_of(text: str) -> list[str]:
    """Split a comma-separated list."""
    return [word.strip() for word in text.split(",")]


def known_only(name: str, words: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Deduplicate words in the order of the valid ones; raises QueryProblem "unknown_..." with `choices`."""
    if not set(words) <= set(known):
        raise QueryProblem(f"unknown_{name}", parameter=name, choices=", ".join(known))
    return tuple(one for one in known if one in words)
