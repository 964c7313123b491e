"""`bin/manage rebuild_aggregates` repairs whatever went wrong, and tells."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.models import Campaign, Footprint, Tally
from tests import personas

pytestmark = pytest.mark.django_db


def rebuild(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("rebuild_aggregates", *arguments, "--no-progress", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    for place in (personas.TOWN_HALL, personas.STATION, None):
        personas.make_contribution(campaign, place, category="anything")
    return campaign


def test_a_sound_database_shows_no_differences(filled: Campaign) -> None:
    before = heatmap(HeatmapQuery(filled.pk, 200))
    out, err = rebuild()
    assert "1 campaigns, 3 footprints," in out
    assert out.endswith(": 0 differences\n")
    assert err == ""
    assert heatmap(HeatmapQuery(filled.pk, 200)) == before


def test_damage_is_repaired_and_reported(filled: Campaign) -> None:
    before = heatmap(HeatmapQuery(filled.pk, 200))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('geoparticipation.tally', 'later', false)")
        cursor.execute("DELETE FROM mapping_footprint WHERE cell = -1")
        cursor.execute("UPDATE mapping_footprint SET cell = cell + 1, day = '2000-01-01'")
        cursor.execute("SELECT set_config('geoparticipation.tally', '', false)")
    Tally.objects.filter(level=2).update(contributions=77)
    out, err = rebuild(filled.slug)
    assert "0 differences" not in out
    assert filled.slug in err
    assert heatmap(HeatmapQuery(filled.pk, 200)) == before
    assert rebuild()[0].endswith(": 0 differences\n")


def test_everything_can_be_made_from_nothing(filled: Campaign) -> None:
    before = heatmap(HeatmapQuery(filled.pk, 100))
    Footprint.objects.all().delete()
    Tally.objects.all().delete()
    rebuild()
    assert heatmap(HeatmapQuery(filled.pk, 100)) == before


def test_an_unknown_campaign_is_named(filled: Campaign) -> None:
    with pytest.raises(CommandError, match="no-such"):
        rebuild("no-such", filled.slug)
