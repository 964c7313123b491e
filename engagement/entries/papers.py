"""Entries of bodies and documents."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.models import Document
from engagement.rules import may_edit_records
from engagement.services.bodies.sentences import BODIES
from engagement.services.documents.sentences import DOCUMENTS
from engagement.services.sweeping import delete_stray_files
from mapping.planning.ways import PLANNING_SECTIONS, PlanningSection
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab

SECTION: Final = PlanningSection(
    "papers", _("Bodies and documents"), lambda: reverse("records:papers"), may_edit_records
)
TAB: Final = CampaignTab(
    "documents",
    45,
    title=lambda _campaign: _("Documents"),
    address=lambda campaign: reverse("campaign-documents", args=(campaign.slug,)),
    rows=lambda campaign: Document.objects.public().filter(campaign_id=campaign.pk),
)

STRAYS: Final = Retention(
    "documents", "files of documents and pictures that no row names", "day", delete_stray_files
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(BODIES)
    enter_sentences(DOCUMENTS)
    PLANNING_SECTIONS.register(SECTION)
    CAMPAIGN_TABS.register(TAB)
    RETENTION.register(STRAYS)
