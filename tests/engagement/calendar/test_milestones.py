"""Begin, end and phases of campaigns in calendars: their names stay, and programs see what moved."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from engagement.calendar.milestones import state_of_milestones
from mapping.models import Campaign
from mapping.services.setup.changes import PhaseValues
from mapping.services.setup.period import set_period
from tests import personas

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 9, 1, 18, tzinfo=BERLIN)
END = datetime(2026, 10, 1, tzinfo=BERLIN)


@pytest.fixture
def planned(campaign: Campaign) -> Campaign:
    campaign.opens_at, campaign.closes_at = BEGIN, END
    campaign.save()
    for number, title in enumerate(("Collect", "Vote", "Vote")):
        begins = BEGIN + timedelta(days=number * 7)
        campaign.phases.create(title=title, opens_at=begins, closes_at=begins + timedelta(days=7))
    return campaign


def milestones() -> dict[str, Any]:
    """The parts of the calendar by their names."""
    calendar = icalendar.Calendar.from_ical(bytes(Client().get("/calendar.ics").content))
    assert "METHOD" not in calendar
    found = calendar.walk("VEVENT")
    return {str(one["UID"]).partition("@")[0]: one for one in found}


def test_moved_period_keeps_names_and_is_a_newer_revision(planned: Campaign) -> None:
    manager = personas.make_user("manager@example.org", is_superuser=True)
    before = milestones()
    assert len(before) == 5
    assert {one["SEQUENCE"] for one in before.values()} == {0}
    phases = [
        PhaseValues(one.title, one.opens_at + timedelta(days=1), one.closes_at + timedelta(days=1))
        for one in planned.phases.order_by("opens_at")
    ]
    for sequence, days in ((1, 3), (2, 2)):
        set_period(planned, manager, opens_at=BEGIN, closes_at=END + timedelta(days=days), phases=phases)
        after = milestones()
        assert after.keys() == before.keys()
        assert {one["SEQUENCE"] for one in after.values()} == {sequence}
        newest = planned.setup_changes.order_by("-at").values_list("at", flat=True)[0]
        for one in after.values():
            assert (
                one["LAST-MODIFIED"].dt == one["DTSTAMP"].dt == newest.astimezone(UTC).replace(microsecond=0)
            )


def test_period_that_is_taken_back_is_another_state(campaign: Campaign) -> None:
    manager = personas.make_user("manager@example.org", is_superuser=True)
    states = []
    for days in (0, 1, 0):
        set_period(campaign, manager, opens_at=BEGIN, closes_at=END + timedelta(days=days), phases=[])
        states.append(state_of_milestones())
    assert len(set(states)) == 3


def test_other_changes_of_the_setup_are_no_revision(planned: Campaign) -> None:
    planned.setup_changes.create(
        actor=personas.make_user("manager@example.org"), step="texts", after={"summary": "Short"}
    )
    assert {one["SEQUENCE"] for one in milestones().values()} == {0}


def test_names_outlive_the_key_of_the_site(planned: Campaign, settings: Settings) -> None:
    before = milestones().keys()
    settings.SECRET_KEY = "another one"
    settings.SECRET_KEY_FALLBACKS = []
    planned.phases.filter(title="Collect").update(description="More words")
    assert milestones().keys() == before
