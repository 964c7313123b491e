"""The site's own caching tile route: no visitor's address ever reaches the base map's server.

`GET /tiles/<name>/<z>/<y>/<x>.png` for the allow-listed templates of `settings.BASEMAPS`. Unavailable tiles return 204
without content: the map then shows its plain background, and browsers log no error.
"""

import hashlib
import logging
import os
import tempfile
import threading
import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import Counter

from geoparticipation.basemaps import Basemap

logger = logging.getLogger(__name__)

CONNECT_AND_READ_SECONDS = 3.0
DEADLINE_SECONDS = 4.0
"""From request to response; covers name resolution and slow streams, which the timeout of `requests` does not."""
MAX_TILE_BYTES = 1024 * 1024
FAILURES_UNTIL_PAUSE = 3
PAUSE_SECONDS = 60.0
PRUNE_EVERY = 500
BROWSER_SECONDS = 7 * 86400
MAX_REDIRECTS = 2

TILES = Counter("geoparticipation_tiles", "Tiles of the base map, by where they came from.", ["source"])

_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


class TileUnavailable(Exception):
    """The base map's server returned no usable tile; `is_failure` is true for a failing server, not a missing tile."""

    def __init__(self, reason: str, *, is_failure: bool = True) -> None:
        super().__init__(reason)
        self.is_failure = is_failure


@dataclass
class Breaker:
    """Circuit breaker: pauses for a minute after three failures in a row; then one request tries again."""

    failures: int = 0
    paused_until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def allows(self) -> bool:
        """Whether a fetch may be tried now; after a pause only the first caller may."""
        with self.lock:
            if self.failures < FAILURES_UNTIL_PAUSE:
                return True
            if time.monotonic() < self.paused_until:
                return False
            self.paused_until = time.monotonic() + PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        """Reset the count of failures."""
        with self.lock:
            self.failures = 0

    def failed(self) -> bool:
        """Count a failure; true if it begins a pause."""
        with self.lock:
            self.failures += 1
            if self.failures < FAILURES_UNTIL_PAUSE:
                return False
            self.paused_until = time.monotonic() + PAUSE_SECONDS
            return self.failures == FAILURES_UNTIL_PAUSE


@dataclass
class TileStore:
    """Tiles as files in one folder, of which the oldest are removed beyond the size limit."""

    folder: Path
    max_bytes: int
    writes: int = 0

    def path(self, name: str, basemap: Basemap, z: int, y: int, x: int) -> Path:
        """The path of a tile; each template has a folder of its own, so that changed settings take effect at once."""
        source = hashlib.sha256(basemap.template.encode()).hexdigest()[:8]
        return self.folder / f"{name}-{source}" / str(z) / str(y) / str(x)

    def read(self, path: Path) -> tuple[bytes, float] | None:
        """A stored tile and its age in seconds."""
        try:
            age = time.time() - path.stat().st_mtime
            return path.read_bytes(), age
        except OSError:
            return None

    def write(self, path: Path, data: bytes) -> None:
        """Store a tile atomically; on a full disk it is fetched again next time."""
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError as problem:
            logger.warning("Tiles cannot be stored: %s", problem)
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
            return
        self.writes += 1
        if self.writes % PRUNE_EVERY == 1:
            self.prune()

    def prune(self) -> None:
        """Remove the oldest tiles until a tenth of the allowed size is free."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.rglob("*"):
            try:
                state = path.stat()
            except OSError:
                continue
            if path.is_file():
                found.append((state.st_mtime, state.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self.max_bytes:
            return
        for _, size, path in sorted(found, key=lambda entry: entry[0]):
            path.unlink(missing_ok=True)
            total -= size
            if total <= self.max_bytes * 0.9:
                return


@cache
def _session() -> requests.Session:
    session = requests.Session()
    session.headers["User-Agent"] = f"geoparticipation (+{settings.SITE_URL})"
    session.headers["Accept"] = "image/png,image/*;q=0.8"
    return session


@cache
def _workers() -> ThreadPoolExecutor:
    """Thread pool for fetches, at most eight at a time, so that they do not block the server's threads."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="tile")


