"""`ContributionFilter`: the one filter of contributions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.answers import RESPONSES
from mapping.filters.choices import Choices
from mapping.filters.dimension import Dimension, Group, HeldBy, Option, Pairs, Reader
from mapping.filters.dimensions import DIMENSIONS
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign, Contribution, ContributionStatus
from mapping.models.contribution import ContributionQuerySet

ValueT = TypeVar("ValueT")

PUBLISHED_ONLY: Final = (ContributionStatus.PUBLISHED.value,)
STATUS_TITLES: Final[dict[str, Promise]] = {
    ContributionStatus.PUBLISHED.value: gettext_lazy("Published"),
    ContributionStatus.PENDING.value: gettext_lazy("Waiting"),
    ContributionStatus.REJECTED.value: gettext_lazy("Rejected"),
}
STATUSES: Final = tuple(STATUS_TITLES)
"""Statuses that staff may filter by; withdrawn contributions have no data left."""


@dataclass(frozen=True, slots=True)
class ContributionFilter:
    """Values of dimensions, all of which must match, and the statuses that are visible.

    `statuses` None means the public: then the gate `ContributionQuerySet.published` decides. Naming statuses is for
    staff; callers must check permissions first. `values` are in the order of the dimensions; set them by `having`.
    """

    statuses: tuple[str, ...] | None = None
    values: tuple[tuple[Dimension[Any], Any], ...] = ()

    @classmethod
    def read(
        cls, reader: Reader, choices: Choices, without: Collection[Dimension[Any]] = ()
    ) -> ContributionFilter:
        """Parse strictly, as the API does; errors are collected by the reader. Statuses are left to the caller."""
        wanted = (one for one in _dimensions(choices) if one not in without)
        return cls().having_all((one, one.read(reader, choices)) for one in wanted)

    @classmethod
    def find(cls, query: QueryDict, choices: Choices, prefix: str = "") -> ContributionFilter:
        """Parse leniently, as the planners' pages do: names begin with `prefix`, invalid values are dropped."""
        wanted = query.getlist(f"{prefix}status")
        found = cls(tuple(one for one in STATUSES if one in wanted) or PUBLISHED_ONLY)
        return found.having_all((one, one.find(query, choices, prefix)) for one in _dimensions(choices))

    def get(self, dimension: Dimension[ValueT]) -> ValueT | None:
        """The value of a dimension, None where it does not filter."""
        for one, value in self.values:
            if one is dimension:
                found: ValueT = value
                return found
        return None

    def having(self, dimension: Dimension[ValueT], value: ValueT | None) -> ContributionFilter:
        """Return a copy with another value of one dimension; None removes it."""
        return self.having_all([(dimension, value)])

    def having_all(self, pairs: Iterable[tuple[Dimension[Any], Any]]) -> ContributionFilter:
        """Return a copy with other values of several dimensions."""
        values = {**dict(self.values), **dict(pairs)}
        kept = tuple((one, values[one]) for one in DIMENSIONS if values.get(one) is not None)
        return replace(self, values=kept)

    def with_statuses(self, statuses: tuple[str, ...] | None) -> ContributionFilter:
        """Return a copy with other statuses."""
        return replace(self, statuses=statuses)

    @property
    def counted(self) -> tuple[str, ...]:
        """The statuses to count in a campaign whose published contributions are all visible."""
        return PUBLISHED_ONLY if self.statuses is None else self.statuses

    @property
    def is_narrowed(self) -> bool:
        """Whether any dimension other than the status filters."""
        return bool(self.values)

    @property
    def staff_sources(self) -> frozenset[str]:
        """The names of its dimensions that only staff may filter by, and see what they find."""
        return frozenset(one.name for one, _value in self.values if one.is_for_staff)

    def needs(self, held_by: HeldBy) -> bool:
        """Whether any value belongs to a dimension held by `held_by`."""
        return any(one.held_by == held_by for one, _value in self.values)

    def only(self, held_by: HeldBy) -> ContributionFilter:
        """Return a copy with only the dimensions held by `held_by`."""
        return replace(self, values=tuple(one for one in self.values if one[0].held_by == held_by))

    def check(self) -> None:
        """Raise QueryProblem for invalid statuses and values, whatever their source."""
        for dimension, value in self.values:
            dimension.check(value)
        for status in self.counted:
            if status not in STATUSES:
                raise QueryProblem(
                    "unknown_status", parameter="status", value=status, choices=", ".join(STATUSES)
                )

    def contributions(self, campaign: Campaign) -> ContributionQuerySet:
        """The contributions of a campaign that match, in no order; raises QueryProblem."""
        everything = Contribution.objects.all()
        found = everything.published() if self.statuses is None else everything.with_status(self.statuses)
        return self.narrow(found.filter(campaign=campaign), campaign)

    def narrow(self, found: ContributionQuerySet, campaign: Campaign) -> ContributionQuerySet:
        """Filter contributions by the dimensions, whatever their status; raises QueryProblem."""
        for dimension, value in self.values:
            found = dimension.contributions(found, value, campaign)
        return found

    def pairs(self, prefix: str = "") -> Pairs:
        """Query parameters of a page, as parsed by `find`; empty without a filter."""
        pairs = [pair for dimension, value in self.values for pair in dimension.pairs(value)]
        if self.counted != PUBLISHED_ONLY:
            pairs += [("status", status) for status in self.counted]
        return [(prefix + name, value) for name, value in pairs]

    def written(self) -> Mapping[str, str]:
        """The filter as query parameters of the API."""
        written: dict[str, str] = {}
        for dimension, value in self.values:
            written |= dimension.written(value)
        if self.counted != PUBLISHED_ONLY:
            written["status"] = ",".join(self.counted)
        return written

    def statements(self, choices: Choices) -> Iterator[tuple[str, str]]:
        """Title and value in words of each dimension that filters."""
        for dimension, value in self.values:
            yield from dimension.statements(value, choices)
        if self.counted != PUBLISHED_ONLY:
            yield _("Status"), ", ".join(str(ContributionStatus(one).label) for one in self.counted)

    def groups_of_responses(self, choices: Choices) -> Iterator[Group]:
        """Form controls of the answers to the survey, for those who may read responses."""
        for dimension in _dimensions(choices):
            if dimension is RESPONSES:
                yield from dimension.groups(self.get(dimension), choices)

    def groups(self, choices: Choices) -> Iterator[Group]:
        """Form controls of the other seldom used dimensions."""
        options = [Option(one, str(title)) for one, title in STATUS_TITLES.items()]
        yield Group("status", _("Status"), "chips", options, self.counted, "status")
        for dimension in _dimensions(choices):
            if dimension.is_seldom and dimension is not RESPONSES:
                yield from dimension.groups(self.get(dimension), choices)

    @property
    def seldom(self) -> int:
        """The number of seldom used filters that are set, each question counting as one."""
        return self._number_of(of_responses=False) + (self.counted != PUBLISHED_ONLY)

    @property
    def answered(self) -> int:
        """The number of questions of the survey that it filters by."""
        return self._number_of(of_responses=True)

    def _number_of(self, *, of_responses: bool) -> int:
        return sum(
            len(one.written(value))
            for one, value in self.values
            if one.is_seldom and (one is RESPONSES) == of_responses
        )


def _dimensions(choices: Choices) -> Iterator[Dimension[Any]]:
    """The dimensions that the reader of a campaign may use."""
    return (one for one in DIMENSIONS if choices.for_staff or not one.is_for_staff)
