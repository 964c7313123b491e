"""Settings in a set: what the environment says, secrets only where the set is encrypted."""

from __future__ import annotations

import os
import re
import shlex
from typing import Final

from django.conf import settings
from django.utils.crypto import salted_hmac

from geoparticipation.settings.environment import env

_SECRET: Final = re.compile(r"SECRET|PASSWORD|TOKEN|_KEY|CREDENTIAL|DSN|URLS?$|SAML|OIDC")
"""Names of settings whose values may be secrets; addresses may hold passwords."""
_READ_BY_LIBRARIES: Final = re.compile(r"AWS_[A-Z0-9_]+|PG[A-Z]+|GRANIAN_[A-Z_]+")
"""Names that libraries read instead of the settings: the key of a bucket, the way to the database, the server."""
_OF_TESTS: Final = {"TEST_DB_NAME"}
_PUBLIC: Final = {"SITE_URL", "BASEMAP_COLOUR_URL", "BASEMAP_GREY_URL"}


def settings_lines(*, with_secrets: bool) -> str:
    """The settings of this process as a file of an environment (systemd's EnvironmentFile, `KEY=value`)."""
    lines = [
        "# Settings of geoparticipation as they were when the set was made.",
        "# Secrets are in here: keep it as you keep them."
        if with_secrets
        else "# Without secrets, as the set is not encrypted: keep SECRET_KEY elsewhere.",
    ]
    known = {*env.dump(), "SECRET_KEY"} - _OF_TESTS
    for name, value in sorted(os.environ.items()):
        if name not in known and not _READ_BY_LIBRARIES.fullmatch(name):
            continue
        if _SECRET.search(name) and name not in _PUBLIC and not with_secrets:
            lines.append(f"# {name} is left out.")
        else:
            lines.append(f"{name}={shlex.quote(value)}")
    return "\n".join(lines) + "\n"


def key_mark() -> str:
    """A mark of SECRET_KEY, which is long and random, so that it leads back to nothing."""
    return salted_hmac("geoparticipation.backup", "key", algorithm="sha256").hexdigest()[:16]


def has_same_key(mark: str) -> bool:
    """Whether the SECRET_KEY of this process is that of a set."""
    return settings.SECRET_KEY != "" and key_mark() == mark
