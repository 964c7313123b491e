from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The audit log of staff."""

    name = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        from audit import checks, sessions  # noqa: F401  (registers the system checks)

        sessions.connect()
