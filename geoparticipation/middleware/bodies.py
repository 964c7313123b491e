"""Forms with files are refused by what their headers say, before Django writes the files to disk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, load_handler
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict

from mapping.forms.files import file_form, largest_plain_form, too_large


class LimitedFormMiddleware:
    """Lets large forms in only where a view takes files, and there only from those whom its doorkeeper admits.

    Stands before the check of the CSRF token, which reads the form, and decides once the user is known. What it does
    not admit counts as empty: Django's own pages for "not found" and "not allowed" check the token, hence read the
    form, once more. A form whose length is not announced is empty for Django anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_number(request.META.get("CONTENT_LENGTH") or 0):
            # Django has read it as nothing by now, but would read it once more without looking whether it can.
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
        """Answer instead of the view; None where the view may run."""
        # Interfaces for machines read no such forms: they refuse the kind of body in their own words.
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
    """Takes a form for empty without reading it."""

    def handle_raw_input(self, *_arguments: Any, **_named: Any) -> tuple[QueryDict, MultiValueDict[str, Any]]:
        """No fields, no files."""
        return QueryDict(), MultiValueDict()


def _is_large(request: HttpRequest) -> bool:
    return request.content_type == "multipart/form-data" and _announced(request) > largest_plain_form()


def _announced(request: HttpRequest) -> int:
    """Bytes, read as Django reads them (`WSGIRequest`)."""
    return int(request.META.get("CONTENT_LENGTH") or 0)


def _is_number(length: str | int) -> bool:
    try:
        int(length)
    except ValueError:
        return False
    return True
