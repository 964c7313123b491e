from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    """The site itself: home page, language, base map tiles, health."""

    name = "geoparticipation"
    verbose_name = _("Site")

    def ready(self) -> None:
        from geoparticipation import checks  # noqa: F401  (registers the system checks)
