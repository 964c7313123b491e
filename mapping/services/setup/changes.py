"""Writes to a campaign's own values, each kept in its history; the newest of them can be taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.dateparse import parse_datetime

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, CampaignChange, Phase, TextOf, Translation
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Invalid, Problem
from mapping.services.setup.checklist import stays_publishable
from mapping.translated.copying import copy_translations, restore_translations

PHASES: Final = "phases"
TRANSLATIONS: Final = "translations"
"""What a change holds beside its values: the translations that went with what it removed."""
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "texts": (
        *("title", "summary", "description", "outcome"),
        *("organiser", "contact", "attribution", "picture"),
    ),
    "area": ("area", "district_layer"),
    "period": ("opens_at", "closes_at"),
    "publication": (
        *("publication", "k", "release_rhythm", "moderation", "open_to"),
        *("allows_comments", "allows_support", "allows_opposition", "allows_photos", "embed_origins"),
    ),
    "languages": ("language", "languages"),
}
"""The columns of a campaign by the step that changes them; the period has the phases beside its own."""


Translations = Mapping[str, Sequence[Sequence[str]]]
"""Language, place, text and original of each translation of phases, by the phase's place in the order as text."""


@dataclass(frozen=True, slots=True)
class PhaseValues:
    """A phase as it is to be stored."""

    title: str
    opens_at: datetime
    closes_at: datetime
    description: str = ""
    allows: tuple[str, ...] = ()


def change(
    campaign: Campaign,
    actor: User,
    step: str,
    values: Mapping[str, object],
    phases: Sequence[PhaseValues] | None = None,
    *,
    expected: str = "",
) -> Campaign:
    """Store new values of one step and note them in the history; values that stay the same are not noted.

    `phases` replace those there are; `expected` is the `version_of` the step that was edited. Raises NotAllowed
    "not_manager" and "unpublishable", Conflict "step_changed" (params: version, the one there is), Invalid by the names
    of the values with the code "refused" (params: message).
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        stored = locked_campaign(campaign)
        version = version_of(stored, step) if expected else ""
        noted = _store(stored, actor, step, values, phases)
        # Who sends once more what is stored already overwrites nothing.
        if noted is not None and version != expected:
            raise Conflict("step_changed", version=version)
    return stored


def version_of(campaign: Campaign, step: str) -> str:
    """A mark of the values of a step as they are stored: another one after each change."""
    names = (*FIELDS[step], PHASES) if step == "period" else FIELDS[step]
    values = json.dumps({name: _as_json(campaign, name) for name in names}, sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def note(
    campaign: Campaign,
    actor: User,
    step: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> CampaignChange:
    """Add a change to a campaign's history; values are JSON by a name that pages know how to title."""
    return CampaignChange.objects.create(
        campaign=campaign, actor=actor, step=step, before=dict(before or {}), after=dict(after or {})
    )


@contextmanager
def noting(campaign: Campaign, actor: User) -> Iterator[None]:
    """Note what somebody changes in a campaign's own values past this module, as the administration does.

    Calendars count these changes (SEQUENCE), and `undo` compares with them.
    """
    before = _own_values(campaign)
    yield
    after = _own_values(campaign)
    for step, names in FIELDS.items():
        changed = [name for name in names if before[name] != after[name]]
        if changed:
            earlier, later = ({name: one[name] for name in changed} for one in (before, after))
            note(campaign, actor, step, before=earlier, after=later)


def _own_values(campaign: Campaign) -> dict[str, Any]:
    stored = Campaign.objects.get(pk=campaign.pk)
    return {name: _as_json(stored, name) for names in FIELDS.values() for name in names}


def locked_campaign(campaign: Campaign) -> Campaign:
    """The campaign as stored, locked until the end of the transaction; contributions do not wait for it."""
    return Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)


def undoable(campaign: Campaign) -> CampaignChange | None:
    """The newest change of a campaign, if it can be taken back: one of its own values, and no undo itself."""
    newest = CampaignChange.objects.filter(campaign=campaign).select_related("actor").first()
    if newest is None or newest.step not in FIELDS or newest.undoes_id is not None:
        return None
    return newest


