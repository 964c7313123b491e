"""The real nginx with the files of `deploy/nginx`, on free ports of 127.0.0.1, in front of anything."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT: Final = Path(__file__).parents[2]
SHIPPED: Final = ROOT / "deploy" / "nginx"
HOST: Final = "mitmachen.example.org"
"""The host name of the shipped site file."""
_PATIENCE: Final = 30.0


@dataclass(frozen=True)
class Proxy:
    """A running nginx."""

    place: Path
    port: int
    """Of HTTPS."""
    plain_port: int

    def connect(self) -> ssl.SSLSocket:
        """A TLS connection of HTTP/1.1; the caller closes it."""
        context = trusting(self.place / "cert.pem")
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)
        return context.wrap_socket(raw, server_hostname=HOST)

    def curl(
        self, path: str, *arguments: str, origin: str | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Fetch an address with curl; prints what `arguments` demand."""
        port = self.port if origin is None else self.plain_port
        command = ["curl", "--silent", "--show-error", "--path-as-is", "--max-time", str(int(_PATIENCE))]
        command += ["--cacert", str(self.place / "cert.pem"), "--resolve", f"{HOST}:{port}:127.0.0.1"]
        return subprocess.run(
            [*command, *arguments, f"{origin or 'https'}://{HOST}:{port}{path}"],
            capture_output=True,
            check=False,
        )

    def head(self, path: str, *arguments: str) -> tuple[int, dict[str, str]]:
        """Status and headers (names in lower case) of an answer, whose body is read and thrown away."""
        done = self.curl(path, "--dump-header", "-", "--output", os.devnull, *arguments)
        assert done.returncode == 0, done.stderr
        first, *lines = done.stdout.decode().strip().split("\r\n")
        pairs = (line.split(":", 1) for line in lines if ":" in line)
        return int(first.split()[1]), {name.lower(): value.strip() for name, value in pairs}

    def access_log(self) -> list[dict[str, Any]]:
        """What it has logged of requests so far."""
        return [
            json.loads(line)
            for line in (self.place / "log" / "geoparticipation.log").read_text().splitlines()
        ]

    def logged(self) -> str:
        """Everything in every log of this site; nginx's own messages about itself are not among them."""
        return "\n".join(one.read_text() for one in (self.place / "log").glob("geoparticipation*"))

    def wait_for_log(self, requests: int) -> list[dict[str, Any]]:
        """The access log as soon as it has so many lines: nginx writes one after the answer is sent."""
        until = time.monotonic() + _PATIENCE
        while len(self.access_log()) < requests:
            assert time.monotonic() < until, self.logged()
            time.sleep(0.02)
        return self.access_log()


@cache
def trusting(certificate: Path) -> ssl.SSLContext:
    """A client's context; making one costs more than a connection."""
    return ssl.create_default_context(cafile=str(certificate))


@contextmanager
def running_proxy(
    place: Path, upstream: int, changes: Mapping[tuple[str, str], str] | None = None
) -> Iterator[Proxy]:
    """Start nginx with the shipped files in front of a port.

    Replaced are ports, directories and the address of the service, as an operator would, and what `changes` say: by
    name of the snippet and pattern.
    """
    ports = free_port(), free_port()
    write_configuration(place, ports, upstream)
    for (snippet, pattern), text in (changes or {}).items():
        rewrite(place, snippet, pattern, text)
    write_certificate(place)
    process = subprocess.Popen(
        [nginx(), "-p", str(place), "-c", str(place / "nginx.conf"), "-e", str(place / "log/main.log")]
    )
    try:
        wait_for_port(ports[0], process)
        yield Proxy(place, *ports)
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def nginx() -> str:
    """Its program, which Debian keeps out of the path of ordinary users."""
    found = shutil.which("nginx", path=f"/usr/sbin:/usr/local/sbin:{os.environ['PATH']}")
    assert found is not None, "nginx is missing: bin/test installs it"
    return found


def write_configuration(place: Path, ports: tuple[int, int], upstream: int) -> None:
    """Lay the shipped files out as below /etc/nginx, with the places of this test."""
    for name in ("log", "cache", "temporary"):
        (place / name).mkdir(parents=True)
    shutil.copytree(SHIPPED / "snippets", place / "geoparticipation")
    secure, plain = ports
    site = (SHIPPED / "geoparticipation.conf").read_text()
    site = replaced(site, r"^ +listen \[::\].*\n", "", 2)
    site = replaced(site, r"listen 443 ssl", f"listen 127.0.0.1:{secure} ssl", 1)
    site = replaced(site, r"listen 80 default_server;", f"listen 127.0.0.1:{plain} default_server;", 1)
    site = replaced(site, r"/etc/letsencrypt/live/[^/]+/fullchain.pem", str(place / "cert.pem"), 1)
    site = replaced(site, r"/etc/letsencrypt/live/[^/]+/privkey.pem", str(place / "key.pem"), 1)
    (place / "site.conf").write_text(site)
    rewrite(place, "upstream", r"127\.0\.0\.1:8000", f"127.0.0.1:{upstream}")
    rewrite(place, "quiet", r"/var/log/nginx", str(place / "log"))
    rewrite(place, "cache", r"/var/cache/nginx", str(place / "cache"))
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"{name}_temp_path {place}/temporary/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"{user}\ndaemon off;\nworker_processes 1;\npid {place}/nginx.pid;\n"
        f"events {{ worker_connections 1024; }}\n"
        f"http {{\n{temporary}\naccess_log {place}/log/main-access.log;\ninclude site.conf;\n}}\n"
    )


def rewrite(place: Path, snippet: str, pattern: str, text: str, times: int | None = None) -> None:
    """Replace in a copied snippet; what is to be replaced has to be there."""
    path = place / "geoparticipation" / f"{snippet}.conf"
    path.write_text(replaced(path.read_text(), pattern, text, times))


def replaced(text: str, pattern: str, other: str, times: int | None) -> str:
    """Replace a pattern, which must occur: so many times, where that is given."""
    changed, number = re.subn(pattern, lambda _: other, text, flags=re.MULTILINE)
    assert number == times if times else number, f"{pattern} occurs {number} times"
    return changed


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as something listens there."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "nginx has ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens on {port}")


def write_certificate(place: Path) -> None:
    """A certificate for HOST that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (place / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
