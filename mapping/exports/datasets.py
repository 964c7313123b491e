"""The public data of campaigns as datasets of the catalogue, with a distribution for every registered format."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils import timezone, translation

from mapping.exports.metadata import addresses
from mapping.exports.metadata.dataset import Changes, Dataset, DatasetSource, Distribution
from mapping.exports.metadata.facts import Facts, all_facts, facts_of
from mapping.exports.metadata.site import Site
from mapping.exports.registry import formats
from mapping.models import Campaign

_OF_POINTS: Final = (
    "Veröffentlicht sind alle freigegebenen Beiträge mit Ort, Text, Antworten und Rückmeldung der Stadt."
)
_OF_CELLS: Final = (
    "Veröffentlicht sind nur geschützte Flächen, die jeweils für mindestens {k} Menschen stehen; "
    "einzelne Beiträge nicht."
)
_OF_SERVICE: Final = (
    "Schnittstelle für QGIS und andere GIS: einzelne Seiten, Filter nach Ort, Zeit und Merkmalen,"
    " fünf Koordinatensysteme."
)


def campaign_dataset(campaign: Campaign, site: Site) -> Dataset:
    """The data of one campaign, with its outline.

    Reads the database; the result is the same for everyone. Callers must check that the campaign is public.
    """
    return _dataset(facts_of(campaign), site, "de")


def _campaign_datasets(site: Site, language: str) -> Iterator[Dataset]:
    for facts in all_facts(Campaign.objects.visible()):
        yield _dataset(facts, site, language)


CAMPAIGNS: Final = DatasetSource("campaigns", _campaign_datasets)


def _dataset(facts: Facts, site: Site, language: str) -> Dataset:
    return Dataset(
        address=addresses.dataset(site, facts.slug),
        page=addresses.page(site, facts.slug),
        title=facts.title,
        description=_description(facts),
        created_at=facts.created_at,
        modified_at=facts.modified_at,
        distributions=partial(_distributions, facts, site, language),
        edition=" ".join(one.name for one in formats()),
        changes=_changes(facts),
        organiser=facts.organiser,
        contact=facts.contact,
        attribution=facts.attribution,
        keywords=facts.categories,
        opens_at=facts.opens_at,
        closes_at=facts.closes_at,
        box=facts.box,
        outline=facts.outline,
        summary=facts.summary,
        data_page=reverse("data", args=(facts.slug,)),
        description_file=reverse("catalogue:dataset", args=(facts.slug, "ttl")),
        k=None if facts.publishes_points else facts.k,
    )


def _distributions(facts: Facts, site: Site, language: str) -> tuple[Distribution, ...]:
    """Every way to get a campaign's public data; cells where single contributions are not public."""
    kind = "contributions" if facts.publishes_points else "cells"
    service = Distribution(
        f"ogc-{kind}",
        "OGC API Features",
        addresses.items(site, facts.slug, kind),
        "geojson",
        "application/geo+json",
        _OF_SERVICE,
        is_service=True,
    )
    with translation.override(language):
        files = [
            Distribution(
                one.name,
                str(one.title),
                addresses.download(site, facts.slug, one.name),
                one.name,
                one.media_type,
                str(one.hint),
            )
            for one in formats()
            if facts.publishes_points or one.takes_cells
        ]
    return (service, *files)


def _description(facts: Facts) -> str:
    """The description of the data, which is required (DCAT-AP.de: `dct:description`, 1..n)."""
    told = [text for text in (facts.summary, facts.description) if text]
    told.append(_OF_POINTS if facts.publishes_points else _OF_CELLS.format(k=facts.k))
    return "\n\n".join(told)


def _changes(facts: Facts) -> Changes:
    """The frequency of changes, the only property that depends on the current time."""
    if facts.closes_at is not None and facts.closes_at <= timezone.now():
        return "never"
    return "continuously" if facts.publishes_points else "irregularly"
