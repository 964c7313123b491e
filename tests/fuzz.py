"""Requests as no honest client makes them: for every address of the site, from a seed, so that each can be made again.

A request is a right one with something wrong in it: in its path, query, method, headers, cookies, kind or body.
"""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.hostile import COOKIES, HEADERS, KINDS, METHODS, NAMES, VALUES
from tests.walk import Places, addresses, routes


@dataclass(frozen=True)
class Request:
    """One request, complete."""

    method: str
    address: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    content_type: str = ""
    body: bytes = b""
    length: str | None = None

    def told(self) -> str:
        """In one line that is not too long."""
        told = f"{self.method} {self.address[:300]} {dict(self.headers)} {dict(self.cookies)}"[:700]
        return f"{told} {self.content_type} {self.length} {self.body[:300]!r}"


def requests_for(places: Places, seed: int) -> Iterator[Request]:
    """Requests without end; each route comes about as often as every other."""
    random = Random(seed)  # noqa: S311 - to be repeatable is the point
    known = [(route, found) for route in routes() if (found := addresses(route, places))]
    while True:
        _route, found = random.choice(known)
        yield _request(random, random.choice(found))


def _request(random: Random, address: str) -> Request:
    method = random.choice(METHODS)
    if random.random() < 0.35:
        address = _wrong_path(random, address)
    query = "&".join(
        f"{random.choice(NAMES)}={random.choice(VALUES)}" for _ in range(random.choice((0, 0, 1, 1, 2, 4)))
    )
    headers = {
        name: random.choice(HEADERS[name])
        for name in random.sample(list(HEADERS), random.choice((0, 0, 0, 1, 2)))
    }
    cookies = {
        name: random.choice(COOKIES[name])
        for name in random.sample(list(COOKIES), random.choice((0, 0, 0, 1, 2)))
    }
    request = Request(method, f"{address}?{query}" if query else address, headers, cookies)
    if method in {"GET", "HEAD", "OPTIONS", "TRACE"} and random.random() < 0.9:
        return request
    kind = random.choice(KINDS)
    body = _body(random, kind, _RESPONSE if "/responses/" in address else _FEATURE)
    if random.random() < 0.1:
        body = gzip.compress(body)
    # Never more than there is but absurdly more: the test client cannot play somebody who breaks off in the middle.
    shorter = str(max(len(body) - 5, 0))
    length = random.choice((None, None, None, None, "", "-1", "x", "0", shorter, "9" * 30))
    return Request(method, request.address, headers, cookies, kind, body, length)


def _wrong_path(random: Random, address: str) -> str:
    parts = address.split("/")
    at = random.randrange(1, len(parts)) if len(parts) > 1 else 0
    match random.randrange(4):
        case 0:
            parts[at] = random.choice(VALUES)
        case 1:
            parts[at] += random.choice(VALUES)
        case 2:
            parts.insert(at, random.choice(VALUES))
        case _:
            del parts[at]
    return "/" + "/".join(parts).lstrip("/")


def _body(random: Random, kind: str, right: Mapping[str, Any]) -> bytes:
    if random.random() < 0.1:
        return random.randbytes(random.choice((0, 1, 50, 3000)))
    if "json" in kind:
        text = json.dumps(_wrong_value(random, right, 0))
        encoding = "utf-16" if "utf-16" in kind else "utf-8"
        return text.encode(encoding, "surrogatepass")[: random.choice((None, None, None, 20))]
    if "urlencoded" in kind:
        names = [*_FIELDS, *NAMES]
        return "&".join(f"{random.choice(names)}={random.choice(VALUES)}" for _ in range(8)).encode()
    if "multipart" in kind:
        return b"".join(_part(random) for _ in range(random.choice((0, 1, 3, 20)))) + random.choice(
            (b"--x--\r\n", b"--x--", b"", b"--x\r\n")
        )
    return random.choice(
        (b"", b"\xff\xd8\xff\xe0" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 60, b"x" * 99)
    )


