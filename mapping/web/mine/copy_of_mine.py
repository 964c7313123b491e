"""Everything of one browser's person as a file to take home (articles 15 and 20 GDPR): to read, and for programs."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from mapping.models.setup.profile import current_city
from mapping.services.own.kinds import OWN_KINDS, OwnKind, OwnRecord
from mapping.services.own.person import Person, person_with
from mapping.services.own.records import photo_name
from mapping.visitor import known_secret, signed_in_secrets
from mapping.web.mine.private import kept_private

_NAME: Final = "my-contributions"


@dataclass(frozen=True, slots=True)
class _Group:
    """What somebody has under one heading."""

    title: str
    address: str
    records: list[OwnRecord] = field(default_factory=list)


class _Pipe:
    """A file that cannot be sought, as ZIP writes it; `take` returns what was written since."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """As files have it."""

    def close(self) -> None:
        """As files have it."""

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


@require_safe
def copy_of_mine(request: HttpRequest) -> HttpResponseBase:
    """A ZIP of what the cookies of this browser stand for; without any back to the page that says so.

    It is asked for by the holder of the cookie alone, hence with everything of theirs, protected projects included.
    """
    secret, signed_in = known_secret(request), signed_in_secrets(request)
    if secret is None and not signed_in:
        return kept_private(redirect("mine"))
    now = timezone.localtime()
    found = _found(person_with(secret, get_language() or "", signed_in))
    answer = StreamingHttpResponse(_zipped(_texts(found, now), found), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_NAME}-{now:%Y-%m-%d}.zip"'
    return kept_private(answer)


def _found(person: Person) -> dict[OwnKind, list[OwnRecord]]:
    """All records, read before the answer begins: a failure is one, and no half file."""
    return {
        kind: list(kind.records(person) if kind.records is not None else _as_listed(kind, person))
        for kind in OWN_KINDS
    }


def _as_listed(kind: OwnKind, person: Person) -> Iterator[OwnRecord]:
    """What the list shows, of kinds that have no more to say."""
    for thing in kind.things(person):
        at = None if thing.at is None else thing.at.isoformat()
        states = [str(state.words) for state in thing.states]
        yield OwnRecord(
            thing.under,
            thing.title,
            thing.at,
            [("", words) for words in states],
            {"title": str(thing.title), "at": at, "states": states, "number": thing.number},
        )


def _texts(found: dict[OwnKind, list[OwnRecord]], now: datetime) -> dict[str, str]:
    """The readable page, the data, and the places as GeoJSON, by the names of their files."""
    records = list(chain.from_iterable(found.values()))
    groups: dict[str, _Group] = {}
    for one in records:
        group = groups.setdefault(one.under.address, _Group(one.under.title, one.under.address))
        group.records.append(one)
    for group in groups.values():
        group.records.sort(key=lambda one: str(one.at or ""))
    context = {
        "groups": list(groups.values()),
        "now": now,
        "city": current_city(),
        "site": settings.SITE_URL,
        "language": get_language(),
    }
    data = {
        "made_at": now.isoformat(),
        "site": settings.SITE_URL,
        **{kind.name: [_as_data(one) for one in kept] for kind, kept in found.items()},
    }
    places = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one.data["id"],
                "geometry": one.geometry,
                "properties": {name: one.data[name] for name in ("category", "text", "created_at")},
            }
            for one in records
            if one.geometry is not None
        ],
    }
    return {
        "index.html": render_to_string("mapping/mine/copy.html", context),
        "data.json": json.dumps(data, ensure_ascii=False, indent=2),
        "places.geojson": json.dumps(places, ensure_ascii=False),
    }


def _as_data(record: OwnRecord) -> dict[str, Any]:
    return {
        "project": record.under.title,
        "address": f"{settings.SITE_URL}{record.under.address}",
        **record.data,
    }


def _zipped(texts: dict[str, str], found: dict[OwnKind, list[OwnRecord]]) -> Iterator[bytes]:
    """The parts of the file as they are written: one photo in memory at a time."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
            yield pipe.take()
        for photo in chain.from_iterable(one.photos for one in chain.from_iterable(found.values())):
            try:
                with default_storage.open(str(photo.file.name)) as file:
                    archive.writestr(photo_name(photo), file.read(), zipfile.ZIP_STORED)
            except OSError:
                continue  # lost or deleted meanwhile
            yield pipe.take()
    yield pipe.take()
