from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DoorsConfig(AppConfig):
    """Limits by network, log-in attempts, proofs of work."""

    name = "doors"
    verbose_name = _("Doors")

    def ready(self) -> None:
        from doors import checks  # noqa: F401  (registers the system checks)
        from doors.providers import checks as of_providers  # noqa: F401  (as above)
