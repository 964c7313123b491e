"""Parsing of dates and times in files, as written by people and programs.

Ambiguous dates are never guessed: if a column's dates do not decide between day and month, the user must choose.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from mapping.imports.problems import TableProblem

EARLIEST: Final = 1900
"""The earliest plausible year of a date in a file."""

LOOKED_AT: Final = 20_000
"""Most cells of a column that are used to detect its date format."""


class DateForm(StrEnum):
    """Formats of dates; all but the numeric ones also accept names of months, ISO 8601 and leading years."""

    ANY = "any"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    ISO = "iso"
    UNIX = "unix"
    UNIX_MILLISECONDS = "unix-ms"
    EXCEL = "excel"


class DateProblem(ValueError):
    """A cell that is no valid moment: "not_a_date" or "ambiguous_date"."""

    def __init__(self, code: Literal["not_a_date", "ambiguous_date"]) -> None:
        super().__init__(code)
        self.code = code


Note = Literal["", "time_skipped", "time_twice"]

_NUMBERS: Final = frozenset((DateForm.UNIX, DateForm.UNIX_MILLISECONDS, DateForm.EXCEL))
_EXCEL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - the days of Excel know no zone
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januar jänner january jan jän", "februar feber february feb", "märz maerz march mär mrz mar",
            "april apr", "mai may", "juni june jun", "juli july jul", "august aug", "september sept sep",
            "oktober october okt oct", "november nov", "dezember december dez dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR: Final = r"(?P<year>[0-9]{4}|'?[0-9]{2})"
_WEEKDAY: Final = re.compile(
    r"(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|tues|thur|thurs|montag|dienstag|mittwoch|donnerstag|freitag"
    r"|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b[.,]?\s*(?:den\s+)?",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<by>[-/.])(?P<month>[0-9]{1,2})(?P=by)(?P<day>[0-9]{1,2})|(?P<month2>[0-9]{2})(?P<day2>[0-9]{2}))"
    r"(?![0-9])"
)
_YEAR_LAST: Final = re.compile(
    rf"(?P<first>[0-9]{{1,2}})(?P<by>[-/.])\s?(?P<second>[0-9]{{1,2}})(?P=by)\s?{_YEAR}(?![0-9])"
)
_NAMED: Final = (
    re.compile(
        rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?[.\s/-]*(?:of\s+)?(?P<name>{_MONTH})\b[.,\s/-]*{_YEAR}(?![0-9:])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?P<name>{_MONTH})\b[.\s-]*(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+|-){_YEAR}(?![0-9:])",
        re.IGNORECASE,
    ),
)
_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:(?P<by>[:.h])(?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<clock>uhr|h)?\s*"
    r"(?P<zone>z|utc|gmt|mez|mesz|cet|cest|(?:utc|gmt)?\s*[+-][0-9]{1,2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)?",
    re.IGNORECASE,
)
_COMPACT_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})(?P<second>[0-9]{2})?(?P<zone>z|[+-][0-9:]{2,5})?", re.IGNORECASE
)
_JOINT: Final = re.compile(
    r"(?:[t,;]|\s|\bum\b|\bat\b|\s[-–]\s|\b(?:mo|di|mi|do|fr|sa|so)\b)*", re.IGNORECASE
)
_ZONES: Final = {"z": 0, "utc": 0, "gmt": 0, "mez": 1, "cet": 1, "mesz": 2, "cest": 2}
_OFFSET: Final = re.compile(
    r"(?:utc|gmt)?\s{0,10}(?P<sign>[+-])(?P<hours>[0-9]{1,2}):?(?P<minutes>[0-9]{2})?(?::?[0-9]{2})?",
    re.IGNORECASE,
)
_COUNTED: Final = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")
_PLAIN: Final = str.maketrans(
    {"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "−": "-", "’": "'"}
)


@dataclass(frozen=True, slots=True)
class Dates:
    """Parses the cells of one column; `day_first` is None if neither the user nor the data decided it."""

    form: DateForm
    zone: tzinfo
    day_first: bool | None = None

    def moment_of(self, cell: object) -> tuple[datetime, Note]:
        """Parse the moment of a cell, between 1900 and tomorrow, with a note on its time zone.

        Without a zone of its own it is in the column's; without a time it is midnight. Raises DateProblem.
        """
        found = self._read(cell)
        if not isinstance(found, datetime):
            found = datetime.combine(found, time())
        if not EARLIEST <= found.year <= timezone.now().year + 1:
            raise DateProblem("not_a_date")
        note: Note = ""
        if found.tzinfo is None:
            found, note = self._in_zone(found)
        if found > timezone.now() + timedelta(days=1):
            raise DateProblem("not_a_date")
        # Moments in a skipped hour equal nothing but themselves (PEP 495), unless they are in UTC.
        return found.astimezone(UTC), note

    def _in_zone(self, naive: datetime) -> tuple[datetime, Note]:
        """The local time in the zone as a moment. In spring an hour is skipped, in autumn one occurs twice."""
        moment = naive.replace(tzinfo=self.zone)
        if moment.astimezone(UTC).astimezone(self.zone).replace(tzinfo=None) != naive:
            return moment, "time_skipped"
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            return moment, "time_twice"
        return moment, ""

    def _read(self, cell: object) -> date | datetime:
        if isinstance(cell, date):
            return cell
        text = "" if cell is None else str(cell).translate(_PLAIN).strip()
        try:
            if self.form in _NUMBERS:
                return _counted(text, self.form)
            return _written(text, self.form, day_first=self.day_first)
        except (ValueError, OverflowError, OSError) as error:
            if isinstance(error, DateProblem):
                raise
            raise DateProblem("not_a_date") from error


def zone_of(name: str | None) -> tzinfo:
    """A time zone by name, the site's without one; raises TableProblem."""
    if not name:
        return timezone.get_default_timezone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise TableProblem(
            f"The time zone {name} is not known; write one like Europe/Berlin or UTC.",
            "time_zone_unknown",
            zone=name[:60],
        ) from error


