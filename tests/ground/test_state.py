"""Which ground is drawn: its version, and whose data it is."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection

from mapping.base_map import map_config
from mapping.models import Campaign, GroundFeature, GroundSource
from tests.ground.world import add_feature, add_label, map_square

pytestmark = pytest.mark.django_db


def version() -> str:
    state = GroundSource.objects.state()
    assert state is not None
    return state.version


def truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked before the table is emptied
        cursor.execute("TRUNCATE mapping_groundfeature")


@pytest.mark.parametrize(
    "change",
    [
        lambda: add_label("Rathaus"),
        lambda: GroundFeature.objects.update(from_zoom=3),
        lambda: GroundFeature.objects.all().delete(),
        lambda: GroundSource.objects.update(attribution="© Someone"),
        truncate,
    ],
)
def test_every_change_makes_another_version(change: Callable[[], object]) -> None:
    add_feature("area", "park", map_square())
    before = version()
    assert version() == before
    change()
    assert version() != before


def test_no_ground_has_no_state() -> None:
    assert GroundSource.objects.state() is None
    assert map_config()["ground"] is None


def test_sources_are_named_once_each_in_the_order_of_their_import() -> None:
    for number, attribution in enumerate(("© City", "", "© OpenStreetMap contributors", "© City")):
        GroundSource.objects.create(name=f"{number}.gpkg", attribution=attribution)
    state = GroundSource.objects.state()
    assert state is not None
    assert state.attribution == "© City · © OpenStreetMap contributors"


def test_pages_with_maps_know_where_the_tiles_are(campaign: Campaign) -> None:
    add_feature("area", "park", map_square())
    expected = {
        "url": f"/ground/{{z}}/{{x}}/{{y}}.mvt?v={version()}",
        "attribution": "© City",
        "maximumZoom": 15,
    }
    assert map_config(campaign)["ground"] == map_config()["ground"] == expected


def test_check_fails_where_no_trigger_notes_changes() -> None:
    call_command("check", databases=["default"])
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER mapping_ground_changed ON mapping_groundfeature")
    with pytest.raises(SystemCheckError, match=r"mapping\.E001"):
        call_command("check", databases=["default"])