@cache
def _breaker(_template: str) -> Breaker:
    return Breaker()


@cache
def _store(folder: Path, max_bytes: int) -> TileStore:
    return TileStore(folder, max_bytes)


def content_type_of(data: bytes) -> str | None:
    """The media type by the first bytes, ignoring the server's header; None for anything but a picture."""
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    return None


def fetch(url: str) -> bytes:
    """Fetch one tile from the base map's server, following redirects on the same host only."""
    origin = urlsplit(url).netloc
    for _ in range(MAX_REDIRECTS + 1):
        try:
            with _session().get(
                url, timeout=CONNECT_AND_READ_SECONDS, stream=True, allow_redirects=False
            ) as answer:
                if answer.is_redirect:
                    url = urljoin(url, answer.headers["Location"])
                    if urlsplit(url).netloc != origin or urlsplit(url).scheme not in {"http", "https"}:
                        raise TileUnavailable("redirected to another host")
                    continue
                return _picture(answer)
        except requests.RequestException as problem:
            raise TileUnavailable(type(problem).__name__) from problem
    raise TileUnavailable("too many redirects")


def _picture(answer: requests.Response) -> bytes:
    if answer.status_code in {204, 400, 404, 410}:
        # Beyond the edge of the map: the server works, but has no such tile.
        raise TileUnavailable(f"status {answer.status_code}", is_failure=False)
    if answer.status_code != 200:
        raise TileUnavailable(f"status {answer.status_code}")
    if not answer.headers.get("Content-Type", "").startswith("image/"):
        raise TileUnavailable("not a picture")
    data = b""
    started = time.monotonic()
    for piece in answer.iter_content(64 * 1024):
        data += piece
        if len(data) > MAX_TILE_BYTES:
            raise TileUnavailable("too large")
        if time.monotonic() - started > DEADLINE_SECONDS:
            raise TileUnavailable("too slow")
    if content_type_of(data) is None:
        raise TileUnavailable("not a picture")
    return data


def _fetch_within_deadline(url: str, breaker: Breaker) -> bytes | None:
    """A tile from the server, or None; failures count towards the breaker."""
    work = _workers().submit(fetch, url)
    try:
        data = work.result(timeout=DEADLINE_SECONDS)
    except (FutureTimeout, CancelledError):
        if work.cancel():
            # It never started because others were slow: not counted as a failure.
            return None
        reason = "too slow"
    except TileUnavailable as problem:
        if not problem.is_failure:
            breaker.succeeded()
            return None
        reason = str(problem)
    else:
        breaker.succeeded()
        return data
    if breaker.failed():
        logger.warning("Base map %s: %s. Next try in %d s.", urlsplit(url).netloc, reason, PAUSE_SECONDS)
    return None


def _found(data: bytes, seconds: int) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type_of(data) or "application/octet-stream")
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _nothing() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def tile(_request: HttpRequest, name: str, z: int, y: int, x: int) -> HttpResponse:
    """One tile: from the store, else from the base map's server, else 204; never a redirect to a third party."""
    basemap = settings.BASEMAPS.get(name)
    if basemap is None or z > basemap.maximum_zoom or max(x, y) >= 2**z:
        raise Http404
    if not basemap.template:
        return _nothing()
    store = _store(settings.VAR_DIR / "tiles", settings.BASEMAP_CACHE_MEGABYTES * 1024 * 1024)
    path = store.path(name, basemap, z, y, x)
    stored = store.read(path)
    if stored is not None and stored[1] < settings.BASEMAP_CACHE_DAYS * 86400:
        TILES.labels("stored").inc()
        return _found(stored[0], BROWSER_SECONDS)
    breaker = _breaker(basemap.template)
    data = _fetch_within_deadline(basemap.url(z, y, x), breaker) if breaker.allows() else None
    if data is not None:
        TILES.labels("fetched").inc()
        store.write(path, data)
        return _found(data, BROWSER_SECONDS)
    TILES.labels("missing" if stored is None else "outdated").inc()
    if stored is not None:
        return _found(stored[0], 3600)  # an old map is better than none
    return _nothing()
