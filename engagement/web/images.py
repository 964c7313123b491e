"""Delivery of the pictures of dates and of updates."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.models import Image
from mapping.web.files.photos import PUBLIC_SECONDS, file_of


@require_safe
def image(request: HttpRequest, image: UUID) -> HttpResponseBase:
    """`/images/<id>.jpg`: for everybody who may see the event or the update that it belongs to."""
    related = Image.objects.select_related("date__event", "update__campaign")
    found = related.filter(pk=image).first()
    if found is None or not _may_see(request, found):
        raise Http404
    is_public = _is_public(found)
    return file_of(request, found, f"public, max-age={PUBLIC_SECONDS}" if is_public else "private, no-store")


def _may_see(request: HttpRequest, image: Image) -> bool:
    if image.date is not None:
        return rules.may_see_event(request.user, image.date.event)
    assert image.update is not None  # noqa: S101 - a constraint of the table
    return rules.may_see_update(request.user, image.update, timezone.now())


def _is_public(image: Image) -> bool:
    if image.date is not None:
        return not image.date.event.is_draft
    update = image.update
    assert update is not None  # noqa: S101 - as above
    return not update.is_draft and not update.campaign.is_draft and update.published_at <= timezone.now()
