"""People who write to a server that is being killed: each contribution is sent until it is acknowledged."""

from __future__ import annotations

import html
import http.client
import io
import itertools
import json
import re
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Final, Protocol, Self

import numpy as np
from PIL import Image

_HIDDEN: Final = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')
_PAUSE: Final = 0.05
_PATIENCE: Final = 120.0
_COLOURS: Final = 3
_SIDE: Final = 48
TROUBLE: Final = (OSError, http.client.HTTPException)


class Serving(Protocol):
    """What answers on a port of this machine."""

    def connect(self) -> http.client.HTTPConnection: ...


@dataclass
class Sent:
    """A contribution with one photo, and what was acknowledged of it."""

    id: uuid.UUID
    text: str
    photo: bytes
    way: str
    is_acknowledged: bool = False
    has_acknowledged_photo: bool = False
    attempts: int = 0


@dataclass
class Answer:
    """What a server answered."""

    status: int
    body: bytes


@dataclass
class Browser:
    """One person's client: cookies, and a connection for each request."""

    served: Serving
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request; raises TROUBLE where nothing, or only a part, comes back."""
        connection = self.served.connect()
        try:
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(
                method, path, body, {name.replace("_", "-"): headers[name] for name in headers}
            )
            response = connection.getresponse()
            answer = Answer(response.status, response.read())
            for cookie in response.headers.get_all("Set-Cookie") or ():
                self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
            return answer
        finally:
            connection.close()


class Writers:
    """Several people at the same time, by turns through the API and through the plain form, until they are stopped."""

    def __init__(self, served: Serving, slug: str, number: int) -> None:
        self.sent: list[Sent] = []
        self._slug = slug
        self._is_over = threading.Event()
        self._acknowledged_at = time.monotonic()
        ways = itertools.cycle((self._by_api, self._by_form))
        self._threads = [
            threading.Thread(target=self._write, args=(Browser(served), way))
            for _, way in zip(range(number), ways, strict=False)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def wait_for_acknowledgement(self, since: float) -> float:
        """Wait until something was acknowledged that was sent after a moment; return the seconds from then."""
        until = since + _PATIENCE
        while self._acknowledged_at <= since and time.monotonic() < until:
            time.sleep(_PAUSE)
        return self._acknowledged_at - since if self._acknowledged_at > since else _PATIENCE

    def _write(self, browser: Browser, way: Callable[[Browser, Sent], None]) -> None:
        while not self._is_over.is_set():
            pk = uuid.uuid4()
            sent = Sent(pk, f"Placed as {pk}", _photo(pk), way.__name__.removeprefix("_by_"))
            self.sent.append(sent)
            way(browser, sent)

    def _insist(self, sent: Sent, attempt: Callable[[], bool]) -> None:
        """Repeat until it is acknowledged; a person who was stopped tries no more."""
        while not self._is_over.is_set():
            began = time.monotonic()
            sent.attempts += 1
            try:
                if attempt():
                    self._acknowledged_at = max(self._acknowledged_at, began)
                    return
            except TROUBLE:
                pass
            time.sleep(_PAUSE)

    def _by_api(self, browser: Browser, sent: Sent) -> None:
        path = f"/api/v1/campaigns/{self._slug}/contributions/"
        feature = {
            "type": "Feature",
            "id": str(sent.id),
            "geometry": {"type": "Point", "coordinates": [7.7689, 49.4447]},
            "properties": {"category": "spot", "text": sent.text},
        }

        def place() -> bool:
            answer = browser.ask("POST", path, json.dumps(feature).encode(), Content_Type="application/json")
            sent.is_acknowledged = answer.status in {200, 201}
            return sent.is_acknowledged

        def add_photo() -> bool:
            answer = browser.ask("POST", f"{path}{sent.id}/photos/", sent.photo, Content_Type="image/png")
            sent.has_acknowledged_photo = answer.status == http.client.CREATED
            # Who never got the answer with the cookie is not known as the author.
            return sent.has_acknowledged_photo or answer.status in {403, 404}

        self._insist(sent, place)
        self._insist(sent, add_photo)

    def _by_form(self, browser: Browser, sent: Sent) -> None:
        path = f"/campaigns/{self._slug}/contribute/?category=spot"

        def send() -> bool:
            page = browser.ask("GET", path)
            if page.status != http.client.OK:
                return False
            fields = {name: html.unescape(value) for name, value in _HIDDEN.findall(page.body.decode())}
            fields |= {"id": str(sent.id), "text": sent.text, "latitude": "49.4447", "longitude": "7.7689"}
            boundary, body = _multipart(fields | {"send": "1"}, sent.photo)
            content_type = f"multipart/form-data; boundary={boundary}"
            answer = browser.ask("POST", path, body, Content_Type=content_type)
            sent.is_acknowledged = sent.has_acknowledged_photo = answer.status == http.client.SEE_OTHER
            return sent.is_acknowledged

        self._insist(sent, send)


def _photo(pk: uuid.UUID) -> bytes:
    """A picture that no other contribution has."""
    random = np.random.default_rng(pk.int)
    picture = Image.fromarray(random.integers(0, 256, (_SIDE, _SIDE, _COLOURS), dtype=np.uint8))
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _multipart(fields: Mapping[str, str], photo: bytes) -> tuple[str, bytes]:
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\n'
    parts += [f"{head}Content-Type: image/png\r\n\r\n".encode(), photo, f"\r\n--{boundary}--\r\n".encode()]
    return boundary, b"".join(parts)
