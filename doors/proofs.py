"""A small proof of work: the browser searches a number with a given hash, which takes half a second.

The format is that of ALTCHA (https://altcha.org/docs/v2/server-integration/, version 1 of the challenge), so that
libraries for many languages can solve it; no third party is involved. It is a hurdle for simple scripts that people
do not notice. Floods are stopped by the limits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from django.db import connection
from django.utils.crypto import constant_time_compare

from doors.keys import subject_of

HEADER: Final = "Proof"
FIELD: Final = "proof"
"""Name of the form field."""
LARGEST: Final = 20_000
"""Largest number: ten thousand hashes on average; WebCrypto on a cheap phone does some 30,000 a second."""
LIFETIME: Final = timedelta(minutes=10)
_ALGORITHM: Final = "SHA-256"
_LONGEST: Final = 1000
_USE: Final = "INSERT INTO doors_usedproof (digest) VALUES (%s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Challenge:
    """A challenge: find the number between 0 and `largest` for which SHA-256 of salt and number is `challenge`."""

    salt: str
    challenge: str
    signature: str
    largest: int
    expires_at: datetime


def new_challenge(at: datetime) -> Challenge:
    """Make a challenge, which is not stored but signed with the key of the day."""
    expires_at = at + LIFETIME
    salt = f"{secrets.token_hex(12)}?expires={int(expires_at.timestamp())}"
    challenge = _hash(salt, secrets.randbelow(LARGEST + 1))
    return Challenge(salt, challenge, _sign(challenge, at), LARGEST, expires_at)


def is_valid(proof: str, at: datetime) -> bool:
    """Whether a proof solves one of our challenges in time and was not used before; marks it as used."""
    found = _read(proof)
    if found is None:
        return False
    salt, number, challenge, signature = found
    if not constant_time_compare(signature, _sign(challenge, at)) or _hash(salt, number) != challenge:
        return False
    expires = parse_qs(salt.partition("?")[2]).get("expires", ["0"])[0]
    if not expires.isdecimal() or int(expires[:12]) < at.timestamp():
        return False
    return is_first(hashlib.sha256(challenge.encode("utf-8", "surrogatepass")).digest())


def is_first(digest: bytes) -> bool:
    """Store a proof (`models.UsedProof`); False if it exists. Atomic under concurrency."""
    with connection.cursor() as cursor:
        cursor.execute(_USE, [digest])
        return bool(cursor.rowcount)


def _read(proof: str) -> tuple[str, int, str, str] | None:
    """Parse Base64 of JSON with ALTCHA's members; None for anything else."""
    if not 0 < len(proof) <= _LONGEST or not proof.isascii():
        return None
    try:
        sent = json.loads(base64.b64decode(proof + "=" * (-len(proof) % 4), validate=True))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(sent, dict) or sent.get("algorithm") != _ALGORITHM:
        return None
    texts = [sent.get(name) for name in ("salt", "challenge", "signature")]
    number = sent.get("number")
    if type(number) is not int or not 0 <= number <= LARGEST:
        return None
    salt, challenge, signature = texts
    if not (isinstance(salt, str) and isinstance(challenge, str) and isinstance(signature, str)):
        return None
    return salt, number, challenge, signature


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode("utf-8", "surrogatepass")).hexdigest()


def _sign(challenge: str, at: datetime) -> str:
    return subject_of(at, "proof", challenge).hex()
