"""What new campaigns start with: the city's spans, or those of the campaign that was copied."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from mapping.models import Campaign, RetentionSpan, RetentionSubject

Months = Mapping[str, int | None]
"""Months after the end by subject; None: as long as the campaign."""


def take_over_defaults(campaign: Campaign) -> None:
    """Give a new campaign the spans of the setting `RETENTION_MONTHS`."""
    store_months(campaign, settings.RETENTION_MONTHS)


def copy_spans(source: Campaign, campaign: Campaign) -> None:
    """Give a new campaign the spans of another one; the city's where that has none."""
    months = {name: number for name, number in months_of(source).items() if number is not None}
    store_months(campaign, months or settings.RETENTION_MONTHS)


def months_of(campaign: Campaign) -> dict[str, int | None]:
    """The months of all subjects."""
    stored = dict(RetentionSpan.objects.of(campaign).values_list("subject", "months"))
    return {subject: stored.get(subject) for subject in RetentionSubject.values}


def store_months(campaign: Campaign, months: Months) -> None:
    """Store the months of subjects; the database computes their dates and refuses later ones than were promised."""
    for subject, number in months.items():
        RetentionSpan.objects.update_or_create(
            campaign=campaign, subject=subject, defaults={"months": number}
        )
