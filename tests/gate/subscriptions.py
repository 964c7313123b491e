"""Somebody who is told of everything, of what is public and of what became a draft."""

from django.utils import timezone

from engagement.models import SubjectKind, Subscriber
from mapping.models import Campaign


def subscribe(campaigns: list[Campaign]) -> None:
    """A subscriber to each campaign, its first category and its oldest contribution."""
    reader = Subscriber.objects.create(mail="reader@example.org")
    for campaign in campaigns:
        subjects = {
            SubjectKind.CAMPAIGN: campaign,
            SubjectKind.CATEGORY: campaign.categories.earliest("pk"),
            SubjectKind.CONTRIBUTION: campaign.contributions.earliest("created_at", "pk"),
        }
        for kind, row in subjects.items():
            reader.subscriptions.create(kind=kind, confirmed_at=timezone.now(), **{str(kind): row})
