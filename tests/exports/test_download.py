"""The streamed download: the same as the list, in any coding, and clean whatever happens to the client."""

import gzip
import json
import threading
from collections.abc import Generator, Iterator
from typing import Any

import brotli
import psycopg
import pytest
import zstandard
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mapping.exports.registry import AS_IT_IS, EXPORT_FORMATS, Format, Origin, formats
from mapping.exports.selection import Selection
from mapping.exports.streams import lanes
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.lanes import CopyConnection
from mapping.http import streaming
from mapping.http.compression import compressed_stream
from mapping.models import Campaign, Contribution, ContributionStatus
from tests.personas import GOOD_ANSWERS, STATION, make_campaign, make_contribution

URL = "/api/v1/campaigns/fear-spaces/download.geojson"
LIST = "/api/v1/campaigns/fear-spaces/contributions/"


def rows(text_sql: str) -> QuerySet[Any, Any]:
    """A query of one text column, of a table that holds one row; sets make more rows of it."""
    text = RawSQL(text_sql, (), output_field=TextField())  # noqa: S611 - the test's own text
    return get_user_model().objects.values_list(text, flat=True)


def many(letter: str, count: int) -> QuerySet[Any, Any]:
    """As many rows of a thousand letters."""
    return rows(f"repeat('{letter}', 1000 + 0 * generate_series(1, {count}))")


@pytest.fixture
def somebody(db: None) -> None:
    get_user_model().objects.create_user("somebody@example.org")


def test_download_equals_the_list(campaign: Campaign) -> None:
    text = 'A "quoted" \\ text\nwith\r\nlines,\ttabs \x01\x02 and \\. {"json": [1]} äöü 🌳'
    for category, answers in (
        ("spot", {}),
        ("survey", GOOD_ANSWERS),
    ):
        make_contribution(campaign, category=category, text=text, answers=answers)
    make_contribution(campaign, None, category="idea", text="no place")
    make_contribution(campaign, status=ContributionStatus.PENDING)
    make_contribution(make_campaign("other"))
    client = Client()
    response = client.get(URL)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/geo+json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="fear-spaces-20')
    assert response.headers["Content-Disposition"].endswith('.geojson"')
    body = json.loads(response.getvalue())
    assert body["numberMatched"] == body["numberReturned"] == 3
    assert body["links"][0]["href"] == f"http://testserver{URL}"
    listed = client.get(LIST).json()["features"]
    for feature in listed:
        properties = feature["properties"]
        answers = properties.pop("answers")
        # A question named like a fixed attribute gets a prefix.
        properties |= {f"answer_{name}" if name == "text" else name: value for name, value in answers.items()}
        assert properties.pop("reply") is None
    # The list keeps answers together and leaves out what nobody answered; the file has a column for each question.
    for feature in (*listed, *body["features"]):
        feature["properties"] = {
            name: value for name, value in feature["properties"].items() if value is not None
        }
    assert body["features"] == listed


def test_download_takes_the_filters_of_the_list(campaign: Campaign) -> None:
    make_contribution(campaign, STATION, text="station")
    make_contribution(campaign, category="survey", text="town hall")
    for query in ("bbox=7.768,49.436,7.769,49.437", "category=spot", "category=spot&datetime=2000-01-01/.."):
        body = json.loads(Client().get(f"{URL}?{query}").getvalue())
        assert [feature["properties"]["text"] for feature in body["features"]] == ["station"]
    wrong = Client().get(URL + "?limit=5")
    assert wrong.status_code == 400


def test_empty_download_is_a_collection(campaign: Campaign) -> None:
    body = json.loads(Client().get(URL).getvalue())
    assert body["features"] == []
    assert body["numberReturned"] == 0


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br", "br"),
        ("br;q=0.5, gzip;q=1.0", "gzip"),
        ("zstd;q=0, *", "br"),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("compress", None),
        ("gzip;q=0", None),
        ("gzip;q=nan", None),
        ("*;q=0", None),
        (",;=;q,", None),
        ("", None),
    ],
)
def test_client_chooses_the_coding(campaign: Campaign, accepted: str, coding: str | None) -> None:
    for _ in range(5):
        make_contribution(campaign, text="x" * 1000)
    response = Client().get(URL, headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in response.headers["Vary"]
    decode = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
        None: bytes,
    }[coding]
    assert len(json.loads(decode(response.getvalue()))["features"]) == 5
    listed = Client().get(LIST, headers={"Accept-Encoding": accepted})
    assert listed.headers.get("Content-Encoding") == coding
    assert len(json.loads(decode(listed.content))["features"]) == 5


