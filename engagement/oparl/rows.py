"""The public rows behind OParl's objects, each with the moments `created` and `modified` of its object.

An object is modified with what is embedded in it (1.1, "Gelöschte Objekte"), so that `modified_since` finds it. It is
modified with what it belongs to as well, because it becomes public with that.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from engagement.models import (
    AgendaItem,
    Body,
    BodyMember,
    Document,
    DocumentVersion,
    Event,
    Plan,
    Session,
)

_HOLDERS_OF_ITEMS = ("session__changed_at", "session__body__changed_at", "session__event__changed_at")
_HOLDERS_OF_DOCUMENTS = (
    *("body__changed_at", "event__changed_at", "plan__changed_at", "agenda_item__changed_at"),
    *_HOLDERS_OF_ITEMS,
    *(f"agenda_item__{name}" for name in _HOLDERS_OF_ITEMS),
)
_HOLDERS_OF_PLACES = ("session__changed_at", "session__body__changed_at")
_HAS_PLACE = Q(place__isnull=False) | ~Q(place_name="") | ~Q(address="")


def organizations() -> QuerySet[Any]:
    """Public bodies with their members."""
    newest = _newest(BodyMember.objects.all(), "body")
    return _dated(Body.objects.public(), newest).prefetch_related("members")


def members() -> QuerySet[Any]:
    """Members of public bodies."""
    return _dated(BodyMember.objects.filter(body__is_draft=False), "body__changed_at")


def meetings() -> QuerySet[Any]:
    """Public sessions with their date, agenda and documents."""
    holders = ("event__changed_at", "body__changed_at")
    items = _newest(AgendaItem.objects.filter(is_public=True), "session")
    related = (*holders, items, _newest(Document.objects.public(), "session"))
    rows = _dated(Session.objects.public(), *related).select_related("event", "body")
    return rows.prefetch_related(
        "event__dates", Prefetch("agenda", agenda_items(), "public_agenda"), _public_documents()
    )


def agenda_items() -> QuerySet[Any]:
    """Public items of agendas with their documents and `rank`, the number of public items before each."""
    public = AgendaItem.objects.filter(is_public=True)
    before = Q(position__lt=OuterRef("position")) | Q(position=OuterRef("position"), pk__lt=OuterRef("pk"))
    ahead = public.filter(before, session=OuterRef("session")).order_by().values("session")
    rank = Coalesce(Subquery(ahead.annotate(number=Count("pk")).values("number")), 0)
    shown = public.filter(session__in=Session.objects.public()).annotate(rank=rank)
    rows = _dated(shown, *_HOLDERS_OF_ITEMS, _newest(Document.objects.public(), "agenda_item"))
    return rows.select_related("session").prefetch_related(_public_documents())


def papers() -> QuerySet[Any]:
    """Public documents with their files, their place, and where they are discussed."""
    rows = _dated(Document.objects.public(), *_HOLDERS_OF_DOCUMENTS)
    related = ("plan", "agenda_item__session", "session")
    return rows.select_related(*related).prefetch_related("versions")


def consultations() -> QuerySet[Any]:
    """Public documents on agendas."""
    return papers().filter(agenda_item__isnull=False)


def versions() -> QuerySet[Any]:
    """Files of public documents."""
    rows = DocumentVersion.objects.filter(document__in=Document.objects.public())
    changed = (f"document__{name}" for name in ("changed_at", *_HOLDERS_OF_DOCUMENTS))
    with_times = rows.annotate(created=F("created_at"), modified=Greatest("created_at", *changed))
    return with_times.select_related("document")


def written_here() -> QuerySet[Any]:
    """Public documents without files: their page is the file."""
    has_file = Exists(DocumentVersion.objects.filter(document=OuterRef("pk")))
    return _dated(Document.objects.public().filter(~has_file, ~Q(text="")), *_HOLDERS_OF_DOCUMENTS)


def places_of_meetings() -> QuerySet[Any]:
    """Events of public sessions that have a place."""
    events = Event.objects.public().filter(_HAS_PLACE, session__in=Session.objects.public())
    return _dated(events, *_HOLDERS_OF_PLACES).select_related("session")


def places_of_plans() -> QuerySet[Any]:
    """Public plans with a place, whether or not there is a document about them."""
    public = Prefetch("documents", Document.objects.public(), "public_documents")
    return _dated(Plan.objects.public().filter(place__isnull=False)).prefetch_related(public)


def has_place(event: Event) -> bool:
    """Whether an event has a Location."""
    return event.place is not None or bool(event.place_name or event.address)


def _dated(rows: QuerySet[Any], *more: str | Subquery) -> QuerySet[Any]:
    """Rows with `created`, and with `modified` as the newest of their own change and of others."""
    changed = Greatest("changed_at", *more) if more else F("changed_at")
    dated: QuerySet[Any] = rows.annotate(created=F("created_at"), modified=changed)
    return dated


def _newest(public: QuerySet[Any], owner: str) -> Subquery:
    """When the public rows that belong to one were changed last: what is hidden leaves no trace."""
    rows = public.filter(**{owner: OuterRef("pk")}).order_by()
    return Subquery(rows.values(owner).annotate(newest=Max("changed_at")).values("newest"))


def _public_documents() -> Prefetch[Any, Any, Any]:
    documents = _dated(Document.objects.public(), *_HOLDERS_OF_DOCUMENTS).prefetch_related("versions")
    return Prefetch("documents", documents.order_by("dated", "title", "pk"), "public_documents")
