"""Twenty-five plans of the city with proposals of citizens, and news of every campaign of the demo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import shapely
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from engagement.models import Plan, PlanChange, Update
from engagement.services.plans.editing import VALUES, DecisionValues, save_plan, set_public
from engagement.services.plans.proposals import answer, propose
from engagement.services.updates import save_update
from mapping.models import Campaign, District
from mapping.services.identity import new_secret

_NO_VALUES: Final[Mapping[str, object]] = {
    **dict.fromkeys(("summary", "description", "responsible", "contact", "affected"), ""),
    **dict.fromkeys(
        ("costs_text", "begins", "next_steps", "participation", "reason_without", "place_name"), ""
    ),
    **dict.fromkeys(("costs_euros", "campaign", "district", "takes_proposals_until")),
}


@dataclass(frozen=True)
class _Known:
    """What plans name: places and streets by name, campaigns and quarters."""

    places: Mapping[str, tuple[float, float]]
    streets: Mapping[str, list[tuple[float, float]]]
    campaigns: Mapping[str, Campaign]
    quarters: Mapping[str, District]


def fill(report: Callable[[str], object]) -> None:
    """Make the plans and the news, unless the first of them is there."""
    from accounts.models import Role
    from mapping.demo import content, seed

    actor = seed.demo_users()[Role.MANAGER]
    if not actor.may_edit_dates_and_papers:
        actor.may_edit_dates_and_papers = True
        actor.save(update_fields=["may_edit_dates_and_papers"])
    known = _Known(
        places={one["name"]: (one["lon"], one["lat"]) for one in content.places()},
        streets={one["slug"]: one["line"] for one in content.streets()},
        campaigns={one.slug: one for one in Campaign.objects.defer("area")},
        quarters={one.code: one for one in District.objects.filter(layer__slug=seed.LAYER).defer("geom")},
    )
    found = _read("plans.json")
    if not Plan.objects.filter(title=found["plans"][0]["title"]).exists():
        made = {one["title"]: _make_plan(actor, one, known) for one in found["plans"]}
        for one in found["proposals"]:
            _make_proposal(actor, made[one["plan"]], one)
        report(f"plans: {len(made)} plans, {len(found['proposals'])} proposals")
    number = sum(
        _make_news(actor, known.campaigns[slug], rows)
        for slug, rows in _read("updates.json")["updates"].items()
        if slug in known.campaigns
    )
    if number:
        report(f"news: {number} in all campaigns")


def _make_plan(actor: User, row: Mapping[str, Any], known: _Known) -> Plan:
    today = timezone.localdate()
    proposals = row.get("proposals")
    values = {name: row.get(name, _NO_VALUES.get(name)) for name in VALUES} | {
        "campaign": known.campaigns.get(row.get("campaign", "")),
        "district": known.quarters.get(row.get("quarter", "")),
        "admitted_on": today + timedelta(days=row["admitted"]),
        "takes_proposals_until": None if proposals is None else today + timedelta(days=proposals),
    }
    decisions = [
        DecisionValues(today + timedelta(days=one["days"]), one["title"], one["link"])
        for one in row.get("decisions", [])
    ]
    plan = save_plan(actor, None, values, decisions, geometry=_geometry(row.get("place"), known))
    # What changed lies in the past, which no service writes.
    PlanChange.objects.bulk_create(
        PlanChange(
            plan=plan,
            text=one["text"],
            stage_before=one["before"],
            stage_after=one["after"],
            changed_at=_moment(one["days"]),
        )
        for one in row.get("changes", [])
    )
    return set_public(actor, plan, is_public=True)


def _geometry(place: Mapping[str, Any] | None, known: _Known) -> object | None:
    """A street, a point, or a square with an edge of `size` degrees of latitude around it, as GeoJSON."""
    if place is None:
        return None
    if "street" in place:
        return {"type": "LineString", "coordinates": [list(one) for one in known.streets[place["street"]]]}
    lon, lat = known.places[place["place"]]
    size = place.get("size")
    if size is None:
        return {"type": "Point", "coordinates": [lon, lat]}
    half = size / 2
    box = shapely.box(lon - 1.5 * half, lat - half, lon + 1.5 * half, lat + half)
    return json.loads(shapely.to_geojson(box))  # type: ignore[no-any-return]


def _make_proposal(actor: User, plan: Plan, row: Mapping[str, Any]) -> None:
    made = propose(plan, row["text"], new_secret())
    if "answer" in row:
        answer(made, actor, row["state"], row["answer"])


def _make_news(actor: User, campaign: Campaign, rows: list[dict[str, Any]]) -> int:
    """News of one campaign that has none."""
    if Update.objects.filter(campaign=campaign).exists():
        return 0
    for one in rows:
        texts = {"title": one["title"], "text": one["text"]}
        save_update(actor, campaign, None, texts, is_public=True, published_at=_moment(one["days"]))
    return len(rows)


def _moment(days: int) -> datetime:
    """Ten o'clock, so many days from today."""
    return timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(settings.BASE_DIR, "fixtures", "demo", name).read_text("utf-8"))
    return found
