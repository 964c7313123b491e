"""Solve challenges as a client does."""

import base64
import hashlib
import json
from typing import Any

from django.test import Client


def solved(challenge: dict[str, Any], /, **changes: object) -> str:
    """The proof for a challenge."""
    number = next(
        one
        for one in range(challenge["maxnumber"] + 1)
        if hashlib.sha256(f"{challenge['salt']}{one}".encode()).hexdigest() == challenge["challenge"]
    )
    members = ("algorithm", "salt", "challenge", "signature")
    return encoded({**{name: challenge[name] for name in members}, "number": number, **changes})


def encoded(proof: object) -> str:
    return base64.b64encode(json.dumps(proof).encode()).decode()


def prove(client: Client, address: str = "/api/v1/challenge/") -> str:
    """Fetch a challenge and solve it."""
    return solved(client.get(address).json())
