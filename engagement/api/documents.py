"""Documents with their files, read-only."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from engagement.api import described, lists
from engagement.models import Body, Document, DocumentKind, DocumentVersion, Plan, Topic
from engagement.models.document import DocumentQuerySet
from mapping.api import openapi
from mapping.filters.interval import Interval
from mapping.http.parameters.reading import Parameters
from mapping.http.views import ApiView, absolute
from mapping.models import Campaign

_FILTERS: Final = ("datetime", "kind", "topic", "campaign", "body", "plan")
_ORDER: Final = (lists.Key("dated", is_descending=True),)


class DocumentsView(ApiView):
    """Public documents."""

    @extend_schema(
        operation_id="list_documents",
        tags=["documents"],
        summary="Documents: minutes, plans, guidelines, decisions",
        parameters=[
            described.OF_TIME,
            described.of_choices("kind", DocumentKind.values),
            described.TOPIC,
            described.OF_CAMPAIGN,
            described.parameter("body", str, "Short name of a body; with the documents of its sessions."),
            described.parameter("plan", str, "Short name of a plan."),
            openapi.LIMIT,
            openapi.CURSOR,
        ],
        responses=described.list_of("documents", described.DOCUMENT),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The latest first; `datetime` is compared with the date of documents."""
        parameters = Parameters(request.query_params, (*_FILTERS, *lists.PAGING))
        rows = _dated(parameters.interval(), Document.objects.public())
        if kinds := parameters.choices("kind", DocumentKind.values):
            rows = rows.filter(kind__in=kinds)
        if topics := parameters.choices("topic", Topic.values):
            rows = rows.filter(topic__in=topics)
        if campaign := parameters.read("campaign", lists.slug_of(Campaign.objects.visible())):
            rows = rows.filter(campaign=campaign)
        if body := parameters.read("body", lists.slug_of(Body.objects.public())):
            rows = rows.of_body(body)
        if plan := parameters.read("plan", lists.slug_of(Plan.objects.public())):
            rows = rows.filter(plan=plan)
        return lists.page(
            request,
            parameters,
            "documents",
            _complete(rows),
            keys=_ORDER,
            written=lambda document: document_body(request, document),
        )


class DocumentView(ApiView):
    """One document."""

    @extend_schema(
        operation_id="read_document",
        tags=["documents"],
        summary="One document with its files",
        responses=described.single(described.DOCUMENT),
    )
    def get(self, request: Request, document: str) -> HttpResponseBase:
        """The document; drafts are not found."""
        lists.no_parameters(request)
        found = _complete(Document.objects.public().filter(pk=document)).first()
        if found is None:
            raise Http404
        return lists.one(request, document_body(request, found))


def document_body(request: Request, document: Document) -> dict[str, Any]:
    """What everyone may know of a public document; what it belongs to is public, too."""
    item, session = document.agenda_item, document.session
    if session is None and item is not None:
        session = item.session
    body = document.body or (session.body if session is not None else None)
    event = document.event or (session.event if session is not None else None)
    return {
        "id": str(document.pk),
        "url": absolute(request, "document", document.pk),
        "title": document.title,
        "summary": document.summary,
        "kind": document.kind,
        "topic": document.topic,
        "date": document.dated.isoformat(),
        "reference": document.reference,
        "licence": document.licence,
        "author": document.author,
        "language": document.language,
        "text": document.text,
        "campaign": document.campaign.slug if document.campaign is not None else None,
        "body": body.slug if body is not None else None,
        "event": event.slug if event is not None else None,
        "plan": document.plan.slug if document.plan is not None else None,
        "files": [_file(request, document, one) for one in document.versions.all()],
        "created": document.created_at.isoformat(),
        "changed": document.changed_at.isoformat(),
    }


def _file(request: Request, document: Document, version: DocumentVersion) -> dict[str, Any]:
    return {
        "id": str(version.pk),
        "number": version.number,
        "name": version.name,
        "note": version.note,
        "url": absolute(request, "document-file", document.pk, version.number),
        "bytes": version.bytes,
        "pages": version.pages,
        "created": version.created_at.isoformat(),
    }


def _dated(interval: Interval, rows: DocumentQuerySet) -> DocumentQuerySet:
    if interval.start is not None:
        rows = rows.filter(dated__gte=timezone.localdate(interval.start))
    if (last := interval.last_day) is not None:
        rows = rows.filter(dated__lte=last)
    return rows


def _complete(rows: DocumentQuerySet) -> DocumentQuerySet:
    related = (
        *("campaign", "plan", "body", "event", "session__body", "session__event"),
        *("agenda_item__session__body", "agenda_item__session__event"),
    )
    return rows.select_related(*related).defer("campaign__area", "plan__place").prefetch_related("versions")
