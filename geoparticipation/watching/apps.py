from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WatchingConfig(AppConfig):
    """How operators watch the site."""

    name = "geoparticipation.watching"
    label = "watching"
    verbose_name = _("Operation")

    def ready(self) -> None:
        """Fill the registries, start error reports."""
        from geoparticipation.watching import checks  # noqa: F401  (registers the system checks)
        from geoparticipation.watching.entries import FAILURES, SECTION
        from geoparticipation.watching.error_reports import start_error_reports
        from geoparticipation.watching.readings import database, machine, work
        from geoparticipation.watching.readings.registry import READINGS
        from mapping.planning.ways import PLANNING_SECTIONS
        from mapping.services.retention import RETENTION

        for reading in (*machine.READINGS, *work.READINGS, *database.READINGS):
            READINGS.register(reading)
        PLANNING_SECTIONS.register(SECTION)
        RETENTION.register(FAILURES)
        start_error_reports()
