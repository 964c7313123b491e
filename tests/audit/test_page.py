"""Superusers search the audit log, page by page, and take it home; nobody else sees anything of it."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.actions import Action, Way
from audit.models import Entry
from audit.recording import record
from mapping.models import Campaign
from mapping.planning.audit import searching
from tests.personas import staff_browser

PAGE = "/planning/audit/"
ADDRESSES = (PAGE, "/planning/audit.csv", "/planning/audit.ndjson")


@pytest.fixture
def log(administrator: User, manager: User, campaign: Campaign, cells_campaign: Campaign) -> None:
    """Four entries of two people, in two campaigns, on three days."""
    record(manager, Action.LOOKED, campaign=cells_campaign, view="heatmap")
    record(manager, Action.MEMBERSHIP_GIVEN, campaign=campaign, member=administrator.pk, role="analyst")
    for days, action in ((3, Action.IMPORTED), (10, Action.ERASED)):
        Entry.objects.create(
            at=timezone.now() - timedelta(days=days),
            user=administrator,
            campaign=campaign,
            action=action,
            way=Way.TOKEN,
            through="=cmd|' /C calc'!A0",
        )


def found(administrator: User, query: str) -> list[str]:
    page = staff_browser(administrator).get(f"{PAGE}{query}")
    assert page.status_code == 200
    # What the walker did itself: logged in, looked.
    own = {Action.LOGGED_IN, Action.LOG_READ, Action.ACCOUNT_MADE}
    return [row.entry.action for row in page.context["rows"] if row.entry.action not in own]


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_superusers_are_let_in(manager: User, analyst: User, outsider: User, address: str) -> None:
    assert Client().get(address).status_code == 302
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    for user in (manager, analyst, outsider, staff):
        assert staff_browser(user).get(address).status_code == 403
    assert not Entry.objects.filter(action__in=(Action.LOG_READ, Action.LOG_EXPORTED)).exists()
    assert PAGE not in staff_browser(manager).get("/planning/").content.decode()


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_cached_or_written(administrator: User, address: str) -> None:
    browser = staff_browser(administrator)
    assert "no-store" in browser.get(address).headers["Cache-Control"]
    assert browser.post(address).status_code == 405


def test_newest_entries_stand_first(administrator: User, log: None) -> None:
    assert found(administrator, "") == ["erased", "imported", "membership_given", "looked"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?person=MANAGER", ["membership_given", "looked"]),
        ("?person=nobody@", []),
        ("?action=imported", ["imported"]),
        ("?action=changes", ["erased", "imported"]),
        ("?since={yesterday}", ["membership_given", "looked"]),
        ("?until={yesterday}", ["erased", "imported"]),
        ("?since={last_week}&until={yesterday}", ["imported"]),
        ("?campaign={cells}", ["looked"]),
    ],
)
def test_search(
    administrator: User, log: None, cells_campaign: Campaign, query: str, expected: list[str]
) -> None:
    today = timezone.localdate()
    asked = query.format(
        cells=cells_campaign.pk, yesterday=today - timedelta(days=1), last_week=today - timedelta(days=7)
    )
    assert found(administrator, asked) == expected


@pytest.mark.parametrize(
    "query",
    [
        "?since=yesterday",
        "?action=flying",
        "?campaign=0",
        "?person=%00",
        "?since=2026-02-02&until=2026-02-01",
    ],
)
def test_wrong_search_says_what_is_wrong(administrator: User, log: None, query: str) -> None:
    browser = staff_browser(administrator)
    page = browser.get(f"{PAGE}{query}")
    assert page.status_code == 422
    assert page.context["form"].errors
    assert browser.get(f"/planning/audit.csv{query}").status_code == 422
    assert not Entry.objects.filter(action=Action.LOG_EXPORTED).exists()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣", ""])
def test_wrong_place_in_the_log_is_the_beginning(administrator: User, log: None, before: str) -> None:
    assert len(found(administrator, f"?before={before}")) == 4


def test_page_by_page(administrator: User, log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "ON_A_PAGE", 3)
    browser = staff_browser(administrator)
    seen: list[int] = []
    query = "?person=@"
    for _page in range(10):
        page = browser.get(f"{PAGE}{query}")
        seen += [row.entry.pk for row in page.context["rows"]]
        if not page.context["older"]:
            break
        assert "person=" in page.context["older"]
        query = f"?{page.context['older']}"
    assert seen == sorted(seen, reverse=True)
    assert set(seen) == set(Entry.objects.exclude(user=None).values_list("pk", flat=True))


def test_entries_are_shown_in_words(administrator: User, log: None, campaign: Campaign) -> None:
    browser = staff_browser(administrator)
    words = browser.get(PAGE).content.decode()
    assert "Rolle vergeben" in words
    # The account that got a role is named, not numbered.
    assert f"member: {administrator.email}" in words
    assert f"/planning/{campaign.slug}/setup/history/" in words
    browser.post("/language/", {"language": "en"})
    assert "Gave a role" in browser.get(PAGE).content.decode()


def test_entries_of_deleted_campaigns_are_shown(administrator: User, log: None, campaign: Campaign) -> None:
    number = campaign.pk
    campaign.delete()
    assert f"Beteiligung {number}" in staff_browser(administrator).get(PAGE).content.decode()


def test_looking_is_recorded_once(administrator: User) -> None:
    browser = staff_browser(administrator)
    browser.get(PAGE)
    browser.get(f"{PAGE}?person=x")
    assert Entry.objects.filter(action=Action.LOG_READ, user=administrator).count() == 1


def test_csv(administrator: User, log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_IN_A_PIECE", 2)
    answer = staff_browser(administrator).get("/planning/audit.csv?person=@")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="audit-')
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert {"erased", "imported", "membership_given", "looked", "log_exported"} <= {
        one["action"] for one in rows
    }
    imported = next(one for one in rows if one["action"] == "imported")
    assert (imported["email"], imported["words"]) == (administrator.email, "Imported data")
    assert datetime.fromisoformat(imported["at"]).tzinfo == UTC
    assert imported["through"].startswith("'="), "a formula"
    assert Entry.objects.filter(action=Action.LOG_EXPORTED, user=administrator).count() == 1


def test_lines_of_json(administrator: User, log: None, cells_campaign: Campaign) -> None:
    answer = staff_browser(administrator).get(f"/planning/audit.ndjson?campaign={cells_campaign.pk}")
    assert answer.headers["Content-Type"] == "application/x-ndjson"
    (one,) = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert (one["action"], one["campaign"], one["view"]) == ("looked", cells_campaign.slug, "heatmap")
