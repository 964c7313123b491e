"""Forms with files are refused by the length that they announce, before Django writes the files to disk.

Django reads a form completely to find the CSRF token in it, whoever sends it and wherever to.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from mapping.services.photos import MAX_BYTES, MAX_PHOTOS

_STAFF: Final = ("/planning/", "/admin/")


class LimitedFormMiddleware:
    """Answers 413 to forms that are larger than any that the site has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        has_files = request.content_type == "multipart/form-data"
        if has_files and _announced(request) > largest_form(request.path_info):
            return HttpResponse(_("The request is too large."), status=413, content_type="text/plain")
        return self.get_response(request)


def _announced(request: HttpRequest) -> int:
    """Bytes; Django reads none without a length."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length[:20]) if length.isdecimal() else 0


def largest_form(path: str) -> int:
    """Bytes of a form below a path: some photos and text; for the staff files to import.

    Twice what may be imported is still read, so that the page can say what the limit is.
    """
    if path.startswith(_STAFF):
        return 2 * settings.IMPORT_MEGABYTES * 2**20 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return 2 * MAX_PHOTOS * MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
