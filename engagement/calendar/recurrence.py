"""Recurring dates: an RFC 5545 rule becomes dates on the clock of a place, within limits.

Rules are expanded without a time zone, so that 18:00 stays 18:00 in summer and winter; `clock` makes moments of times.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from engagement.calendar.problems import CalendarProblem

MOST_DATES: Final = 366
"""Dates of one series: a year of days."""
_LONGEST_SPAN: Final = timedelta(days=3653)
"""From the first date to the last one: ten years."""
_WINDOW: Final = timedelta(days=400)
"""What is expanded at once: a rule that makes too many dates is found in the first one."""
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: Final = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in its parts, checked."""

    parts: dict[str, str]

    @property
    def frequency(self) -> str:
        """DAILY, WEEKLY, MONTHLY or YEARLY."""
        return self.parts["FREQ"]

    @property
    def interval(self) -> int:
        """Each day, each second week and so on."""
        return int(self.parts.get("INTERVAL", "1"))

    @property
    def count(self) -> int | None:
        """How many dates there are, where the rule says so."""
        return int(self.parts["COUNT"]) if "COUNT" in self.parts else None

    def until(self, zone: str) -> datetime | None:
        """The last moment at which a date may begin, on the clock of a zone."""
        text = self.parts.get("UNTIL")
        return None if text is None else _until(text, zone)

    def __str__(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts.items())


def parse_rule(text: str) -> Rule:
    """Read a rule (RFC 5545, section 3.3.10, without its name).

    Raises CalendarProblem "rule_unknown" for what is no rule or has other parts than days, weeks, months and years,
    and "rule_without_end".
    """
    parts: dict[str, str] = {}
    for part in text.strip().removeprefix("RRULE:").upper().split(";"):
        name, sign, value = part.partition("=")
        if not sign or not value or name in parts or name not in _PARTS:
            raise CalendarProblem("rule_unknown")
        parts[name] = value
    if parts.get("FREQ") not in _FREQUENCIES or not _is_sound(parts):
        raise CalendarProblem("rule_unknown")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise CalendarProblem("rule_without_end" if "COUNT" not in parts else "rule_unknown")
    return Rule(parts)


