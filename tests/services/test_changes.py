"""The revision of a campaign under concurrency: nobody waits, nothing is lost, nothing is seen too early."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from mapping.models import Change
from tests import personas

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = "SELECT mapping_note_changes(ARRAY[%s]::bigint[])"
EACH = 150


def number_of(campaign_id: int) -> int:
    return Change.objects.revision_of(campaign_id).number


def test_change_counts_when_it_is_committed() -> None:
    campaign = personas.make_campaign()
    before = number_of(campaign.pk)
    with closing(connections.create_connection(DEFAULT_DB_ALIAS)) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(NOTE, [campaign.pk])
        Change.objects.note(campaign.pk)  # does not wait for the other one
        assert number_of(campaign.pk) == before + 1
        cursor.execute("COMMIT")
        assert number_of(campaign.pk) == before + 2
        cursor.execute("BEGIN")
        cursor.execute(NOTE, [campaign.pk])
        cursor.execute("ROLLBACK")
    assert number_of(campaign.pk) == before + 2


def test_many_at_once_lose_nothing() -> None:
    """Some of them replace rows by their sum while the others add and replace, too."""
    campaign = personas.make_campaign()
    before = number_of(campaign.pk)

    def note_often(_number: int) -> None:
        with closing(connections.create_connection(DEFAULT_DB_ALIAS)) as own, own.cursor() as cursor:
            for _ in range(EACH):
                cursor.execute(NOTE, [campaign.pk])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(note_often, range(4)))
    assert number_of(campaign.pk) == before + 4 * EACH
    assert Change.objects.filter(campaign_id=campaign.pk).count() < EACH


def test_many_rows_of_one_statement_are_one_change() -> None:
    campaign, other = personas.make_campaign(), personas.make_campaign("other")
    before = number_of(campaign.pk), number_of(other.pk)
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT mapping_note_changes(array_fill(%s::bigint, ARRAY[500]) || %s::bigint)",
            [campaign.pk, other.pk],
        )
    assert (number_of(campaign.pk), number_of(other.pk)) == (before[0] + 1, before[1] + 1)
