from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    """Places: campaigns, contributions, feedback, aggregation, exports."""

    name = "mapping"
    verbose_name = _("Participation")

    def ready(self) -> None:
        """Enter what this app brings into the registries."""
        from mapping.exports import registry
        from mapping.exports.formats import FORMATS

        for one in FORMATS:
            registry.register(one)