@pytest.mark.parametrize("coding", [None, "gzip", "br", "zstd"])
def test_first_bytes_leave_before_the_rows_are_read(campaign: Campaign, coding: str | None) -> None:
    [geojson] = [known for known in formats() if known.name == "geojson"]
    assert geojson.write is not None
    stream = geojson.write(Selection(campaign), Origin("http://testserver/", "/photos/"), AS_IT_IS)
    with CaptureQueriesContext(connection) as queries:
        pieces = compressed_stream(stream, coding)
        assert next(pieces)
        pieces.close()
    assert not queries.captured_queries


def test_head_asks_for_no_rows(campaign: Campaign) -> None:
    response = Client().head(URL, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.content == b""
    assert response.headers["Content-Encoding"] == "gzip"
    assert "attachment" in response.headers["Content-Disposition"]


def test_unknown_format_is_not_found(campaign: Campaign) -> None:
    assert Client().get(URL.replace("geojson", "docx")).status_code == 404
    assert [known.name for known in formats()] == sorted(known.name for known in formats())
    with pytest.raises(ValueError, match="twice"):
        EXPORT_FORMATS.register(Format("geojson", "Another", "text/plain"))


def test_rows_come_joined_in_pieces(somebody: None) -> None:
    stream = copied_rows(many("x", 2000))
    pieces = list(stream)
    assert b"".join(pieces) == b",\n".join([b"x" * 1000] * 2000)
    assert 5 < len(pieces) < 12
    assert all(len(piece) < lanes.PIECE + 2000 for piece in pieces)


def in_use() -> Iterator[str]:
    """The connection answers, inside its transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'fine'")
        yield cursor.fetchone()[0]


def test_stream_read_to_its_end_needs_no_cancelling(somebody: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cancel is a connection of its own, and might reach the next query."""
    left: list[bool] = []
    leave = CopyConnection.leave

    def leaving(lane: CopyConnection) -> None:
        left.append(lane.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE)
        leave(lane)

    monkeypatch.setattr(CopyConnection, "leave", leaving)
    assert list(copied_rows(many("x", 3)))
    assert left
    assert not any(left)
    cut = copied_rows(many("x", 1_000_000))
    assert next(cut)
    cut.close()
    assert any(left)


def test_client_that_goes_away_leaves_the_connection_usable(somebody: None) -> None:
    stream = copied_rows(many("x", 1_000_000))
    assert next(stream)
    stream.close()
    assert next(in_use()) == "fine"
    assert get_user_model().objects.count() == 1


def test_stream_that_nobody_reads_costs_nothing(somebody: None) -> None:
    stream = copied_rows(many("x", 1_000_000))
    stream.close()
    assert next(in_use()) == "fine"


def test_failing_query_is_an_error_and_leaves_the_connection_usable(somebody: None) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        list(copied_rows(rows("no_such_column")))
    assert next(in_use()) == "fine"
    with pytest.raises(psycopg.errors.DivisionByZero):
        list(copied_rows(rows("(1 / (100000 - generate_series(1, 100000)))::text")))
    assert next(in_use()) == "fine"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_stream_has_a_connection_of_its_own() -> None:
    get_user_model().objects.create_user("somebody@example.org")
    first = copied_rows(many("x", 100_000))
    second = copied_rows(many("y", 100_000))
    assert next(first)[:1] == b"x"
    assert next(second)[:1] == b"y"
    # The thread's own connection works beside both.
    assert get_user_model().objects.count() == 1
    first.close()
    assert sum(map(len, second)) > 90_000_000
    assert get_user_model().objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_abandoned_downloads_give_their_connections_back() -> None:
    """More of them than the pool has connections."""
    campaign = make_campaign()
    make_contribution(campaign)
    for _ in range(30):
        response = Client().get(URL)
        next(iter(response))
        response.close()
    assert Contribution.objects.count() == 1
    assert json.loads(Client().get(URL).getvalue())["numberReturned"] == 1


def test_downloads_leave_threads_for_everybody_else(
    campaign: Campaign, published: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "_slots", threading.BoundedSemaphore(1))
    held = Client().get(URL)
    refused = Client().get(URL)
    assert (refused.status_code, refused["Retry-After"]) == (503, "10")
    assert Client().head(URL).status_code == 200
    held.getvalue()
    for _ in range(3):
        response = Client().get(URL)
        assert json.loads(response.getvalue())["numberReturned"] == 1
    given_up = streaming.LimitedStream(lambda: iter_of(b"a", b"b"))
    assert next(given_up) == b"a"
    given_up.close()
    given_up.close()
    assert Client().get(URL).status_code == 200


def iter_of(*pieces: bytes) -> Generator[bytes, None, None]:
    yield from pieces