def occurrences(start: datetime, rule: Rule, zone: str) -> list[datetime]:
    """The starts of all dates on the clock of a zone, the first of them `start` (without time zone).

    Raises CalendarProblem: "series_too_many" (params: max) for more than 366 dates, "series_too_long" (params: years)
    for more than ten years, "series_of_one" where there is no second date, "rule_misses_start" where the first date is
    none of the rule.
    """
    count, until = rule.count, rule.until(zone)
    if count is not None and count > MOST_DATES:
        raise CalendarProblem("series_too_many", max=MOST_DATES)
    if count == 1:
        raise CalendarProblem("series_of_one")
    if not _may_begin(start, rule):
        # Its dates may never meet its interval, as Mondays every seventh day from a Tuesday on: not to be searched for.
        raise CalendarProblem("rule_misses_start")
    longest = start + _LONGEST_SPAN
    last = longest if until is None else min(until, longest)
    found = _expanded(start, rule, last, count)
    if until is not None and until > longest and found and len(found) <= MOST_DATES:
        raise CalendarProblem("series_too_long", years=_LONGEST_SPAN.days // 365)
    if len(found) < 2:
        raise CalendarProblem("series_of_one")
    if not _is_of_rule(start, rule):
        raise CalendarProblem("rule_misses_start")
    if count is not None:
        if len(found) < count:
            raise CalendarProblem("series_too_long", years=_LONGEST_SPAN.days // 365)
        return found[:count]
    if len(found) > MOST_DATES:
        raise CalendarProblem("series_too_many", max=MOST_DATES)
    return found


def _expanded(start: datetime, rule: Rule, last: datetime, count: int | None) -> list[datetime]:
    """Dates until `last`, in windows: ended as soon as there are enough, or too many.

    The end is always a moment: with COUNT alone, a rule that no day fits would be searched to the year 9999.
    """
    parts = {name: value for name, value in rule.parts.items() if name not in ("COUNT", "UNTIL")}
    query = _query(start, f"{Rule(parts)};UNTIL={last:%Y%m%dT%H%M%S}")
    enough = MOST_DATES + 1 if count is None else count
    found: list[datetime] = []
    begin = start
    while begin <= last and len(found) < enough:
        end = begin + _WINDOW
        for one in query.between(begin, end):
            moment = one["DTSTART"].dt
            if begin <= moment < end:
                found.append(moment)
        begin = end
    return sorted(found)


def _may_begin(start: datetime, rule: Rule) -> bool:
    """Whether weekday, day and month of the first date are among those of the rule."""
    length = monthrange(start.year, start.month)[1]
    fitting = {
        "BYMONTHDAY": {start.day, start.day - length - 1},
        "BYMONTH": {start.month},
    }
    names = [one[-2:] for one in rule.parts.get("BYDAY", _WEEKDAYS[start.weekday()]).split(",")]
    return _WEEKDAYS[start.weekday()] in names and all(
        any(int(one) in fits for one in rule.parts[name].split(","))
        for name, fits in fitting.items()
        if name in rule.parts
    )


def _is_of_rule(start: datetime, rule: Rule) -> bool:
    """Whether the rule has its first date at `start`: iCalendar counts it as a date in any case.

    Callers must know that the rule has dates soon after.
    """
    parts = {name: value for name, value in rule.parts.items() if name not in ("COUNT", "UNTIL")}
    one = _query(start, f"{Rule(parts)};COUNT=1").between(start, start + _LONGEST_SPAN)
    return len(one) == 1


def _query(start: datetime, rule: str) -> recurring_ical_events.CalendarQuery:
    event = icalendar.Event()
    properties = {
        "uid": "series",
        "dtstart": start,
        "dtend": start + timedelta(minutes=1),
        "rrule": icalendar.vRecur.from_ical(rule),
    }
    for name, value in properties.items():
        event.add(name, value)
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    return recurring_ical_events.of(calendar)


def _is_sound(parts: dict[str, str]) -> bool:
    """Whether every part is one that its frequency takes, and the rule has dates at all.

    A rule that fits no day would be searched to the year 9999, whatever its end.
    """
    lists = {name: parts[name].split(",") for name in _LISTS if name in parts}
    if not lists.keys() <= _TAKEN[parts["FREQ"]]:
        return False
    if "BYSETPOS" in lists and ("BYDAY" not in lists or "BYMONTHDAY" in lists):
        return False
    # "The first Friday" needs a month or year, and may miss the days of a month or the position for ever.
    has_no_ordinals = parts["FREQ"] in {"DAILY", "WEEKLY"} or not lists.keys().isdisjoint(
        {"BYMONTHDAY", "BYSETPOS"}
    )
    is_monthly = parts["FREQ"] == "MONTHLY" or "BYMONTH" in lists
    most_ordinal = 0 if has_no_ordinals else 5 if is_monthly else 53
    return (
        all(_is_number(parts.get(name, "1"), most) for name, most in _LIMITS.items())
        and ("UNTIL" not in parts or _is_until(parts["UNTIL"]))
        and parts.get("WKST", "MO") in _WEEKDAYS
        and all(_is_weekday(one, most_ordinal) for one in lists.get("BYDAY", ()))
        and all(_is_number(one.removeprefix("-"), 4) for one in lists.get("BYSETPOS", ()))
        and all(_is_number(one, 12) for one in lists.get("BYMONTH", ()))
        and _are_days(lists.get("BYMONTHDAY", ("1",)), lists.get("BYMONTH", ("1",)))
    )


_LISTS: Final = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
_TAKEN: Final = {
    "DAILY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH"}),
    "WEEKLY": frozenset({"BYDAY", "BYMONTH"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYMONTH"}),
}
"""As the table of RFC 5545, section 3.3.10 has it."""
_LIMITS: Final = {"INTERVAL": 99, "COUNT": 99_999}
_DAYS_OF_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= most


def _is_weekday(text: str, most_ordinal: int) -> bool:
    ordinal, name = text[:-2], text[-2:]
    if name not in _WEEKDAYS:
        return False
    return not ordinal or _is_number(ordinal[1:] if ordinal[0] in "+-" else ordinal, most_ordinal)


def _are_days(days: Sequence[str], months: Sequence[str]) -> bool:
    """Whether these are days of a month, one of them in one of the months."""
    numbers = [one.removeprefix("-") for one in days]
    if not all(_is_number(one, 31) for one in numbers):
        return False
    longest = max(_DAYS_OF_MONTHS[int(month) - 1] for month in months)
    return min(map(int, numbers)) <= longest


def _is_until(text: str) -> bool:
    try:
        _until(text, "UTC")
    except (ValueError, OverflowError):
        return False
    return True


def _until(text: str, zone: str) -> datetime:
    if len(text) == 8:
        return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time(23, 59, 59))  # noqa: DTZ007
    moment = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - on the clock of a zone
    if not text.endswith("Z") or not 1900 < moment.year < 3000:
        return moment
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def until_of(day: date, zone: str, *, is_all_day: bool) -> str:
    """UNTIL of a rule whose last date begins on `day` at the latest: a day for all-day events, else a moment in UTC.

    RFC 5545, section 3.3.10: UTC where the start has a time zone.
    """
    if is_all_day:
        return f"{day:%Y%m%d}"
    last = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))
    return f"{last.astimezone(UTC):%Y%m%dT%H%M%SZ}"
