"""Another council information system: a small HTTP server whose answers a test may change."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any

from tests.engagement.papers.pdfs import with_words

SCHEMA = "https://schema.oparl.org/1.1/"


class Council:
    """Objects by path; bytes are sent as PDF. `asked` are the paths of all requests.

    With a `pause` answers come byte by byte, so many seconds apart; `encoding` is empty, `gzip` or `chunked`.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []
        self.root = ""
        self.pause = 0.0
        self.encoding = ""

    @property
    def body(self) -> str:
        """The address of the body."""
        return f"{self.root}/organization/1"

    def put(self, path: str, kind: str, **values: Any) -> dict[str, Any]:
        """Offer an object."""
        self.answers[path] = {"id": self.root + path, "type": SCHEMA + kind, **values}
        found: dict[str, Any] = self.answers[path]
        return found

    def furnish(self) -> None:
        """A body with two members, one meeting with agenda, place and minutes."""
        self.put(
            "/organization/1",
            "Organization",
            name="Ausschuss für Mobilität",
            startDate="2024-07-01",
            membership=[f"{self.root}/membership/1", f"{self.root}/membership/2"],
            meeting=f"{self.root}/organization/1/meeting",
        )
        for number, name in ((1, "Mina Muster"), (2, "Otto Ortlos")):
            self.put(f"/person/{number}", "Person", name=name)
            self.put(
                f"/membership/{number}", "Membership", person=f"{self.root}/person/{number}", role="Mitglied"
            )
        self.answers["/minutes.pdf"] = with_words(["Es war gut."])
        self.answers["/organization/1/meeting"] = {"data": [self.meeting()], "links": {}, "pagination": {}}

    def meeting(
        self, number: int = 1, start: str = "2031-07-01T18:00:00+02:00", **more: Any
    ) -> dict[str, Any]:
        """A meeting as lists embed it."""
        values = {
            "name": f"Sitzung {number}",
            "start": start,
            "end": start.replace("T18", "T20"),
            "location": {
                "id": f"{self.root}/location/1",
                "type": f"{SCHEMA}Location",
                "description": "Ratssaal",
                "geojson": {"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.77, 49.44]}},
            },
            "agendaItem": [
                self.item(1, "Radweg", resolutionText="Beschlossen"),
                self.item(2, "Personal", public=False),
            ],
            "resultsProtocol": {
                "id": f"{self.root}/file/{number}",
                "type": f"{SCHEMA}File",
                "name": "Protokoll",
                "fileName": "protokoll.pdf",
                "mimeType": "application/pdf",
                "accessUrl": f"{self.root}/minutes.pdf",
                "modified": "2020-01-01T00:00:00+01:00",
            },
        }
        return {"id": f"{self.root}/meeting/{number}", "type": f"{SCHEMA}Meeting", **values, **more}

    def item(self, number: int, name: str, **more: Any) -> dict[str, Any]:
        """An item of an agenda."""
        found = {"id": f"{self.root}/agendaitem/{number}", "type": f"{SCHEMA}AgendaItem"}
        return {**found, "number": str(number), "name": name, "order": number, **more}

    def list_meetings(self, *meetings: dict[str, Any]) -> None:
        """Offer these meetings only."""
        self.answers["/organization/1/meeting"]["data"] = list(meetings)


@contextmanager
def running() -> Iterator[Council]:
    """A council on a port of this machine."""
    council = Council()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            council.asked.append(self.path)
            answer = council.answers.get(self.path)
            if isinstance(answer, str):
                self.send_response(302)
                self.send_header("Location", answer)
                self.end_headers()
                return
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(404 if answer is None else 200)
            if council.encoding == "chunked":
                self.protocol_version = "HTTP/1.1"
                self.send_header("Transfer-Encoding", "chunked")
                data = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data)
            else:
                if council.encoding == "gzip":
                    data = gzip.compress(data)
                    self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if not council.pause:
                self.wfile.write(data)
                return
            with suppress(OSError):  # nobody reads any more
                for place in range(len(data)):
                    self.wfile.write(data[place : place + 1])
                    sleep(council.pause)

        def log_message(self, *_arguments: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    council.root = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield council
    finally:
        server.shutdown()
        server.server_close()
