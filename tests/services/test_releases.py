"""Releases are made at fixed times, whatever anybody does meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from mapping.aggregation.releases import ledger
from mapping.aggregation.releases.releasing import Ledger
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    Release,
    ReleaseAttempt,
    ReleaseRhythm,
)
from mapping.models.release import told_people
from mapping.services.erase import withdraw
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.moderation import moderate
from mapping.services.releases import making as releases
from mapping.services.releases.times import last_time, next_time
from tests import personas
from tests.api.conftest import feature, send
from tests.background import work
from tests.personas import TOWN_HALL, make_contribution


@pytest.fixture
def waiting(cells_campaign: Campaign) -> Campaign:
    """Five people wait for the first release of a campaign that is two weeks old."""
    for _ in range(5):
        make_contribution(cells_campaign, TOWN_HALL)
    cells_campaign.created_at = timezone.now() - timedelta(days=15)
    cells_campaign.save()
    return cells_campaign


def made() -> list[Release | None]:
    return [release for _campaign, release in releases.make_due_releases()]


def tried(campaign: Campaign, at: datetime) -> None:
    ReleaseAttempt.objects.filter(campaign=campaign).update(tried_at=at)


@pytest.mark.parametrize(
    ("rhythm", "at", "last", "following"),
    [
        # By the clock of Berlin, an hour before UTC in winter and two in summer.
        ("daily", "2026-01-15T02:00", "2026-01-15T02:00", "2026-01-16T02:00"),
        ("daily", "2026-01-15T01:59", "2026-01-14T02:00", "2026-01-15T02:00"),
        ("daily", "2026-03-28T12:00", "2026-03-28T02:00", "2026-03-29T01:00"),
        ("daily", "2026-10-24T12:00", "2026-10-24T01:00", "2026-10-25T02:00"),
        ("by_hand", "2026-01-15T12:00", "2026-01-15T02:00", "2026-01-16T02:00"),
        ("weekly", "2026-01-12T02:00", "2026-01-12T02:00", "2026-01-19T02:00"),
        ("weekly", "2026-01-12T01:59", "2026-01-05T02:00", "2026-01-12T02:00"),
        ("weekly", "2026-01-18T23:30", "2026-01-12T02:00", "2026-01-19T02:00"),
        ("weekly", "2026-03-28T12:00", "2026-03-23T02:00", "2026-03-30T01:00"),
    ],
)
def test_times_are_fixed(rhythm: str, at: str, last: str, following: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert last_time(rhythm, moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == last
    assert next_time(rhythm, moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") == following


def test_a_release_is_made_once_at_its_time(waiting: Campaign) -> None:
    [release] = made()
    assert release is not None
    assert release.made_at == last_time(ReleaseRhythm.DAILY, timezone.now())
    assert made() == []
    tried(waiting, timezone.now() - timedelta(days=1, minutes=1))
    assert made() == [None]


def test_a_weekly_release_waits_for_monday(waiting: Campaign) -> None:
    waiting.release_rhythm = ReleaseRhythm.WEEKLY
    waiting.save()
    ReleaseAttempt.objects.create(campaign=waiting, tried_at=last_time("weekly", timezone.now()))
    assert made() == []
    tried(waiting, timezone.now() - timedelta(days=8))
    [release] = made()
    assert release is not None
    assert timezone.localtime(release.made_at).weekday() == 0


def test_a_release_by_hand_is_made_at_the_next_time_after_the_order(waiting: Campaign, manager: User) -> None:
    waiting.release_rhythm = ReleaseRhythm.BY_HAND
    waiting.save()
    manager.memberships.create(campaign=waiting, role="manager")
    assert releases.next_release(waiting) is None
    assert made() == []
    releases.order_release(waiting, manager)
    assert releases.next_release(waiting) == next_time(ReleaseRhythm.DAILY, timezone.now())
    assert made() == []
    ReleaseAttempt.objects.update(ordered_at=timezone.now() - timedelta(days=1, minutes=1))
    [release] = made()
    assert release is not None
    assert releases.next_release(waiting) is None


def test_rhythm_is_the_managers_to_choose(cells_campaign: Campaign, manager: User, analyst: User) -> None:
    manager.memberships.create(campaign=cells_campaign, role="manager")
    analyst.memberships.create(campaign=cells_campaign, role="analyst")
    releases.set_rhythm(cells_campaign, "weekly", manager)
    cells_campaign.refresh_from_db()
    assert cells_campaign.release_rhythm == ReleaseRhythm.WEEKLY
    with pytest.raises(NotAllowed):
        releases.set_rhythm(cells_campaign, "daily", analyst)
    with pytest.raises(NotAllowed):
        releases.order_release(cells_campaign, analyst)
    with pytest.raises(Invalid):
        releases.set_rhythm(cells_campaign, "hourly", manager)


@pytest.mark.django_db(transaction=True)
def test_no_contribution_decision_or_withdrawal_makes_a_release(administrator: User) -> None:
    """Neither in the request nor when its transaction is final."""
    campaign = personas.make_campaign("night-routes", publication="cells")
    for _ in range(6):
        assert send(Client(), campaign.slug, feature(text="Dark.")).status_code == 201
    sent = list(Contribution.objects.filter(campaign=campaign))
    for one in sent[:3]:
        moderate.publish(one, administrator)
    moderate.bulk([one.pk for one in sent[3:]], campaign, "publish", administrator)
    assert Contribution.objects.filter(status=ContributionStatus.PUBLISHED).count() == 6
    assert not Release.objects.exists()
    assert releases.make_release(campaign) is not None
    for one in Contribution.objects.filter(campaign=campaign):
        withdraw(one)
    assert Release.objects.count() == 1


def test_a_broken_campaign_does_not_keep_the_others_waiting(
    waiting: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = personas.make_campaign(
        "other", publication="cells", created_at=timezone.now() - timedelta(days=3)
    )
    for _ in range(5):
        make_contribution(other, TOWN_HALL)
    real = ledger.read

    def broken_at_first(campaign: Campaign) -> Ledger:
        monkeypatch.setattr(ledger, "read", real)
        raise LookupError

    monkeypatch.setattr(ledger, "read", broken_at_first)
    [release] = made()
    assert release is not None
    assert release.campaign == other
    assert "The release of night-routes failed." in caplog.text
    # It is tried again.
    [release] = made()
    assert release is not None
    assert release.campaign == waiting


def test_drafts_and_campaigns_of_points_have_no_releases(waiting: Campaign, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(created_at=waiting.created_at)
    waiting.is_draft = True
    waiting.save()
    assert made() == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_what_is_due_once() -> None:
    campaign = personas.make_campaign(
        "night-routes", publication="cells", created_at=timezone.now() - timedelta(days=3)
    )
    for _ in range(5):
        make_contribution(campaign, TOWN_HALL)
    for _worker in range(3):
        work()
    assert Release.objects.filter(campaign=campaign).count() == 1


def test_the_command_makes_what_is_due(waiting: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_releases")
    call_command("make_releases")
    [line] = capsys.readouterr().out.splitlines()
    assert line == "night-routes: release 1, 1 cells, 5 contributions in them"


@pytest.mark.parametrize("k", range(2, 101))
@pytest.mark.slow
def test_a_larger_k_tells_nothing_new_of_the_same_people(k: int) -> None:
    """Who knows what was told at k and what is told at a larger one knows no more than that the area still stands."""
    for larger in range(k, 101):
        for people in range(larger, 3 * larger, 7):
            before = {other for other in range(k, 500) if told_people(other, k) == told_people(people, k)}
            both = {other for other in before if told_people(other, larger) == told_people(people, larger)}
            assert both == {other for other in before if other >= larger}
            assert told_people(people, larger) >= larger
