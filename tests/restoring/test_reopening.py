"""Before a restored site opens: releases that may follow unknown ones wait, revisions are new, sessions end."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from geoparticipation.backup.reopening import delete_strays, reopen
from mapping.models import (
    Audience,
    Campaign,
    Change,
    Erasure,
    Publication,
    Question,
    Release,
    ReleaseHold,
    ResultsShown,
)
from mapping.services.erasures.ledger import GAP
from mapping.services.releases.holding import hold_releases
from mapping.services.releases.making import is_held, make_due_releases, make_release, next_release
from mapping.services.surveys.results import public_results
from tests import personas

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=3)


@pytest.fixture
def protected() -> Campaign:
    campaign = personas.make_campaign("fear-spaces", publication=Publication.CELLS, k=5)
    for _ in range(6):
        personas.make_contribution(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(created_at=LONG_AGO)
    campaign.refresh_from_db()
    return campaign


def test_releases_wait_where_newer_ones_may_have_been_public(protected: Campaign) -> None:
    assert [one.slug for one in hold_releases(LONG_AGO)] == ["fear-spaces"]
    assert is_held(protected)
    assert list(make_due_releases()) == []
    assert make_release(protected) is None
    assert next_release(protected) is None
    assert Release.objects.count() == 0
    out = StringIO()
    call_command("resume_releases", stdout=out)
    assert "fear-spaces: releases after" in out.getvalue()
    call_command("resume_releases", "fear-spaces", stdout=out)
    assert len(list(make_due_releases())) == 1
    assert Release.objects.count() == 1


def test_releases_wait_also_where_no_night_came_between(
    protected: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was away at three makes the release later in the morning, after the backup."""
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    monkeypatch.setattr("mapping.services.releases.holding.timezone.now", lambda: noon)
    assert hold_releases(noon) == []
    assert hold_releases(noon - timedelta(hours=1)) == [protected]


def test_second_restore_keeps_the_earlier_moment(protected: Campaign) -> None:
    hold_releases(LONG_AGO)
    hold_releases(LONG_AGO + timedelta(days=1))
    assert ReleaseHold.objects.get().known_until == LONG_AGO


def test_results_of_a_survey_stay_as_they_were_public(campaign: Campaign) -> None:
    question = Question.objects.create(
        campaign=campaign,
        slug="often",
        title="How often?",
        kind="single_choice",
        options={"choices": [{"value": "daily", "label": "Daily"}, {"value": "never", "label": "Never"}]},
        audience=Audience.PUBLIC,
        results=ResultsShown.LIVE,
    )
    personas_answer(campaign, question, campaign.k)
    first = public_results(campaign, timezone.now())
    assert first.responses
    assert hold_releases(timezone.now()) == [campaign]
    personas_answer(campaign, question, campaign.k * 4)
    held = public_results(campaign, timezone.now())
    assert (held.responses, held.made_at) == (first.responses, first.made_at)
    call_command("resume_releases", campaign.slug, stdout=StringIO())
    assert public_results(campaign, timezone.now()).responses > first.responses


def personas_answer(campaign: Campaign, question: Question, people: int) -> None:
    from mapping.models import Response

    for _ in range(people):
        Response.objects.create(
            campaign=campaign,
            participant=personas.make_participant(campaign),
            answers={question.slug: "daily"},
            completed_at=timezone.now(),
        )


def test_revisions_are_new_and_sessions_end(campaign: Campaign, settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    personas.make_contribution(campaign)
    before = Change.objects.revision_of(campaign.pk)
    Session.objects.create(session_key="s" * 32, session_data="", expire_date=timezone.now())
    reopen([], known_until=timezone.now())
    after = Change.objects.revision_of(campaign.pk)
    assert after.number > before.number + 2**31
    personas.make_contribution(campaign)
    assert Change.objects.revision_of(campaign.pk).number > after.number
    assert not Session.objects.exists()


@pytest.mark.parametrize("moment", ["2026-11-30T03:00", "yesterday"])
def test_moment_needs_its_offset(moment: str) -> None:
    with pytest.raises(CommandError):
        call_command("after_restore", "--moment", moment, "--without-erasures")


def test_list_must_be_newer_than_the_moment(tmp_path: Path) -> None:
    path = tmp_path / "erasures.txt"
    call_command("export_erasures", str(path), stdout=StringIO())
    later = (timezone.now() + timedelta(minutes=1)).isoformat()
    with pytest.raises(CommandError, match="ends before"):
        call_command("after_restore", "--moment", later, "--erasures", str(path))


def test_moment_that_is_older_than_erasures_are_remembered_is_refused(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ERASURE_LEDGER_DAYS = 30
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    path = tmp_path / "erasures.txt"
    call_command("export_erasures", str(path), stdout=StringIO())
    old = (timezone.now() - timedelta(days=31)).isoformat()
    with pytest.raises(CommandError, match="erasures are remembered for 30 days"):
        call_command("after_restore", "--moment", old, "--erasures", str(path))
    out, err = StringIO(), StringIO()
    call_command("after_restore", "--moment", old, "--without-erasures", stdout=out, stderr=err)
    assert "WARNING: no list of erasures was replayed" in err.getvalue()
    assert [one.kind for one in Erasure.objects.all()] == [GAP]


def test_list_must_have_what_the_restored_database_names(tmp_path: Path) -> None:
    path = tmp_path / "erasures.txt"
    call_command("export_erasures", str(path), stdout=StringIO())
    Erasure.objects.create(digest=b"1" * 32, kind="support", day=timezone.now().date())
    moment = (timezone.now() - timedelta(minutes=1)).isoformat()
    with pytest.raises(CommandError, match="lacks what the database itself names"):
        call_command("after_restore", "--moment", moment, "--erasures", str(path))


def test_files_without_a_row_stay_until_the_restore_is_final(settings: Settings, tmp_path: Path) -> None:
    """The former database, which may come back, names those that are newer than the set."""
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    name = default_storage.save("photos/2026/11/newer.jpg", ContentFile(b"a photo"))
    done = reopen([], known_until=timezone.now())
    assert default_storage.exists(name)
    assert delete_strays(done).stray_files == 1
    assert not default_storage.exists(name)


def test_what_was_due_is_removed_before_the_site_opens(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    seen: list[str] = []
    monkeypatch.setattr("geoparticipation.backup.reopening.remove_expired", seen.append)
    reopen([], known_until=timezone.now())
    assert seen == ["minute", "day", "night"]
