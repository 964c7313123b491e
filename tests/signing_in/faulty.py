"""A provider that answers what a test wants, correctly signed or not."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.signing_in.provider import asked_for

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Faulty:
    """What the provider says; `token` is the ID token of its next answer."""

    issuer: str
    token: str = ""
    status: int = 200
    description: dict[str, Any] = field(default_factory=dict)
    received: list[str] = field(default_factory=list)

    def claims(self, **other: Any) -> dict[str, Any]:
        """Right claims but for the nonce, with others in their place; None takes one out."""
        now = int(time.time())
        right = {"iss": self.issuer, "aud": "city", "sub": "ada", "iat": now, "exp": now + 300}
        return {name: value for name, value in (right | other).items() if value is not None}

    def sign(self, claims: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", kid: str = "1") -> None:
        """Answer with these claims."""
        self.token = jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


@contextmanager
def faulty_provider() -> Iterator[Faulty]:
    """The provider, running."""
    said = Faulty("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/jwks":
                key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
                self._answer(200, {"keys": [key | {"kid": "1", "use": "sig"}]})
            elif self.path.startswith("/authorize?"):
                self._send_back(asked_for(self.path))
            else:
                self._answer(200, said.description)

        def do_POST(self) -> None:
            said.received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(said.status, {"id_token": said.token, "access_token": "secret-access-token"})

        def _send_back(self, asked: dict[str, str]) -> None:
            """As if somebody were signed in at the provider already: back at once."""
            said.sign(said.claims(nonce=asked["nonce"]))
            answer = urlencode({"code": "c0de", "state": asked["state"]})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{answer}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.issuer = f"http://127.0.0.1:{server.server_port}"
    said.description = {
        "issuer": said.issuer,
        "authorization_endpoint": f"{said.issuer}/authorize",
        "token_endpoint": f"{said.issuer}/token",
        "jwks_uri": f"{said.issuer}/jwks",
    }
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
