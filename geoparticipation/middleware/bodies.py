"""Forms with files are refused by their headers, before Django writes the files to disk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, load_handler
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

from mapping.forms.files import file_form, largest_plain_form, too_large


class LimitedFormMiddleware:
    """Accepts large forms only for views with files, and there only from users whom the doorkeeper admits.

    Placed before the check of the CSRF token, which reads the form, and after authentication. Refused forms count as
    empty: Django's own pages for "not found" and "not allowed" check the token, hence read the form, once more. A form
    without Content-Length is empty for Django anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_number(request.META.get("CONTENT_LENGTH") or 0):
            # Django has parsed it as empty by now, but would parse it again without checking whether it can.
            request.META["CONTENT_LENGTH"] = "0"
        if _is_large(request):
            request.upload_handlers = [_Unread(request)]
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _arguments: Sequence[object],
        named: Mapping[str, object],
    ) -> HttpResponseBase | None:
        """Respond instead of the view; None if the view may run."""
        # APIs parse no such forms: they refuse the media type with their own errors.
        if not _is_large(request) or hasattr(view, "cls"):
            return None
        form = file_form(view)
        if form is None or request.method != "POST" or _announced(request) > form.largest():
            return too_large(request)
        answer = form.doorkeeper(request, **named)
        if answer is None:
            request.upload_handlers = [load_handler(one, request) for one in settings.FILE_UPLOAD_HANDLERS]
        return answer


class _Unread(FileUploadHandler):
    """An upload handler that treats a form as empty without reading it."""

    def handle_raw_input(self, *_arguments: Any, **_named: Any) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """No fields, no files."""
        return QueryDict(), MultiValueDict()


def _is_large(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data" and _announced(request) > largest_plain_form()


def _announced(request: HttpRequest) -> int:
    """Content-Length in bytes, parsed as by Django (`WSGIRequest`)."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def _is_number(length: str | int) -> bool:
    try:
        int(length)
    except ValueError:
        return False
    return True
