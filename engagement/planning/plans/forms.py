"""The form of a plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models import Expected, Plan, PlanDecision, Stage, Topic
from engagement.models.common import ONE_SUMMARY
from engagement.services.plans.editing import (
    LONGEST,
    LONGEST_LINK,
    MOST_DECISIONS,
    VALUES,
    DecisionValues,
    version_of,
)
from mapping.models import Campaign, District
from mapping.planning.setup.fields import StepForm, day_input, formatted_text
from mapping.services.errors import invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_LONGEST_GEOMETRY: Final = 500_000


def _line(
    name: str, label: StrPromise, help_text: StrPromise | str = "", *, required: bool = False
) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST[name], required=required)


class PlanForm(StepForm):
    """All columns of a plan that people edit; services decide what is right."""

    title = _line("title", _("Title"), required=True)
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences for the list."),
        max_length=LONGEST["summary"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    change = forms.CharField(
        label=_("What changed and why"),
        help_text=_("Everybody reads this on the page of the plan. A new stage needs it."),
        max_length=ONE_SUMMARY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description = formatted_text(_("Description"), LONGEST["description"], 8)
    expected_participation = forms.ChoiceField(
        label=_("Which participation is intended"), choices=Expected.choices
    )
    participation = formatted_text(_("How people take part"), LONGEST["participation"], 3)
    reason_without = formatted_text(_("Reason if there is no participation"), LONGEST["reason_without"], 3)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("Participation on this site"), required=False, empty_label=_("none")
    )
    takes_proposals_until = forms.DateField(
        label=_("Participation can be proposed until"),
        help_text=_("Citizens can propose participation up to this day. Empty: they cannot."),
        required=False,
        widget=day_input(),
    )
    place_name = _line("place_name", _("Place"), _("For example the name of the street."))
    district = forms.ModelChoiceField(
        District.objects.none(), label=_("District"), required=False, empty_label=_("that of the place")
    )
    affected = _line("affected", _("Who is affected"))
    begins = _line("begins", _("Planned period"), _("For example: spring 2027 to autumn 2028."))
    next_steps = formatted_text(_("Next steps"), LONGEST["next_steps"], 4)
    costs_euros = forms.IntegerField(
        label=_("Costs in euros"),
        help_text=_("Only where they are public."),
        min_value=0,
        max_value=10**13,
        required=False,
    )
    costs_text = _line("costs_text", _("About the costs"))
    responsible = _line("responsible", _("Responsible"), _("The department of the city."))
    contact = _line("contact", _("Contact"), _("E-mail address or telephone for questions."))
    admitted_on = forms.DateField(label=_("On the list since"), widget=day_input())

    def __init__(self, *args: Any, plan: Plan | None, **more: Any) -> None:
        super().__init__(*args, **more)
        if plan is None or plan.is_draft:
            del self.fields["change"]
        campaign, district = self.fields["campaign"], self.fields["district"]
        assert isinstance(campaign, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(district, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        campaign.queryset = Campaign.objects.defer("area").order_by("title", "pk")
        district.queryset = District.objects.defer("geom").order_by("layer", "name", "pk")

    def values(self) -> dict[str, object]:
        """The columns as services take them; call it after `is_valid()`."""
        data = self.cleaned_data | {"expected": self.cleaned_data["expected_participation"]}
        return {name: data[name] for name in VALUES}


class DecisionForm(forms.Form):
    """One decision of the council; empty ones are none."""

    use_required_attribute = False
    decided_on = forms.DateField(label=_("Date"), required=False, widget=day_input())
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    link = forms.CharField(
        label=_("Address in the council's information system"),
        max_length=LONGEST_LINK,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )


DecisionForms = forms.formset_factory(
    DecisionForm, extra=2, max_num=MOST_DECISIONS, absolute_max=MOST_DECISIONS + 2
)


def initial_of(plan: Plan | None) -> dict[str, Any]:
    """The form of a stored plan, or of a new one."""
    if plan is None:
        return {"admitted_on": timezone.localdate()}
    values = {name: getattr(plan, name) for name in VALUES}
    return values | {"expected_participation": plan.expected, "expected": version_of(plan)}


def decision_forms(
    data: QueryDict | None, decisions: Sequence[PlanDecision] = ()
) -> BaseFormSet[DecisionForm]:
    """The rows of decisions with two empty ones."""
    initial = [{"decided_on": one.decided_on, "title": one.title, "link": one.link} for one in decisions]
    return DecisionForms(data, initial=initial, prefix="decisions")


def decisions_of(rows: BaseFormSet[DecisionForm]) -> list[DecisionValues]:
    """What was typed into the rows; call it after `is_valid()`."""
    given = (form.cleaned_data for form in rows.forms)
    return [
        DecisionValues(one.get("decided_on"), one.get("title") or "", one.get("link") or "") for one in given
    ]


def geometry_of(text: str, plan: Plan | None) -> object | None:
    """The place in a field of GeoJSON, decoded; an unchanged one as it is stored. Raises Invalid on "geometry"."""
    if not text.strip():
        return None
    if plan is not None and plan.place is not None and text.strip() == plan.place.json:
        stored: object = plan.place
        return stored
    if len(text) > _LONGEST_GEOMETRY:
        raise invalid("geometry", "too_many_vertices", max=10_000)
    try:
        decoded: object = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid("geometry", "not_an_object") from None
    return decoded
