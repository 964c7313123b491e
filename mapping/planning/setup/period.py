"""The step of the period and its phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.models import Action, Campaign, Phase
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import Described, SpanForm, StepForm, initial_span, words_of
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError, Invalid, Problem
from mapping.services.setup.changes import PhaseValues, version_of
from mapping.services.setup.period import MOST_PHASES, set_period

_WIDTH: Final = 720
"""Units of the timeline's drawing."""
_FIELDS: Final = {"opens_at": "opens_on", "closes_at": "closes_on"}
"""Fields at which problems of moments are shown."""
_ACTIONS: Final = (
    (Action.CONTRIBUTE, Described(gettext_lazy("Contribute"), gettext_lazy("mark places, write ideas"))),
    (Action.COMMENT, Described(gettext_lazy("Comment on contributions"))),
    (Action.SUPPORT, Described(gettext_lazy("Support and oppose"))),
    (Action.ANSWER, Described(gettext_lazy("Answer the survey"))),
    (Action.VOTE, Described(gettext_lazy("Vote"))),
)


class PeriodForm(StepForm, SpanForm):
    """When the campaign runs."""


class PhaseForm(SpanForm):
    """One phase; left empty, it is none."""

    title = forms.CharField(label=gettext_lazy("Title of the phase"), max_length=120, required=False)
    description = forms.CharField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("One sentence that citizens read while the phase runs."),
        max_length=300,
        required=False,
    )
    allows = forms.MultipleChoiceField(
        label=gettext_lazy("In this phase people may"),
        choices=_ACTIONS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove this phase"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require a title and both dates, unless nothing was filled in or the phase is to be removed."""
        data = super().clean()
        if self.is_left_out:
            # Whatever else is wrong with it does not matter any more.
            self._errors = forms.utils.ErrorDict()
            return data
        if not data.get("title"):
            self.add_error("title", words_of(Problem("phase_title_needed")))
        for name, field in _FIELDS.items():
            if data[name] is None and field not in self.errors:
                self.add_error(field, ValidationError(words_of(Problem("both_dates"))))
        return data

    @property
    def is_left_out(self) -> bool:
        """Whether there is no such phase."""
        return bool(self.cleaned_data.get("remove")) or not any(
            self.data.get(self.add_prefix(name), "").strip()
            for name in ("title", "description", "opens_on", "closes_on")
        )

    @property
    def values(self) -> PhaseValues:
        """The phase as it is to be stored."""
        data = self.cleaned_data
        return PhaseValues(
            data["title"], data["opens_at"], data["closes_at"], data["description"], tuple(data["allows"])
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase in the timeline: where it begins and how long it is, in units of the drawing."""

    phase: Phase
    x: int
    width: int


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def period(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show and store the period and the phases."""
    is_sent = request.method == "POST"
    form = PeriodForm(request.POST) if is_sent else PeriodForm(initial=_initial(campaign))
    phases = _sent_phases(request.POST) if is_sent else _stored_phases(campaign)
    if is_sent and _are_sound(form, phases) and _stored(campaign, form, phases, request):
        messages.success(request, _("Saved."))
        return redirect("planning:setup-period", slug=campaign.slug)
    is_wrong = bool(form.errors) or any(one.errors for one in phases)
    return render(
        request,
        "planning/setup/period.html",
        {
            **setup_frame(request, campaign, "period"),
            "form": form,
            "phases": phases,
            "bars": _bars(campaign),
            "width": _WIDTH,
        },
        status=422 if is_wrong else 200,
    )


def _initial(campaign: Campaign) -> Mapping[str, object]:
    version = {"expected": version_of(campaign, "period")}
    return {**initial_span(campaign.opens_at, campaign.closes_at), **version}


def _stored_phases(campaign: Campaign) -> list[PhaseForm]:
    """The phases there are, and an empty one to add another."""
    forms_of = [
        PhaseForm(
            prefix=f"phase-{number}",
            initial=initial_span(one.opens_at, one.closes_at)
            | {"title": one.title, "description": one.description, "allows": one.allows},
        )
        for number, one in enumerate(campaign.timeline)
    ]
    if len(forms_of) < MOST_PHASES:
        forms_of.append(PhaseForm(prefix=f"phase-{len(forms_of)}", initial={"allows": [Action.CONTRIBUTE]}))
    return forms_of


def _sent_phases(data: QueryDict) -> list[PhaseForm]:
    numbers = [number for number in range(MOST_PHASES + 1) if f"phase-{number}-title" in data]
    return [PhaseForm(data, prefix=f"phase-{number}") for number in numbers]


def _are_sound(form: PeriodForm, phases: list[PhaseForm]) -> bool:
    return all([form.is_valid(), *(one.is_valid() for one in phases)])


def _stored(campaign: Campaign, form: PeriodForm, phases: list[PhaseForm], request: HttpRequest) -> bool:
    kept = [one for one in phases if not one.is_left_out]
    try:
        set_period(
            campaign,
            member(request),
            opens_at=form.cleaned_data["opens_at"],
            closes_at=form.cleaned_data["closes_at"],
            phases=[one.values for one in kept],
            expected=form.cleaned_data["expected"],
        )
    except Invalid as error:
        for name, problems in error.fields.items():
            where, _dot, rest = name.partition(".")
            number, _dot, moment = rest.partition(".")
            target = kept[int(number)] if where == "phases" and number else form
            target.refuse(Invalid({moment or where: problems}), _FIELDS)
        return False
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def _bars(campaign: Campaign) -> list[Bar]:
    """The phases on one line from the beginning of the campaign to its end."""
    phases = campaign.timeline
    if not phases:
        return []
    start = min([one.opens_at for one in phases] + ([campaign.opens_at] if campaign.opens_at else []))
    end = max([one.closes_at for one in phases] + ([campaign.closes_at] if campaign.closes_at else []))
    whole = (end - start).total_seconds()

    def place(moment: datetime) -> int:
        return round(_WIDTH * (moment - start).total_seconds() / whole)

    return [
        Bar(one, place(one.opens_at), max(2, place(one.closes_at) - place(one.opens_at))) for one in phases
    ]
