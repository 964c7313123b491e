"""The collections `events` and `plans` at `/ogc/`: one feature a date, one a plan, public ones only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db.models import Case, F, TextField, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.models import EventDate, EventKind, EventStatus, Expected, Known, Plan, Stage, Topic
from mapping.exports.fields import Choice, Field
from mapping.exports.sources import SortKey, Source
from mapping.exports.values import Second
from mapping.ogc.collections import SiteKind

_ANY: Final = "x"


def _choices(pairs: Iterable[tuple[str, str | Promise]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, title) for value, title in pairs)


_TOPIC: Final = Field("topic", _("Topic"), "text", choices=_choices(Topic.choices), is_always_there=True)
_EVENT: Final = (
    Field("title", _("Title"), "text", is_always_there=True),
    Field("summary", _("Summary"), "text"),
    Field("starts", _("Starts"), "datetime", is_always_there=True),
    Field("ends", _("Ends"), "datetime", is_always_there=True),
    Field("all_day", _("All day"), "boolean", is_always_there=True),
    Field("status", _("Status"), "text", choices=_choices(EventStatus.choices), is_always_there=True),
    Field("previous_start", _("Start before it was moved"), "datetime"),
    Field("reason", _("Reason"), "text"),
    Field("kind", _("Kind"), "text", choices=_choices(EventKind.choices), is_always_there=True),
    _TOPIC,
    Field("place_name", _("Place"), "text"),
    Field("address", _("Address"), "text"),
    Field("district", _("District"), "text"),
    Field("step_free", _("Step-free access"), "text", choices=_choices(Known.choices), is_always_there=True),
    Field("organiser", _("Organised by"), "text"),
    Field("event", _("Short name"), "text", is_always_there=True),
    Field("url", _("Page"), "text", is_always_there=True),
)
_PLAN: Final = (
    Field("title", _("Title"), "text", is_always_there=True),
    Field("summary", _("Summary"), "text"),
    _TOPIC,
    Field("stage", _("Stage"), "text", choices=_choices(Stage.choices), is_always_there=True),
    Field("responsible", _("Responsible"), "text"),
    Field("costs_euros", _("Costs in euros"), "integer", unit="EUR"),
    Field("costs", _("About the costs"), "text"),
    Field("period", _("Planned period"), "text"),
    Field("expected", _("Expected participation"), "text", choices=_choices(Expected.choices)),
    Field("campaign", _("Participation"), "text", _("Short name of a public campaign.")),
    Field("place_name", _("Place"), "text"),
    Field("district", _("District"), "text"),
    Field("on_list_since", _("On the list since"), "text"),
    Field("proposals_until", _("Participation can be proposed until"), "text"),
    Field("url", _("Page"), "text", is_always_there=True),
)


def _page(route: str, slug: str) -> Concat:
    """The canonical address of a page, by the short name in a column."""
    before, _slug, after = reverse(route, args=(_ANY,)).rpartition(_ANY)
    return Concat(Value(settings.SITE_URL + before), F(slug), Value(after), output_field=TextField())


def events_source() -> Source:
    """Public dates, cancelled ones too; those without a place have none. Never an online link."""
    return Source(
        rows=EventDate.objects.public(),
        fields=_EVENT,
        values={
            "event": F("event__slug"),
            "title": F("event__title"),
            "summary": F("event__summary"),
            "starts": Second("starts_at"),
            "ends": Second("ends_at"),
            "all_day": F("event__is_all_day"),
            "status": F("status"),
            "previous_start": Second("previous_starts_at"),
            "reason": F("reason"),
            "kind": F("event__kind"),
            "topic": F("event__topic"),
            "place_name": F("event__place_name"),
            "address": F("event__address"),
            "district": F("event__district__name"),
            "step_free": F("event__step_free"),
            "organiser": F("event__organiser"),
            "url": _page("event", "event__slug"),
        },
        identifier="id",
        place="event__place",
        order=(SortKey(F("starts_at"), is_nullable=False),),
        period=("starts_at", "ends_at"),
    )


def plans_source() -> Source:
    """Public plans by short name; a campaign is named where it is public."""
    return Source(
        rows=Plan.objects.public(),
        fields=_PLAN,
        values={
            "title": F("title"),
            "summary": F("summary"),
            "topic": F("topic"),
            "stage": F("stage"),
            "responsible": F("responsible"),
            "costs_euros": F("costs_euros"),
            "costs": F("costs_text"),
            "period": F("begins"),
            "expected": F("expected"),
            "campaign": Case(
                When(campaign__is_draft=False, then=F("campaign__slug")), output_field=TextField()
            ),
            "place_name": F("place_name"),
            "district": F("district__name"),
            "on_list_since": Cast("admitted_on", TextField()),
            "proposals_until": Cast("takes_proposals_until", TextField()),
            "url": _page("plan", "slug"),
        },
        identifier="slug",
        place="place",
        order=(),
        is_oriented=False,
    )


EVENTS: Final = SiteKind(
    "events",
    title=_("Calendar dates"),
    description=_("Dates at which people can take part, one entry per date, cancelled ones too."),
    source=events_source,
    place="geometry-point",
    icon="pin",
    label="title",
    preview="title",
)
PLANS: Final = SiteKind(
    "plans",
    title=_("List of plans"),
    description=_("What the city intends: stage, who is responsible, costs, expected participation."),
    source=plans_source,
    icon="layers",
    label="title",
    preview="title",
)
