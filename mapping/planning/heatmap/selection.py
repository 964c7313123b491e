"""What a heat map counts: read from the address, written back, asked of `aggregation` and of the API, told in words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from django.http import QueryDict
from django.utils.dateparse import parse_date

from mapping.models import ContributionStatus, Source
from mapping.planning.heatmap.choices import STATUSES, WEEKDAYS, Choices

PUBLISHED_ONLY: Final = (ContributionStatus.PUBLISHED.value,)
_ALL_DAY: Final = (0, 24)

Answers = tuple[tuple[str, tuple[str, ...]], ...]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which contributions are counted; an empty member means no filter by it.

    `categories`, `districts` (codes) and the questions of `answers` are short names. `hours` are the first hour and the
    hour after the last one, 0 to 24, and may wrap past midnight: (20, 6). Several values of one member mean any of
    them, several members mean all of them.
    """

    categories: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    statuses: tuple[str, ...] = PUBLISHED_ONLY
    weekdays: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None
    sources: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    answers: Answers = ()

    @classmethod
    def of(cls, query: QueryDict, choices: Choices, prefix: str = "") -> "Selection":
        """Read an address whose names begin with `prefix`; whatever makes no sense is left out."""

        def some(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
            wanted = set(query.getlist(prefix + name))
            chosen = tuple(value for value in known if value in wanted)
            return () if len(chosen) == len(known) else chosen

        start, end = _day(query.get(f"{prefix}start", "")), _day(query.get(f"{prefix}end", ""))
        if start and end and end < start:
            start, end = end, start
        wanted = set(query.getlist(f"{prefix}status"))
        answers = ((one.slug, some(f"answers[{one.slug}]", _values(one.choices))) for one in choices.asked)
        return cls(
            categories=some("category", tuple(category.slug for category in choices.categories)),
            start=start,
            end=end,
            statuses=tuple(status.value for status in STATUSES if status.value in wanted) or PUBLISHED_ONLY,
            weekdays=tuple(
                int(day) for day in some("weekday", tuple(str(number) for number, *_names in WEEKDAYS))
            ),
            hours=_hours(query.get(f"{prefix}hour_from", ""), query.get(f"{prefix}hour_to", "")),
            sources=some("source", tuple(Source.values)),
            districts=some("district", tuple(district.code for district in choices.districts)),
            answers=tuple((slug, values) for slug, values in answers if values),
        )

    def pairs(self, prefix: str = "") -> Pairs:
        """The names and values of an address that `of` reads; the default leaves nothing behind."""
        pairs: Pairs = [("category", slug) for slug in self.categories]
        if self.start:
            pairs.append(("start", str(self.start)))
        if self.end:
            pairs.append(("end", str(self.end)))
        if self.statuses != PUBLISHED_ONLY:
            pairs += [("status", status) for status in self.statuses]
        pairs += [("weekday", str(day)) for day in self.weekdays]
        if self.hours:
            pairs += [("hour_from", str(self.hours[0])), ("hour_to", str(self.hours[1]))]
        pairs += [("source", source) for source in self.sources]
        pairs += [("district", code) for code in self.districts]
        pairs += [(f"answers[{slug}]", value) for slug, values in self.answers for value in values]
        return [(prefix + name, value) for name, value in pairs]

    def api_parameters(self) -> Mapping[str, str]:
        """The same filter as the API understands it (`datetime` as in OGC API Features, 7.15.4)."""
        parameters = {
            "category": ",".join(self.categories),
            "datetime": interval(self.start, self.end),
            "weekday": ",".join(map(str, self.weekdays)),
            "hours": "-".join(map(str, self.hours or ())),
            "source": ",".join(self.sources),
            "district": ",".join(self.districts),
            "status": "" if self.statuses == PUBLISHED_ONLY else ",".join(self.statuses),
            **{f"answers[{slug}]": ",".join(values) for slug, values in self.answers},
        }
        return {name: value for name, value in parameters.items() if value}

    def further(self) -> int:
        """How many of the seldom used filters are set."""
        seldom = (self.weekdays, self.hours, self.sources, self.districts)
        return sum(map(bool, seldom)) + len(self.answers) + (self.statuses != PUBLISHED_ONLY)

    def is_default(self) -> bool:
        """Whether nothing is filtered."""
        return all(getattr(self, field.name) == field.default for field in fields(self))

    def toggled(self, slug: str, choices: Choices) -> tuple[str, ...]:
        """The categories after a click on one of them: alone where all were shown, else in or out."""
        if not self.categories:
            return (slug,)
        chosen = set(self.categories) ^ {slug}
        ordered = tuple(one.slug for one in choices.categories if one.slug in chosen)
        return () if len(ordered) == len(choices.categories) else ordered


def interval(start: date | None, end: date | None) -> str:
    """Days as the API's `datetime`; nothing where both sides are open."""
    return f"{start or '..'}/{end or '..'}" if start or end else ""


def _values(choices: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(value for value, _title in choices)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _hours(first: str, last: str) -> tuple[int, int] | None:
    """A side that is not given is the day's own; the whole day is no filter."""
    start, end = _hour(first, 0), _hour(last, 24)
    start, end = start % 24, end or 24
    return None if (start, end) == _ALL_DAY or start == end else (start, end)


def _hour(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= 24 else default
