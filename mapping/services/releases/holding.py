"""Releases wait for a decision after a backup was restored, where newer numbers may have been public.

A release keeps its promise by the ledger of all former ones. A restored ledger does not know those that were made after
the backup, and the difference between one of them and a new one may be fewer than k people.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from mapping.models import Audience, Campaign, Publication, ReleaseHold, ResultsShown


def hold_releases(known_until: datetime) -> Sequence[Campaign]:
    """Hold the releases of all campaigns that may have had a newer one; an earlier hold keeps its moment.

    Cells are released at three at night or whenever a worker makes up for that, results of surveys whenever somebody
    reads them: no moment after the backup is too early.
    """
    surveys = Q(survey_questions__audience=Audience.PUBLIC) & ~Q(survey_questions__results=ResultsShown.NEVER)
    wanted = surveys
    if timezone.now() > known_until:
        wanted |= Q(publication=Publication.CELLS)
    held = list(Campaign.objects.defer("area").filter(wanted).distinct().order_by("slug"))
    ReleaseHold.objects.bulk_create(
        (ReleaseHold(campaign=one, known_until=known_until) for one in held), ignore_conflicts=True
    )
    return held


def resume_releases(campaign: Campaign) -> bool:
    """Lift the hold of a campaign; returns whether there was one.

    Whoever decides follows `docs/operators/restoring.md`.
    """
    return ReleaseHold.objects.filter(campaign=campaign).delete()[0] > 0
