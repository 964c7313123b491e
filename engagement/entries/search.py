"""Entries of the search: events, documents with their pages, plans, updates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from engagement.models import (
    Document,
    DocumentPage,
    DocumentVersion,
    Event,
    EventDate,
    EventStatus,
    Plan,
    Update,
)
from engagement.models import searched as tables
from mapping.geo.markup import without_markup
from mapping.search.kinds import SEARCH_KINDS, SearchGroup, SearchKind, Shown
from mapping.wording import in_words_day

EVENTS: Final = SearchGroup("events", pgettext_lazy("of events", "Dates"), _("Event"), "calendar")
DOCUMENTS: Final = SearchGroup("documents", _("Documents"), _("Document"), "list")
PLANS: Final = SearchGroup("plans", _("Plans of the city"), _("Plan of the city"), "map")
UPDATES: Final = SearchGroup("updates", _("News"), _("News"), "speech")


def _public_pages() -> QuerySet[DocumentPage]:
    """Pages of the newest versions of public documents.

    Document and version are read for each page: as sets they would be read whole for the few pages that were found.
    """
    documents = Document.objects.public().filter(pk=OuterRef("version__document"))
    versions = DocumentVersion.objects.filter(document=OuterRef("version__document")).order_by("-number")
    return DocumentPage.objects.filter(
        version__document=Subquery(documents.values("pk")[:1]), version=Subquery(versions.values("pk")[:1])
    )


def _show_events(rows: QuerySet[Event]) -> Iterator[Shown]:
    """With the next date that takes place; else with the last one."""
    found, now = list(rows), timezone.now()
    dates: dict[object, EventDate] = {}
    for one in EventDate.objects.public().filter(event__in=found).order_by("event", "-starts_at"):
        is_ahead = one.ends_at > now and one.status != EventStatus.CANCELLED
        if is_ahead or one.event_id not in dates:
            dates[one.event_id] = one
    for row in found:
        date = dates.get(row.pk)
        yield Shown(
            str(row.pk),
            row.title,
            f"{row.summary}\n{without_markup(row.description)}\n{row.place_name}\n{row.address}\n{row.organiser}",
            row.get_absolute_url(),
            at=None if date is None else date.starts_at,
            place=row.place if row.has_place else None,
            colour="purple",
        )


def _show_documents(rows: QuerySet[Document]) -> Iterator[Shown]:
    for row in rows:
        text = f"{row.summary}\n{row.reference}\n{row.author}\n{without_markup(row.text)}"
        yield Shown(str(row.pk), row.title, text, row.get_absolute_url(), note=_dated(row))


def _show_pages(rows: QuerySet[DocumentPage]) -> Iterator[Shown]:
    for row in rows.select_related("version__document"):
        document = row.version.document
        page = gettext("page %(number)s") % {"number": row.number}
        yield Shown(
            str(row.pk),
            document.title,
            row.text,
            document.get_absolute_url(),
            note=f"{_dated(document)}, {page}",
        )


def _dated(document: Document) -> str:
    return f"{document.get_kind_display()}, {in_words_day(document.dated)}"


def _show_plans(rows: QuerySet[Plan]) -> Iterator[Shown]:
    for row in rows:
        texts = (
            row.summary,
            without_markup(row.description),
            row.place_name,
            row.affected,
            row.responsible,
            *map(without_markup, (row.next_steps, row.participation, row.reason_without)),
        )
        yield Shown(
            str(row.pk),
            row.title,
            "\n".join(texts),
            row.get_absolute_url(),
            place=row.place,
            colour="teal",
            note=row.get_stage_display(),
        )


def _show_updates(rows: QuerySet[Update]) -> Iterator[Shown]:
    for row in rows.select_related("campaign"):
        yield Shown(
            str(row.pk),
            row.title,
            without_markup(row.text),
            reverse("update", args=(row.campaign.slug, row.pk)),
            at=row.published_at,
        )


KINDS: Final = (
    SearchKind(tables.EVENTS, EVENTS, Event.objects.public, _show_events, campaigns="campaigns"),
    SearchKind(tables.PLANS, PLANS, Plan.objects.public, _show_plans),
    SearchKind(tables.UPDATES, UPDATES, Update.objects.public, _show_updates),
    SearchKind(tables.DOCUMENTS, DOCUMENTS, Document.objects.public, _show_documents),
    SearchKind(tables.PAGES, DOCUMENTS, _public_pages, _show_pages),
)


def enter() -> None:
    """Fill the registries."""
    for kind in KINDS:
        SEARCH_KINDS.register(kind)
