"""The planners' pages of the calendar."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.models import Role
from engagement.models import Event, EventDate, EventStatus, Registration
from engagement.services.registrations import registering
from engagement.services.registrations.registering import Applicant
from tests import personas
from tests.engagement.making import add_date, make_editor, make_event
from tests.personas import user_called
from tests.services.photos.test_attachments import colourful

TYPED: dict[str, Any] = {
    "title": "Spaziergang",
    "kind": "on_site",
    "topic": "green",
    "starts_on": "2027-03-02",
    "starts_time": "18:00",
    "ends_time": "20:00",
    "time_zone": "Europe/Berlin",
    "repeats": "never",
    "interval": "1",
    "place_name": "Rathaus",
    "step_free": "yes",
    "accessible_toilet": "unknown",
    "hearing_loop": "unknown",
    "sign_language": "no",
    "registration_closes_hours": "0",
}
ADDRESSES = ("", "dates/", "registrations/", "registrations.csv")


@pytest.fixture
def editor(client: Client, db: None) -> Client:
    client.force_login(make_editor())
    return client


def send(client: Client, address: str = "/planning/calendar/new/", **changed: Any) -> Any:
    return client.post(address, TYPED | changed)


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status", "of_campaign"),
    [
        ("outsider", 200, 403),  # manages another campaign
        ("analyst", 403, 403),
        ("moderator", 403, 403),
        ("manager", 200, 200),
        ("administrator", 200, 200),
    ],
)
def test_who_opens_the_calendar(client: Client, db: None, who: str, status: int, of_campaign: int) -> None:
    campaign = personas.make_campaign(with_categories=False)
    client.force_login(user_called(who, campaign))  # type: ignore[arg-type]
    assert client.get("/planning/calendar/").status_code == status
    assert client.get("/planning/calendar/new/").status_code == status
    assert client.get("/planning/calendar/campaigns/fear-spaces/").status_code == of_campaign


@pytest.mark.parametrize("address", ADDRESSES)
def test_manager_opens_events_of_own_campaigns_only(client: Client, db: None, address: str) -> None:
    campaign = personas.make_campaign(with_categories=False)
    make_event(None, campaign, slug="own", takes_registrations=True)
    make_event(slug="other", takes_registrations=True)
    make_event(slug="draft", takes_registrations=True, is_draft=True)
    client.force_login(user_called("manager", campaign))  # type: ignore[arg-type]
    answers = [client.get(f"/planning/calendar/{slug}/{address}") for slug in ("own", "other", "draft")]
    assert [one.status_code for one in answers] == [200, 403, 404]


@pytest.mark.parametrize(
    "address", ["/planning/calendar/", "/planning/calendar/x/", "/planning/calendar/new/"]
)
def test_strangers_are_sent_to_the_log_in(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 302


# --- made ---------------------------------------------------------------------------------------------------------


def test_editor_makes_and_publishes_an_event(editor: Client) -> None:
    assert send(editor).status_code == 302
    event = Event.objects.get()
    assert (event.slug, event.is_draft, event.topic) == ("spaziergang", True, "green")
    editor.post("/planning/calendar/spaziergang/publish/")
    event.refresh_from_db()
    assert not event.is_draft


def test_dates_are_shown_before_anything_is_stored(editor: Client) -> None:
    answer = send(editor, do="check", repeats="monthly_weekday", repeats_count="11")
    assert answer.status_code == 200
    assert len(answer.context["spans"]) == 11
    assert "Di., 2. März 2027, 18–20 Uhr" in answer.content.decode()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "2027-02-30"}, "starts_on"),
        ({"starts_time": ""}, "starts_time"),
        ({"ends_time": "17:00"}, "ends_time"),
        ({"starts_on": "2027-03-28", "starts_time": "02:30"}, "starts_time"),
        ({"repeats": "weekly"}, "repeats_until"),
        ({"repeats": "weekly", "repeats_count": "3", "repeats_until": "2027-04-01"}, "repeats_count"),
        ({"repeats": "daily", "repeats_count": "10000"}, "repeats"),
        ({"repeats": "monthly_last", "repeats_count": "3"}, "repeats"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"kind": "digital", "online_link": "javascript:alert(1)"}, "online_link"),
        ({"registration_places": "0"}, "registration_places"),
        ({"languages": ["xx"]}, "languages"),
    ],
)
@pytest.mark.parametrize("language", ["de", "en"])
def test_wrong_input_is_named_at_its_field(
    editor: Client, changed: dict[str, Any], field: str, language: str
) -> None:
    with translation.override(language):
        answer = send(editor, **changed)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "geometry", ["x", "[]", '{"type":"LineString","coordinates":[[0,0],[1,1]]}', "9" * 20_000]
)
def test_place_that_is_no_point_is_refused(editor: Client, geometry: str) -> None:
    answer = send(editor, geometry=geometry)
    assert answer.status_code == 422
    assert answer.context["geometry_problem"]


def test_second_hour_is_offered_only_where_a_time_comes_twice(editor: Client) -> None:
    assert "is_second" not in editor.get("/planning/calendar/new/").content.decode()
    night = {"starts_on": "2027-10-31", "starts_time": "02:30", "ends_time": "04:00"}
    assert 'name="is_second"' in send(editor, do="check", **night).content.decode()
    send(editor, is_second="on", **night)
    assert EventDate.objects.get().starts_at.hour == 1
    assert editor.get("/planning/calendar/spaziergang/").context["form"]["is_second"].value() is True


def test_form_of_a_stored_event_changes_nothing_by_itself(editor: Client) -> None:
    send(editor, repeats="weekly", repeats_count="5")
    event = Event.objects.get()
    before = list(event.dates.values_list("pk", "starts_at"))
    page = editor.get("/planning/calendar/spaziergang/")
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value not in (None, "") and value is not False}
    assert editor.post("/planning/calendar/spaziergang/", sent | {"title": "Neu"}).status_code == 302
    event.refresh_from_db()
    assert event.title == "Neu"
    assert list(event.dates.values_list("pk", "starts_at")) == before


def test_change_of_somebody_else_is_not_overwritten(editor: Client) -> None:
    send(editor)
    answer = send(editor, "/planning/calendar/spaziergang/", expected="2020-01-01T00:00:00+00:00")
    assert answer.status_code == 422


def test_copy_has_the_texts_without_the_days(editor: Client) -> None:
    send(editor, repeats="weekly", repeats_count="5")
    form = editor.get("/planning/calendar/new/?copy=spaziergang").context["form"]
    assert form["title"].value() == "Spaziergang"
    assert form["starts_on"].value() is None
    assert form["repeats"].value() == "never"


def test_manager_makes_events_of_their_campaign(client: Client, db: None) -> None:
    campaign = personas.make_campaign(with_categories=False)
    client.force_login(user_called("manager", campaign))  # type: ignore[arg-type]
    assert send(client, campaigns=[campaign.pk]).status_code == 302
    assert send(client).status_code == 422
    assert Event.objects.get().campaigns.get() == campaign


# --- dates --------------------------------------------------------------------------------------------------------


def test_date_is_moved_cancelled_and_restored(editor: Client) -> None:
    event = make_event(slug="walk")
    day = event.dates.get()
    address = f"/planning/calendar/walk/dates/{day.pk}/"
    assert editor.get("/planning/calendar/walk/dates/").status_code == 200
    moved = {"move-starts_on": "2027-03-03", "move-starts_time": "10:00", "move-ends_time": "11:00"}
    assert editor.post(address, {"do": "move", "move-reason": "Holiday", **moved}).status_code == 302
    assert editor.post(address, {"do": "cancel", "cancel-reason": ""}).status_code == 422
    editor.post(address, {"do": "cancel", "cancel-reason": "Storm"})
    day.refresh_from_db()
    assert (day.status, day.reason) == (EventStatus.CANCELLED, "Storm")
    editor.post(address, {"do": "restore"})
    day.refresh_from_db()
    assert day.status == EventStatus.MOVED


def test_all_coming_dates_are_cancelled_with_a_reason(editor: Client) -> None:
    event = make_event(slug="walk")
    add_date(event, timezone.now() + timedelta(days=30))
    editor.post("/planning/calendar/walk/cancel/", {"reason": "No money"})
    assert set(event.dates.values_list("status", flat=True)) == {EventStatus.CANCELLED}


def test_report_with_pictures_is_written_after_the_date(editor: Client) -> None:
    event = make_event(timezone.now() - timedelta(days=2), slug="walk")
    address = f"/planning/calendar/walk/dates/{event.dates.get().pk}/"
    editor.post(address, {"do": "report", "report-report": "**Forty** people came."})
    picture = SimpleUploadedFile("a.jpg", colourful(1), "image/jpeg")
    assert (
        editor.post(address, {"do": "picture", "picture-picture": picture, "picture-alt": ""}).status_code
        == 422
    )
    picture = SimpleUploadedFile("a.jpg", colourful(1), "image/jpeg")
    assert (
        editor.post(
            address, {"do": "picture", "picture-picture": picture, "picture-alt": "People"}
        ).status_code
        == 302
    )
    image = event.dates.get().images.get()
    assert image.alt == "People"
    assert editor.get(address).status_code == 200
    editor.post(address, {"do": f"remove:{image.pk}"})
    assert not event.dates.get().images.exists()
    editor.post(address, {"do": "remove:x"})


def test_date_of_another_event_is_not_found(editor: Client) -> None:
    make_event(slug="walk")
    other = make_event().dates.get()
    assert editor.get(f"/planning/calendar/walk/dates/{other.pk}/").status_code == 404


def test_drafts_are_deleted(editor: Client) -> None:
    send(editor)
    editor.post("/planning/calendar/spaziergang/delete/")
    assert not Event.objects.exists()


# --- registrations ------------------------------------------------------------------------------------------------


def test_table_of_registrations_escapes_formulas(editor: Client) -> None:
    day = make_event(slug="walk", takes_registrations=True).dates.get()
    registering.register(day, Applicant(name="=1+1", needs="Gebärdensprache"))
    answer = editor.get("/planning/calendar/walk/registrations.csv")
    text = answer.content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "Gebärdensprache" in text
    assert "=1+1" in editor.get("/planning/calendar/walk/registrations/").content.decode()


def test_registration_is_removed_on_request(editor: Client) -> None:
    day = make_event(slug="walk", takes_registrations=True).dates.get()
    one = registering.register(day, Applicant(name="Ada")).registration
    editor.post("/planning/calendar/walk/registrations/remove/", {"registration": str(one.pk)})
    assert Registration.objects.get().name == ""
    other = "/planning/calendar/walk/registrations/remove/"
    assert editor.post(other, {"registration": "x"}).status_code == 404


# --- lists --------------------------------------------------------------------------------------------------------


def test_list_shows_coming_past_and_drafts_apart(editor: Client) -> None:
    make_event(title="Coming one")
    make_event(timezone.now() - timedelta(days=3), title="Past one")
    make_event(title="Draft one", is_draft=True)
    for show, title in (
        ("", "Coming one"),
        ("past", "Past one"),
        ("drafts", "Draft one"),
        ("x", "Coming one"),
    ):
        page = editor.get(f"/planning/calendar/?show={show}").content.decode()
        assert [one for one in ("Coming one", "Past one", "Draft one") if one in page] == [title]


@pytest.mark.parametrize("address", ["/planning/calendar/", "/planning/calendar/campaigns/fear-spaces/"])
def test_list_reads_the_same_number_of_times_for_many_events(editor: Client, address: str) -> None:
    campaign = personas.make_campaign(with_categories=False)
    make_event(None, campaign)
    editor.get(address)
    few = _queries(editor, address)
    for _ in range(8):
        make_event(None, campaign)
    assert _queries(editor, address) == few


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def test_tab_of_a_campaign_is_for_managers(client: Client, db: None) -> None:
    campaign = personas.make_campaign(with_categories=False)
    client.force_login(personas.make_user("m@example.org", campaign, Role.MANAGER))
    page = client.get("/planning/fear-spaces/imports/").content.decode()
    assert "/planning/calendar/campaigns/fear-spaces/" in page


def test_copy_of_what_cannot_be_is_an_empty_form(editor: Client) -> None:
    assert editor.get("/planning/calendar/new/?copy=%00").status_code == 200


def test_drafts_of_several_campaigns_are_for_those_who_manage_all_of_them(client: Client, db: None) -> None:
    own, other = personas.make_campaign(slug="own"), personas.make_campaign(slug="other")
    client.force_login(personas.make_user("m@example.org", own, Role.MANAGER))
    make_event(None, own, title="Own draft", is_draft=True)
    make_event(None, own, other, title="Shared draft", is_draft=True)
    make_event(None, own, other, title="Shared event")
    drafts = client.get("/planning/calendar/campaigns/own/?show=drafts").content.decode()
    assert "Own draft" in drafts
    assert "Shared draft" not in drafts
    assert "Shared event" in client.get("/planning/calendar/campaigns/own/").content.decode()
