from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    """Places: campaigns, contributions, feedback, aggregation, exports."""

    name = "mapping"
    verbose_name = _("Participation")
