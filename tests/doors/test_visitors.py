"""Every door of visitors: open to ordinary use, closed to floods from one network, whatever the cookie.

Limits are made small here (`NETWORK_LIMITS`), and the clock stands still.
"""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pytest_django.fixtures import Settings

from doors import visitors
from doors.levels import Counter
from doors.models import Level
from doors.visitors import Door
from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Support
from tests import personas
from tests.doors.knocking import (
    HOME,
    KNOCKS,
    SCHOOL,
    SMALL,
    Knock,
    api_contribution,
    api_support,
    client_at,
    every_knock,
    first_of,
    form_comment,
    form_contribution,
    form_support,
    nothing,
    open311_report,
)
from tests.doors.proving import prove
from tests.services.photos.test_pictures import encode, picture


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    now = timezone.now().replace(hour=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


@pytest.fixture
def world(post_campaign: Campaign) -> Campaign:
    """A campaign whose contributions are public at once, with one that people react to."""
    personas.make_contribution(post_campaign)
    return post_campaign


def test_every_door_is_knocked_at() -> None:
    assert {one.door for one in KNOCKS} == set(visitors.DOORS)


@every_knock
def test_flood_from_one_network_ends_at_its_limit_and_others_pass(
    knock: Knock, world: Campaign, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = SMALL
    settings.EXPORTS_AT_ONCE = 0
    before, answers = knock.count(), []
    for number in range(knock.passes + 3):
        client = client_at(SCHOOL.replace("7", str(number + 1)))
        proof = {"Proof": prove(client)} if knock.door.calm is not None else {}
        answers.append(knock.send(client, world, proof))
    statuses = [answer.status_code for answer in answers]
    assert [status < 400 for status in statuses] == [True] * knock.passes + [False] * 3
    assert statuses[-1] == 429
    if knock.count is not nothing:
        assert knock.count() - before == knock.passes
    last = answers[-1]
    assert int(last["Retry-After"]) >= 1
    if knock.is_page:
        assert last["Content-Type"].startswith("text/html")
        words = "Dateien" if knock.door is visitors.EXPORT else "Bitte warten Sie"
        assert words in last.content.decode()
    elif knock.name == "open311":
        assert last.json()[0]["code"] == 429
    else:
        assert last["Content-Type"] == "application/problem+json"
        assert last.json()["code"] == "too_many_requests"
    elsewhere = client_at(HOME)
    proof = {"Proof": prove(elsewhere)} if knock.door.calm is not None else {}
    assert knock.send(elsewhere, world, proof).status_code < 400


@every_knock
def test_ordinary_use_meets_no_limit_and_no_challenge(
    knock: Knock, world: Campaign, settings: Settings
) -> None:
    """Thirty people of one class; files are written for everybody, so that ten of them order one."""
    settings.SUBMISSIONS_PER_MINUTE = 1000  # of changes to one and the same contribution
    times = 10 if knock.door is visitors.EXPORT else 30
    answers = [knock.send(client_at(SCHOOL), world, {}) for _ in range(times)]
    assert {answer.status_code for answer in answers} <= {200, 201, 202, 302, 303}
    assert not any("Proof-Challenge" in answer for answer in answers)


@every_knock
def test_waiting_as_long_as_told_opens_the_door(
    knock: Knock,
    world: Campaign,
    settings: Settings,
    stopped_clock: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.NETWORK_LIMITS = SMALL
    settings.EXPORTS_AT_ONCE = 0
    settings.SUBMISSIONS_PER_MINUTE = 1000
    client = client_at(SCHOOL)
    level = Counter(knock.door.limit, (bytes([ord("4"), 192, 0, 2]),))
    for _ in range(knock.passes):
        level.take(stopped_clock)
    proof = {"Proof": prove(client)} if knock.door.calm is not None else {}
    refused = knock.send(client, world, proof)
    assert refused.status_code == 429
    later = stopped_clock + timedelta(seconds=int(refused["Retry-After"]))
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    proof = {"Proof": prove(client)} if knock.door.calm is not None else {}
    assert knock.send(client, world, proof).status_code < 400


# --- under pressure -------------------------------------------------------------------------------------------

PROVING = [one for one in KNOCKS if one.door.calm is not None and not one.is_page and one.name != "open311"]


def press(door: Door, at: datetime) -> None:
    """Let as much come from the school as passes without a proof."""
    level = Counter(door.limit, (bytes([ord("4"), 192, 0, 2]),))
    for _ in range((door.calm or 0) // 50):
        level.take(at)


@pytest.mark.parametrize("knock", PROVING, ids=[one.name for one in PROVING])
def test_programs_are_told_when_and_how_to_go_on(
    knock: Knock, world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    press(knock.door, stopped_clock)
    client, before = client_at(SCHOOL), knock.count()
    for _ in range(20):  # what is refused for want of a proof does not count
        refused = knock.send(client, world, {})
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["status"]) == (429, "proof_needed", 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Proof-Challenge"] == "/api/v1/challenge/"
    assert knock.count() == before
    proof = prove(client, problem["challenge"])
    assert knock.send(client, world, {"Proof": proof}).status_code < 400
    assert knock.count() == before + 1
    again = knock.send(client, world, {"Proof": proof})
    assert (again.status_code, again.json()["code"]) == (429, "proof_needed")


def test_form_without_scripts_waits_for_a_review_under_pressure(
    world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    before = set(Contribution.objects.values_list("pk", flat=True))
    press(visitors.CONTRIBUTE, stopped_clock)
    answer = form_contribution(client_at(SCHOOL), world, {})
    assert answer.status_code == 303
    stored = Contribution.objects.exclude(pk__in=before).get()
    assert (stored.status, stored.text) == (ContributionStatus.PENDING, "Dark.")
    calm = form_contribution(client_at(HOME), world, {})
    assert calm.status_code == 303
    assert Contribution.objects.exclude(pk__in={*before, stored.pk}).get().status == "published"


def test_report_by_open311_waits_for_a_review_under_pressure(
    world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    press(visitors.CONTRIBUTE, stopped_clock)
    answer = open311_report(client_at(SCHOOL), world, {})
    assert answer.status_code == 201
    stored = Contribution.objects.get(pk=answer.json()[0]["service_request_id"])
    assert stored.status == ContributionStatus.PENDING


def test_comment_without_scripts_waits_for_a_review_under_pressure(
    world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    press(visitors.COMMENT, stopped_clock)
    assert form_comment(client_at(SCHOOL), world, {}).status_code == 303
    assert Comment.objects.get().status == "pending"
    scripted = form_comment(client_at(SCHOOL), world, {"Can-Prove": "1"})
    assert scripted.status_code == 429
    assert scripted["Proof-Challenge"] == "/api/v1/challenge/"
    assert "I think so too" in scripted.content.decode()
    proof = prove(client_at(SCHOOL))
    assert form_comment(client_at(SCHOOL), world, {"Can-Prove": "1", "Proof": proof}).status_code == 303
    assert Comment.objects.filter(status="published").count() == 1


def test_support_without_scripts_is_told_when_to_go_on(
    world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    press(visitors.SUPPORT, stopped_clock)
    press(visitors.SUPPORT, stopped_clock)
    refused = form_support(client_at(SCHOOL), world, {})
    assert refused.status_code == 429
    assert "Gerade kommt sehr viel an. Bitte warten Sie" in refused.content.decode()
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert Support.objects.count() == 0


def test_campaign_under_pressure_from_everywhere_wants_proofs_from_everybody(
    world: Campaign, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = SMALL
    statuses = [
        api_contribution(client_at(f"203.0.{number}.1"), world, {}).status_code for number in range(12)
    ]
    assert statuses == [201] * 6 + [429] * 6
    client = client_at("203.0.200.1")
    assert api_contribution(client, world, {"Proof": prove(client)}).status_code == 201
    other = personas.make_open_at_once("another")
    assert api_contribution(client_at("203.0.201.1"), other, {}).status_code == 201


def test_support_can_be_taken_back_under_every_pressure(
    world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    client = client_at(SCHOOL)
    assert api_support(client, world, {}).status_code == 200
    for _ in range(11):
        Counter(visitors.SUPPORT.limit, (bytes([ord("4"), 192, 0, 2]),)).take(stopped_clock)
    assert api_support(client_at(SCHOOL), world, {"Proof": prove(client)}).status_code == 429
    path = f"/api/v1/campaigns/{world.slug}/contributions/{first_of(world).pk}/support/"
    assert client.delete(path).status_code == 200
    assert Support.objects.count() == 0


@pytest.mark.parametrize(("language", "words"), [("de", "Bitte warten Sie"), ("en", "Please wait")])
def test_refused_form_keeps_what_was_typed(
    language: str, words: str, world: Campaign, settings: Settings, stopped_clock: datetime
) -> None:
    settings.NETWORK_LIMITS = SMALL
    for _ in range(6):
        Counter(visitors.CONTRIBUTE.limit, (bytes([ord("4"), 192, 0, 2]),)).take(stopped_clock)
    client = client_at(SCHOOL)
    client.cookies["django_language"] = language
    lon, lat = personas.TOWN_HALL
    form = {
        "category": "spot",
        "place_type": "point",
        "longitude": lon,
        "latitude": lat,
        "text": "So dark here.",
    }
    photo = SimpleUploadedFile("a.jpg", encode(picture()), "image/jpeg")
    refused = client.post(f"/campaigns/{world.slug}/contribute/", {**form, "photos": photo})
    page = refused.content.decode()
    assert refused.status_code == 429
    assert "So dark here." in page
    assert words in page
    assert str(lon) in page


def test_switched_off_limits_count_nothing(world: Campaign, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 0
    assert {api_support(client_at(SCHOOL), world, {}).status_code for _ in range(30)} == {200}
    assert Level.objects.count() == 0
