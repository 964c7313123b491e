"""Sixty events over a year around today: series, moved and cancelled ones, digital and hybrid, on clock changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement import rules
from engagement.calendar.patterns import Pattern, rule_of
from engagement.models import Event, EventDate
from engagement.services.events import single
from engagement.services.events.changes import cancel_event, create_event, publish_event
from engagement.services.events.timing import timing_of_date
from engagement.services.events.values import EventValues, Timing
from engagement.services.registrations.registering import Applicant, register
from mapping.models import Campaign
from mapping.services.errors import NotAllowed

_ORGANISER: Final = "Stadt Kaiserslautern (Beispieldaten)"
_ZONE: Final = "Europe/Berlin"
_NAMES: Final = ("Ada Beispiel", "Bruno Muster", "Cem Probe", "Dana Exempel", "Emil Demo")


def fill(report: Callable[[str], object]) -> None:
    """Make all events, unless the first of them is there or the demo's planner may not make them."""
    plans = _plans()
    if Event.objects.filter(title=plans[0]["title"]).exists():
        return
    from accounts.models import Role
    from mapping.demo import content, seed

    actor = seed.demo_users()[Role.MANAGER]
    if not rules.may_edit_records(actor):
        return
    places = {place["name"]: Point(place["lon"], place["lat"], srid=4326) for place in content.places()}
    campaigns = {one.slug: one for one in Campaign.objects.defer("area")}
    with transaction.atomic():
        for plan in plans:
            _play(plan, _values(plan, places, campaigns), actor)
    report(f"calendar: {len(plans)} events")


def _plans() -> list[dict[str, Any]]:
    path = Path(settings.BASE_DIR, "fixtures", "demo", "events.json")
    plans: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["events"]
    return plans


def _play(plan: Mapping[str, Any], values: EventValues, actor: User) -> None:
    """The life of one event: announced, registered for, moved or cancelled, reported on."""
    event = publish_event(create_event(actor, values, _timing(plan)), actor)
    dates = list(event.dates.select_related("event").order_by("starts_at"))
    if values.takes_registrations:
        _register(dates[0])
    for number, change in _changes(plan):
        row = dates[number]
        if row.ends_at > timezone.now():
            timing = timing_of_date(event, row)
            moved = timedelta(days=change["by_days"])
            single.move_date(row, actor, _shifted(timing, moved), change["reason"])
    cancelled = plan.get("single", {}).get("cancelled")
    if cancelled and dates[cancelled["number"]].ends_at > timezone.now():
        single.cancel_date(dates[cancelled["number"]], actor, cancelled["reason"])
    if "cancelled" in plan:
        cancel_event(event, actor, plan["cancelled"])
    if "report" in plan and dates[0].ends_at <= timezone.now():
        single.report_on(dates[0], actor, plan["report"])


def _changes(plan: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    found = [(0, plan["moved"])] if "moved" in plan else []
    one = plan.get("single", {}).get("moved")
    return [*found, (one["number"], one)] if one else found


def _shifted(timing: Timing, days: timedelta) -> Timing:
    return Timing(
        starts_on=timing.starts_on + days,
        starts_time=timing.starts_time,
        ends_on=None if timing.ends_on is None else timing.ends_on + days,
        ends_time=timing.ends_time,
        time_zone=timing.time_zone,
        is_all_day=timing.is_all_day,
    )


def _register(row: EventDate) -> None:
    for name in _NAMES:
        try:
            register(row, Applicant(name=name, mail=f"{name.split()[0].lower()}@example.org"))
        except NotAllowed:  # the date is over
            return


def _values(
    plan: Mapping[str, Any], places: Mapping[str, Point], campaigns: Mapping[str, Campaign]
) -> EventValues:
    name = plan["place"]
    campaign = campaigns.get(plan["campaign"] or "")
    return EventValues(
        title=plan["title"],
        summary=plan["summary"],
        description=plan.get("description", ""),
        kind=plan["kind"],
        topic=plan["topic"],
        organiser=_ORGANISER,
        contact="beteiligung@kaiserslautern.example",
        languages=plan.get("languages", ["de"]),
        place_name=name or "",
        place=places[name] if name else None,
        step_free=plan.get("step_free", "unknown"),
        accessible_toilet=plan.get("accessible_toilet", "unknown"),
        hearing_loop=plan.get("hearing_loop", "unknown"),
        sign_language=plan.get("sign_language", "unknown"),
        accessibility=plan.get("access", ""),
        online_link=plan.get("link", ""),
        hides_online_link=plan.get("hides_link", False),
        takes_registrations="places" in plan,
        registration_places=plan.get("places"),
        registration_closes_hours=2 if "places" in plan else 0,
        campaigns=[campaign] if campaign is not None else [],
    )


def _timing(plan: Mapping[str, Any]) -> Timing:
    first, zone = _first_day(plan), plan.get("zone", _ZONE)
    repeats = plan.get("repeats")
    rule = ""
    if repeats:
        pattern = Pattern(repeats["repeats"], count=repeats["count"])
        rule = rule_of(pattern, first, zone, is_all_day=False)
    if plan.get("all_day"):
        last = first + timedelta(days=plan.get("days", 1) - 1)
        return Timing(starts_on=first, ends_on=last, is_all_day=True, time_zone=zone)
    start = datetime.combine(first, time.fromisoformat(plan["starts"]))
    end = start + timedelta(minutes=plan["minutes"])
    if plan.get("season") == "night":
        # Two hours by the clock, three for who walks: the second 2 o'clock of that night.
        end = datetime.combine(end.date(), time(2))
    return Timing(
        starts_on=first,
        starts_time=start.time(),
        ends_on=None if end.date() == first else end.date(),
        ends_time=end.time(),
        time_zone=zone,
        is_second=plan.get("season") == "night",
        rule=rule,
    )


def _first_day(plan: Mapping[str, Any]) -> date:
    today = timezone.localdate()
    match plan.get("season"):
        case "spring":  # every Tuesday, three of them before the clocks are put forward
            return _change_of_clocks(today, 3) - timedelta(days=19)
        case "autumn":
            return _change_of_clocks(today, 10) - timedelta(days=14)
        case "night":
            return _change_of_clocks(today, 10) - timedelta(days=1)
        case "march":
            return _change_of_clocks(today, 3) - timedelta(days=1)
    day = today + timedelta(days=plan["in_days"])
    wanted = plan.get("repeats", {}).get("weekday")
    if wanted is not None:
        day += timedelta(days=(wanted - day.weekday()) % 7)
        # Not every month has a fifth one.
        return day if day.day <= 28 else day + timedelta(days=7)
    # Nothing but stands and whole days on Sundays.
    is_free = plan.get("all_day") or day.weekday() != 6
    return day if is_free else day + timedelta(days=1)


def _change_of_clocks(today: date, month: int) -> date:
    """The last Sunday of March or October, of the year in which it is nearest to today."""
    found = [_last_sunday(year, month) for year in (today.year - 1, today.year, today.year + 1)]
    return min(found, key=lambda day: abs((day - today).days))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)
