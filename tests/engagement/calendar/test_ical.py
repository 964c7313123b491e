"""What iCalendar says is what the dates are: read by the library that wrote it, and expanded by another one."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from django.test import Client

from engagement.calendar.milestones import key_of
from engagement.calendar.zones import component_of
from engagement.models import Event, EventDate, EventStatus, Known
from mapping.models import Campaign, DistrictLayer
from tests import personas
from tests.engagement.making import add_date, make_event

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 9, 1, 18, tzinfo=BERLIN)
WEEKLY = "FREQ=WEEKLY;COUNT=12"


def series(start: datetime = EVENING, number: int = 12, **fields: Any) -> Event:
    """A weekly series: always at the same time on the clock."""
    event = make_event(start, **({"slug": "group", "title": "Group", "rule": WEEKLY} | fields))
    for week in range(1, number):
        add_date(event, start + timedelta(weeks=week))  # on the clock of the zone
    return event


def body(address: str = "/calendar.ics") -> bytes:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return bytes(response.content)


def components(address: str = "/calendar.ics") -> list[Any]:
    return list(icalendar.Calendar.from_ical(body(address)).walk("VEVENT"))


def spans_in(address: str = "/calendar.ics") -> list[tuple[datetime, datetime, str]]:
    """The dates that a reader finds in it, with their status."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(body(address))).between(
        date(2025, 1, 1), date(2029, 1, 1)
    )
    return sorted((moment(one["DTSTART"].dt), moment(one["DTEND"].dt), str(one["STATUS"])) for one in found)


def moment(value: date) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime(value.year, value.month, value.day, tzinfo=BERLIN).astimezone(UTC)


def spans_stored() -> list[tuple[datetime, datetime, str]]:
    states = {EventStatus.CANCELLED: "CANCELLED"}
    return sorted(
        (one.starts_at, one.ends_at, states.get(EventStatus(one.status), "CONFIRMED"))
        for one in EventDate.objects.public()
    )


def move(one: EventDate, by: timedelta) -> None:
    one.previous_starts_at = one.starts_at
    one.starts_at, one.ends_at = one.starts_at + by, one.ends_at + by
    one.status, one.is_by_hand, one.reason = EventStatus.MOVED, True, "The hall is closed."
    one.save()


def test_series_has_its_rule_and_expands_to_exactly_its_dates(db: None) -> None:
    series()
    text = body().decode()
    assert "RRULE:FREQ=WEEKLY;COUNT=12" in text
    assert "DTSTART;TZID=Europe/Berlin:20260901T180000" in text
    assert "EXDATE" not in text
    # Over the end of summer time: 18:00 stays 18:00.
    assert spans_in() == spans_stored()


def test_moved_and_cancelled_dates_are_named_by_their_first_start(db: None) -> None:
    event = series()
    dates = list(event.dates.all())
    move(dates[2], timedelta(days=1, hours=1))
    EventDate.objects.filter(pk=dates[5].pk).update(status=EventStatus.CANCELLED, reason="Holiday")
    EventDate.objects.filter(pk=dates[7].pk).update(ends_at=dates[7].ends_at + timedelta(hours=1))
    text = body().decode()
    assert "EXDATE" not in text
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20260915T180000" in text
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261006T180000" in text
    assert spans_in() == spans_stored()
    assert len({str(one["UID"]) for one in components()}) == 1
    cancelled = next(one for one in components() if one["STATUS"] == "CANCELLED")
    assert "Holiday" in cancelled["DESCRIPTION"]


def test_first_date_can_be_moved_or_cancelled(db: None) -> None:
    event = series()
    first, second = event.dates.all()[:2]
    move(first, timedelta(days=-1))
    EventDate.objects.filter(pk=second.pk).update(status=EventStatus.CANCELLED)
    assert spans_in() == spans_stored()


