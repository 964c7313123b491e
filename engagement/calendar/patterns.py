"""Repetitions as people choose them, and the rules that they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from engagement.calendar.recurrence import Rule, parse_rule, until_of

_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NEVER, DAILY, WEEKLY, MONTHLY_DAY, MONTHLY_WEEKDAY, MONTHLY_LAST, YEARLY, OTHER = (
    "never",
    "daily",
    "weekly",
    "monthly_day",
    "monthly_weekday",
    "monthly_last",
    "yearly",
    "other",
)
"""How an event repeats: `monthly_weekday` on the first Tuesday (as its first date is one), `other` by a rule that the
form cannot show."""
_SIMPLE: Final = {DAILY: "DAILY", WEEKLY: "WEEKLY", MONTHLY_DAY: "MONTHLY", YEARLY: "YEARLY"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A repetition: every `interval` days, weeks, months or years, until a day or so many dates."""

    repeats: str = NEVER
    interval: int = 1
    until: date | None = None
    count: int | None = None


def rule_of(pattern: Pattern, first: date, zone: str, *, is_all_day: bool) -> str:
    """The rule of a repetition whose first date is on `first`; empty for none."""
    if pattern.repeats == NEVER:
        return ""
    weekday = _DAYS[first.weekday()]
    if pattern.repeats == MONTHLY_WEEKDAY:
        parts = ["FREQ=MONTHLY", f"BYDAY={(first.day - 1) // 7 + 1}{weekday}"]
    elif pattern.repeats == MONTHLY_LAST:
        parts = ["FREQ=MONTHLY", f"BYDAY=-1{weekday}"]
    else:
        parts = [f"FREQ={_SIMPLE[pattern.repeats]}"]
    if pattern.interval != 1:
        parts.append(f"INTERVAL={pattern.interval}")
    if pattern.count is not None:
        parts.append(f"COUNT={pattern.count}")
    if pattern.until is not None:
        parts.append(f"UNTIL={until_of(pattern.until, zone, is_all_day=is_all_day)}")
    return ";".join(parts)


def pattern_of(text: str, first: date, zone: str) -> Pattern:
    """The repetition of a stored rule whose first date is on `first`; `other` where the form cannot show it."""
    if not text:
        return Pattern()
    rule = parse_rule(text)
    until = rule.until(zone)
    return Pattern(_repeats(rule, first), rule.interval, None if until is None else until.date(), rule.count)


def _repeats(rule: Rule, first: date) -> str:
    given = {name: value for name, value in rule.parts.items() if name in ("FREQ", "BYDAY")}
    if len(rule.parts.keys() - {"INTERVAL", "COUNT", "UNTIL"}) != len(given):
        return OTHER
    candidates = (DAILY, WEEKLY, MONTHLY_DAY, MONTHLY_WEEKDAY, MONTHLY_LAST, YEARLY)
    for repeats in candidates:
        parts = parse_rule(rule_of(Pattern(repeats, count=2), first, "UTC", is_all_day=True)).parts
        if given == {name: value for name, value in parts.items() if name != "COUNT"}:
            return repeats
    return OTHER
