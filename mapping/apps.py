from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    """Places: campaigns, contributions, feedback, aggregation, exports."""

    name = "mapping"
    verbose_name = _("Participation")

    def ready(self) -> None:
        """Enter what this app brings into the registries, through the door that its neighbours use."""
        from mapping import checks  # noqa: F401  (registers the system checks)
        from mapping.exports.datasets import CAMPAIGNS
        from mapping.exports.formats import FORMATS
        from mapping.exports.metadata.dataset import DATASET_SOURCES
        from mapping.exports.registry import register
        from mapping.ogc.campaign_kinds import KINDS
        from mapping.ogc.collections import register_kind

        for file_format in FORMATS:
            register(file_format)
        for kind in KINDS:
            register_kind(kind)
        DATASET_SOURCES.register(CAMPAIGNS)
