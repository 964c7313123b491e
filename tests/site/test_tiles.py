"""The caching tile route, against a tile server of the test's own on 127.0.0.1."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from geoparticipation import tiles
from geoparticipation.basemaps import Basemap

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass
class TileServer:
    """What the fake server answers, and what it was asked."""

    address: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "image/png"})
    body: bytes = PNG
    seconds: float = 0
    asked: list[str] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[TileServer]:
    state = TileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            time.sleep(state.seconds)
            target = state.redirects.get(self.path)
            self.send_response(302 if target else state.status)
            headers = {"Location": target} if target else state.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if target else str(len(state.body)))
            self.end_headers()
            if not target:
                self.wfile.write(state.body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        state.address = f"http://127.0.0.1:{http.server_address[1]}"
        settings.VAR_DIR = tmp_path
        settings.BASEMAPS = {
            "colour": Basemap(state.address + "/{z}/{y}/{x}.png", "© Test", 20),
            "off": Basemap("", "", 20),
        }
        yield state
        http.shutdown()


def test_tile_is_fetched_once_and_then_served_from_the_store(server: TileServer, client: Client) -> None:
    first = client.get("/tiles/colour/12/1400/2130.png")
    second = client.get("/tiles/colour/12/1400/2130.png")
    assert (first.status_code, first.content, first["Content-Type"]) == (200, PNG, "image/png")
    assert second.content == PNG
    assert "max-age=604800" in first["Cache-Control"]
    assert server.asked == ["/12/1400/2130.png"]
    assert not first.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/tiles/other/1/0/0.png",
        "/tiles/colour/21/0/0.png",
        "/tiles/colour/1/2/0.png",
        "/tiles/colour/1/0/2.png",
        "/tiles/colour/1/-1/0.png",
        "/tiles/colour/99999999999999/0/0.png",
        "/tiles/../colour/1/0/0.png",
    ],
)
def test_only_listed_maps_and_tiles_that_exist_are_asked_for(
    server: TileServer, client: Client, path: str
) -> None:
    assert client.get(path).status_code == 404
    assert server.asked == []


def test_map_without_template_gives_no_content(server: TileServer, client: Client) -> None:
    assert client.get("/tiles/off/1/0/0.png").status_code == 204


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (500, "image/png", PNG),
        (200, "text/html", b"<html>"),
        (200, "image/png", b"<script>alert(1)</script>"),
        (200, "image/png", PNG + b"\0" * tiles.MAX_TILE_BYTES),
    ],
)
def test_failure_gives_no_content_that_nobody_keeps(
    server: TileServer, client: Client, status: int, content_type: str, body: bytes
) -> None:
    server.status, server.headers, server.body = status, {"Content-Type": content_type}, body
    response = client.get("/tiles/colour/3/1/1.png")
    assert (response.status_code, response.content) == (204, b"")
    assert response["Cache-Control"] == "no-store"


def test_after_three_failures_the_server_is_left_alone_for_a_minute(
    server: TileServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.status = 503
    for x in range(6):
        assert client.get(f"/tiles/colour/5/1/{x}.png").status_code == 204
    assert len(server.asked) == 3

    server.status = 200
    now = time.monotonic()
    monkeypatch.setattr("geoparticipation.tiles.time.monotonic", lambda: now + tiles.PAUSE_SECONDS + 1)
    assert client.get("/tiles/colour/5/1/9.png").status_code == 200
    assert client.get("/tiles/colour/5/1/10.png").status_code == 200


def test_tile_that_does_not_exist_is_no_failure_of_the_server(server: TileServer, client: Client) -> None:
    server.status = 404
    for x in range(5):
        assert client.get(f"/tiles/colour/5/2/{x}.png").status_code == 204
    assert len(server.asked) == 5


def test_slow_server_is_not_waited_for(
    server: TileServer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "DEADLINE_SECONDS", 0.2)
    server.seconds = 4
    # Whoever waited would get the picture, with status 200.
    assert client.get("/tiles/colour/5/3/1.png").status_code == 204


def test_redirect_is_followed_on_the_same_host_only(server: TileServer, client: Client) -> None:
    server.redirects["/6/1/1.png"] = "/elsewhere.png"
    server.redirects["/6/1/2.png"] = "http://localhost:1/tile.png"
    assert client.get("/tiles/colour/6/1/1.png").status_code == 200
    assert client.get("/tiles/colour/6/1/2.png").status_code == 204
    assert server.asked == ["/6/1/1.png", "/elsewhere.png", "/6/1/2.png"]


def test_old_tile_is_renewed_but_better_than_none(
    server: TileServer, client: Client, tmp_path: Path, settings: Settings
) -> None:
    client.get("/tiles/colour/7/1/1.png")
    [stored] = [path for path in (tmp_path / "tiles").rglob("*") if path.is_file()]
    long_ago = time.time() - (settings.BASEMAP_CACHE_DAYS + 1) * 86400
    os.utime(stored, (long_ago, long_ago))
    server.body = PNG + b"new"
    assert client.get("/tiles/colour/7/1/1.png").content == PNG + b"new"

    os.utime(stored, (long_ago, long_ago))
    server.status = 500
    response = client.get("/tiles/colour/7/1/1.png")
    assert (response.status_code, response.content) == (200, PNG + b"new")
    assert "max-age=3600" in response["Cache-Control"]


def test_store_removes_the_oldest_tiles_when_it_outgrows_its_size(tmp_path: Path) -> None:
    store = tiles.TileStore(tmp_path, max_bytes=1000)
    for number in range(15):
        path = tmp_path / "colour" / str(number)
        store.write(path, b"x" * 100)
        os.utime(path, (number, number))
    store.prune()
    left = sorted(int(path.name) for path in tmp_path.rglob("*") if path.is_file())
    assert left == list(range(6, 15))


def test_unwritable_store_is_no_obstacle(
    server: TileServer, client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "tiles").write_text("a file where the folder should be")
    assert client.get("/tiles/colour/8/1/1.png").status_code == 200
