"""Who gets into the pages of a document: those who edit everything, and managers of its campaign."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.models import User
from engagement import rules
from engagement.models import Document
from mapping.models import Campaign
from mapping.planning.access import member

Parameters = ParamSpec("Parameters")
DocumentView = Callable[Concatenate[HttpRequest, User, Document, Parameters], HttpResponseBase]


def document_editors_only(
    view: DocumentView[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let a view of one document in for those who may edit it; others get 403, of a draft 404."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        document = admitted(request, cast("uuid.UUID", kwargs.pop("document")))
        return view(request, member(request), document, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )


def document_door(request: HttpRequest, *, document: uuid.UUID, **_named: object) -> HttpResponseBase | None:
    """Who may send files to a view behind `document_editors_only`: checked before the form is read."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    admitted(request, document)
    return None


def campaigns_to_write_for(user: User) -> list[Campaign]:
    """The campaigns whose documents somebody may write. Raises PermissionDenied without any."""
    campaigns = Campaign.objects.defer("area").order_by("title", "pk")
    if rules.may_edit_records(user):
        return list(campaigns)
    found = [
        one
        for one in campaigns.filter(memberships__user=user).distinct()
        if rules.may_edit_of_campaign(user, one)
    ]
    if not found:
        raise PermissionDenied
    return found


def admitted(request: HttpRequest, pk: uuid.UUID) -> Document:
    """The document of an address; raises Http404 and PermissionDenied."""
    found = (
        Document.objects.select_related("campaign", "body", "session__body", "session__event")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if not rules.may_edit_document(member(request), found):
        if Document.objects.public().filter(pk=pk).exists():
            raise PermissionDenied
        raise Http404
    return found
