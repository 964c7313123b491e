"""Forms that carry files: who may send one is asked before a byte of it is read.

Django reads a form completely to find the CSRF token in it, and writes its files to disk, whoever sends it and
wherever to. Therefore the views that take files name themselves here; the site's middleware asks their doorkeeper by
nothing but the headers and refuses large forms everywhere else.
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
    """A view's form with files: how many bytes are read, and who answers instead of the view (None: nobody).

    The doorkeeper is called with the request and the view's arguments, and may raise Http404 and PermissionDenied.
    """

    largest: Callable[[], int]
    doorkeeper: Doorkeeper


def takes_files(largest: Callable[[], int], doorkeeper: Doorkeeper) -> Callable[[View], View]:
    """Mark a view whose form carries files; `functools.wraps` of further decorators keeps the mark."""

    def decorate(view: View) -> View:
        setattr(view, _ATTRIBUTE, FileForm(largest, doorkeeper))
        return view

    return decorate


def file_form(view: Callable[..., object]) -> FileForm | None:
    """The mark of a view."""
    found: Any = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, FileForm) else None


def note_lost_upload(request: HttpRequest, problem: NotStored) -> None:
    """Remember that a file of the form did not fit the server's disk."""
    setattr(request, _LOST, problem)


def lost_upload(request: HttpRequest) -> NotStored | None:
    """Why a file of the form is missing although it was sent; known once the form was read."""
    request.FILES  # noqa: B018 - reads the form
    found: NotStored | None = getattr(request, _LOST, None)
    return found


def largest_plain_form() -> int:
    """Bytes of a form without files."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def largest_form_with_photos() -> int:
    """Twice what may be sent is still read, so that the page can say which photo is too large."""
    return 2 * MAX_PHOTOS * MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def largest_form_to_import() -> int:
    """Twice what may be imported is still read, so that the page can say what the limit is."""
    return 2 * settings.IMPORT_MEGABYTES * 2**20 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def too_large(request: HttpRequest) -> HttpResponse:
    """413, in words."""
    return render(
        request,
        "413.html",
        {"photos": MAX_PHOTOS, "photo_megabytes": MAX_BYTES // 2**20},
        status=413,
    )
