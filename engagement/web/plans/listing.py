"""The list of plans: its filters, its pages, what its map shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from engagement.models import Expected, Plan, Stage, Topic
from engagement.models.plan import PlanQuerySet
from mapping.models import District

PAGE: Final = 40
LONGEST_WORDS: Final = 100
_ANY: Final = [("", _("All"))]


class PlanFilter(forms.Form):
    """The filters of the list; values that do not exist are refused at their field."""

    q = forms.CharField(label=_("Words"), required=False, max_length=LONGEST_WORDS)
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[*_ANY, *Stage.choices])
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[*_ANY, *Topic.choices])
    district = forms.ModelChoiceField(
        District.objects.none(), label=_("District"), required=False, empty_label=_("the whole city")
    )
    expected = forms.ChoiceField(label=_("Participation"), required=False, choices=[*_ANY, *Expected.choices])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="plans-%s", label_suffix="")
        districts = self.fields["district"]
        assert isinstance(districts, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        has_plans = Exists(Plan.objects.public().filter(district=OuterRef("pk")))
        districts.queryset = District.objects.filter(has_plans).defer("geom").order_by("name", "pk")

    @property
    def is_set(self) -> bool:
        """Whether anything is filtered."""
        return any(self.cleaned_data.values())

    def plans(self) -> PlanQuerySet:
        """The public plans that fit, those that came last first; all without a valid filter."""
        self.full_clean()
        found = search_plans(Plan.objects.public(), self.cleaned_data.get("q") or "")
        for name in ("stage", "topic", "district", "expected"):
            if value := self.cleaned_data.get(name):
                found = found.filter(**{name: value})
        return found


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list."""

    form: PlanFilter
    page: Page[Plan]
    features: Sequence[dict[str, Any]]
    query: str
    """The filters for addresses, without the page."""


def listing_of(query: QueryDict) -> Listing:
    """The page that an address means; pages that do not exist are the nearest one."""
    form = PlanFilter(query)
    page = Paginator(form.plans(), PAGE).get_page(query.get("page"))
    kept = query.copy()
    kept.pop("page", None)
    return Listing(form, page, features_of(list(page)), kept.urlencode())


def search_plans(plans: PlanQuerySet, words: str) -> PlanQuerySet:
    """The plans that contain every word, those that came last first."""
    for word in words.split():
        plans = plans.filter(
            Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(description__icontains=word)
            | Q(place_name__icontains=word)
        )
    related = plans.select_related("district", "campaign").defer("district__geom", "campaign__area")
    return related.order_by("-admitted_on", "slug")


def features_of(plans: Sequence[Plan]) -> list[dict[str, Any]]:
    """What `js/plan-map.js` draws: the plans that have a place."""
    return [
        {
            "geometry": json.loads(plan.place.json),
            "stage": plan.stage,
            "name": plan.title,
            "words": plan.get_stage_display(),
            "address": plan.get_absolute_url(),
        }
        for plan in plans
        if plan.place is not None
    ]
