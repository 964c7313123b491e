"""Texts and sections of an address through the gate: 404 for what the visitor may not see, 410 for what was there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest

from mapping import rules
from mapping.models import Campaign, Category, Participant
from mapping.translated.reading import Reading
from mapping.visitor import known_participant
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404
from texts.models import Section, Text, TextVersion
from texts.rules import may_edit_texts, may_see_text
from texts.services.discussion import ShownSection, TextInVersion, text_in_version


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as a visitor reads it; `category` is in the language that they read."""

    reading: Reading
    category: Category
    shown: TextInVersion
    participant: Participant | None

    @property
    def campaign(self) -> Campaign:
        """The campaign to work with."""
        return self.reading.original


def texts_of(request: HttpRequest, campaign: Campaign) -> list[Text]:
    """The texts of a campaign that a visitor may read."""
    if not campaign.publishes_points:
        return []
    found = Text.objects.of(campaign).select_related("category")
    if not campaign.is_draft:
        found = found.public()
    elif not may_edit_texts(request.user, campaign):
        found = found.filter(versions__published_at__isnull=False).distinct()
    return list(found)


def text_or_404(request: HttpRequest, slug: str, category: str, *, version: str = "") -> ReadText:
    """A text in the version with a number, else the newest; drafts of versions for those who edit them."""
    reading = reading_of(request, campaign_or_404(request, slug))
    campaign = reading.original
    text = Text.objects.filter(category__campaign=campaign, category__slug=category).first()
    if text is None:
        raise Http404
    # The campaign's own category was read with its questions; that of the reading is what people see.
    text.category = next(one for one in campaign.categories.all() if one.pk == text.category_id)
    text.category.campaign = campaign
    if not may_see_text(request.user, text):
        raise Http404
    versions = list(text.versions.order_by("-number"))
    shown_version = _version(request, campaign, versions, version)
    published = [one for one in versions if one.published_at is not None]
    is_public = rules.may_see_public_contributions(campaign) and shown_version.published_at is not None
    shown = text_in_version(text, shown_version, published, is_public=is_public)
    category_read = next(one for one in reading.campaign.categories.all() if one.pk == text.category_id)
    return ReadText(reading, category_read, shown, known_participant(request, campaign))


def section_or_404(read: ReadText, section: uuid.UUID) -> ShownSection | Section:
    """A section of the version; one that was in an earlier version as its row, with the version it is gone since."""
    shown = read.shown.by_id.get(section)
    if shown is not None:
        return shown
    gone = Section.objects.select_related("gone_since", "contribution").filter(
        text=read.shown.text, pk=section, gone_since__isnull=False
    )
    if rules.may_see_public_contributions(read.campaign):
        gone = gone.public()
    found = gone.first()
    if found is None:
        raise Http404
    return found


def _version(
    request: HttpRequest, campaign: Campaign, versions: list[TextVersion], asked: str
) -> TextVersion:
    may_see_drafts = may_edit_texts(request.user, campaign) if asked or campaign.is_draft else False
    visible = [one for one in versions if one.published_at is not None or may_see_drafts]
    published = [one for one in visible if one.published_at is not None]
    for one in visible if asked else (published or visible):
        if not asked or str(one.number) == asked:
            return one
    raise Http404
