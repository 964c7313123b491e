from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementConfig(AppConfig):
    """Dates and papers: calendar, bodies and their sessions, documents, plans, updates."""

    name = "engagement"
    verbose_name = _("Dates and papers")

    def ready(self) -> None:
        """Enter what this app brings into the registries of `mapping`."""
        from engagement.entries import (
            calendar,
            demo,
            erasures,
            interfaces,
            papers,
            plans,
            registrations,
            search,
            subscriptions,
        )

        for subject in (
            calendar,
            demo,
            erasures,
            interfaces,
            papers,
            plans,
            registrations,
            search,
            subscriptions,
        ):
            subject.enter()
