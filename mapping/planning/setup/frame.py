"""The frame of all steps: the way to each, with its state, and the place of the preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import frame, planners_only
from mapping.planning.setup.retention_words import changed_values
from mapping.registry import Registry
from mapping.services.messages import sentence
from mapping.services.setup.checklist import Finding, findings

Values = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Step:
    """A page on which a part of a campaign is set up; `name` is what checks and history of the campaign call it.

    Lower positions come first (those of `mapping` are 10 to 90). `changed_values` makes name, former and new value of
    each thing in words, of a change's `before` and `after`, where the history does not know the step itself.
    """

    name: str
    position: int
    title: str | Promise
    route: str
    changed_values: Callable[[Values, Values], Iterator[tuple[str, str, str]]] | None = None


STEPS: Final[Registry[Step]] = Registry("step of campaigns")
OWN: Final = (
    Step("texts", 10, _("Texts and picture"), "planning:setup-texts"),
    Step("area", 20, pgettext_lazy("step", "Area"), "planning:setup-area"),
    Step("period", 30, _("Period and phases"), "planning:setup-period"),
    Step("categories", 40, _("Categories"), "planning:setup-categories"),
    Step("questions", 50, _("Questions"), "planning:setup-questions"),
    Step("publication", 60, _("Publication and protection"), "planning:setup-publication"),
    Step("retention", 65, _("How long data are kept"), "planning:setup-retention", changed_values),
    Step("languages", 70, _("Languages"), "planning:setup-languages"),
    Step("people", 80, _("People"), "planning:setup-people"),
    Step("publish", 90, _("Check and publish"), "planning:setup-publish"),
)


def steps() -> list[Step]:
    """All steps in their order."""
    return sorted(STEPS, key=lambda one: one.position)


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words, with the address of the step that mends it."""

    words: str
    blocks: bool
    step: Step
    address: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step in the list at the side; `state` is `done`, `missing` or `warning`."""

    step: Step
    address: str
    state: str
    is_here: bool


def setup_frame(request: HttpRequest, campaign: Campaign, step: str) -> dict[str, object]:
    """What `planning/setup/base.html` needs: the planners' frame, the steps with their state, what this one lacks."""
    found = shown_findings(campaign)
    return {
        **frame(request, campaign, "setup"),
        "steps": [_shown(campaign, one, found, step) for one in steps()],
        "step": STEPS.named(step),
        "findings": found,
        "findings_here": [one for one in found if one.step.name == step],
    }


def shown_findings(campaign: Campaign) -> list[ShownFinding]:
    """What the campaign lacks, in words, in the order of the steps."""
    by_name = {step.name: step for step in STEPS}
    found = sorted(findings(campaign), key=lambda one: by_name[one.step].position)
    return [_in_words(campaign, one, by_name[one.step]) for one in found]


def address_of(campaign: Campaign, step: Step) -> str:
    """The page of a step."""
    return reverse(step.route, args=(campaign.slug,))


@require_safe
@planners_only(rules.may_manage)
def start(request: HttpRequest, campaign: Campaign) -> HttpResponse:  # noqa: ARG001
    """Continue at the first step that keeps the campaign from being published, else at the first one."""
    missing = next((one.step for one in shown_findings(campaign) if one.blocks), steps()[0])
    return HttpResponseRedirect(address_of(campaign, missing))


def _shown(campaign: Campaign, step: Step, found: list[ShownFinding], here: str) -> ShownStep:
    own = [one for one in found if one.step == step]
    if step.name == "publish":
        state = "missing" if campaign.is_draft else "done"
    elif any(one.blocks for one in own):
        state = "missing"
    else:
        state = "warning" if own else "done"
    return ShownStep(step, address_of(campaign, step), state, is_here=step.name == here)


def _in_words(campaign: Campaign, finding: Finding, step: Step) -> ShownFinding:
    return ShownFinding(
        sentence(finding.code, finding.params), finding.blocks, step, address_of(campaign, step)
    )
