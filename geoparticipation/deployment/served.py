"""Checks of the site as visitors reach it, through the proxy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import requests
from django.conf import settings

from geoparticipation.deployment.findings import Finding, error, ok, warning
from geoparticipation.deployment.probe import FORGED, HEADER, signed_probe

_PATIENCE: Final = 10
_PAGE_WITH_A_FORM: Final = "/accounts/login/"
"""A page with a form, whose token must not be compressed beside words of the request."""

_NEEDED: Final = ("database", "migrations", "storage")
"""What `/readyz` needs to answer 200."""
_ABOUT_FOLDERS: Final = (
    " Units write below VAR_DIR only; another folder needs ReadWritePaths= (docs/operators/media.md)."
)


def proxy() -> Iterator[Finding]:
    """The proxy sets the headers itself, and leaves alone what it must not change."""
    try:
        answer = _get(
            "/healthz", **{HEADER: signed_probe(), "X-Forwarded-Proto": "http", "X-Forwarded-For": FORGED}
        )
    except requests.exceptions.SSLError:
        yield error("tls", f"The certificate of {settings.SITE_URL} is not trusted or has expired.")
        return
    except requests.RequestException as problem:
        sentence = f"{settings.SITE_URL} cannot be reached from here ({type(problem).__name__})."
        yield warning("proxy", f"{sentence} The proxy is not checked.")
        return
    if answer.status_code != requests.codes.ok:
        yield error("proxy", f"{settings.SITE_URL}/healthz answers {answer.status_code}.")
        return
    yield from _headers(_json(answer))
    for check in (_compression, _metrics):
        try:
            yield from check()
        except requests.RequestException as problem:
            subject = check.__name__.strip("_")
            yield warning(subject, f"The proxy did not answer ({type(problem).__name__}): not checked.")


def service() -> Iterator[Finding]:
    """What the service itself sees of the database and the storage: its unit may write less than this command may."""
    try:
        answer = _get("/readyz")
    except requests.RequestException:
        return  # `proxy` reports that
    seen = _json(answer)
    if "storage" not in seen:
        sentence = (
            f"{settings.SITE_URL}/readyz answers {answer.status_code} without the state of the service."
        )
        yield warning("service", sentence)
        return
    states = {name: str(seen.get(name, "unknown")) for name in _NEEDED}
    for name, state in states.items():
        if state != "ok":
            hint = _ABOUT_FOLDERS if name == "storage" else ""
            yield error("service", f"The service reports for {name}: {state}.{hint}")
    if set(states.values()) == {"ok"}:
        yield ok("service", "The service reaches its database and stores files.")


def _headers(seen: dict[str, Any]) -> Iterator[Finding]:
    if "scheme" not in seen:
        yield error("proxy", f"{settings.SITE_URL} is not served by this installation: SECRET_KEY differs.")
        return
    problems = []
    if settings.HTTPS and seen["scheme"] != "https":
        problems.append(
            ("X-Forwarded-Proto", "The proxy passes on the X-Forwarded-Proto of clients, or sets none.")
        )
    if not seen["is_forwarded"]:
        problems.append(
            ("X-Forwarded-For", "The proxy sets no X-Forwarded-For: all visitors share one limit.")
        )
    elif seen["believes_forged"]:
        problems.append(
            ("X-Forwarded-For", "A forged X-Forwarded-For is believed: TRUSTED_PROXIES is too large.")
        )
    yield from (error(subject, sentence) for subject, sentence in problems)
    if not problems:
        yield ok("proxy", "The proxy sets scheme and address itself.")


def _compression() -> Iterator[Finding]:
    answer = _get(_PAGE_WITH_A_FORM, **{"Accept-Encoding": "gzip, br, zstd"})
    if coding := answer.headers.get("Content-Encoding"):
        yield error(
            "compression", f"The proxy compresses pages with forms ({coding}): switch that off (BREACH)."
        )
    else:
        yield ok("compression", "Pages with forms are not compressed.")


def _metrics() -> Iterator[Finding]:
    if _get("/metrics").status_code == requests.codes.ok:
        yield error("metrics", "/metrics is public.")
    else:
        yield ok("metrics", "/metrics is not public.")


def _get(path: str, **headers: str) -> requests.Response:
    return requests.get(
        f"{settings.SITE_URL}{path}", headers=headers, timeout=_PATIENCE, allow_redirects=False
    )


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except requests.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
