"""Requests of a page and their bytes, as the browser's network counts them (CDP `Network.loadingFinished`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import CDPSession, Page, Request

TILES: Final = ("/ground/", "/tiles/")
API: Final = "/api/"
_PIECES: Final = 1_000


@dataclass
class Answer:
    """An answer that came over the network: bytes of its headers, and of all of it, compressed as it was sent."""

    address: str
    headers: int = 0
    wire: int = 0
    is_workers: bool = False
    """Whether the service worker fetched it for later."""

    @property
    def body(self) -> int:
        return self.wire - self.headers

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def is_tile(self) -> bool:
        return self.path.startswith(TILES)

    @property
    def is_data(self) -> bool:
        return self.path.startswith(API)


class Wire:
    """Notes what a page loads from now on; what comes from the browser's caches costs nothing and is left out."""

    def __init__(self, page: Page) -> None:
        self._answers: dict[str, Answer] = {}
        self._over: list[Answer] = []
        self._from_caches: set[str] = set()
        self._of_worker: list[Request] = []
        self._posts: list[Request] = []
        self.session: CDPSession = page.context.new_cdp_session(page)
        handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "Network.requestWillBeSent": self._sent,
            "Network.requestServedFromCache": self._cached,
            "Network.responseReceived": self._received,
            "Network.loadingFinished": self._finished,
        }
        for name, handler in handlers.items():
            self.session.on(name, handler)
        self.session.send("Network.enable")
        page.context.on("requestfinished", self._noted)

    def answers(self) -> list[Answer]:
        """What has come over the network so far, the page's own and the worker's."""
        workers = (_of_worker(request) for request in self._of_worker)
        return self._over + [one for one in workers if one.wire > 0]

    @property
    def uploaded(self) -> int:
        """Bytes of the bodies that the page sent so far."""
        return sum(request.sizes()["requestBodySize"] for request in self._posts)

    def forget(self) -> None:
        """Count from here on."""
        self._over.clear()
        self._of_worker.clear()
        self._posts.clear()

    def _sent(self, event: dict[str, Any]) -> None:
        known, address = event["requestId"], event["request"]["url"]
        if redirected := event.get("redirectResponse"):
            size = int(redirected["encodedDataLength"])
            self._over.append(Answer(redirected["url"], size, size))
        if address.startswith("http"):
            self._answers[known] = Answer(address)

    def _cached(self, event: dict[str, Any]) -> None:
        self._from_caches.add(event["requestId"])

    def _received(self, event: dict[str, Any]) -> None:
        response = event["response"]
        if (
            response.get("fromDiskCache")
            or response.get("fromServiceWorker")
            or response.get("fromPrefetchCache")
        ):
            self._from_caches.add(event["requestId"])
        if answer := self._answers.get(event["requestId"]):
            answer.headers = int(response["encodedDataLength"])

    def _finished(self, event: dict[str, Any]) -> None:
        answer = self._answers.pop(event["requestId"], None)
        if answer is None or event["requestId"] in self._from_caches:
            return
        answer.wire = int(event["encodedDataLength"])
        self._over.append(answer)

    def _noted(self, request: Request) -> None:
        if request.service_worker is not None:
            self._of_worker.append(request)
        elif request.method == "POST":
            self._posts.append(request)


def _of_worker(request: Request) -> Answer:
    sizes = request.sizes()
    # Of what came from the browser's cache, the body is less than nothing by the size of the headers.
    headers = sizes["responseHeadersSize"]
    return Answer(request.url, headers, headers + sizes["responseBodySize"], is_workers=True)


def written(size: float) -> str:
    """Bytes as people read them."""
    return f"{size / _PIECES:.1f} kB"


def summed(answers: Iterable[Answer]) -> str:
    """Requests and bytes in words, headers included."""
    listed = list(answers)
    return f"{written(sum(one.wire for one in listed))}, {len(listed)} requests"
