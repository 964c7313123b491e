"""Entries of plans and updates."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.models import Plan
from engagement.rules import may_edit_records
from engagement.services.plans.sentences import PLANS
from engagement.web.plans.listing import search_plans
from mapping.planning.ways import PLANNING_SECTIONS, PlanningSection
from mapping.services.messages import enter_sentences
from mapping.web.home import HOME_SECTIONS, Content, HomeSection

_ON_HOME: Final = 4


def _plans(words: str) -> Content | None:
    """The newest public plans, or those that a search finds."""
    found = search_plans(Plan.objects.public(), words)
    plans = list(found if words else found[:_ON_HOME])
    return Content({"plans": plans}, found=len(plans)) if plans else None


PLANNED: Final = HomeSection("plans", 35, "engagement/plans/home.html", _plans)
PLANS_SECTION: Final = PlanningSection(
    "plans", _("Plans"), lambda: reverse("records:plans"), may_edit_records
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(PLANS)
    HOME_SECTIONS.register(PLANNED)
    PLANNING_SECTIONS.register(PLANS_SECTION)
