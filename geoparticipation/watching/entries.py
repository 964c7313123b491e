"""What is entered in the registries of mapping."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from geoparticipation.watching.models import remove_old_failures
from mapping import rules
from mapping.planning.ways import PlanningSection
from mapping.services.retention import Retention

SECTION: Final = PlanningSection(
    "operation", _("Operation"), lambda: reverse("operation"), rules.may_see_operation
)
FAILURES: Final = Retention("failed_jobs", "counts of failed jobs, after 30 days", "day", remove_old_failures)
