"""Entries of bodies and documents."""

from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.models import Document
from engagement.rules import may_edit_records
from engagement.services.bodies.sentences import BODIES
from engagement.services.documents.sentences import DOCUMENTS
from engagement.services.sweeping import delete_stray_files
from mapping.models import Campaign
from mapping.planning.ways import PLANNING_SECTIONS, PlanningSection
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention
from mapping.web.campaign_tabs import CAMPAIGN_TABS, CampaignTab
from mapping.web.overview.feeds import FEEDS, Feed, FeedEntry

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

_IN_FEED: Final = 30


def _documents() -> list[FeedEntry]:
    """The newest documents, those first that were changed last."""
    return _written(Document.objects.public())


def _documents_of(campaign: Campaign) -> list[FeedEntry]:
    return _written(Document.objects.public().filter(campaign=campaign.pk))


def _title_of(document: Document) -> str:
    """With its kind, unless the title begins with it ("Minutes of the 3rd session")."""
    kind = document.get_kind_display()
    is_named = document.title.lower().startswith(kind.lower())
    return document.title if is_named else f"{kind}: {document.title}"


def _written(documents: QuerySet[Document]) -> list[FeedEntry]:
    return [
        FeedEntry(
            _title_of(one),
            one.summary,
            one.get_absolute_url(),
            "document",
            one.created_at,
            one.changed_at,
        )
        for one in documents.order_by("-changed_at", "pk").defer("text")[:_IN_FEED]
    ]


FEED: Final = Feed(
    "documents", _("Documents"), _documents, lambda: reverse("documents"), entries_of=_documents_of
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
    FEEDS.register(FEED)
    RETENTION.register(STRAYS)
