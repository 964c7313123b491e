"""Private links reach no log of the proxy; the list in the shipped files is that of the service."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from benchmarks.running.proxy import HOST, SHIPPED, Proxy, free_port, running_proxy
from geoparticipation.logs import WithoutPrivateLinks
from tests.deploy.stand_in import StandIn

SECRET = "sEcReT-123456789"
PLACEHOLDER = re.compile(r"<(?:(\w+):)?(\w+)>")
SECRETS = {"token", "secret", "key", "proof"}
"""Names of those parts of an address that alone open something."""
SAMPLES = {"int": "3", "uuid": "0b0c8f6e-2b8e-4a57-9b53-000000000000", "slug": "a-slug", "path": "a/b"}


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """The address of every route, with its placeholders."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        elif "^" not in route and "\\" not in route:
            yield f"/{route}"


def filled(route: str, secret: str = "") -> str:
    """An address of a route; `secret` is the name of the part that is one."""
    return PLACEHOLDER.sub(lambda found: SECRET if found[2] == secret else SAMPLES.get(found[1], "x"), route)


def secrets_of(route: str) -> set[str]:
    return {name for kind, name in PLACEHOLDER.findall(route) if kind in {"", "str"}} & SECRETS


def written_by_the_service(path: str) -> str:
    record = logging.LogRecord("django", logging.WARNING, "", 0, "%s", (path,), None)
    WithoutPrivateLinks().filter(record)
    return record.getMessage()


def written_by_nginx(path: str) -> str:
    """As the `map` of the shipped file says; its expressions mean the same in Python."""
    text = (SHIPPED / "snippets" / "logging.conf").read_text()
    (pattern,) = re.findall(r'"~\*(.+?)" \$kept', text)
    found = re.match(pattern.replace("(?<", "(?P<"), path, re.IGNORECASE)
    return f"{found['kept']}..." if found else path


def test_service_and_proxy_hide_the_same_links() -> None:
    routes = list(addresses(get_resolver().url_patterns))
    assert len(routes) > 300
    for route in routes:
        for _, name in PLACEHOLDER.findall(route):
            path = filled(route, name)
            assert SECRET in written_by_the_service(path) or SECRET not in written_by_nginx(path), route
        path = filled(route)
        assert (path == written_by_the_service(path)) == (path == written_by_nginx(path)), route


def test_every_secret_part_of_an_address_is_hidden() -> None:
    named = [(route, name) for route in addresses(get_resolver().url_patterns) for name in secrets_of(route)]
    assert len(named) > 15
    for route, name in named:
        assert SECRET not in written_by_nginx(filled(route, name)), route
        assert SECRET not in written_by_the_service(filled(route, name)), route


def test_caddy_has_the_same_list() -> None:
    text = (SHIPPED.parent / "caddy" / "Caddyfile").read_text()
    listed = re.search(r"\(\?:mine\|.*?\)/\)", (SHIPPED / "snippets" / "logging.conf").read_text())
    assert listed is not None
    assert listed.group() in text


def test_no_log_has_an_address_or_a_secret(proxy: Proxy, stand_in: StandIn, tmp_path: Path) -> None:
    routes = list(addresses(get_resolver().url_patterns))
    paths = {
        filled(route, name) for route in routes for name in secrets_of(route) if "/ogc/key/" not in route
    }
    paths |= {
        f"/mine/{SECRET}",
        f"//mine//{SECRET}/",
        f"/%6Dine/{SECRET}/",
        f"/MINE/{SECRET}/",
        f"/mine/{SECRET}/mine/x/",
    }
    paths |= {f"/?next=/mine/{SECRET}/", f"/ogc/?key={SECRET}", f"/ogc/key/{SECRET}/collections"}
    before = len(proxy.access_log())
    for path in paths:
        proxy.head(path, "-A", f"Browser {SECRET}", "-e", f"https://{HOST}/mine/{SECRET}/")
    proxy.wait_for_log(before + len(paths))
    assert SECRET not in proxy.logged()
    assert "127.0.0.1" not in proxy.logged()
    assert "/ogc/key/..." in (one["path"] for one in proxy.access_log())
    # What nginx complains of: no service, a body that is too large, one that is laid on disk, no file, no sense.
    with running_proxy(tmp_path / "alone", free_port()) as alone:
        alone.head(f"/mine/{SECRET}/")
        alone.head(f"/static/{SECRET}")
        file = tmp_path / "file"
        file.write_bytes(bytes(3 * 2**20))
        alone.head(f"/mine/{SECRET}/", "--data-binary", f"@{file}")
        with alone.connect() as connection:
            connection.sendall(
                f"POST /mine/{SECRET}/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 99999999\r\n\r\n".encode()
            )
            connection.recv(100)
        with alone.connect() as connection:
            connection.sendall(b"No sense\r\n\r\n")
            connection.recv(100)
        alone.curl("/.well-known/acme-challenge/nothing", origin="http")
        alone.wait_for_log(6)
        logged = alone.logged().replace(f"/static/{SECRET}", "")
        assert SECRET not in logged
        assert "127.0.0.1" not in logged
