"""Delivery of the city's pictures: public with their campaign, of drafts for its members only."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.models import Picture
from mapping.web.files.photos import PUBLIC_SECONDS, file_of


@require_safe
def picture(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One picture, for everybody who may see its campaign."""
    found = Picture.objects.select_related("campaign").filter(pk=pk).first()
    if found is None or not rules.may_see_campaign(request.user, found.campaign):
        raise Http404
    is_public = not found.campaign.is_draft
    return file_of(request, found, f"public, max-age={PUBLIC_SECONDS}" if is_public else "private, no-store")
