"""Dates of retention that were promised after a backup hold in the restored database."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from geoparticipation.backup.reopening import reopen
from mapping.models import Campaign, Participant, RetentionSpan
from mapping.services import export_jobs
from mapping.services.erasures.ledger import Ledger, current_ledger, export_ledger, lines_of, read_ledger
from mapping.services.erasures.promises import Promised, keep_promises, merged_promises
from mapping.services.retained import spans
from mapping.services.retained.removing import NotRemoved
from tests import personas

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_the_test(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


def promised(campaign: Campaign) -> RetentionSpan:
    return RetentionSpan.objects.of(campaign).get(subject="texts")


@pytest.fixture
def shortened(campaign: Campaign, manager: User) -> Ledger:
    """The list after a span became shorter; the database then is as the backup has it, with the longer one."""
    spans.set_spans(campaign, manager, {"texts": 12})
    person = personas.make_participant(campaign)
    found = current_ledger()
    person.delete()
    spans.set_spans(campaign, manager, {"texts": 24})
    personas.make_participant(campaign)
    return found


def test_span_that_became_shorter_after_the_backup_is_kept(campaign: Campaign, shortened: Ledger) -> None:
    (told,) = shortened.promises
    later = promised(campaign).until
    assert told.until is not None
    assert later is not None
    assert later > told.until
    assert reopen([shortened], known_until=timezone.now()).shortened == 1
    assert (promised(campaign).months, promised(campaign).until) == (12, told.until)
    assert reopen([shortened], known_until=timezone.now()).shortened == 0


def test_date_that_is_near_is_kept_though_new_ones_lie_a_month_ahead(
    campaign: Campaign, manager: User
) -> None:
    spans.set_spans(campaign, manager, {"texts": 12})
    personas.make_participant(campaign)
    (told,) = current_ledger().promises
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert keep_promises([Promised(told.digest, "texts", 1, tomorrow)]) == 1
    assert (promised(campaign).months, promised(campaign).until) == (1, tomorrow)


def test_span_that_was_set_after_the_backup_comes_back(campaign: Campaign, shortened: Ledger) -> None:
    Participant.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mapping_retentionspan")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert keep_promises(shortened.promises) == 1
    assert promised(campaign).months == 12


def test_campaign_under_an_old_number_is_another_one(campaign: Campaign, shortened: Ledger) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(created_at=timezone.now())
    assert keep_promises(shortened.promises) == 0


def test_nothing_is_promised_while_nobody_took_part(campaign: Campaign, manager: User) -> None:
    spans.set_spans(campaign, manager, {"texts": 12})
    assert current_ledger().promises == frozenset()


def test_file_keeps_the_earlier_promise_and_names_no_campaign(
    campaign: Campaign, shortened: Ledger, tmp_path: Path
) -> None:
    path = tmp_path / "erasures.txt"
    path.write_text("".join(lines_of(shortened)))
    again = export_ledger(path)
    assert again.promises == shortened.promises
    assert read_ledger(path) == again
    assert campaign.slug not in path.read_text()


def test_of_two_promises_the_fewer_months_and_the_first_date_hold() -> None:
    day = timezone.localdate()
    one, other = Promised(b"1", "texts", 12, None), Promised(b"1", "texts", 24, day)
    assert (
        merged_promises([one, other]) == merged_promises([other, one]) == {Promised(b"1", "texts", 12, day)}
    )
    assert len(merged_promises([one, Promised(b"1", "people", 3, None)])) == 2


def test_restore_ends_where_something_due_is_not_removed(
    campaign: Campaign, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    personas.make_contribution(campaign, text="Mine")
    spans.set_spans(campaign, manager, {"texts": 1})
    (told,) = current_ledger().promises
    keep_promises([Promised(told.digest, "texts", 1, timezone.localdate())])

    def fail(_campaign: Campaign) -> None:
        raise OSError("away")

    with monkeypatch.context() as broken:
        broken.setattr(export_jobs, "revoke", fail)
        with pytest.raises(NotRemoved, match=f"contributions of {campaign.slug}"):
            reopen([], known_until=timezone.now())
        with pytest.raises(CommandError, match="is still there"):
            call_command("apply_retention", stdout=StringIO())
    reopen([], known_until=timezone.now())
    assert campaign.contributions.get().text == ""
