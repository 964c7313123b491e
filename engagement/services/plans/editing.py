"""Plans of the city: stored, published, explained when they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Document, Expected, Plan, PlanChange, PlanDecision, Stage
from engagement.models.common import ONE_SUMMARY
from engagement.rules import may_edit_records
from engagement.services.districts import district_at
from engagement.services.removed import note_place_removed, note_removed, with_files
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import parse_geometry
from mapping.geo.text import address_from_title
from mapping.models import District
from mapping.services.campaigns import validate
from mapping.services.checking.content import Collected, checked_text, to_geos
from mapping.services.errors import Conflict, Invalid, NotAllowed, Problem, invalid

LONGEST: Final[Mapping[str, int]] = {
    "title": 160,
    "summary": ONE_SUMMARY,
    "description": 20_000,
    "responsible": 200,
    "contact": 200,
    "affected": ONE_SUMMARY,
    "costs_text": ONE_SUMMARY,
    "begins": 120,
    "next_steps": 5_000,
    "participation": 5_000,
    "reason_without": 5_000,
    "place_name": 160,
}
"""Characters of each text."""
LONGEST_LINK: Final = 500
MOST_DECISIONS: Final = 40
_OF_SEVERAL_LINES: Final = frozenset({"description", "next_steps", "participation", "reason_without"})
VALUES: Final = (
    *LONGEST,
    *("topic", "stage", "costs_euros", "expected", "campaign", "district"),
    *("admitted_on", "takes_proposals_until"),
)
"""The columns that people edit, without the place."""
_TAKEN: Final = frozenset({"new", "proposals"})
"""Short names that addresses of the planners' pages have already."""
_is_link: Final = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class DecisionValues:
    """A decision of the council as received."""

    decided_on: date | None
    title: str = ""
    link: str = ""

    def __bool__(self) -> bool:
        return self.decided_on is not None or bool(self.title) or bool(self.link)


def version_of(plan: Plan | None) -> str:
    """A mark of a plan as it is stored: another one after each change."""
    return "" if plan is None else plan.changed_at.isoformat()


def save_plan(
    actor: User,
    plan: Plan | None,
    values: Mapping[str, object],
    decisions: Sequence[DecisionValues],
    *,
    geometry: object | None = None,
    change: str = "",
    expected: str = "",
) -> Plan:
    """Store a new plan as a draft, or the changes of one.

    `geometry` is a decoded GeoJSON geometry (WGS 84) or a stored one; a plan without district gets that of its place.
    `change` explains to the public what changed: a public plan whose stage changes needs it.

    Raises NotAllowed "not_plans_editor", Conflict "step_changed" (params: version), Invalid by the names of `VALUES`,
    "geometry", "decisions" and "change".
    """
    _require_editor(actor)
    cleaned, found, place, words = _checked(values, decisions, geometry, change)
    with transaction.atomic():
        stored = Plan() if plan is None else Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        if plan is not None and expected != version_of(stored):
            raise Conflict("step_changed", version=version_of(stored))
        before = stored.stage
        for name, value in cleaned.items():
            setattr(stored, name, value)
        if plan is not None and place is None:
            note_place_removed(stored)
        stored.place = place
        if stored.district is None and place is not None:
            stored.district = _district_of(stored, place)
        if plan is None:
            stored.slug = _free_slug(stored.title)
        is_moved = before != stored.stage and not stored.is_draft
        if is_moved and not words:
            raise invalid("change", "plan_change_unexplained")
        stored.changed_at = timezone.now()
        validate(stored)
        stored.save()
        _replace_decisions(stored, found)
        if words and not stored.is_draft:
            _note_change(stored, words, before if is_moved else "")
    return stored


def set_public(actor: User, plan: Plan, *, is_public: bool) -> Plan:
    """Put a plan on the public list, or take it off; raises NotAllowed "not_plans_editor"."""
    _require_editor(actor)
    with transaction.atomic():
        stored = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        if not is_public:
            note_removed(with_files(Document.objects.filter(plan=stored)))
            note_place_removed(stored)
        stored.is_draft = not is_public
        stored.changed_at = timezone.now()
        stored.save(update_fields=["is_draft", "changed_at"])
    return stored