def _part(random: Random) -> bytes:
    name = random.choice((*_FIELDS, "photos", "file", "\0", '"', "a" * 500))
    filename = random.choice(
        (
            "",
            '; filename="a.csv"',
            '; filename="../x.zip"',
            '; filename=""',
            "; filename*=utf-8''%00%FF",
            '; filename="\0.csv"',
        )
    )
    more = random.choice(
        (
            "",
            "Content-Type: text/csv\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "Content-Type: text/plain; charset=x\r\n",
        )
    )
    value = random.choice(VALUES)
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"{filename}\r\n{more}\r\n{value}\r\n'
    return head.encode("utf-8", "surrogatepass")


_FEATURE: Mapping[str, Any] = {
    "type": "Feature",
    "id": "00000000-0000-7000-8000-000000000001",
    "geometry": {"type": "Point", "coordinates": [7.7689, 49.4447]},
    "properties": {"category": "survey", "text": "x", "answers": {"yes-no": True, "scale": 3}, "zoom": 12},
    "value": 1,
    "text": "x",
    "format": "fgb",
    "category": ["spot"],
    "bbox": [7, 49, 8, 50],
}
_RESPONSE: Mapping[str, Any] = {
    "id": "00000000-0000-7000-8000-000000000002",
    "answers": {
        "text": "x",
        "single-choice": "day",
        "multiple-choice": ["day"],
        "scale": 3,
        "number": 1.5,
        "yes-no": True,
        "time-of-day": "22:30",
        "date": "2026-06-21",
        "ranking": ["night", "day"],
        "matrix": {"safe": "day"},
        "place": {"type": "Point", "coordinates": [7.7689, 49.4447]},
        "text:other": "x",
    },
    "complete": True,
}
_FIELDS: Sequence[str] = (
    *(
        "category",
        "text",
        "latitude",
        "longitude",
        "place_type",
        "positions",
        "zoom",
        "pick",
        "search",
        "q",
        "answers-scale",
    ),
    *(
        "yes-no",
        "scale",
        "time-of-day",
        "date",
        "part-of-day",
        "picture-choice",
        "ranking",
        "csrfmiddlewaretoken",
        "action",
        "id",
        "kind",
        "expected",
        "reason",
        "status",
        "selected",
    ),
    *(
        "username",
        "password",
        "email",
        "old_password",
        "new_password1",
        "new_password2",
        "name",
        "expires_at",
        "language",
        "next",
    ),
    *(
        "description",
        "attribute[scale]",
        "device_id",
        "title",
        "slug",
        "area",
        "geom",
        "_selected_action",
        "confirmed",
        "value",
    ),
)
_WRONG: Sequence[object] = (
    *(
        None,
        True,
        -1,
        0,
        1.5,
        1e308,
        10**400,
        "",
        "\0",
        "\ud800",
        "x" * 6000,
        "\u202e",
        [],
        {},
        [[]],
        {"": None},
    ),
    *(
        [1e308, -1e308],
        [None, None],
        [[7.7, 49.4], [7.7, 49.4]],
        ["a"] * 50,
        {"type": "Point"},
        {"type": ["Point"]},
    ),
    *(
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "GeometryCollection", "geometries": [None]},
        "9" * 300,
    ),
    {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
    {"type": "LineString", "coordinates": [[7.7, 49.4]]},
)


def _wrong_value(random: Random, value: Any, depth: int) -> Any:
    """A value with something in it replaced."""
    if random.random() < 0.12 + 0.08 * depth:
        return random.choice(_WRONG)
    if isinstance(value, dict):
        changed = {key: _wrong_value(random, one, depth + 1) for key, one in value.items()}
        if random.random() < 0.2:
            changed.pop(random.choice(list(changed)), None)
        return changed
    if isinstance(value, list):
        return [_wrong_value(random, one, depth + 1) for one in value]
    return value