def undo(campaign: Campaign, actor: User, change_id: int) -> CampaignChange:
    """Take back the newest change; it stays in the history, with this one after it.

    Raises NotAllowed "not_manager" and "unpublishable", Conflict "nothing_to_undo" where it is not the newest (any
    more), and "changed_meanwhile" where its values were changed past the history; Invalid as `change` does.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        stored = locked_campaign(campaign)
        newest = undoable(stored)
        if newest is None or newest.pk != change_id:
            raise Conflict("nothing_to_undo")
        now = {name: _as_json(stored, name) for name in newest.after}
        if now != newest.after:
            raise Conflict("changed_meanwhile")
        before = dict(newest.before)
        translations = before.pop(TRANSLATIONS, {})
        phases = [_phase(one) for one in before.pop(PHASES)] if PHASES in before else None
        values = {name: _from_json(name, value) for name, value in before.items()}
        taken_back = _store(stored, actor, newest.step, values, phases, translations=translations)
        if taken_back is None:
            raise Conflict("nothing_to_undo")
        taken_back.undoes = newest
        taken_back.save(update_fields=["undoes"])
    return taken_back


def _store(
    stored: Campaign,
    actor: User,
    step: str,
    values: Mapping[str, object],
    phases: Sequence[PhaseValues] | None,
    *,
    translations: Translations | None = None,
) -> CampaignChange | None:
    """Store and note what changes; `translations` are those of phases that come back."""
    names = [*values, *([PHASES] if phases is not None else [])]
    phases = None if phases is None else sorted(phases, key=lambda one: one.opens_at)
    before = {name: _as_json(stored, name) for name in names}
    gone: Translations = {}
    with stays_publishable(stored):
        for name, value in values.items():
            setattr(stored, name, value)
        _validate(stored, values)
        stored.save(update_fields=list(values))
        if phases is not None and before[PHASES] != [_phase_as_json(one) for one in phases]:
            gone = _replace_phases(stored, phases, translations or {})
    after = {name: _as_json(stored, name) for name in names}
    changed = [name for name in names if before[name] != after[name]]
    if not changed:
        return None
    return note(
        stored,
        actor,
        step,
        before={name: before[name] for name in changed} | ({TRANSLATIONS: gone} if gone else {}),
        after={name: after[name] for name in changed},
    )


def _replace_phases(stored: Campaign, phases: Sequence[PhaseValues], restored: Translations) -> Translations:
    """Have these phases instead of those there are; a phase keeps its translations.

    `restored` are translations of phases that come back. Returns those of phases that are there no more.
    """
    former = list(stored.phases.order_by("opens_at"))
    translations = list(
        Translation.objects.filter(
            campaign=stored, kind=TextOf.PHASE, object_id__in=[one.pk for one in former]
        )
    )
    noted: dict[int, list[list[str]]] = {}
    for one in translations:
        noted.setdefault(one.object_id, []).append([one.language, one.field, one.text, one.original])
    stored.phases.all().delete()
    now = Phase.objects.bulk_create(
        Phase(campaign=stored, **asdict(one) | {"allows": list(one.allows)}) for one in phases
    )
    same = list(_same_phases(former, now))
    if translations:
        copy_translations(
            translations, stored, {(TextOf.PHASE.value, before.pk): after.pk for before, after in same}
        )
    kept, found = {before.pk for before, _after in same}, {after.pk for _before, after in same}
    for number, phase in enumerate(now):
        if phase.pk not in found:
            restore_translations(phase, stored, restored.get(str(number), ()))
    gone = ((number, phase.pk) for number, phase in enumerate(former) if phase.pk not in kept)
    return {str(number): noted[pk] for number, pk in gone if pk in noted}


def _same_phases(former: Sequence[Phase], now: Sequence[Phase]) -> Iterator[tuple[Phase, Phase]]:
    """Phases with the same title; of the others those in the same place, where none was added or removed."""
    left, found = list(former), list(now)
    for one in former:
        same = next((other for other in found if other.title == one.title), None)
        if same is not None:
            left.remove(one)
            found.remove(same)
            yield one, same
    if len(left) == len(found):
        yield from zip(left, found, strict=True)


def _validate(stored: Campaign, values: Mapping[str, object]) -> None:
    others = {field.name for field in Campaign._meta.fields} - set(values)  # noqa: SLF001 - documented
    try:
        stored.full_clean(exclude=others)
    except ValidationError as error:
        raise Invalid(
            {
                name if name != NON_FIELD_ERRORS else "campaign": [
                    Problem("refused", {"message": message}) for message in messages
                ]
                for name, messages in error.message_dict.items()
            }
        ) from error


def _as_json(stored: Campaign, name: str) -> Any:
    if name == PHASES:
        return [
            _phase_as_json(
                PhaseValues(one.title, one.opens_at, one.closes_at, one.description, tuple(one.allows))
            )
            for one in Phase.objects.filter(campaign=stored).order_by("opens_at")
        ]
    field = _column(name)
    value = getattr(stored, str(field.attname) if isinstance(field, models.ForeignKey) else name)
    if isinstance(value, GEOSGeometry):
        return json.loads(value.geojson)
    if isinstance(value, datetime):
        return _moment(value)
    return value if isinstance(value, str | int | bool | list | None) else str(value)


def _from_json(name: str, value: Any) -> object:
    field = _column(name)
    if value is None:
        return None
    if isinstance(field, models.ForeignKey):
        # Gone meanwhile: as if it had been taken out.
        return field.related_model._default_manager.filter(pk=value).first()  # noqa: SLF001
    if name == "area":
        return GEOSGeometry(json.dumps(value), srid=4326)
    return field.to_python(value)


def _moment(value: datetime) -> str:
    """One text for one moment, in whatever time zone it was entered."""
    return value.astimezone(UTC).isoformat()


def _column(name: str) -> models.Field[Any, Any]:
    field = Campaign._meta.get_field(name)  # noqa: SLF001 - documented
    assert isinstance(field, models.Field)  # noqa: S101 - for the type checker
    return field


def _phase_as_json(phase: PhaseValues) -> dict[str, object]:
    moments = {"opens_at": _moment(phase.opens_at), "closes_at": _moment(phase.closes_at)}
    return asdict(phase) | moments | {"allows": list(phase.allows)}


def _phase(value: Mapping[str, Any]) -> PhaseValues:
    opens_at, closes_at = parse_datetime(value["opens_at"]), parse_datetime(value["closes_at"])
    assert opens_at is not None  # noqa: S101 - for the type checker: written by `_phase_as_json`
    assert closes_at is not None  # noqa: S101
    return PhaseValues(value["title"], opens_at, closes_at, value["description"], tuple(value["allows"]))
