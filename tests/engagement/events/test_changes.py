"""Events made, changed, published and cancelled, with their dates."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from accounts.models import Role
from engagement.calendar.patterns import Pattern, rule_of
from engagement.models import Event, EventDate, EventStatus
from engagement.services.events import changes, single
from engagement.services.events.changes import (
    cancel_event,
    change_event,
    create_event,
    delete_draft,
    publish_event,
)
from engagement.services.events.timing import timing_of
from engagement.services.events.values import EventValues, Timing
from mapping.models import DistrictLayer
from mapping.services.errors import Conflict, Invalid, NotAllowed
from tests import personas
from tests.engagement.making import make_editor

BERLIN = "Europe/Berlin"
VALUES = EventValues(title="Für Größe – Straße", place_name="Town hall")


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def timing(days: int = 7, **more: Any) -> Timing:
    values: dict[str, Any] = {"starts_on": in_days(days), "starts_time": time(18), "ends_time": time(20)}
    return Timing(**(values | more))


def weekly(days: int = 7, count: int = 4, **more: Any) -> Timing:
    first = more.get("starts_on", in_days(days))
    rule = rule_of(Pattern("weekly", count=count), first, BERLIN, is_all_day=False)
    return timing(days, rule=rule, **more)


def public(when: Timing, values: EventValues = VALUES) -> Event:
    editor = make_editor()
    return publish_event(create_event(editor, values, when), editor)


def starts(event: Event) -> list[datetime]:
    return [one.starts_at for one in event.dates.order_by("starts_at")]


def problem_of(call: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        call()
    return {name: problems[0].code for name, problems in caught.value.fields.items()}


# --- made -------------------------------------------------------------------------------------------------------


def test_address_is_in_german_spelling_and_unique(db: None) -> None:
    editor = make_editor()
    assert create_event(editor, VALUES, timing()).slug == "fuer-groesse-strasse"
    assert create_event(editor, VALUES, timing()).slug == "fuer-groesse-strasse-2"
    assert create_event(editor, replace(VALUES, title="New"), timing()).slug == "new-2"


def test_new_event_is_a_draft(db: None) -> None:
    event = create_event(make_editor(), VALUES, timing())
    assert event.is_draft
    assert event.dates.count() == 1


def test_all_day_event_ends_after_its_last_day(db: None) -> None:
    when = Timing(starts_on=date(2026, 3, 28), ends_on=date(2026, 3, 29), is_all_day=True)
    day = create_event(make_editor(), VALUES, when).dates.get()
    assert day.starts_at == datetime(2026, 3, 27, 23, tzinfo=UTC)
    assert day.ends_at == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_event_in_another_time_zone(db: None) -> None:
    when = Timing(
        starts_on=date(2026, 7, 1), starts_time=time(9), ends_time=time(10), time_zone="America/New_York"
    )
    assert create_event(make_editor(), VALUES, when).dates.get().starts_at == datetime(
        2026, 7, 1, 13, tzinfo=UTC
    )


def test_second_hour_of_the_night_in_october(db: None) -> None:
    when = Timing(starts_on=date(2026, 10, 25), starts_time=time(2, 30), ends_time=time(4), is_second=True)
    assert create_event(make_editor(), VALUES, when).dates.get().starts_at == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"ends_time": time(18)}, {"ends_time": "ends_before_start"}),
        ({"ends_time": time(17)}, {"ends_time": "ends_before_start"}),
        ({"ends_on": date(2025, 12, 1)}, {"ends_on": "ends_before_start"}),
        ({"ends_on": date(2025, 12, 1), "is_all_day": True}, {"ends_on": "ends_before_start"}),
        ({"ends_on": date(9999, 12, 31), "is_all_day": True}, {"ends_on": "date_too_long"}),
        ({"ends_time": None}, {"ends_time": "required"}),
        ({"starts_time": None}, {"starts_time": "required"}),
        ({"starts_on": date(9999, 12, 31)}, {"starts_on": "year_unlikely"}),
        ({"time_zone": "Mars/Olympus"}, {"time_zone": "not_a_choice"}),
        ({"rule": "FREQ=DAILY"}, {"repeats": "rule_without_end"}),
        ({"rule": "FREQ=DAILY;COUNT=10000"}, {"repeats": "series_too_many"}),
        (
            {"starts_on": date(2026, 3, 29), "starts_time": time(2, 30), "ends_time": time(4)},
            {"starts_time": "time_missing"},
        ),
        (
            {"starts_on": date(2026, 3, 29), "starts_time": time(1), "ends_time": time(2, 30)},
            {"ends_time": "time_missing"},
        ),
        (
            {
                "starts_on": date(2026, 3, 22),
                "starts_time": time(2, 30),
                "ends_time": time(4),
                "rule": "FREQ=WEEKLY;COUNT=3",
            },
            {"starts_time": "time_missing"},
        ),
    ],
)
def test_times_that_cannot_be(db: None, changed: dict[str, Any], expected: dict[str, str]) -> None:
    when = replace(timing(starts_on=date(2026, 1, 6)), **changed)
    assert problem_of(lambda: create_event(make_editor(), VALUES, when)) == expected
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": " \n "}, {"title": "required"}),
        ({"title": "x" * 161}, {"title": "too_long"}),
        ({"kind": "elsewhere"}, {"kind": "not_a_choice"}),
        ({"topic": "x"}, {"topic": "not_a_choice"}),
        ({"languages": ("xx",)}, {"languages": "not_a_choice"}),
        ({"kind": "digital", "online_link": "javascript:alert(1)"}, {"online_link": "link_invalid"}),
        ({"kind": "digital", "online_link": "ftp://a.example/"}, {"online_link": "link_invalid"}),
        ({"kind": "digital", "online_link": "https://city@evil.example/"}, {"online_link": "link_invalid"}),
        ({"registration_places": 0}, {"registration_places": "registration_places"}),
        ({"registration_closes_hours": -1}, {"registration_closes_hours": "registration_hours"}),
    ],
)
def test_values_that_cannot_be(db: None, changed: dict[str, Any], expected: dict[str, str]) -> None:
    values = replace(VALUES, **changed)
    assert problem_of(lambda: create_event(make_editor(), values, timing())) == expected


def test_digital_event_has_no_place(db: None) -> None:
    values = replace(
        VALUES, kind="digital", online_link="https://meet.example/x", place=Point(7.7, 49.4, srid=4326)
    )
    event = create_event(make_editor(), values, timing())
    assert (event.place, event.place_name, event.online_link) == (None, "", "https://meet.example/x")


def test_district_is_found_from_the_place(db: None) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    square = Polygon.from_bbox((7.7, 49.4, 7.8, 49.5))
    district = layer.districts.create(code="1", name="Centre", geom=MultiPolygon(square, srid=4326))
    here = replace(VALUES, place=Point(7.75, 49.45, srid=4326))
    assert create_event(make_editor(), here, timing()).district == district
    assert create_event(make_editor(), VALUES, timing()).district is None


# --- who ----------------------------------------------------------------------------------------------------------


def test_manager_makes_events_of_own_campaigns_only(db: None) -> None:
    campaign = personas.make_campaign(with_categories=False)
    manager = personas.make_user("m@example.org", campaign, Role.MANAGER)
    own = replace(VALUES, campaigns=(campaign,))
    event = create_event(manager, own, timing())
    with pytest.raises(NotAllowed, match="not_event_editor"):
        create_event(manager, VALUES, timing())
    with pytest.raises(NotAllowed, match="not_event_editor"):
        change_event(event, manager, VALUES, None)


def test_outsider_changes_nothing(db: None) -> None:
    event, outsider = public(timing()), personas.make_user("o@example.org")
    for call in (
        lambda: change_event(event, outsider, VALUES, None),
        lambda: cancel_event(event, outsider, "x"),
        lambda: delete_draft(event, outsider),
        lambda: publish_event(event, outsider),
        lambda: single.cancel_date(event.dates.get(), outsider, "x"),
    ):
        with pytest.raises(NotAllowed):
            call()


# --- published --------------------------------------------------------------------------------------------------


def test_public_event_names_its_place_or_link(db: None) -> None:
    editor = make_editor()
    nowhere = create_event(editor, replace(VALUES, place_name=""), timing())
    assert problem_of(lambda: publish_event(nowhere, editor)) == {"place_name": "place_needed"}
    digital = create_event(editor, replace(VALUES, kind="digital"), timing())
    assert problem_of(lambda: publish_event(digital, editor)) == {"online_link": "link_needed"}


def test_public_event_is_cancelled_and_never_deleted(db: None) -> None:
    event, editor = public(timing()), make_editor()
    with pytest.raises(Conflict, match="event_is_public"):
        delete_draft(event, editor)
    cancel_event(event, editor, "Storm")
    day = event.dates.get()
    assert (day.status, day.reason) == (EventStatus.CANCELLED, "Storm")


def test_draft_is_deleted_and_never_cancelled(db: None) -> None:
    editor = make_editor()
    event = create_event(editor, VALUES, timing())
    with pytest.raises(Conflict, match="event_is_draft"):
        cancel_event(event, editor, "x")
    delete_draft(event, editor)
    assert not Event.objects.exists()


def test_cancelling_needs_a_reason(db: None) -> None:
    event = public(timing())
    assert problem_of(lambda: cancel_event(event, make_editor(), " ")) == {"reason": "required"}


def test_sequence_rises_with_each_public_change(db: None) -> None:
    editor = make_editor()
    event = create_event(editor, VALUES, timing())
    assert change_event(event, editor, VALUES, None).sequence == 0
    publish_event(event, editor)
    before = Event.objects.get().changed_at
    assert change_event(event, editor, VALUES, None).sequence == 1
    single.cancel_date(event.dates.get(), editor, "Storm")
    cancel_event(event, editor, "Storm")
    event.refresh_from_db()
    assert event.sequence == 3
    assert event.changed_at > before


def test_change_of_what_somebody_else_changed_is_refused(db: None) -> None:
    editor = make_editor()
    event = create_event(editor, VALUES, timing())
    read = changes.version_of(event)
    change_event(event, editor, replace(VALUES, title="Other"), None, expected=read)
    with pytest.raises(Conflict, match="step_changed"):
        change_event(event, editor, VALUES, None, expected=read)


# --- dates ------------------------------------------------------------------------------------------------------


def test_other_time_of_a_public_event_moves_it(db: None) -> None:
    event, editor = public(timing()), make_editor()
    before = event.dates.get()
    change_event(event, editor, VALUES, timing(8, starts_time=time(17)), reason="Hall is taken")
    after = event.dates.get()
    assert after.pk == before.pk
    assert (after.status, after.reason) == (EventStatus.MOVED, "Hall is taken")
    assert after.previous_starts_at == before.starts_at


def test_other_time_of_a_draft_is_no_move(db: None) -> None:
    editor = make_editor()
    event = create_event(editor, VALUES, timing())
    change_event(event, editor, VALUES, timing(9))
    day = event.dates.get()
    assert (day.status, day.previous_starts_at) == (EventStatus.PLANNED, None)


def test_moved_series_moves_each_date(db: None) -> None:
    event = public(weekly())
    before = starts(event)
    change_event(event, make_editor(), VALUES, weekly(8))
    found = list(event.dates.order_by("starts_at"))
    assert [one.previous_starts_at for one in found] == before
    assert {one.status for one in found} == {EventStatus.MOVED}


def test_dates_in_the_past_stay(db: None) -> None:
    event = public(weekly(-10))
    old = starts(event)
    change_event(event, make_editor(), VALUES, weekly(-10, starts_time=time(17)))
    new = starts(event)
    assert new[0] == old[0]
    assert new[-1] == old[-1] - timedelta(hours=1)
    assert len(new) == 4


def test_single_date_stays_moved_when_the_rule_changes(db: None) -> None:
    editor = make_editor()
    event = public(weekly())
    second, third = list(event.dates.order_by("starts_at"))[1:3]
    single.move_date(second, editor, timing(15, starts_time=time(10), ends_time=time(11)), "Holiday")
    single.cancel_date(third, editor, "Strike")
    change_event(event, editor, VALUES, weekly(count=6))
    second.refresh_from_db()
    third.refresh_from_db()
    assert second.status == EventStatus.MOVED
    assert third.status == EventStatus.CANCELLED
    assert event.dates.count() == 6


def test_dates_that_a_public_series_lost_are_cancelled_and_come_back(db: None) -> None:
    event, editor = public(weekly(count=4)), make_editor()
    change_event(event, editor, VALUES, weekly(count=2), reason="Fewer")
    assert event.dates.filter(status=EventStatus.CANCELLED, reason="Fewer").count() == 2
    change_event(event, editor, VALUES, weekly(count=4))
    assert set(event.dates.values_list("status", flat=True)) == {EventStatus.PLANNED}


def test_dates_that_a_draft_lost_are_deleted(db: None) -> None:
    editor = make_editor()
    event = create_event(editor, VALUES, weekly(count=4))
    change_event(event, editor, VALUES, weekly(count=2))
    assert event.dates.count() == 2


def test_cancelled_date_takes_place_after_all(db: None) -> None:
    event, editor = public(timing()), make_editor()
    day = event.dates.get()
    single.cancel_date(day, editor, "Storm")
    single.restore_date(day, editor)
    day.refresh_from_db()
    assert (day.status, day.reason) == (EventStatus.PLANNED, "")


def test_date_that_is_over_is_not_moved(db: None) -> None:
    event, editor = public(timing(-3)), make_editor()
    day = event.dates.get()
    for call in (
        lambda: single.move_date(day, editor, timing(4), ""),
        lambda: single.cancel_date(day, editor, "x"),
    ):
        with pytest.raises(Conflict, match="date_is_over"):
            call()
    single.report_on(day, editor, "Forty people came.")
    assert EventDate.objects.get().report == "Forty people came."


def test_report_waits_for_the_end(db: None) -> None:
    day = public(timing()).dates.get()
    with pytest.raises(Conflict, match="date_not_over"):
        single.report_on(day, make_editor(), "x")


def test_times_of_a_series_are_read_from_its_dates(db: None) -> None:
    when = weekly()
    event = public(when)
    read = timing_of(event)
    assert (read.start, read.end(), read.rule) == (when.start, when.end(), when.rule)
    single.move_date(event.dates.earliest("starts_at"), make_editor(), timing(5), "Holiday")
    assert timing_of(event).start == when.start


def test_times_of_a_changed_series_are_those_of_its_new_rule(db: None) -> None:
    event, editor = public(weekly(-30, 8)), make_editor()
    changed = weekly(5, 3)
    assert timing_of(change_event(event, editor, VALUES, changed)).start == changed.start
    assert timing_of(change_event(event, editor, VALUES, weekly(5, 2))).start == changed.start


def test_times_of_a_moved_event_are_those_of_today(db: None) -> None:
    event = public(timing())
    single.move_date(event.dates.get(), make_editor(), timing(9), "")
    assert timing_of(Event.objects.get()).starts_on == in_days(9)
