"""Localised formatting of dates and numbers."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext

_SECONDS_PER_HOUR = 3600
_SMALLEST_CHANCE = 0.001
_SMALLEST_SHARE = 0.005


def _is_german() -> bool:
    return (get_language() or "de").startswith("de")


def _local(value: date) -> date:
    """A moment in the site's time zone; a plain day is unchanged."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def in_words_day(value: date) -> str:
    """`Fr., 6. Sept. 2026` or `Fri 6 Sept 2026`."""
    local = _local(value)
    if _is_german():
        return format_date(local, "D., j. N Y")
    return format_date(local, "D j N Y").replace(".", "")


def in_words_moment(value: datetime) -> str:
    """`Fr., 6. Sept. 2026, 18 Uhr` or `Fri 6 Sept 2026, 18:00`."""
    local = _local(value)
    if not _is_german():
        return f"{in_words_day(value)}, {format_date(local, 'H:i')}"
    hour = "G" if isinstance(local, datetime) and local.minute == 0 else "G:i"
    return f"{in_words_day(value)}, {format_date(local, hour)} Uhr"


def in_words_when(value: datetime, now: datetime | None = None) -> str:
    """`today at 14:30`, `yesterday at 14:30`, `tomorrow at 14:30`; other days as `in_words_moment`."""
    words = _near_day(value, now, with_time=True)
    if words is None:
        return in_words_moment(value)
    local = _local(value)
    has_minutes = not _is_german() or (isinstance(local, datetime) and local.minute != 0)
    return words % {"time": format_date(local, ("G:i" if _is_german() else "H:i") if has_minutes else "G")}


def in_words_when_day(value: date, now: datetime | None = None) -> str:
    """`today`, `yesterday`, `tomorrow`; other days as `in_words_day`."""
    return _near_day(value, now, with_time=False) or in_words_day(value)


def _near_day(value: date, now: datetime | None, *, with_time: bool) -> str | None:
    """A day beside today in words, with a place for `time` where it is wanted; None for all others."""
    local = _local(value)
    day = local.date() if isinstance(local, datetime) else local
    match (day - timezone.localdate(now)).days:
        case 0:
            return gettext("today at %(time)s") if with_time else gettext("today")
        case -1:
            return gettext("yesterday at %(time)s") if with_time else gettext("yesterday")
        case 1:
            return gettext("tomorrow at %(time)s") if with_time else gettext("tomorrow")
        case _:
            return None


def in_words_end(value: datetime) -> str:
    """Format an excluded end: midnight is shown as the day before.

    "31 July, 0:00" would be misread as the evening of the 31st; the last day is the 30th.
    """
    last = last_whole_day(value)
    return in_words_moment(value) if last is None else in_words_day(last)


def last_whole_day(end: datetime) -> date | None:
    """The last day of a period that ends at midnight; None if it ends during a day."""
    local = timezone.localtime(end) if timezone.is_aware(end) else end
    return None if local.time() != time() else local.date() - timedelta(days=1)


def in_words_number(value: float | Decimal) -> str:
    """`62.245` or `62,245`: with the separators of the page's language."""
    return number_format(value, use_l10n=True, force_grouping=True)


def in_words_signed(value: float) -> str:
    """`+12`, `−3` (a real minus), `0`."""
    words = in_words_number(abs(round(value, 2)))
    return f"+{words}" if value > 0 else f"−{words}" if value < 0 else words


def in_words_chance(value: float) -> str:
    """A probability; values below 0.001 are shown as `< 0.001`."""
    small = f"< {in_words_number(_SMALLEST_CHANCE)}"
    return small if value < _SMALLEST_CHANCE else in_words_number(round(value, 3))


def time_left(end: datetime, now: datetime | None = None) -> str:
    """The time left of a period: calendar days, or hours on the last day."""
    now = now or timezone.now()
    seconds = (end - now).total_seconds()
    if seconds <= 0:
        return gettext("Ended")
    # The end is excluded: a period that ends at midnight has its last hours on the day before.
    days = (timezone.localdate(end - timedelta(microseconds=1)) - timezone.localdate(now)).days
    if days >= 1:
        return ngettext("%(number)s day left", "%(number)s days left", days) % {
            "number": in_words_number(days)
        }
    hours = int(seconds // _SECONDS_PER_HOUR)
    if hours >= 1:
        return ngettext("%(number)s hour left", "%(number)s hours left", hours) % {"number": hours}
    return gettext("Ends within the hour")


def time_until(start: datetime, now: datetime | None = None) -> str:
    """The time until a period begins, in calendar days."""
    now = now or timezone.now()
    days = (timezone.localdate(start) - timezone.localdate(now)).days
    if days <= 0:
        return gettext("Begins today")
    if days == 1:
        return gettext("Begins tomorrow")
    return ngettext("Begins in %(number)s day", "Begins in %(number)s days", days) % {
        "number": in_words_number(days)
    }


def in_words_share(value: float) -> str:
    """A part of a whole in per cent: `27 %`, with a space that does not break; `< 1 %` for less than a half."""
    space = "\N{NO-BREAK SPACE}" if _is_german() else ""
    if 0 < value < _SMALLEST_SHARE:
        return f"<\N{NO-BREAK SPACE}1{space}%"
    return f"{in_words_number(round(100 * value))}{space}%"