def delete_plan(actor: User, plan: Plan) -> None:
    """Delete a draft with all that belongs to it; raises NotAllowed (not_plans_editor, plan_is_public)."""
    _require_editor(actor)
    with transaction.atomic():
        stored = Plan.objects.select_for_update().filter(pk=plan.pk).first()
        if stored is None:
            return
        if not stored.is_draft:
            raise NotAllowed("plan_is_public")
        stored.delete()


def _require_editor(actor: User) -> None:
    if not may_edit_records(actor):
        raise NotAllowed("not_plans_editor")


def _checked(
    values: Mapping[str, object], decisions: Sequence[DecisionValues], geometry: object | None, change: str
) -> tuple[dict[str, object], list[PlanDecision], GEOSGeometry | None, str]:
    """Everything in its stored form; raises Invalid with all problems at once."""
    collected = Collected()
    cleaned = {name: value for name, value in values.items() if name in VALUES}
    for name, longest in LONGEST.items():
        if name in cleaned:
            try:
                cleaned[name] = checked_text(
                    cleaned[name], max_length=longest, name=name, multiline=name in _OF_SEVERAL_LINES
                )
            except Invalid as error:
                collected.take(error)
    if not cleaned.get("title") and "title" not in collected.fields:
        collected.add("title", "required")
    if cleaned.get("expected") == Expected.NONE and not cleaned.get("reason_without"):
        collected.add("reason_without", "plan_reason_missing")
    place, words = None, ""
    try:
        place = _place(geometry)
    except GeometryProblem as problem:
        collected.take(Invalid({"geometry": [Problem(problem.code, problem.params)]}))
    try:
        words = checked_text(change, max_length=ONE_SUMMARY, name="change", multiline=False)
    except Invalid as error:
        collected.take(error)
    found = _decisions(decisions, collected)
    collected.raise_if_any()
    return cleaned, found, place, words


def _place(geometry: object | None) -> GEOSGeometry | None:
    if geometry is None or isinstance(geometry, GEOSGeometry):
        return geometry
    return to_geos(parse_geometry(geometry))


def _district_of(plan: Plan, place: GEOSGeometry) -> District | None:
    return district_at(place.point_on_surface, [] if plan.campaign is None else [plan.campaign])


def _decisions(decisions: Sequence[DecisionValues], collected: Collected) -> list[PlanDecision]:
    given = [one for one in decisions if one]
    if len(given) > MOST_DECISIONS:
        collected.add("decisions", "too_many_decisions", max=MOST_DECISIONS)
    found = []
    for one in given[:MOST_DECISIONS]:
        try:
            title = checked_text(one.title, max_length=200, name="decisions", multiline=False)
        except Invalid as error:
            collected.take(error)
            continue
        if one.decided_on is None or not title:
            collected.add("decisions", "decision_incomplete")
            continue
        if one.link and not _is_address(one.link):
            collected.add("decisions", "not_a_link")
            continue
        found.append(PlanDecision(decided_on=one.decided_on, title=title, link=one.link))
    return found


def _is_address(link: str) -> bool:
    try:
        _is_link(link)
    except ValidationError:
        return False
    return len(link) <= LONGEST_LINK


def _replace_decisions(plan: Plan, found: Sequence[PlanDecision]) -> None:
    plan.decisions.all().delete()
    for one in found:
        one.plan = plan
    PlanDecision.objects.bulk_create(found)


def _note_change(plan: Plan, words: str, before: str) -> None:
    stages = {"stage_before": Stage(before), "stage_after": Stage(plan.stage)} if before else {}
    PlanChange.objects.create(plan=plan, text=words, changed_at=plan.changed_at, **stages)


def _free_slug(title: str) -> str:
    """A short name from the title that no plan has."""
    wanted = address_from_title(title, max_length=70) or "plan"
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(one for one in candidates if one not in _TAKEN and not Plan.objects.filter(slug=one).exists())
