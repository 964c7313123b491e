"""The administration: everything that has no page of its own yet. Contributions change through services only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from mapping.admin import campaigns, contributions, doors, feedback, places

admin.site.site_title = _("geoparticipation")
admin.site.site_header = _("geoparticipation: administration")
admin.site.index_title = _("Administration")
admin.site.enable_nav_sidebar = True

__all__ = ["campaigns", "contributions", "doors", "feedback", "places"]
