"""Delivery of photos: public with their contribution, before that for their author and for moderators only."""

from typing import Protocol
from uuid import UUID

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.http.answers import not_modified
from mapping.models import Contribution, Photo
from mapping.visitor import known_participant

PUBLIC_SECONDS = 600
"""Short, so that a withdrawn photo soon disappears from caches as well."""


class StoredPicture(Protocol):
    """A row with a JPEG file and a digest of it."""

    @property
    def digest(self) -> bytes | memoryview:
        """Another one for another file."""

    @property
    def file(self) -> FieldFile:
        """The file."""


@require_safe
def photo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """One photo, for everybody who may see its contribution."""
    found = Photo.objects.select_related("contribution__campaign").filter(pk=pk).first()
    if found is None:
        raise Http404
    if Contribution.objects.published().filter(pk=found.contribution_id).exists():
        return file_of(request, found, f"public, max-age={PUBLIC_SECONDS}")
    if _may_see_unpublished(request, found.contribution):
        return file_of(request, found, "private, no-store")
    raise Http404


def file_of(request: HttpRequest, photo: StoredPicture, cache_control: str) -> HttpResponseBase:
    """The JPEG file, or 304 if the browser has it."""
    etag = quote_etag(bytes(photo.digest).hex()[:32])
    response = not_modified(request, etag)
    if response is None:
        try:
            file = photo.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        response = FileResponse(file, content_type="image/jpeg")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    return response


def _may_see_unpublished(request: HttpRequest, contribution: Contribution) -> bool:
    participant = known_participant(request, contribution.campaign)
    if participant is not None and contribution.participant_id == participant.pk:
        return True
    return rules.may_moderate(request.user, contribution.campaign)