def dates_of(cells: Iterable[object], form: DateForm, zone: tzinfo) -> Dates:
    """The parser of a column, detected by its first cells unless `form` decides.

    Raises TableProblem if its dates are ambiguous and none of them decides.
    """
    if form in {DateForm.DAY_FIRST, DateForm.MONTH_FIRST}:
        return Dates(form, zone, day_first=form == DateForm.DAY_FIRST)
    if form != DateForm.ANY:
        return Dates(form, zone)
    texts = [
        text
        for cell in cells
        if not isinstance(cell, date) and (text := "" if cell is None else str(cell).strip())
    ]
    counted = _all_counted(texts)
    if counted is not None:
        return Dates(counted, zone)
    return Dates(form, zone, _is_day_first(texts))


def _all_counted(texts: list[str]) -> DateForm | None:
    """Whether all cells are seconds or milliseconds since 1970, by their number of digits (2001 to 2286)."""
    for form, digits in ((DateForm.UNIX, 10), (DateForm.UNIX_MILLISECONDS, 13)):
        if texts and all(re.fullmatch(rf"[1-9][0-9]{{{digits - 1}}}(?:[.,][0-9]+)?", text) for text in texts):
            return form
    return None


def _is_day_first(texts: Iterable[str]) -> bool | None:
    """Whether the dates of a column have the day first; None if there is nothing to decide.

    With dots the day is first, as in German, unless the column's dates show otherwise.
    """
    days, months, example = False, False, ""
    for text in texts:
        found = _YEAR_LAST.match(_WEEKDAY.sub("", text, count=1))
        if found is None:
            continue
        first, second = int(found["first"]), int(found["second"])
        days |= first > 12 >= second
        months |= second > 12 >= first
        if first != second and max(first, second) <= 12 and found["by"] != ".":
            example = example or text
    if days != months:
        return days
    if example:
        raise TableProblem(
            f"Dates like {example[:40]} can be read in two ways; choose with --dates day-first or --dates month-first.",
            "dates_ambiguous",
            example=example[:40],
        )
    return None


def _counted(text: str, form: DateForm) -> datetime:
    if not _COUNTED.fullmatch(text):
        raise DateProblem("not_a_date")
    number = float(text.replace(",", "."))
    if form == DateForm.EXCEL:
        # Excel counts a 29th of February 1900 that never was.
        days = timedelta(days=number if number >= 60 else number + 1)
        return _EXCEL_ZERO + timedelta(seconds=round(days.total_seconds()))
    return datetime.fromtimestamp(number if form == DateForm.UNIX else number / 1000, UTC)


def _written(text: str, form: DateForm, *, day_first: bool | None) -> date | datetime:
    plain = _WEEKDAY.sub("", text, count=1) if _WEEKDAY.match(text) else text
    day, rest = _day(plain, form, day_first=day_first)
    if not rest.strip(" ,;"):
        return day
    joint = _JOINT.match(rest)
    after = rest[joint.end() :] if joint else rest
    found = _TIME.fullmatch(after.strip()) or _COMPACT_TIME.fullmatch(after.strip())
    if found is None or not (joint and joint.end()):
        raise DateProblem("not_a_date")
    return _with_time(day, found)


def _day(text: str, form: DateForm, *, day_first: bool | None) -> tuple[date, str]:
    """The date at the start of a text, and what follows it."""
    found = _YEAR_FIRST.match(text)
    if found:
        return date(
            int(found["year"]), int(found["month"] or found["month2"]), int(found["day"] or found["day2"])
        ), text[found.end() :]
    for pattern in _NAMED:
        found = pattern.match(text)
        if found and form != DateForm.ISO:
            return date(_year(found["year"]), _MONTHS[found["name"].lower()], int(found["day"])), text[
                found.end() :
            ]
    found = _YEAR_LAST.match(text)
    if found is None or form == DateForm.ISO:
        raise DateProblem("not_a_date")
    first, second = int(found["first"]), int(found["second"])
    if day_first is None and found["by"] != "." and first != second:
        if max(first, second) <= 12:
            raise DateProblem("ambiguous_date")
        day_first = first > 12
    day, month = (second, first) if day_first is False else (first, second)
    return date(_year(found["year"]), month, day), text[found.end() :]


def _year(text: str) -> int:
    """Years of two digits are those up to next year."""
    if len(text) == 4:
        return int(text)
    year = 2000 + int(text.lstrip("'"))
    return year if year <= timezone.now().year + 1 else year - 100


def _with_time(day: date, found: re.Match[str]) -> datetime:
    parts = found.groupdict()
    if not parts["minute"] and not parts["half"] and not parts["clock"]:
        raise DateProblem("not_a_date")
    hour = int(parts["hour"])
    half = (parts.get("half") or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise DateProblem("not_a_date")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    fraction = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    minute, second = int(parts["minute"] or 0), int(parts["second"] or 0)
    if (hour, minute, second) == (24, 0, 0):
        # ISO 8601: the end of the day.
        return datetime.combine(day + timedelta(days=1), time(), _zone(parts["zone"]))
    return datetime.combine(day, time(hour, minute, min(second, 59), fraction), _zone(parts["zone"]))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    plain = text.strip().lower()
    if plain in _ZONES:
        return timezone.get_fixed_timezone(timedelta(hours=_ZONES[plain]))
    found = _OFFSET.fullmatch(plain)
    if found is None:
        raise DateProblem("not_a_date")
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return timezone.get_fixed_timezone(-offset if found["sign"] == "-" else offset)
