"""Links to a next page tell no moment finer than the answers do, and neither does asking for moments."""

import re
import zlib
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from mapping.http.paging.sealed import BrokenSealError, opened, seal
from mapping.models import Campaign
from tests.personas import make_contribution

CREATED = datetime(2026, 5, 4, 10, 20, 30, 123456, tzinfo=UTC)
PAGES = (
    "/api/v1/campaigns/fear-spaces/contributions/?limit=1",
    "/ogc/collections/fear-spaces-contributions/items?limit=1",
    "/ogc/collections/fear-spaces-contributions/items?limit=1&f=html",
    "/ogc/collections/fear-spaces-contributions/items?limit=1&sortby=-created",
)


def cursors_of(answer: str) -> set[str]:
    return set(re.findall(r"(?:cursor|after)=([A-Za-z0-9_.:-]+)", answer))


def told_by(cursor: str) -> bytes:
    """Whatever anybody can make of a cursor."""
    raw = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
    told = [cursor.encode(), raw]
    for start in range(len(raw)):
        try:
            told.append(zlib.decompress(raw[start:]))
        except zlib.error:
            continue
    return b" ".join(told)


def microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@pytest.mark.parametrize("page", PAGES)
def test_next_link_tells_no_microsecond(campaign: Campaign, page: str) -> None:
    for number in range(3):
        make_contribution(campaign, created_at=CREATED + timedelta(microseconds=number))
    answer = Client().get(page)
    assert answer.status_code == 200
    found = cursors_of(answer.content.decode())
    assert found
    for cursor in found:
        told = told_by(cursor)
        for number in range(3):
            moment = microseconds(CREATED + timedelta(microseconds=number))
            assert not any(one.encode() in told for one in (str(moment), f"{moment:x}", ".12345"))


def test_pages_of_the_list_tell_no_microsecond(campaign: Campaign) -> None:
    for number in range(21):
        make_contribution(campaign, created_at=CREATED + timedelta(microseconds=number))
    [cursor] = cursors_of(Client().get(campaign.get_absolute_url()).content.decode())
    told = told_by(cursor)
    assert str(microseconds(CREATED))[:12].encode() not in told
    assert f"{microseconds(CREATED):x}"[:9].encode() not in told


def test_walk_through_one_second_neither_skips_nor_repeats(campaign: Campaign) -> None:
    made = [
        make_contribution(campaign, created_at=CREATED + timedelta(microseconds=number % 3))
        for number in range(7)
    ]
    expected = [str(one.pk) for one in sorted(made, key=lambda one: (one.created_at, one.pk), reverse=True)]
    for page in (*PAGES[:2], PAGES[3]):
        address, seen = page, []
        while address:
            body = Client().get(address).json()
            seen += [one["id"] for one in body["features"]]
            address = next((link["href"] for link in body["links"] if link["rel"] == "next"), "")
        if page == PAGES[3]:  # by the second that is told, then by id
            assert sorted(seen) == sorted(expected)
        else:
            assert seen == expected


@pytest.mark.parametrize("page", PAGES[:2])
@pytest.mark.parametrize(
    "old",
    [
        "634f3c9b1a2c0.0193f0a0b0c070008000000000000a.:abcDEF",
        "eJyLVjI2UorlAgAJqQHk:abc",
        "a",
        "-" * 9000,
        "%ED%A0%80",
    ],
)
def test_cursor_of_an_older_version_is_refused_in_words(campaign: Campaign, page: str, old: str) -> None:
    answer = Client().get(f"{page}&cursor={old}")
    assert answer.status_code == 400
    assert "cursor_invalid" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES[:2])
def test_asking_for_moments_is_as_coarse_as_the_answers(campaign: Campaign, page: str) -> None:
    make_contribution(campaign, created_at=CREATED)
    for fraction in ("", ".1", ".123456", ".123457", ".9"):
        moment = f"2026-05-04T10:20:30{fraction}Z"
        for interval, number in (
            (moment, not fraction),
            (f"{moment}/..", not fraction),
            (f"../{moment}", True),
        ):
            assert len(Client().get(f"{page}&datetime={interval}").json()["features"]) == number


def test_seal_opens_for_its_purpose_only() -> None:
    words = bytes(range(256)) * 3
    sealed = seal(words, "a")
    assert opened(sealed, "a") == words
    assert seal(words, "a") == sealed
    assert opened(seal(b"", "a"), "a") == b""
    for wrong, purpose in ((sealed, "b"), (sealed[:-1], "a"), (sealed + "A", "a"), ("ä", "a"), ("", "a")):
        with pytest.raises(BrokenSealError):
            opened(wrong, purpose)
    for position in (0, 20, len(sealed) - 1):
        changed = sealed[:position] + ("A" if sealed[position] != "A" else "B") + sealed[position + 1 :]
        with pytest.raises(BrokenSealError):
            opened(changed, "a")
