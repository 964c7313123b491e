"""The ledger of erasures: every way of deleting is noted, the file is whole or refused, and it names nobody."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Contribution, Erasure, ModerationEvent, Participant, Support
from mapping.models.restoring.erasure import tables_without_ledger
from mapping.services.erase import erase_participant
from mapping.services.erasures import ledger
from mapping.services.erasures.kinds import ERASABLES
from mapping.services.erasures.ledger import BrokenLedger, current_ledger, export_ledger, read_ledger
from mapping.services.erasures.replaying import erased_rows, replay
from mapping.services.identity import forget_if_idle
from mapping.services.moderation import moderate
from tests.personas import make_participant, make_support

pytestmark = pytest.mark.django_db


def test_every_kind_has_its_trigger_and_every_trigger_its_kind() -> None:
    tables = {kind.table for kind in ERASABLES}
    assert tables_without_ledger(tables, "default") == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE prosrc LIKE '%%INSERT INTO mapping_erasure%%'"
        )
        found = cursor.fetchall()
    assert {table for table, _ in found} == tables
    # The same hash on both sides.
    names = {(table, re.search(r"concat_ws\(':', '(\w+)'", source)[1]) for table, source in found}  # type: ignore[index]
    assert names == {(kind.table, kind.name) for kind in ERASABLES}


def test_deletion_by_sql_is_noted_too(published: Contribution) -> None:
    support = make_support(published)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mapping_support WHERE id = %s", [support.pk])
    assert [one.kind for one in Erasure.objects.all()] == ["support"]


def test_new_row_under_an_old_number_is_another_row(published: Contribution) -> None:
    support = make_support(published)
    key, participant = support.pk, support.participant
    support.delete()
    Support.objects.create(pk=key, contribution=published, participant=participant, value=1)
    kind = ERASABLES.named("support")
    assert kind is not None
    assert erased_rows(kind, [one.digest for one in current_ledger().entries]) == []
    replay(current_ledger())
    assert Support.objects.filter(pk=key).exists()


def test_rows_of_one_person_are_not_recognised_as_belonging_together(published: Contribution) -> None:
    person = published.participant
    assert person is not None
    make_support(published, by=person)
    erase_participant(person)
    columns = {field.name for field in Erasure._meta.fields}
    assert columns == {"digest", "kind", "day"}
    assert set(Erasure.objects.values_list("day", flat=True)) == {timezone.now().date()}
    text = "".join(ledger.lines_of(current_ledger()))
    assert str(published.pk) not in text
    assert bytes(person.key).hex() not in text


def test_replaying_erases_what_is_there_again(published: Contribution, tmp_path: Path) -> None:
    person = published.participant
    assert person is not None
    kept = Participant.objects.filter(pk=person.pk).values().get()
    erase_participant(person)
    export_ledger(tmp_path / "erasures.txt")
    # As a restored backup has it.
    Erasure.objects.all().delete()
    Participant.objects.create(**kept)
    assert replay(read_ledger(tmp_path / "erasures.txt")) == {"participant": 1}
    assert not Participant.objects.filter(pk=person.pk).exists()
    # The ledger is whole again, so that the next backup and the next list have them.
    assert {one.kind for one in current_ledger().entries} >= {"participant", "contribution"}


def test_erased_original_of_an_edit_is_erased_once_more(published: Contribution, manager: User) -> None:
    moderate.edit(published, manager, text="Without the name")
    event = ModerationEvent.objects.exclude(original={}).get()
    kept = dict(event.original)
    moderate.erase_original(event, manager)
    found = current_ledger()
    assert [one.kind for one in found.entries] == ["original"]
    # As a restored backup has it.
    ModerationEvent.objects.filter(pk=event.pk).update(original=kept)
    assert replay(found) == {"original": 1}
    event.refresh_from_db()
    assert event.original == {}
    assert replay(found) == {}


def test_file_keeps_what_the_database_lost(published: Contribution, tmp_path: Path) -> None:
    path = tmp_path / "erasures.txt"
    make_support(published).delete()
    first = export_ledger(path)
    Erasure.objects.all().delete()
    second = export_ledger(path)
    assert second.entries == first.entries
    assert second.until > first.until
    assert read_ledger(path) == second


def test_person_without_data_at_last_loses_the_link_and_no_contribution(published: Contribution) -> None:
    """After the backup the contribution went to another sheet or browser, so that this person had nothing left."""
    person = published.participant
    assert person is not None
    kept = Participant.objects.filter(pk=person.pk).values().get()
    key = bytes(person.key)
    Contribution.objects.filter(pk=published.pk).update(participant=make_participant(published.campaign))
    forget_if_idle(person)
    assert not Participant.objects.filter(pk=kept["id"]).exists()
    # As a restored backup has it.
    found = current_ledger()
    Participant.objects.create(**kept)
    Contribution.objects.filter(pk=published.pk).update(participant=kept["id"])
    replay(found)
    stored = Contribution.objects.select_related("participant").get(pk=published.pk)
    assert stored.participant is not None
    assert bytes(stored.participant.key) != key
    assert not Participant.objects.filter(key=key).exists()


def test_old_entries_go_from_table_and_file(
    published: Contribution, tmp_path: Path, settings: Settings
) -> None:
    settings.ERASURE_LEDGER_DAYS = 30
    make_support(published).delete()
    Erasure.objects.update(day=timezone.now().date() - timedelta(days=31))
    path = tmp_path / "erasures.txt"
    assert len(export_ledger(path).entries) == 1
    assert ledger.forget_old() == 1
    assert export_ledger(path).entries == frozenset()


@pytest.mark.parametrize("harm", ["cut", "changed", "other", "empty"])
def test_list_that_is_not_whole_is_refused(published: Contribution, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "erasures.txt"
    make_support(published).delete()
    export_ledger(path)
    text = path.read_text()
    lines = text.splitlines(keepends=True)
    path.write_text(
        {
            "cut": "".join(lines[:-1]),
            "changed": text.replace(" support ", " comment "),
            "other": "shopping list\n",
            "empty": "",
        }[harm]
    )
    with pytest.raises(BrokenLedger):
        read_ledger(path)
    with pytest.raises(BrokenLedger):
        export_ledger(path)
