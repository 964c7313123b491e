"""The audit log is only added to, keeps its time, and has one entry an hour for what is done again and again."""

from datetime import timedelta

import pytest
from django.core import checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from audit.actions import GROUPS, Action, Result, Way
from audit.models import Entry
from audit.pruning import kept_since, prune
from audit.recording import record, record_once
from audit.ways import ON_THE_SERVER, Through, came_by, current_way
from mapping.models import Campaign
from mapping.services.retention import remove_expired


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'logged_out'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "TRUNCATE accounts_user CASCADE",
        "INSERT INTO audit_entry SELECT * FROM audit_entry ON CONFLICT (id) DO UPDATE SET action = 'logged_out'",
        "DELETE FROM audit_entry WHERE false",
    ],
)
def test_database_only_adds(administrator: User, statement: str) -> None:
    record(administrator, Action.LOOKED)
    with connection.cursor() as cursor:
        # Nothing must wait for the end of the transaction: PostgreSQL would refuse TRUNCATE for that reason.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute(statement)
    assert "append-only" in str(refused.value)
    assert Entry.objects.filter(action=Action.LOOKED, user=administrator).exists()


def test_orm_only_adds(administrator: User) -> None:
    record(administrator, Action.LOOKED)
    entry = Entry.objects.latest("pk")
    for change in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_old_entries_are_removed_and_that_is_recorded(administrator: User, settings: Settings) -> None:
    settings.AUDIT_MONTHS = 2
    now = timezone.now()
    for days in (10, 61, 63, 400):
        Entry.objects.create(
            at=now - timedelta(days=days), user=administrator, action=Action.LOOKED, way=Way.PAGE
        )
    assert prune(now) == 2
    ages = {(now - one.at).days for one in Entry.objects.filter(action=Action.LOOKED)}
    assert ages == {10, 61}
    removal = Entry.objects.get(action=Action.LOG_PRUNED)
    assert (removal.user, removal.details["number"], removal.way) == (None, 2, Way.SERVER)
    # Again there is nothing to remove, and nothing to record.
    assert prune(now) == 0
    assert Entry.objects.filter(action=Action.LOG_PRUNED).count() == 1


def test_removal_leaves_the_guard_in_place(administrator: User) -> None:
    record(administrator, Action.LOOKED)
    with transaction.atomic():
        prune()
        with pytest.raises(DatabaseError), transaction.atomic():
            Entry.objects.all().delete()


@pytest.mark.parametrize("days", [29, 0, -1])
def test_nothing_of_the_last_month_is_ever_removed(administrator: User, days: int) -> None:
    record(administrator, Action.LOOKED)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_prune(%s)", [timezone.now() - timedelta(days=days)])


def test_the_nightly_command_removes_old_entries(administrator: User, settings: Settings) -> None:
    settings.AUDIT_MONTHS = 1
    long_ago = kept_since(timezone.now()) - timedelta(hours=1)
    Entry.objects.create(at=long_ago, action=Action.LOOKED, way=Way.PAGE)
    call_command("forget_networks")
    assert not Entry.objects.filter(at__lte=long_ago).exists()
    assert "audit" in remove_expired("day")


def test_months_are_at_least_one(settings: Settings) -> None:
    settings.AUDIT_MONTHS = 0
    assert "audit.E001" in {one.id for one in checks.run_checks(tags=[checks.Tags.security])}


def test_one_entry_an_hour(administrator: User, campaign: Campaign) -> None:
    for _time in range(3):
        record_once(administrator, Action.LOOKED, campaign=campaign, view="heatmap")
    record_once(administrator, Action.LOOKED, campaign=campaign, view="queue")
    record_once(administrator, Action.LOOKED, view="queue")
    found = Entry.objects.filter(action=Action.LOOKED)
    assert sorted(found.values_list("view", flat=True)) == ["heatmap", "queue", "queue"]
    assert all(one.hour is not None and one.hour <= one.at for one in found)


@pytest.mark.django_db(transaction=True)
def test_repetitions_cost_no_query(
    administrator: User, campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for _time in range(50):
            record_once(administrator, Action.LOOKED, campaign=campaign, view="heatmap")


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_recorded_by_the_next(administrator: User) -> None:
    with transaction.atomic():
        record_once(administrator, Action.LOOKED, view="queue")
        transaction.set_rollback(True)
    assert not Entry.objects.filter(action=Action.LOOKED).exists()
    record_once(administrator, Action.LOOKED, view="queue")
    assert Entry.objects.filter(action=Action.LOOKED).count() == 1


def test_entry_goes_with_the_transaction_of_what_it_records(administrator: User) -> None:
    with transaction.atomic():
        record(administrator, Action.IMPORTED)
        transaction.set_rollback(True)
    assert not Entry.objects.filter(action=Action.IMPORTED).exists()


def test_entry_says_who_what_and_of_which_object(administrator: User, campaign: Campaign) -> None:
    record(
        administrator,
        Action.MEMBERSHIP_GIVEN,
        campaign=campaign,
        target=administrator,
        result=Result.REFUSED,
        role="x" * 200,
    )
    entry = Entry.objects.get(action=Action.MEMBERSHIP_GIVEN)
    assert (entry.user, entry.campaign, entry.result) == (administrator, campaign, "refused")
    assert (entry.kind, entry.key) == ("accounts.user", str(administrator.pk))
    assert entry.details == {"role": "x" * 80}
    assert entry.hour is None


def test_entries_stay_when_a_campaign_goes(administrator: User, campaign: Campaign) -> None:
    record(administrator, Action.LOOKED, campaign=campaign)
    number = campaign.pk
    campaign.delete()
    assert Entry.objects.get(action=Action.LOOKED).campaign_id == number


def test_accounts_in_the_log_cannot_be_deleted(administrator: User) -> None:
    record(administrator, Action.LOOKED)
    with pytest.raises(DatabaseError), transaction.atomic():
        administrator.delete()


def test_way_is_known_during_a_request_only(administrator: User) -> None:
    came_by(Way.TOKEN, "QGIS")
    assert current_way() == ON_THE_SERVER
    browser = Client()
    browser.force_login(administrator)
    browser.get("/planning/audit/")
    assert Entry.objects.get(action=Action.LOG_READ).way == Way.PAGE
    assert current_way() == ON_THE_SERVER
    record(administrator, Action.LOOKED, through=Through(Way.LINK, "L" * 100))
    assert Entry.objects.get(action=Action.LOOKED).through == "L" * 80


def test_each_action_stands_in_one_group() -> None:
    grouped = [one for _title, actions in GROUPS.values() for one in actions]
    assert sorted(grouped) == sorted(Action)
    assert len(set(Action.values) | set(GROUPS)) == len(Action) + len(GROUPS), (
        "a group is called as an action"
    )


def test_code_of_another_version_is_shown_as_it_is() -> None:
    assert Entry(action="of_tomorrow").sentence == "of_tomorrow"
    assert Entry(action=Action.LOGGED_IN).sentence == "Angemeldet"
