"""A document: made, edited, published, deleted."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement import rules
from engagement.models import Document, DocumentKind, Session
from engagement.planning.papers import advice
from engagement.planning.papers.access import campaigns_to_write_for, document_editors_only
from engagement.planning.papers.document_form import DocumentForm, FileForm, initial_of
from engagement.planning.papers.frame import deletion, is_done
from engagement.services.bodies.editing import version_of
from engagement.services.documents.editing import HOLDERS, delete_document, save_document, set_public
from mapping.planning.access import member
from mapping.services.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """A new document; `?session=` and so on say what it belongs to, `?kind=` what it is."""
    user = member(request)
    campaigns = campaigns_to_write_for(user)
    given = _given(request)
    form = DocumentForm(request.POST) if request.method == "POST" else DocumentForm(initial=given)
    form.offer(user, campaigns, None, given)
    stored = _stored(user, form, None) if request.method == "POST" and form.is_valid() else None
    if stored is not None:
        messages.success(request, _("Stored as a draft."))
        return redirect("records:document", stored.pk)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@document_editors_only
def edit(request: HttpRequest, editor: User, document: Document) -> HttpResponse:
    """Everything about a document."""
    is_sent = request.method == "POST"
    given = {name: request.POST.get(name) for name in ("session", "event")} if is_sent else {}
    initial = initial_of(document) | {"expected": version_of(document)}
    form = DocumentForm(request.POST) if is_sent else DocumentForm(initial=initial)
    form.offer(editor, campaigns_to_write_for(editor), document, _known(given))
    if is_sent and form.is_valid() and (stored := _stored(editor, form, document)) is not None:
        messages.success(request, _("Saved."))
        if "publish" in request.POST:
            return _shown(request, editor, stored, is_public=True)
        return redirect("records:document", stored.pk)
    return _page(request, form, document)


@require_POST
@document_editors_only
def publish(request: HttpRequest, editor: User, document: Document) -> HttpResponse:
    """Show a document to everybody (`public=yes`), or hide it."""
    return _shown(request, editor, document, is_public=request.POST.get("public") == "yes")


def _shown(request: HttpRequest, editor: User, document: Document, *, is_public: bool) -> HttpResponse:
    words = _("The document is public now.") if is_public else _("The document is a draft again.")
    is_done(request, lambda: set_public(editor, document, is_public=is_public), words)
    return redirect("records:document", document.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@document_editors_only
def delete(request: HttpRequest, editor: User, document: Document) -> HttpResponse:
    """Delete a document."""
    return deletion(
        request,
        title=document.title,
        warning=gettext_lazy("All its files and versions are deleted with it. That cannot be undone."),
        act=lambda: delete_document(editor, document),
        back=reverse("records:document", args=(document.pk,)),
        after=reverse("records:papers" if rules.may_edit_records(editor) else "planning:campaigns"),
    )


def page_of(request: HttpRequest, user: User, document: Document, file_form: FileForm) -> HttpResponse:
    """The page of a document with a form of a file that was refused."""
    form = DocumentForm(initial=initial_of(document) | {"expected": version_of(document)})
    form.offer(user, campaigns_to_write_for(user), document, {})
    return _page(request, form, document, file_form)


def _page(
    request: HttpRequest, form: DocumentForm, document: Document | None, file_form: FileForm | None = None
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "document": document}
    has_errors = bool(form.errors) or (file_form is not None and bool(file_form.errors))
    if document is not None:
        versions = list(document.versions.order_by("-number"))
        if versions:
            del form.fields["text"]
        context |= {
            "versions": versions,
            "file_form": file_form or FileForm(),
            "takes_files": not document.text,
            "advice": advice.of_document(document),
            "may_edit_all": rules.may_edit_records(request.user),
        }
    return render(
        request, "engagement/papers/planning/document.html", context, status=422 if has_errors else 200
    )


def _stored(user: User, form: DocumentForm, document: Document | None) -> Document | None:
    """The stored document; None with errors in the form if it was refused."""
    try:
        return save_document(user, document, form.values(), expected=form.cleaned_data["expected"])
    except DomainError as error:
        form.refuse(error)
        return None


def _given(request: HttpRequest) -> dict[str, Any]:
    """What the address says of a new document."""
    query = request.POST if request.method == "POST" else request.GET
    given = _known({name: query.get(name) for name in HOLDERS})
    if query.get("kind") in DocumentKind.values:
        given["kind"] = query["kind"]
    given["dated"] = timezone.localdate()
    if request.method != "POST" and "session" in given:
        date = (
            Session.objects.filter(pk=given["session"])
            .values_list("event__dates__starts_at", flat=True)
            .first()
        )
        if date is not None:
            given["dated"] = timezone.localdate(date)
    return given


def _known(given: dict[str, Any]) -> dict[str, Any]:
    """Keys that can be keys: random ids, and a campaign's number."""
    return {name: value for name, value in given.items() if _is_key(name, value)}


def _is_key(name: str, value: object) -> bool:
    if not isinstance(value, str) or not value:
        return False
    if name == "campaign":
        return value.isdecimal() and len(value) < 18
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
