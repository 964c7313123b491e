"""Addresses of scripts and style sheets: templates name sources, pages link what the build made of them.

`bin/lib/build.mjs` bundles every script and style sheet that a template names into `settings.BUILT_DIR` at
set-up and writes `manifest.json` there. Names of its files hold a hash of their content: browsers keep them for good.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.exceptions import ImproperlyConfigured

BUILT_PREFIX: Final = "built"
"""The folder of built files below STATIC_URL."""


@dataclass(frozen=True)
class _Manifest:
    files: dict[str, str]
    citizens: list[str]
    campaign: list[str]
    digest: str


class BuiltFilesStorage(StaticFilesStorage):
    """Django's storage of static files, which names built files where there are some (`{% static %}`)."""

    def url(self, name: str | None) -> str:
        """The address of a static file by the name of its source, e.g. `mapping/js/site.js`.

        Raises ImproperlyConfigured where nothing was built yet.
        """
        built = built_files().get(name) if name else None
        return super().url(f"{BUILT_PREFIX}/{built}" if built else name)


def built_files() -> dict[str, str]:
    """Names of built files, below the folder of all of them, by the names of their sources.

    Raises ImproperlyConfigured where nothing was built yet.
    """
    return _manifest().files


def build_digest() -> str:
    """A name for what was built, the same in all processes; another one when any built file has changed.

    Raises ImproperlyConfigured where nothing was built yet.
    """
    return _manifest().digest


def scripts_of_citizens() -> list[Path]:
    """The sources of all scripts that pages of citizens load, now or later.

    Raises ImproperlyConfigured where nothing was built yet.
    """
    return [settings.BASE_DIR / path for path in _manifest().citizens]


def first_scripts_of_campaigns() -> list[Path]:
    """The sources of the scripts that a campaign's page loads at once.

    Raises ImproperlyConfigured where nothing was built yet.
    """
    return [settings.BASE_DIR / path for path in _manifest().campaign]


def _manifest() -> _Manifest:
    path = settings.BUILT_DIR / "manifest.json"
    try:
        # A process serves what was there at its start, and names nothing else; while developing it follows the disk.
        return _read(path, path.stat().st_mtime_ns if settings.DEBUG else 0)
    except FileNotFoundError as error:
        raise ImproperlyConfigured(
            f"{path} is missing: bin/run, bin/demo and bin/test build scripts and style sheets."
        ) from error


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> _Manifest:
    written = path.read_bytes()
    read = json.loads(written)
    # Names of built files hold a hash of their content.
    digest = hashlib.sha256(written).hexdigest()
    return _Manifest(files=read["files"], citizens=read["citizens"], campaign=read["campaign"], digest=digest)
