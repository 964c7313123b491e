from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The site itself: home page, language, base map tiles, health."""

    name = "geoparticipation"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Fill the registry of checks of /readyz, and refuse a database whose restore is not over."""
        from geoparticipation import checks  # noqa: F401  (registers the system checks)
        from geoparticipation.backup.unfinished import watch_connections
        from geoparticipation.health import OWN_CHECKS, READY_CHECKS
        from geoparticipation.replicas import checks as replica_checks  # noqa: F401  (as above)

        watch_connections()
        for check in OWN_CHECKS:
            READY_CHECKS.register(check)


class AdministrationConfig(AdminConfig):
    """Django's administration with the site of this project."""

    default_site = "geoparticipation.administration.Administration"
