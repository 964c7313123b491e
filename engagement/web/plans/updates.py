"""News of a campaign as everybody reads them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.models import Update
from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404

_PAGE: Final = 10


@require_safe
def updates_page(request: HttpRequest, slug: str) -> HttpResponse:
    """All published news of a campaign with their pictures, the newest first."""
    reading = reading_of(request, campaign_or_404(request, slug))
    found = Update.objects.public().filter(campaign=reading.original).prefetch_related("images")
    return render(
        request,
        "engagement/updates/list.html",
        {
            "campaign": reading.campaign,
            "languages": switch_of(request, reading),
            "page": Paginator(found, _PAGE).get_page(request.GET.get("page")),
            "may_edit": rules.may_edit_of_campaign(request.user, reading.original),
        },
    )


@require_safe
def update_page(request: HttpRequest, slug: str, update: UUID) -> HttpResponse:
    """One of them; what is not published yet is for those who write them."""
    reading = reading_of(request, campaign_or_404(request, slug))
    rows = Update.objects.filter(campaign=reading.original, pk=update).prefetch_related("images")
    found = rows.first()
    if found is None:
        raise Http404
    found.campaign = reading.original
    if not rules.may_see_update(request.user, found, timezone.now()):
        raise Http404
    return render(
        request,
        "engagement/updates/update.html",
        {
            "campaign": reading.campaign,
            "languages": switch_of(request, reading),
            "update": found,
            "is_public": not found.is_draft and found.published_at <= timezone.now(),
            "may_edit": rules.may_edit_update(request.user, found),
        },
    )
