"""Stands in for the service behind a proxy: notes every request, answers as its path says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Noted:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """A running one."""

    port: int
    requests: list[Noted] = field(default_factory=list)
    begun: int = 0
    """Connections that the proxy has opened."""
    finished: int = 0
    """Answers that were taken over whole."""

    def of(self, path: str) -> list[Noted]:
        """The requests to an address, with or without parameters."""
        return [one for one in self.requests if urlsplit(one.path).path == path]


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """Answer on a free port.

    Parameters of an address choose the answer: `status`, `bytes`, `lacking` (bytes that are announced and never sent),
    and any other the header of its name.
    """
    made = StandIn(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            made.begun += 1

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.requests.append(Noted(self.command, self.path, headers, self.rfile.read(length)))
            given = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = b"x" * int(given.pop("bytes", "2"))
            self.send_response(int(given.pop("status", "200")))
            lacking = int(given.pop("lacking", "0"))
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + lacking))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.close_connection = self.close_connection or bool(lacking)
            made.finished += 1

        do_GET = do_HEAD = do_POST = do_PUT = answer  # noqa: N815 - names of http.server

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
