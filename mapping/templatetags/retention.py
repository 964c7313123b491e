"""Template tags about how long data are kept: `{% load retention %}`."""

from __future__ import annotations

from django import template

from mapping.models import Campaign, CampaignStatus
from mapping.services.retained import spans
from mapping.services.retained.words import sentences

register = template.Library()


@register.simple_tag
def kept_until(campaign: Campaign) -> list[str]:
    """Sentences about what is deleted when; none where nothing is promised. One query."""
    return list(sentences(spans.promises(campaign)))


@register.simple_tag
def removed_of(campaign: Campaign) -> frozenset[str]:
    """The subjects that were removed after their date; without a query while the campaign runs."""
    return spans.removed(campaign) if campaign.status == CampaignStatus.CLOSED else frozenset()
