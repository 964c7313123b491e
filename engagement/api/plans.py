"""The list of plans (Vorhabenliste), read-only."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from engagement.api import described, lists
from engagement.api.events import district_of, geometry_of
from engagement.models import Expected, Plan, PlanChange, Stage, Topic
from engagement.models.plan import PlanQuerySet
from mapping.api import openapi
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute
from mapping.models import Campaign

_FILTERS: Final = ("stage", "topic", "expected", "campaign", "district")
_ORDER: Final = (lists.Key("slug"),)


class PlansView(ApiView):
    """Public plans."""

    @extend_schema(
        operation_id="list_plans",
        tags=["plans"],
        summary="What the city intends",
        parameters=[
            described.of_choices("stage", Stage.values),
            described.TOPIC,
            described.of_choices("expected", Expected.values),
            described.OF_CAMPAIGN,
            described.OF_DISTRICT,
            openapi.LIMIT,
            openapi.CURSOR,
        ],
        responses=described.list_of("plans", described.PLAN),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """By short name."""
        parameters = Parameters(request.query_params, (*_FILTERS, *lists.PAGING))
        rows = Plan.objects.public()
        if stages := parameters.choices("stage", Stage.values):
            rows = rows.filter(stage__in=stages)
        if topics := parameters.choices("topic", Topic.values):
            rows = rows.filter(topic__in=topics)
        if expected := parameters.choices("expected", Expected.values):
            rows = rows.filter(expected__in=expected)
        if campaign := parameters.read("campaign", lists.slug_of(Campaign.objects.visible())):
            rows = rows.filter(campaign=campaign)
        if districts := parameters.words("district"):
            rows = rows.filter(district__code__in=lists.printable(districts))
        return lists.page(
            request,
            parameters,
            "plans",
            _complete(rows),
            keys=_ORDER,
            written=lambda plan: plan_body(request, plan),
        )


class PlanView(ApiView):
    """One plan."""

    @extend_schema(
        operation_id="read_plan",
        tags=["plans"],
        summary="One plan with its decisions and changes",
        responses=described.single(described.PLAN),
    )
    def get(self, request: Request, plan: str) -> HttpResponseBase:
        """The plan; drafts are not found."""
        lists.no_parameters(request)
        found = _complete(Plan.objects.public().filter(slug=plan)).first()
        if found is None:
            raise Http404
        return lists.one(request, plan_body(request, found))


def plan_body(request: Request, plan: Plan) -> dict[str, Any]:
    """What everyone may know of a plan."""
    campaign = plan.campaign
    until = plan.takes_proposals_until
    return {
        "id": str(plan.pk),
        "slug": plan.slug,
        "url": absolute(request, "plan", plan.slug),
        "title": plan.title,
        "summary": plan.summary,
        "description": plan.description,
        "topic": plan.topic,
        "stage": plan.stage,
        "responsible": plan.responsible,
        "contact": plan.contact,
        "affected": plan.affected,
        "costs_euros": plan.costs_euros,
        "costs": plan.costs_text,
        "period": plan.begins,
        "next_steps": plan.next_steps,
        "expected": plan.expected,
        "participation": plan.participation,
        "reason_without": plan.reason_without,
        "campaign": None if campaign is None or campaign.is_draft else campaign.slug,
        "place": geometry_of(plan.place),
        "place_name": plan.place_name,
        "district": district_of(plan.district),
        "on_list_since": plan.admitted_on.isoformat(),
        "proposals_until": None if until is None else until.isoformat(),
        "decisions": [
            {"date": one.decided_on.isoformat(), "title": one.title, "link": one.link}
            for one in plan.decisions.all()
        ],
        "changes": [_change(one) for one in plan.changes.all()],
        "language": plan.language,
        "created": plan.created_at.isoformat(),
        "changed": plan.changed_at.isoformat(),
    }


def _change(change: PlanChange) -> dict[str, Any]:
    return {
        "at": change.changed_at.isoformat(),
        "text": change.text,
        "stage_before": change.stage_before or None,
        "stage_after": change.stage_after or None,
    }


def _complete(rows: PlanQuerySet) -> PlanQuerySet:
    related = rows.select_related("campaign", "district").defer("campaign__area", "district__geom")
    return related.prefetch_related("decisions", "changes")
