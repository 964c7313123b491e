"""Entries of the setup of texts, and of suggestions among what planners work on."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mapping.planning.setup.frame import STEPS
from mapping.planning.ways import PLANNING_TABS, PlanningTab
from mapping.services.messages import enter_sentences
from mapping.services.moderation.keepers import KEEPERS
from mapping.services.setup.categories import CATEGORY_USES, CategoryUse
from mapping.services.setup.checklist import CHECKS
from mapping.services.setup.copying import COPIED_PARTS
from mapping.services.setup.templates import TEMPLATES
from texts.planning import step, suggestions
from texts.services.setup import checks, parts, starts, texts
from texts.services.setup.sentences import DOCUMENTS, SETUP

TEXTS: Final = CategoryUse("texts", texts.refuse_removal)
TAB: Final = PlanningTab(
    suggestions.SECTION,
    28,
    _("Suggested wordings"),
    lambda campaign: reverse("texts-planning:suggestions", args=(campaign.slug,)),
    suggestions.is_offered,
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(SETUP)
    enter_sentences(DOCUMENTS)
    STEPS.register(step.TEXTS)
    CHECKS.register(checks.TEXTS)
    COPIED_PARTS.register(parts.COPYING)
    CATEGORY_USES.register(TEXTS)
    KEEPERS.register(parts.SECTIONS)
    TEMPLATES.register(starts.TEXT)
    PLANNING_TABS.register(TAB)
