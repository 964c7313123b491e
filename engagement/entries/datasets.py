"""Dates, plans and papers as datasets of the catalogue; described in German, as all of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Max, Min, QuerySet
from django.urls import reverse

from engagement.models import Document, Event, Plan, Session
from mapping.exports.metadata.dataset import Dataset, DatasetSource, Distribution
from mapping.exports.metadata.site import Site

_GEOJSON: Final = "application/geo+json"
_JSON: Final = "application/json"
_OF_FEATURES: Final = (
    "Schnittstelle für QGIS und andere GIS: einzelne Seiten, Filter, fünf Koordinatensysteme."
)
_OF_API: Final = "Programmierschnittstelle mit allen Angaben, beschrieben in OpenAPI."
_OF_OPARL: Final = (
    "Schnittstelle für Ratsinformationssysteme: Gremien, Sitzungen, Tagesordnungen, Dokumente, Dateien."
)


def _datasets(site: Site, _language: str) -> Iterator[Dataset]:
    """What has public rows."""
    if (times := _times(Event.objects.public())) is not None:
        yield _events(site, *times)
    if (times := _times(Plan.objects.public())) is not None:
        yield _plans(site, *times)
    if (times := _times(Session.objects.public(), Document.objects.public())) is not None:
        yield _papers(site, *times)


DATES_AND_PAPERS: Final = DatasetSource("dates-and-papers", _datasets)


def _events(site: Site, created_at: datetime, modified_at: datetime) -> Dataset:
    page = site.url + reverse("calendar")
    calendar = Distribution(
        "calendar",
        "iCalendar",
        site.url + reverse("calendar-ics"),
        "ics",
        "text/calendar",
        "Zum Abonnieren im eigenen Kalender.",
    )
    return Dataset(
        address=page,
        page=page,
        title="Termine",
        description="Termine, bei denen sich Menschen vor Ort oder digital beteiligen können, mit Ort, Zeit,"
        " Angaben zur Barrierefreiheit und Status (geplant, verschoben, abgesagt).",
        created_at=created_at,
        modified_at=modified_at,
        distributions=lambda: (calendar, _features(site, "events"), _api(site, "events")),
        keywords=("Termine", "Veranstaltungen", "Beteiligung"),
        summary="Alle Termine der Beteiligung.",
    )


def _plans(site: Site, created_at: datetime, modified_at: datetime) -> Dataset:
    page = site.url + reverse("plans")
    return Dataset(
        address=page,
        page=page,
        title="Vorhabenliste",
        description="Vorhaben der Stadt mit Stand, Zuständigkeit, Kosten, Ort und vorgesehener Beteiligung.",
        created_at=created_at,
        modified_at=modified_at,
        distributions=lambda: (_features(site, "plans"), _api(site, "plans")),
        keywords=("Vorhabenliste", "Beteiligung"),
        summary="Was die Stadt vorhat.",
    )


def _papers(site: Site, created_at: datetime, modified_at: datetime) -> Dataset:
    page = site.url + reverse("documents")
    oparl = Distribution("oparl", "OParl 1.1", site.url + reverse("oparl:system"), "json", _JSON, _OF_OPARL)
    return Dataset(
        address=page,
        page=page,
        title="Gremien, Sitzungen und Dokumente der Beteiligung",
        description="Öffentliche Sitzungen mit Tagesordnung und Protokoll, Dokumente und Gremien.",
        created_at=created_at,
        modified_at=modified_at,
        distributions=lambda: (oparl, _api(site, "documents")),
        keywords=("Sitzungen", "Protokolle", "Dokumente", "OParl"),
        summary="Sitzungen, Protokolle und andere Dokumente.",
    )


def _features(site: Site, collection: str) -> Distribution:
    address = site.url + reverse("ogc:items", args=(collection,))
    return Distribution(
        f"ogc-{collection}", "OGC API Features", address, "geojson", _GEOJSON, _OF_FEATURES, is_service=True
    )


def _api(site: Site, name: str) -> Distribution:
    address = site.url + reverse(f"records-api:{name}")
    return Distribution(f"api-{name}", "API (JSON)", address, "json", _JSON, _OF_API)


def _times(
    *rows: QuerySet[Event] | QuerySet[Plan] | QuerySet[Session] | QuerySet[Document],
) -> tuple[datetime, datetime] | None:
    """When the first of the rows was made and the last one changed; None without rows."""
    found = [one.aggregate(first=Min("created_at"), last=Max("changed_at")) for one in rows]
    known = [one for one in found if one["first"] is not None]
    if not known:
        return None
    return min(one["first"] for one in known), max(one["last"] for one in known)
