"""Forms with files: permission is checked before a byte of the body is read.

Django reads a form completely to find the CSRF token in it, and writes its files to disk, for any sender and address.
Therefore views that accept files are marked here; the site's middleware calls their doorkeeper, which sees only the
headers, and refuses large forms everywhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from mapping.services.errors import NotStored
from mapping.services.photos.pictures import MAX_BYTES, MAX_PHOTOS

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Doorkeeper = Callable[..., HttpResponseBase | None]

_ATTRIBUTE: Final = "file_form"
_LOST: Final = "lost_upload"


@dataclass(frozen=True, slots=True)
class FileForm:
    """A view's form with files: the limit in bytes, and the doorkeeper, which may respond instead of the view.

    The doorkeeper is called with the request and the view's arguments, and may raise Http404 and PermissionDenied.
    """

    largest: Callable[[], int]
    doorkeeper: Doorkeeper


def takes_files(largest: Callable[[], int], doorkeeper: Doorkeeper) -> Callable[[View], View]:
    """Mark a view whose form has files; `functools.wraps` of further decorators keeps the mark."""

    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, FileForm(largest, doorkeeper))
        return view

    return decorate


def file_form(view: Callable[..., object]) -> FileForm | None:
    """The mark of a view."""
    found: Any = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, FileForm) else None


def note_lost_upload(request: HttpRequest, problem: NotStored) -> None:
    """Record that a file of the form did not fit on the server's disk."""
    setattr(request, _LOST, problem)


def lost_upload(request: HttpRequest) -> NotStored | None:
    """Why a file of the form was lost during upload; known once the form was read."""
    request.FILES  # noqa: B018 - reads the form
    found: NotStored | None = getattr(request, _LOST, None)
    return found


def largest_plain_form() -> int:
    """Most bytes of a form without files."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def largest_form_with_photos() -> int:
    """Twice the allowed size is still read, so that the page can report which photo is too large."""
    return 2 * MAX_PHOTOS * MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def largest_form_with_pictures() -> int:
    """As many pictures at once as a planner may reasonably choose; each is stored as soon as it is sent."""
    return 20 * MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def largest_form_to_import() -> int:
    """Twice the allowed size is still read, so that the page can report the limit."""
    return 2 * settings.IMPORT_MEGABYTES * 2**20 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(request: HttpRequest) -> HttpResponse:
    """The page of a 413 response."""
    return render(
        request,
        "413.html",
        {"photos": MAX_PHOTOS, "photo_megabytes": MAX_BYTES // 2**20},
        status=413,
    )