def test_series_whose_rule_was_changed_expands_to_what_is_stored(db: None) -> None:
    event = series()
    event.dates.filter(pk=event.dates.all()[3].pk).delete()
    add_date(event, EVENING + timedelta(days=3))
    assert spans_in() == spans_stored()
    for rule in ("FREQ=MONTHLY;COUNT=3", "", "nonsense", "FREQ=SECONDLY;COUNT=9"):
        Event.objects.filter(pk=event.pk).update(rule=rule, sequence=len(rule))
        assert spans_in() == spans_stored()


def test_wholly_cancelled_series_stays_as_cancelled(db: None) -> None:
    event = series()
    event.dates.update(status=EventStatus.CANCELLED, reason="No money")
    [one] = components()
    assert one["STATUS"] == "CANCELLED"
    assert "No money" in one["DESCRIPTION"]
    assert spans_in() == spans_stored()


def test_all_day_dates_are_days_and_their_end_is_excluded(db: None) -> None:
    start = datetime(2026, 10, 24, tzinfo=BERLIN)
    event = make_event(start, is_all_day=True, rule="FREQ=DAILY;COUNT=3")
    event.dates.update(ends_at=start + timedelta(days=1))
    for number in (1, 2):
        day = start + timedelta(days=number)
        one = add_date(event, day)
        EventDate.objects.filter(pk=one.pk).update(ends_at=day + timedelta(days=1))
    text = body().decode()
    assert "DTSTART;VALUE=DATE:20261024" in text
    assert "DTEND;VALUE=DATE:20261025" in text
    assert spans_in() == spans_stored()


def test_both_half_past_twos_in_october_are_written_in_utc(db: None) -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert second.astimezone(BERLIN).strftime("%H:%M") == "02:30"
    make_event(second, title="Second")
    make_event(second - timedelta(hours=1), title="First", hours=0.25)
    text = body().decode()
    assert "DTSTART:20261025T013000Z" in text
    assert "DTSTART:20261025T003000Z" in text
    assert spans_in() == spans_stored()


def test_series_over_the_night_of_the_change_lasts_as_long_as_stored(db: None) -> None:
    start = datetime(2026, 10, 23, 22, tzinfo=BERLIN)
    event = make_event(start, rule="FREQ=DAILY;COUNT=4", hours=8)
    for number in (1, 2, 3):
        begins = start + timedelta(days=number)
        one = add_date(event, begins)
        EventDate.objects.filter(pk=one.pk).update(ends_at=begins + timedelta(hours=8))
    assert spans_in() == spans_stored()


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Asia/Gaza", "Africa/Casablanca", "Asia/Kolkata", "UTC"]
)
def test_other_time_zones_come_out_as_the_same_moments(db: None, zone: str) -> None:
    series(datetime(2026, 2, 20, 18, tzinfo=ZoneInfo(zone)), time_zone=zone)
    assert spans_in() == spans_stored()


def test_time_zone_has_yearly_rules_and_no_list_of_changes(db: None) -> None:
    make_event(EVENING)
    text = body().decode()
    zone = text[text.index("BEGIN:VTIMEZONE") : text.index("END:VTIMEZONE")]
    assert "RDATE" not in zone
    assert set(re.findall(r"RRULE:(\S+)", zone)) == {
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    }
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_zones_whose_clocks_follow_tables_have_no_component() -> None:
    assert component_of("Africa/Casablanca") is None
    assert component_of("Nowhere/Nothing") is None
    assert component_of("../../etc/passwd") is None


def test_component_has_what_programs_need(db: None) -> None:
    event = make_event(
        EVENING,
        title="Walk, talk; look\\",
        summary="Über Bäume",
        place_name="Town hall",
        address="Willy-Brandt-Platz 1",
        place="POINT(7.77 49.44)",
        step_free=Known.YES,
        sequence=4,
        online_link="https://example.org/x",
        kind="hybrid",
    )
    text = body("/calendar.ics").decode()
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    [one] = components()
    assert one["SUMMARY"] == "Walk, talk; look\\"
    assert str(one["UID"]).startswith(f"{event.pk}@")
    assert one["SEQUENCE"] == 4
    assert one["LAST-MODIFIED"].dt == event.changed_at.replace(microsecond=0)
    assert one["DTSTAMP"].dt == event.changed_at.replace(microsecond=0)
    assert one["LOCATION"] == "Town hall, Willy-Brandt-Platz 1"
    assert one["URL"].endswith(event.get_absolute_url())
    assert "https://example.org/x" in one["DESCRIPTION"]
    assert "<" not in one["DESCRIPTION"]


