"""Files of a document: uploaded as new versions, deleted."""

from __future__ import annotations

import uuid
from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.models import User
from engagement.models import Document
from engagement.planning.papers.access import document_door, document_editors_only
from engagement.planning.papers.document_form import FileForm
from engagement.planning.papers.documents import page_of
from engagement.planning.papers.frame import deletion
from engagement.services.documents.files import add_version, delete_version
from mapping.forms.files import lost_upload, takes_files
from mapping.services.errors import DomainError


def largest_form() -> int:
    """Twice the allowed size is still read, so that the page can report the limit."""
    return 2 * settings.DOCUMENT_MEGABYTES * 2**20 + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@takes_files(largest_form, document_door)
@require_http_methods(["GET", "HEAD", "POST"])
@document_editors_only
def upload(request: HttpRequest, editor: User, document: Document) -> HttpResponse:
    """Store a PDF as the newest version."""
    if request.method != "POST":
        return redirect("records:document", document.pk)
    lost = lost_upload(request)
    form = FileForm(request.POST, request.FILES)
    if lost is not None:
        form.refuse(lost)
    elif form.is_valid() and _is_stored(editor, document, form):
        messages.success(request, _("The file is stored. Its text is read in the background."))
        return redirect("records:document", document.pk)
    return page_of(request, editor, document, form)


@require_http_methods(["GET", "HEAD", "POST"])
@document_editors_only
def delete(request: HttpRequest, editor: User, document: Document, version: uuid.UUID) -> HttpResponse:
    """Delete a version with its file."""
    stored = get_object_or_404(document.versions.select_related("document"), pk=version)
    address = reverse("records:document", args=(document.pk,))
    return deletion(
        request,
        title=_("Version %(number)s") % {"number": stored.number},
        warning=gettext_lazy("The file is deleted. Without any file the document becomes a draft."),
        act=partial(delete_version, editor, stored),
        back=address,
        after=address,
    )


def _is_stored(editor: User, document: Document, form: FileForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        add_version(editor, document, file.chunks(), name=file.name, note=form.cleaned_data["note"])
    except DomainError as error:
        form.refuse(error)
        return False
    return True
