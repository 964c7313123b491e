"""A large query, read in parts over two connections: the same rows in the same order, from one moment."""

import json
import threading
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest
from django.db import connection
from django.db.models import TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast
from django.test import Client

from mapping.exports.streams import copying, division
from mapping.exports.streams.copying import copied_rows, copied_table
from mapping.exports.streams.division import in_parts
from mapping.models import Campaign, Contribution
from tests.exports.many import MANY, NOON, copied_ids, fill, ids, newest_first
from tests.personas import make_campaign


def test_parts_hold_each_row_once_in_order(campaign: Campaign, small_parts: None) -> None:
    fill(campaign)
    parts = in_parts(newest_first(), "created_at", connection)
    assert len(parts) > 5
    found = [str(pk) for part in parts for pk in part.values_list("pk", flat=True)]
    assert found == ids()
    limits = [(part.first(), part.last()) for part in parts]
    for (_newer, last), (first, _older) in pairwise(limits):
        assert last is None or first is None or last.created_at > first.created_at


def test_small_tables_are_one_part(campaign: Campaign) -> None:
    fill(campaign)
    assert len(in_parts(newest_first(), "created_at", connection)) == 1


def test_rows_without_statistics_are_one_part(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(campaign)
    monkeypatch.setattr(division, "PART", 20)
    monkeypatch.setattr(division, "_bounds", lambda *_arguments: [])
    [whole] = in_parts(newest_first(), "created_at", connection)
    assert whole.count() == MANY + 1


def test_download_in_parts_is_the_same_file(
    campaign: Campaign, small_parts: None, monkeypatch: pytest.MonkeyPatch, used: list[int]
) -> None:
    fill(campaign)
    url = f"/api/v1/campaigns/{campaign.slug}/download"

    def bodies() -> list[bytes]:
        csv = Client().get(f"{url}.csv").getvalue()
        features = json.loads(Client().get(f"{url}.geojson").getvalue())["features"]
        return [csv, json.dumps(features).encode(), Client().get(f"{url}.ndjson").getvalue()]

    divided = bodies()
    assert len(used) > 3 * 5
    used.clear()
    monkeypatch.setattr(division, "PART", 10_000)
    assert bodies() == divided
    assert len(used) == 3


def test_filtered_downloads_are_asked_once(campaign: Campaign, small_parts: None, used: list[int]) -> None:
    fill(campaign)
    Client().get(f"/api/v1/campaigns/{campaign.slug}/download.ndjson?category=spot").getvalue()
    assert len(used) == 1


@pytest.mark.django_db(transaction=True)
def test_two_connections_read_one_moment(small_parts: None, used: list[int]) -> None:
    fill(make_campaign())
    before = ids()
    rows = newest_first().values_list(Cast("id", TextField()), flat=True)
    stream = copied_rows(rows, joined_by=b"\n", divided_by="created_at")
    text = next(stream)
    Contribution.objects.filter(created_at__lt=NOON + timedelta(hours=50)).delete()
    text += b"".join(stream)
    assert text.decode().split("\n") == before
    assert len(set(used)) == 2
    assert list(copied_ids()) == ids() != before


@pytest.mark.django_db(transaction=True)
def test_without_a_second_connection_one_reads_all(
    small_parts: None, used: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_campaign())
    monkeypatch.setattr(copying, "_helpers", threading.BoundedSemaphore(1))
    held = copied_rows(newest_first().values_list(Value("x")), divided_by="created_at")
    next(held)
    used.clear()
    assert list(copied_ids()) == ids()
    assert len(set(used)) == 1
    assert len(used) > 5
    held.close()
    used.clear()
    assert list(copied_ids()) == ids()
    assert len(set(used)) == 2


@pytest.mark.django_db(transaction=True)
def test_failure_in_any_part_is_an_error_and_gives_the_connections_back(small_parts: None) -> None:
    fill(make_campaign())
    oldest = newest_first().last()
    assert oldest
    failing = RawSQL("(1 / (id <> %s)::int)::text", (oldest.pk,), output_field=TextField())
    for _ in range(15):
        with pytest.raises(psycopg.errors.DivisionByZero):
            list(copied_rows(newest_first().values_list(failing), divided_by="created_at"))
    assert Contribution.objects.count() == MANY + 1


@pytest.mark.django_db(transaction=True)
def test_streams_that_are_given_up_give_both_connections_back(small_parts: None) -> None:
    fill(make_campaign())
    long = RawSQL("repeat('x', 20000)", (), output_field=TextField())
    for _ in range(15):
        stream = copied_rows(newest_first().values_list(long), divided_by="created_at")
        next(stream)
        stream.close()
    assert list(copied_ids()) == ids()


def test_empty_values_are_rows_too(campaign: Campaign) -> None:
    fill(campaign)
    for value, line in ((Value(""), '""'), (Value(None, output_field=TextField()), "")):
        text = b"".join(copied_table(newest_first().values_list(value))).decode()
        assert text.split("\n") == [line] * (MANY + 1)
    text = b"".join(copied_rows(newest_first().values_list(Value("")), joined_by=b";")).decode()
    assert text == ";" * MANY
