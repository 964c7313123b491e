"""A proof of work counts once, in time, for a challenge of ours, and for nothing else."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from doors.keys import forget_key
from doors.models import UsedProof
from doors.proofs import LARGEST, is_valid, new_challenge
from tests.doors.proving import encoded, solved

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def challenge(at: datetime = NOON) -> dict[str, Any]:
    made = new_challenge(at)
    return {
        "algorithm": "SHA-256",
        "salt": made.salt,
        "challenge": made.challenge,
        "signature": made.signature,
        "maxnumber": made.largest,
    }


def test_solved_challenge_counts_once() -> None:
    proof = solved(challenge())
    assert [is_valid(proof, NOON), is_valid(proof, NOON)] == [True, False]
    assert is_valid(solved(challenge()), NOON)


def test_challenge_expires() -> None:
    proof = solved(challenge())
    assert not is_valid(proof, NOON + timedelta(minutes=10, seconds=1))
    assert is_valid(proof, NOON + timedelta(minutes=9, seconds=59))


def test_proof_is_not_kept_over_midnight() -> None:
    late = datetime(2026, 5, 1, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    proof = solved(challenge(late))
    assert is_valid(proof, late)
    assert not is_valid(proof, late + timedelta(minutes=2)), "used, and its record is gone"
    assert UsedProof.objects.count() == 0


def test_challenge_of_another_process_is_known() -> None:
    proof = solved(challenge())
    forget_key()
    assert is_valid(proof, NOON)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 0},
        {"number": -1},
        {"number": LARGEST + 1},
        {"number": "7"},
        {"number": True},
        {"number": 1.5},
        {"number": None},
        {"algorithm": "SHA-1"},
        {"algorithm": None},
        {"salt": "abc?expires=99999999999"},
        {"salt": 7},
        {"signature": "0" * 32},
        {"signature": ""},
        {"signature": "ä"},
        {"signature": None},
        {"challenge": "0" * 64},
        {"challenge": "\ud800"},
        {"challenge": ["0"]},
    ],
)
def test_changed_proof_is_refused(changes: dict[str, object]) -> None:
    sent = challenge()
    while solved(sent) == solved(sent, **changes):  # its number is 0 by chance
        sent = challenge()
    assert not is_valid(solved(sent, **changes), NOON)


def test_challenge_that_somebody_made_is_refused() -> None:
    """The hash of a known number, without a signature of ours."""
    import hashlib

    salt = "abc?expires=99999999999"
    made = hashlib.sha256(f"{salt}5".encode()).hexdigest()
    assert not is_valid(
        encoded(
            {"algorithm": "SHA-256", "salt": salt, "challenge": made, "signature": made[:32], "number": 5}
        ),
        NOON,
    )


@pytest.mark.parametrize("later", ["9" * 10, "-1", "", "x", "9" * 400])
def test_prolonged_challenge_is_refused(later: str) -> None:
    sent = challenge()
    salt = f"{sent['salt'].partition('?')[0]}?expires={later}"
    assert not is_valid(solved(sent, salt=salt), NOON)


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "x",
        "e30=",
        "W10=",
        "bnVsbA==",
        "ä",
        "\0",
        "eyJhIjox" * 1000,
        "/" * 40,
        encoded([1]),
        encoded("text"),
    ],
)
def test_nonsense_is_refused(proof: str) -> None:
    assert not is_valid(proof, NOON)


def test_challenges_are_fetched_fresh_and_by_nobody_else() -> None:
    one, other = (Client().get("/api/v1/challenge/") for _ in range(2))
    assert one.json()["challenge"] != other.json()["challenge"]
    assert one["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in one
    assert set(one.json()) == {"algorithm", "salt", "challenge", "maxnumber", "signature", "expires"}
