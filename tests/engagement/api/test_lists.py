"""Events, documents and plans at /api/v1/: public ones only, filtered, page by page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from engagement.models import AgendaItem, EventStatus, Known, PlanChange
from mapping.models import Campaign
from tests.api.conftest import ROOT, reasons
from tests.engagement.making import (
    add_date,
    make_body,
    make_document,
    make_event,
    make_plan,
    make_session,
)

SPRING = datetime(2026, 3, 20, 17, tzinfo=UTC)
SUMMER = datetime(2026, 7, 1, 16, tzinfo=UTC)


def listed(name: str, **query: str) -> list[dict[str, Any]]:
    response = Client().get(f"{ROOT}/{name}/", query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()[name]
    return found


def titles(name: str, **query: str) -> list[str]:
    return [one["title"] for one in listed(name, **query)]


def test_event_has_its_dates_with_the_offset_of_its_zone(db: None) -> None:
    event = make_event(SPRING, title="Walk", place=Point(7.77, 49.44), place_name="Town hall")
    add_date(
        event, SUMMER, status=EventStatus.MOVED, previous_starts_at=SUMMER - timedelta(days=1), reason="Rain"
    )
    [found] = listed("events")
    assert [one["start"] for one in found["dates"]] == [
        "2026-03-20T18:00:00+01:00",
        "2026-07-01T18:00:00+02:00",
    ]
    assert found["dates"][1]["previous_start"] == "2026-06-30T18:00:00+02:00"
    assert found["dates"][1]["status"] == "moved"
    assert found["place"] == {"type": "Point", "coordinates": [7.77, 49.44]}
    assert found["ics"].endswith(f"/events/{event.slug}.ics")
    assert Client().get(f"{ROOT}/events/{event.slug}/").json() == found


def test_event_never_shows_a_link_for_registered_people(db: None) -> None:
    link = "https://meet.example.org/secret"
    make_event(SPRING, online_link=link, hides_online_link=True)
    make_event(SUMMER, online_link=link)
    assert [one["online_link"] for one in listed("events")] == ["", link]


def test_event_names_public_campaigns_only(campaign: Campaign, draft_campaign: Campaign) -> None:
    make_event(SPRING, campaign, draft_campaign)
    assert listed("events")[0]["campaigns"] == [campaign.slug]
    assert reasons(Client().get(f"{ROOT}/events/", {"campaign": draft_campaign.slug})) == {
        "campaign": "unknown_short_name"
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Spring", "Summer"]),
        ({"datetime": "2026-05-01/.."}, ["Summer"]),
        ({"datetime": "2026-03-20"}, ["Spring"]),
        ({"kind": "digital"}, ["Summer"]),
        ({"topic": "green,budget"}, ["Spring"]),
        ({"accessible": "true"}, ["Spring"]),
        ({"campaign": "fear-spaces"}, ["Summer"]),
        ({"district": "7\0"}, []),
    ],
)
def test_events_are_filtered(campaign: Campaign, query: dict[str, str], found: list[str]) -> None:
    make_event(SPRING, title="Spring", topic="green", step_free=Known.YES)
    make_event(SUMMER, campaign, title="Summer", kind="digital")
    make_event(SPRING, campaign, title="Draft", kind="digital", topic="green", is_draft=True)
    assert titles("events", **query) == found


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("events", {"kind": "party"}),
        ("events", {"datetime": "yesterday"}),
        ("events", {"accessible": "perhaps"}),
        ("documents", {"body": "nobody"}),
        ("documents", {"plan": "\0"}),
        ("plans", {"stage": "dream"}),
        ("plans", {"limit": "0"}),
        ("plans", {"cursor": "made-up"}),
    ],
)
def test_wrong_parameters_are_problems_at_their_name(db: None, name: str, query: dict[str, str]) -> None:
    response = Client().get(f"{ROOT}/{name}/", query)
    assert response.status_code == 400
    assert list(reasons(response)) == list(query)


def test_pages_show_every_event_once(db: None) -> None:
    for number in range(5):
        make_event(SPRING + timedelta(hours=number // 2))
    everything = [one["slug"] for one in listed("events")]
    address: str | None = f"{ROOT}/events/?limit=2"
    found = []
    while address:
        body = Client().get(address).json()
        assert body["numberMatched"] == 5
        found += [one["slug"] for one in body["events"]]
        address = next((one["href"] for one in body["links"] if one["rel"] == "next"), None)
    assert found == everything


def test_cursor_belongs_to_its_filters(db: None) -> None:
    for _number in range(3):
        make_plan()
    body = Client().get(f"{ROOT}/plans/", {"limit": 1}).json()
    address = body["links"][1]["href"] + "&stage=idea"
    assert reasons(Client().get(address)) == {"cursor": "cursor_invalid"}


def test_documents_of_a_body_include_those_of_its_sessions(db: None) -> None:
    session = make_session(make_body(slug="board"))
    item = AgendaItem.objects.create(session=session, title="Budget")
    make_document(title="Statute", body=session.body, dated=date(2026, 1, 1))
    make_document(title="Minutes", session=session, dated=date(2026, 1, 3))
    make_document(title="Proposal", agenda_item=item, dated=date(2026, 1, 2))
    make_document(title="Other", dated=date(2026, 1, 4))
    assert titles("documents", body="board") == ["Minutes", "Proposal", "Statute"]
    assert titles("documents", datetime="2026-01-02/2026-01-03") == ["Minutes", "Proposal"]
    [minutes] = listed("documents", datetime="2026-01-03")
    assert minutes["body"] == "board"
    assert minutes["event"] == session.event.slug


@pytest.mark.parametrize("of", ["event", "body"])
def test_document_of_an_agenda_that_is_not_public_is_not_found(db: None, of: str) -> None:
    session = make_session()
    item = AgendaItem.objects.create(session=session, title="Budget")
    document = make_document(agenda_item=item)
    assert len(listed("documents")) == 1
    owner = getattr(session, of)
    owner.is_draft = True
    owner.save()
    assert listed("documents") == []
    assert Client().get(f"{ROOT}/documents/{document.pk}/").status_code == 404


def test_plan_has_decisions_and_changes(draft_campaign: Campaign) -> None:
    plan = make_plan(title="Cycle path", costs_euros=12_000, campaign=draft_campaign)
    PlanChange.objects.create(plan=plan, text="Now in planning", stage_before="idea", stage_after="planning")
    plan.decisions.create(decided_on=date(2026, 2, 1), title="Council")
    make_plan(is_draft=True)
    [found] = listed("plans")
    assert found["campaign"] is None
    assert found["costs_euros"] == 12_000
    assert found["decisions"] == [{"date": "2026-02-01", "title": "Council", "link": ""}]
    assert found["changes"][0]["stage_after"] == "planning"
    assert Client().get(f"{ROOT}/plans/{plan.slug}/").json() == found


@pytest.mark.parametrize("name", ["events", "plans"])
def test_drafts_are_not_found(db: None, name: str) -> None:
    draft = make_event(is_draft=True) if name == "events" else make_plan(is_draft=True)
    assert listed(name) == []
    assert Client().get(f"{ROOT}/{name}/{draft.slug}/").status_code == 404


@pytest.mark.parametrize("name", ["events", "documents", "plans"])
def test_unchanged_answer_is_not_sent_again(db: None, name: str) -> None:
    make_event(), make_document(), make_plan()
    address = f"{ROOT}/{name}/"
    first = Client().get(address)
    assert first["Access-Control-Allow-Origin"] == "*"
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["events", "documents", "plans"])
def test_lists_cost_the_same_queries_however_long(
    db: None, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries = {"events": 4, "documents": 3, "plans": 4}
    for _number in range(4):
        add_date(make_event(), SUMMER)
        make_document(session=make_session(starts_at=SPRING))
        make_plan()
    with django_assert_num_queries(queries[name]):
        listed(name)


@pytest.mark.parametrize("name", ["events", "documents", "plans"])
def test_answers_have_the_described_members(db: None, name: str) -> None:
    make_event(SPRING, place=Point(7.77, 49.44)), make_document(), make_plan()
    operation = Client().get(f"{ROOT}/openapi.json").json()["paths"][f"{ROOT}/{name}/"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(Client().get(f"{ROOT}/{name}/").json()) == set(schema["properties"])
    _match(listed(name)[0], schema["properties"][name]["items"])


def _match(value: Any, schema: dict[str, Any]) -> None:
    """Every described member is there, and no other one."""
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) == set(schema["properties"])
        for key, one in value.items():
            _match(one, schema["properties"][key])
    if isinstance(value, list):
        for one in value:
            _match(one, schema["items"])
