"""Writes to the city's page, each kept in its history; the newest of them can be taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import City, CityChange, CityLogo
from mapping.models.setup.city import THE_CITY
from mapping.models.setup.profile import forget_city
from mapping.services.errors import Conflict, NotAllowed

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "page": (
        *("name", "accent", "logo", "logo_alt", "mail", "phone"),
        *("postal_address", "imprint", "privacy_contact"),
    ),
    "boundary": ("boundary", "boundary_source"),
}
"""The columns by the part of the page that changes them."""


def stored_city() -> City:
    """The row, or an empty one where nothing was saved yet."""
    return City.objects.filter(pk=THE_CITY).first() or City()


def locked_city(actor: User) -> City:
    """The row, locked until the end of the transaction; raises NotAllowed "not_city_editor"."""
    if not rules.may_edit_city(actor):
        raise NotAllowed("not_city_editor")
    city, _is_new = City.objects.select_for_update(of=("self",)).get_or_create(pk=THE_CITY)
    return city


def version_of(city: City, step: str) -> str:
    """A mark of the values of a part as they are stored: another one after each change."""
    values = json.dumps({name: _as_json(city, name) for name in FIELDS[step]}, sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def change(actor: User, step: str, values: Mapping[str, object], *, expected: str = "") -> City:
    """Store new values of one part and note them; values that stay the same are not noted.

    `expected` is the `version_of` the part that was edited. Callers have checked the values. Raises NotAllowed
    "not_city_editor", Conflict "step_changed" (params: version, the one there is).
    """
    with transaction.atomic():
        city = locked_city(actor)
        version = version_of(city, step) if expected else ""
        noted = _store(city, actor, step, values)
        # Who sends once more what is stored already overwrites nothing.
        if noted is not None and version != expected:
            raise Conflict("step_changed", version=version)
    forget_city()
    return city


def undoable() -> CityChange | None:
    """The newest change, if it can be taken back: it is no undo itself."""
    newest = CityChange.objects.select_related("actor").first()
    return None if newest is None or newest.undoes_id is not None else newest


def undo(actor: User, change_id: int) -> CityChange:
    """Take back the newest change; it stays in the history, with this one after it.

    Raises NotAllowed "not_city_editor", Conflict "nothing_to_undo" where it is not the newest (any more), and
    "changed_meanwhile" where its values were changed past the history.
    """
    with transaction.atomic():
        city = locked_city(actor)
        newest = undoable()
        if newest is None or newest.pk != change_id:
            raise Conflict("nothing_to_undo")
        if {name: _as_json(city, name) for name in newest.after} != newest.after:
            raise Conflict("changed_meanwhile")
        values = {name: _from_json(name, value) for name, value in newest.before.items()}
        taken_back = _store(city, actor, newest.step, values)
        if taken_back is None:
            raise Conflict("nothing_to_undo")
        taken_back.undoes = newest
        taken_back.save(update_fields=["undoes"])
    forget_city()
    return taken_back


def _store(city: City, actor: User, step: str, values: Mapping[str, object]) -> CityChange | None:
    before = {name: _as_json(city, name) for name in values}
    for name, value in values.items():
        setattr(city, name, value)
    after = {name: _as_json(city, name) for name in values}
    changed = [name for name in values if before[name] != after[name]]
    if not changed:
        return None
    city.changed_at = timezone.now()
    city.save(update_fields=[*changed, "changed_at"])
    noted = CityChange.objects.create(
        actor=actor,
        step=step,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    _forget_logos(city, noted)
    return noted


def _forget_logos(city: City, newest: CityChange) -> None:
    """Delete logos that are neither shown nor needed to take back the newest change."""
    needed = {city.logo_id} | {
        UUID(values["logo"]) for values in (newest.before, newest.after) if values.get("logo")
    }
    CityLogo.objects.exclude(pk__in=[one for one in needed if one is not None]).delete()


def _as_json(city: City, name: str) -> Any:
    if name == "logo":
        return None if city.logo_id is None else str(city.logo_id)
    value = getattr(city, name)
    return json.loads(value.geojson) if isinstance(value, GEOSGeometry) else value


def _from_json(name: str, value: Any) -> object:
    if name == "logo":
        return None if value is None else CityLogo.objects.filter(pk=value).first()
    if name == "boundary" and value is not None:
        return GEOSGeometry(json.dumps(value), srid=4326)
    return value
