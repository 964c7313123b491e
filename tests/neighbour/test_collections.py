"""A neighbour's rows are a collection like any other."""

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.models import User
from mapping.models import Campaign
from mapping.ogc.collections import register_kind
from tests import personas
from tests.api.conftest import with_token
from tests.neighbour.conftest import make_meeting
from tests.neighbour.entries import MEETINGS
from tests.neighbour.models import Meeting
from tests.ogc.asking import body

COLLECTION = "/ogc/collections/fear-spaces-meetings"


def titles(address: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(address)
    assert response.status_code == 200, response.content
    return [one["properties"]["title"] for one in response.json()["features"]]


def test_collection_stands_in_the_list_behind_those_of_the_campaign(meeting: Meeting) -> None:
    ids = [one["id"] for one in body("/ogc/collections")["collections"]]
    assert ids[-1] == "fear-spaces-meetings"
    assert "fear-spaces-contributions" in ids


def test_collection_tells_when_its_rows_are(meeting: Meeting) -> None:
    found = body(COLLECTION)
    assert found["title"].endswith("– meetings")
    assert found["extent"]["temporal"]["interval"] == [["2026-05-01T10:00:00Z", "2026-05-01T12:00:00Z"]]


def test_campaign_without_rows_has_no_collection(neighbour: None, campaign: Campaign) -> None:
    assert Client().get(COLLECTION).status_code == 404


def test_items_have_place_and_attributes(meeting: Meeting) -> None:
    [feature] = body(f"{COLLECTION}/items")["features"]
    assert feature["id"] == "walk"
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"] == {
        "title": "A walk in the dark",
        "begins": "2026-05-01T10:00:00+00:00",
        "ends": "2026-05-01T12:00:00+00:00",
    }
    assert body(f"{COLLECTION}/items/walk")["properties"] == feature["properties"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("title=A walk in the dark", ["A walk in the dark"]),
        ("filter=begins > TIMESTAMP('2026-05-02T00:00:00Z')", ["A late walk"]),
        ("sortby=-begins", ["A late walk", "A walk in the dark"]),
        ("datetime=2026-05-01T11:00:00Z", ["A walk in the dark"]),
        ("bbox=8,50,9,51", []),
        ("limit=1", ["A walk in the dark"]),
    ],
)
def test_items_are_filtered_sorted_and_paged(
    meeting: Meeting, campaign: Campaign, query: str, found: list[str]
) -> None:
    make_meeting(campaign, "late", "A late walk", personas.EPOCH + timedelta(days=3))
    assert titles(f"{COLLECTION}/items?{query}") == found


def test_public_sees_no_hidden_row_and_analyst_does(
    meeting: Meeting, hidden_meeting: Meeting, analyst: User
) -> None:
    assert titles(f"{COLLECTION}/items") == ["A walk in the dark"]
    assert titles(f"{COLLECTION}/items", with_token(analyst)) == ["A walk in the dark", "A talk about lamps"]


def test_kept_answer_ends_with_a_change_of_the_table(meeting: Meeting) -> None:
    assert titles(f"{COLLECTION}/items") == ["A walk in the dark"]
    Meeting.objects.update(title="Moved")
    assert titles(f"{COLLECTION}/items") == ["Moved"]
    meeting.delete()
    assert Client().get(COLLECTION).status_code == 404


def test_schema_queryables_and_document_describe_it(meeting: Meeting) -> None:
    schema = body(f"{COLLECTION}/schema")["properties"]
    assert schema["geometry"]["format"] == "geometry-point"
    assert {"title", "begins", "ends"} < set(body(f"{COLLECTION}/queryables")["properties"])
    paths = body("/ogc/api")["paths"]
    assert "title" in [
        one.get("name") for one in paths["/collections/fear-spaces-meetings/items"]["get"]["parameters"]
    ]


@pytest.mark.parametrize("part", ["", "/items", "/items/walk", "/schema", "/queryables", "/sortables"])
def test_people_get_pages(meeting: Meeting, part: str) -> None:
    response = Client().get(f"{COLLECTION}{part}?f=html")
    assert response.status_code == 200
    assert "meetings" in response.content.decode()


def test_page_of_collections_counts_public_rows(meeting: Meeting, hidden_meeting: Meeting) -> None:
    page = Client().get("/ogc/collections?f=html").content.decode()
    assert "Dates and places where people meet." in page
    assert "<strong>1</strong> Eintrag" in " ".join(page.split())


def test_qgis_gets_a_layer_of_points(meeting: Meeting) -> None:
    definition = Client().get("/ogc/campaigns/fear-spaces/qgis.qlr").content
    layers = ET.fromstring(definition).iter("maplayer")  # noqa: S314 - our own
    [layer] = [one for one in layers if one.findtext("id") == "fear-spaces-meetings"]
    assert layer.get("geometry") == "Point"
    assert layer.findtext("previewExpression") == '"title"'


def test_nobody_writes_to_it(meeting: Meeting, manager: User) -> None:
    client = Client()
    client.force_login(manager)
    answer = client.post(f"{COLLECTION}/items", {}, content_type="application/geo+json")
    assert answer.status_code in {401, 403, 405}
    assert Meeting.objects.count() == 1


def test_check_fails_for_a_public_table_without_triggers(neighbour_without_triggers: None) -> None:
    with pytest.raises(SystemCheckError, match=r"neighbour\.Meeting") as error:
        call_command("check", databases=["default"])
    assert "mapping.E001" in str(error.value)


def test_check_passes_with_triggers(neighbour: None) -> None:
    call_command("check", databases=["default"])


def test_name_stands_for_one_kind_only(neighbour: None) -> None:
    register_kind(MEETINGS)
    with pytest.raises(ValueError, match="twice"):
        register_kind(replace(MEETINGS))


@pytest.mark.parametrize("change", [{"name": "town-meetings"}, {"source": None}])
def test_kind_that_could_not_be_read_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="kind of collection"):
        register_kind(replace(MEETINGS, **change))  # type: ignore[arg-type]
