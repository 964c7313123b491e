"""The page about operation, for superusers: whether all is in order, jobs, backup, disk, mail, log-ins, versions."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from geoparticipation.watching.panels import all_panels, in_words_duration
from geoparticipation.watching.readings import work
from mapping import rules
from mapping.planning.access import member
from mapping.planning.ways import sections_for

_MOST_KINDS: Final = 30


@login_required
@never_cache
@require_safe
def operation(request: HttpRequest) -> HttpResponse:
    """How the site is, as far as it can tell itself."""
    user = member(request)
    if not rules.may_see_operation(user):
        raise PermissionDenied
    panels = all_panels()
    with connection.cursor() as cursor:
        jobs, failures = work.read_jobs(cursor), work.read_failures(cursor, 24 * 7)
    return render(
        request,
        "planning/operation.html",
        {
            "panels": panels,
            "to_look_at": [one for one in panels if one.problems],
            "jobs": [
                (one, in_words_duration(one.age) if one.age else "–")
                for one in sorted(jobs, key=lambda one: -one.age)[:_MOST_KINDS]
            ],
            "failures": failures[:_MOST_KINDS],
            "sections": sections_for(user, "operation"),
            "now": timezone.now(),
        },
    )
