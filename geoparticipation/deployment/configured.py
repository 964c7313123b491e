"""Checks of the settings alone."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.mail import get_connection

from geoparticipation.deployment.findings import Finding, error, ok, warning

_TOLD_HERE: Final = frozenset(
    ["geoparticipation.E001", "geoparticipation.W001"]
    + [f"security.W{number:03}" for number in (4, 5, 8, 12, 16, 18, 20, 21)]
)
"""Django's checks that others of this room report in more detail; redirects to https are the proxy's task."""
_PATIENCE: Final = 5
"""Seconds that the mail server has to answer."""


def debug() -> Iterator[Finding]:
    """Pages of errors show settings and sources while DEBUG is on."""
    if settings.DEBUG:
        yield error("debug", "DEBUG is on: pages of errors show the inside of the service to everybody.")
    else:
        yield ok("debug", "DEBUG is off.")


def secret_key() -> Iterator[Finding]:
    """The key of all signatures must not be guessable."""
    key: str = settings.SECRET_KEY
    if len(key) < 50 or len(set(key)) < 10:
        yield error("secret key", "SECRET_KEY is too short or too plain. Make one: openssl rand -base64 48")
    else:
        yield ok("secret key", f"SECRET_KEY has {len(key)} characters.")


def hosts() -> Iterator[Finding]:
    """The site answers under its own name only."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    named = [one.lower() for one in settings.ALLOWED_HOSTS]
    if "*" in named:
        yield error("hosts", "ALLOWED_HOSTS is *: whoever chooses a host name chooses the links in letters.")
    elif not any(host == one or (one.startswith(".") and f".{host}".endswith(one)) for one in named):
        yield error("hosts", f"ALLOWED_HOSTS does not name {host or 'a host'}, the host of SITE_URL.")
    else:
        yield ok("hosts", f"{host} is answered.")


def encryption() -> Iterator[Finding]:
    """Cookies are secure and the proxy is believed only where the settings say so."""
    if not settings.HTTPS:
        yield error("https", f"SITE_URL is {settings.SITE_URL}: a public site needs https://.")
    elif not settings.BEHIND_PROXY:
        yield error(
            "https", "SITE_URL is https://, but BEHIND_PROXY is not true: the service takes all for http."
        )
    else:
        yield ok("https", "Cookies are secure, and the proxy's scheme is believed.")


def time_zone() -> Iterator[Finding]:
    """Days begin and releases are made by the clock of the city."""
    if settings.TIME_ZONE in {"UTC", "Etc/UTC", "GMT"}:
        yield warning("time zone", "TIME_ZONE is UTC: days do not begin at the city's midnight.")
    else:
        yield ok("time zone", f"Days begin by the clock of {settings.TIME_ZONE}.")


def second_factor() -> Iterator[Finding]:
    """A learned password alone should open no account that sees exact data."""
    if not settings.SECOND_FACTOR_ROLES:
        yield warning("second factor", "SECOND_FACTOR_ROLES is empty: a password alone opens every account.")
    else:
        yield ok("second factor", f"Demanded of: {', '.join(settings.SECOND_FACTOR_ROLES)}.")


def mail() -> Iterator[Finding]:
    """The mail server takes a log-in; nothing is sent."""
    if not settings.SENDS_MAIL:
        yield warning("mail", "EMAIL_HOST is empty: nobody can reset a password, confirm or get a letter.")
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend", timeout=_PATIENCE)
    try:
        connection.open()
        connection.close()
    except (OSError, smtplib.SMTPException) as problem:
        yield error("mail", f"The mail server {server} does not take us: {type(problem).__name__}.")
    else:
        yield ok("mail", f"The mail server {server} takes us.")


def system_checks() -> Iterator[Finding]:
    """Django's checks and our own for public sites, those of the database left out."""
    yield from as_findings(checks.run_checks(include_deployment_checks=True))


def as_findings(messages: list[checks.CheckMessage]) -> Iterator[Finding]:
    """Messages of Django's system checks, unless this room reports the same."""
    for message in messages:
        if message.id not in _TOLD_HERE and not message.is_silenced():
            made = error if message.level >= checks.ERROR else warning
            hint = f" {message.hint}" if message.hint else ""
            yield made(str(message.id), f"{message.msg}{hint}")
