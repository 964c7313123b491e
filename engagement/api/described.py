"""The OpenAPI descriptions of events, documents and plans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from engagement.models import (
    DocumentKind,
    EventKind,
    EventStatus,
    Expected,
    Known,
    Stage,
    Topic,
)
from mapping.api import openapi
from mapping.api.shapes import INTEGER, TEXT, Shape, listed, maybe, members

URL: Final[Shape] = {"type": "string", "format": "uri"}
MOMENT: Final[Shape] = {"type": "string", "format": "date-time"}
DAY: Final[Shape] = {"type": "string", "format": "date"}
YES_OR_NO: Final[Shape] = {"type": "boolean"}
GEOMETRY: Final[Shape] = {
    "type": "object",
    "nullable": True,
    "description": "A GeoJSON geometry, WGS 84, longitude first; null without a place.",
}
DISTRICT: Final = maybe(members(code=TEXT, name=TEXT))
CAMPAIGN: Final = maybe(TEXT | {"description": "Short name of a public campaign."})


def chosen(values: Iterable[str], description: str = "") -> Shape:
    """Schema of one of several words."""
    return {"type": "string", "enum": list(values)} | ({"description": description} if description else {})


def parameter(name: str, shape: Any, description: str) -> OpenApiParameter:
    """A filter of a list."""
    return OpenApiParameter(name, shape, OpenApiParameter.QUERY, description=description)


def of_choices(name: str, values: Iterable[str]) -> OpenApiParameter:
    """A filter by one or several words."""
    return parameter(name, str, f"One of {', '.join(values)}, or several as a comma list.")


TOPIC: Final = of_choices("topic", Topic.values)
OF_CAMPAIGN: Final = parameter("campaign", str, "Short name of a campaign.")
OF_DISTRICT: Final = parameter("district", str, "Code of a district.")
OF_TIME: Final = parameter(
    "datetime", str, "A date, a date-time with time zone, or an interval such as 2026-05-01/2026-05-31."
)


def list_of(name: str, shape: Shape) -> dict[Any, OpenApiResponse]:
    """The responses of a list."""
    link = members(rel=chosen(("self", "next")), href=URL, type=TEXT)
    body = members(**{name: listed(shape)}, numberMatched=INTEGER, numberReturned=INTEGER, links=listed(link))
    return {
        200: OpenApiResponse(body, description="One page; the link `next` leads on."),
        **openapi.problems(400),
    }


def single(shape: Shape) -> dict[Any, OpenApiResponse]:
    """The responses of one object."""
    return {200: OpenApiResponse(shape), **openapi.problems(400, 404)}


_DATE: Final = members(
    id=TEXT,
    start=MOMENT,
    end=MOMENT | {"description": "Excluded."},
    status=chosen(EventStatus.values),
    previous_start=maybe(MOMENT | {"description": "Of moved dates."}),
    reason=TEXT | {"description": "Why it was moved or cancelled."},
    report=TEXT | {"description": "What came of it."},
)
_KNOWN: Final = chosen(Known.values)
EVENT: Final = members(
    id=TEXT,
    slug=TEXT,
    url=URL,
    ics=URL,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    kind=chosen(EventKind.values),
    topic=chosen(Topic.values),
    campaigns=listed(TEXT, "Short names of public campaigns."),
    organiser=TEXT,
    contact=TEXT,
    languages=listed(TEXT),
    language=TEXT,
    time_zone=TEXT | {"description": "The zone of the dates' offsets."},
    all_day=YES_OR_NO,
    rule=TEXT | {"description": "RFC 5545 recurrence rule of a series; empty for single dates."},
    dates=listed(_DATE, "All dates, the first one first; cancelled ones too."),
    place=GEOMETRY,
    place_name=TEXT,
    address=TEXT,
    district=DISTRICT,
    accessibility=members(
        step_free=_KNOWN, accessible_toilet=_KNOWN, hearing_loop=_KNOWN, sign_language=_KNOWN, more=TEXT
    ),
    online_link=TEXT | {"description": "Empty where only those who registered get it."},
    registration=members(here=YES_OR_NO, hint=TEXT, places=maybe(INTEGER)),
    created=MOMENT,
    changed=MOMENT,
)
_FILE: Final = members(
    id=TEXT,
    number=INTEGER,
    name=TEXT,
    note=TEXT,
    url=URL,
    bytes=INTEGER,
    pages=maybe(INTEGER),
    created=MOMENT,
)
DOCUMENT: Final = members(
    id=TEXT,
    url=URL,
    title=TEXT,
    summary=TEXT,
    kind=chosen(DocumentKind.values),
    topic=chosen(Topic.values),
    date=DAY,
    reference=TEXT,
    licence=TEXT,
    author=TEXT,
    language=TEXT,
    text=TEXT | {"description": "Of documents that were written here; others have files."},
    campaign=CAMPAIGN,
    body=maybe(TEXT | {"description": "Short name of the body."}),
    event=maybe(TEXT | {"description": "Short name of the event, or of the session's."}),
    plan=maybe(TEXT | {"description": "Short name of the plan."}),
    files=listed(_FILE, "Versions, the newest first."),
    created=MOMENT,
    changed=MOMENT,
)
_DECISION: Final = members(date=DAY, title=TEXT, link=TEXT)
_CHANGE: Final = members(
    at=MOMENT,
    text=TEXT,
    stage_before=maybe(chosen(Stage.values)),
    stage_after=maybe(chosen(Stage.values)),
)
PLAN: Final = members(
    id=TEXT,
    slug=TEXT,
    url=URL,
    title=TEXT,
    summary=TEXT,
    description=TEXT,
    topic=chosen(Topic.values),
    stage=chosen(Stage.values),
    responsible=TEXT,
    contact=TEXT,
    affected=TEXT,
    costs_euros=maybe(INTEGER),
    costs=TEXT | {"description": "What is known of the costs, in words."},
    period=TEXT,
    next_steps=TEXT,
    expected=chosen(Expected.values, "Which participation is intended."),
    participation=TEXT,
    reason_without=TEXT,
    campaign=CAMPAIGN,
    place=GEOMETRY,
    place_name=TEXT,
    district=DISTRICT,
    on_list_since=DAY,
    proposals_until=maybe(DAY | {"description": "Until then, participation can be proposed."}),
    decisions=listed(_DECISION),
    changes=listed(_CHANGE, "The newest first."),
    language=TEXT,
    created=MOMENT,
    changed=MOMENT,
)
