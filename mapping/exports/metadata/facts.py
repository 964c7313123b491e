"""What the database knows of campaigns that catalogues want to know, for one or for a thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.db.models.functions import Envelope
from django.contrib.gis.geos import GEOSGeometry, WKTWriter
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, OuterRef, QuerySet, Subquery

from mapping.models import Campaign, Category, Contribution, Release
from mapping.models.campaign import CampaignQuerySet

_SIMPLIFIED_TO = 0.0001
"""Degrees, about 10 m: a geometry says where the data lie, it is not the data."""
_DIGITS = 6
_BATCH = 50


@dataclass(frozen=True)
class Facts:
    """One campaign for catalogues; nothing in here depends on what the public may not see."""

    slug: str
    title: str
    summary: str
    description: str
    organiser: str
    contact: str
    attribution: str
    publishes_points: bool
    k: int
    opens_at: datetime | None
    closes_at: datetime | None
    created_at: datetime
    modified_at: datetime
    categories: tuple[str, ...]
    """Titles."""
    box: str | None
    """WKT of the area's bounding box; degrees, longitude first."""
    outline: str | None
    """WKT of the area, simplified; None in catalogues of many campaigns."""


def facts_of(campaign: Campaign) -> Facts:
    """The facts of one campaign, with its outline."""
    found = _described(Campaign.objects.filter(pk=campaign.pk)).get()
    return _facts(found, found.area)


def all_facts(campaigns: CampaignQuerySet) -> Iterator[Facts]:
    """The facts of many campaigns by short name, without outlines; a few at a time are held."""
    rows = _described(campaigns).defer("area", "outcome").order_by("slug")
    for found in rows.iterator(chunk_size=_BATCH):
        yield _facts(found, None)


def _described(campaigns: CampaignQuerySet) -> QuerySet[Campaign]:
    # Both are one step in an index for each campaign, however many contributions there are.
    newest = Contribution.objects.published().filter(campaign=OuterRef("pk")).newest_first()
    release = Release.objects.filter(campaign=OuterRef("pk")).order_by("-number")
    titles = Category.objects.filter(campaign=OuterRef("pk")).order_by("position", "pk")
    return campaigns.annotate(
        box=Envelope("area"),
        newest_at=Subquery(newest.values("created_at")[:1], output_field=DateTimeField()),
        released_at=Subquery(release.values("made_at")[:1], output_field=DateTimeField()),
        category_titles=ArraySubquery(titles.values("title")),
    )


def _facts(row: Campaign, area: GEOSGeometry | None) -> Facts:
    changed = row.newest_at if row.publishes_points else row.released_at  # type: ignore[attr-defined] # annotations
    outline = None if area is None else area.simplify(_SIMPLIFIED_TO, preserve_topology=True)
    return Facts(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        description=row.description,
        organiser=row.organiser,
        contact=row.contact,
        attribution=row.attribution,
        publishes_points=row.publishes_points,
        k=row.k,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        created_at=row.created_at,
        modified_at=max(row.created_at, changed or row.created_at),
        categories=tuple(row.category_titles),  # type: ignore[attr-defined] # annotation
        box=_wkt(row.box),  # type: ignore[attr-defined] # annotation
        outline=_wkt(outline),
    )


def _wkt(geometry: GEOSGeometry | None) -> str | None:
    """Well-known text without needless digits."""
    if geometry is None or geometry.empty:
        return None
    writer = WKTWriter(dim=2, trim=True, precision=_DIGITS)
    return bytes(writer.write(geometry)).decode()