def test_hidden_online_link_stands_nowhere(db: None) -> None:
    event = make_event(
        EVENING, kind="digital", online_link="https://example.org/secret", hides_online_link=True
    )
    for address in ("/calendar.ics", f"/events/{event.slug}.ics", f"/events/{event.slug}/", "/calendar/"):
        assert b"example.org/secret" not in Client().get(address).content


def test_lines_are_folded_by_octets(db: None) -> None:
    make_event(EVENING, title="Ä" * 160, description="ä€😀\r\nß" * 200)
    lines = body().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no sign is cut in two
    [one] = components()
    assert one["SUMMARY"] == "Ä" * 160
    assert "ä€😀\nß" in one["DESCRIPTION"]


def test_signs_of_lines_in_texts_make_no_lines_of_their_own(db: None) -> None:
    event = make_event(EVENING)
    Event.objects.filter(pk=event.pk).update(title="A\r\nBEGIN:VALARM", address="B\nX-EVIL:1")
    text = body().decode()
    assert "\r\nBEGIN:VALARM" not in text
    assert "\r\nX-EVIL" not in text


def test_additional_dates_on_a_clock_and_in_utc_are_properties_of_their_own(db: None) -> None:
    start = datetime(2026, 10, 4, 2, 30, tzinfo=BERLIN)
    event = series(start, 3, rule="FREQ=WEEKLY;COUNT=3")
    add_date(event, datetime(2026, 10, 21, 18, tzinfo=BERLIN))
    add_date(event, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    lines = re.sub(r"\r\n ", "", body().decode()).split("\r\n")
    assert [line for line in lines if line.startswith("RDATE")] == [
        "RDATE;TZID=Europe/Berlin:20261021T180000",
        "RDATE:20261025T013000Z",
    ]
    assert spans_in() == spans_stored()


def test_campaigns_have_begin_end_and_phases_with_lasting_names(campaign: Campaign) -> None:
    campaign.opens_at, campaign.closes_at = EVENING, datetime(2026, 10, 1, tzinfo=BERLIN)
    campaign.save()
    campaign.phases.create(title="Vote", opens_at=EVENING + timedelta(days=3), closes_at=campaign.closes_at)
    found = {
        str(one["UID"]).partition("@")[0]: one for one in components("/campaigns/fear-spaces/calendar.ics")
    }
    assert found.keys() == {
        f"{key_of(campaign.pk)}-begin",
        f"{key_of(campaign.pk)}-end",
        *(name for name in found if name.startswith(f"{key_of(campaign.pk)}-phase-")),
    }
    assert len(found) == 3
    assert found[f"{key_of(campaign.pk)}-end"]["DTSTART"].dt == date(2026, 9, 30)


def test_drafts_are_in_no_calendar(db: None, draft_campaign: Campaign) -> None:
    hidden = make_event(EVENING, draft_campaign, title="Hidden", is_draft=True)
    make_event(EVENING, draft_campaign, title="Shown")
    assert [str(one["SUMMARY"]) for one in components()] == ["Shown"]
    assert Client().get(f"/events/{hidden.slug}.ics").status_code == 404
    assert Client().get(f"/events/{hidden.slug}/").status_code == 404
    assert Client().get(f"/campaigns/{draft_campaign.slug}/calendar.ics").status_code == 404


def test_unchanged_calendar_is_answered_before_anything_is_built(
    campaign: Campaign, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(EVENING, campaign)
    client = Client()
    first = client.get("/calendar.ics")
    assert "max-age" in first["Cache-Control"]
    monkeypatch.setattr("engagement.web.calendar.downloads.write", None)
    with django_assert_max_num_queries(4):
        again = client.get("/calendar.ics", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["ETag"] == first["ETag"]
    # Not built again for who has nothing, either.
    assert client.get("/calendar.ics").content == first.content
    monkeypatch.undo()
    for change in (
        lambda: Event.objects.filter(pk=event.pk).update(sequence=1),
        lambda: Campaign.objects.filter(pk=campaign.pk).update(title="Another name"),
        lambda: campaign.phases.create(title="Vote", opens_at=EVENING, closes_at=EVENING + timedelta(days=1)),
        lambda: Event.objects.filter(pk=event.pk).update(is_draft=True),
    ):
        before = client.get("/calendar.ics")["ETag"]
        change()
        changed = client.get("/calendar.ics", headers={"If-None-Match": before})
        assert changed.status_code == 200


def test_filters_are_those_of_the_page_and_unknown_ones_are_refused(campaign: Campaign) -> None:
    make_event(EVENING, campaign, title="Of the campaign")
    make_event(EVENING, title="Digital", kind="digital")
    assert [str(one["SUMMARY"]) for one in components("/calendar.ics?kind=digital")] == ["Digital"]
    for query in ("kind=nonsense", "campaign=nowhere", "district=none", "accessible=perhaps", "topic=%00x"):
        response = Client().get(f"/calendar.ics?{query}")
        assert response.status_code == 400
        assert response["Content-Type"].startswith("application/problem+json")
    assert Client().get("/calendar.ics?nonsense=1").status_code == 200


def test_calendar_of_a_campaign_names_its_own_page_whatever_was_read_before(campaign: Campaign) -> None:
    """The same dates as those of the filter, with another address and name."""
    filtered = Client().get(f"/calendar.ics?campaign={campaign.slug}")
    own = Client().get(f"/campaigns/{campaign.slug}/calendar.ics")
    assert "calendar.ics" in filtered["Content-Disposition"]
    assert f"{campaign.slug}.ics" in own["Content-Disposition"]
    pages = [str(icalendar.Calendar.from_ical(bytes(one.content))["URL"]) for one in (filtered, own)]
    assert pages[0].endswith(f"/calendar/?campaign={campaign.slug}")
    assert pages[1].endswith(campaign.get_absolute_url())


def test_end_that_becomes_the_begin_is_a_change(campaign: Campaign) -> None:
    moment = campaign.closes_at
    Campaign.objects.update(opens_at=None, closes_at=moment)
    before = Client().get("/calendar.ics")
    Campaign.objects.update(opens_at=moment, closes_at=None)
    after = Client().get("/calendar.ics")
    assert (before["ETag"] != after["ETag"], before.content != after.content) == (True, True)


def test_event_that_left_a_district_leaves_its_calendar(db: None) -> None:
    layer = DistrictLayer.objects.create(slug="city", title="City")
    district = layer.districts.create(code="01", name="Centre", geom=personas.area())
    for title in ("Here", "There"):
        make_event(title=title, district=district)
    address = f"/calendar.ics?district={district.code}"
    assert b"Here" in body(address)
    # As a new import of districts does, which deletes the old ones.
    district.events.filter(title="Here").update(district=None)
    assert b"Here" not in body(address)


def test_calendar_of_many_campaigns_keeps_the_newest(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engagement.calendar.milestones.MOST", 1)
    newest = personas.make_campaign("newest", with_categories=False)
    assert newest.pk > campaign.pk
    names = {str(one["UID"]) for one in components()}
    assert names
    assert all(name.startswith(f"{key_of(newest.pk)}-") for name in names)


def test_event_that_changes_meanwhile_stays_in_the_calendar(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading which events there are and reading what was not written before."""
    event = make_event(title="Before")

    class Meanwhile:
        def __enter__(self) -> None:
            Event.objects.filter(pk=event.pk).update(title="After", sequence=1)

        def __exit__(self, *_error: object) -> None:
            pass

    monkeypatch.setattr("engagement.web.calendar.downloads._lock", Meanwhile())
    assert [str(one["SUMMARY"]) for one in components()] == ["After"]
