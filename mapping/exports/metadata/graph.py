"""Campaigns as RDF in DCAT-AP.de 3.0: every node has an address, no blank nodes, so that pieces can be put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import shapely
from django.utils import timezone, translation
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD
from rdflib.term import Node

from mapping.exports.metadata import addresses
from mapping.exports.metadata.facts import Facts, facts_of
from mapping.exports.metadata.site import Site
from mapping.exports.metadata.vocabulary import (
    AVAILABLE,
    CONTINUOUS,
    CRS84,
    DCATAP,
    DCATDE,
    GERMAN,
    IRREGULAR,
    LOCAL_AUTHORITY,
    LOCN,
    MUNICIPALITY,
    NEVER,
    OGC_API_FEATURES,
    PUBLIC,
    THEME_TAXONOMY,
    THEMES,
    VCARD,
    WKT,
    file_type,
    media_type,
    new_graph,
)
from mapping.exports.registry import formats
from mapping.models import Campaign

_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_KEYWORDS: Final = ("Bürgerbeteiligung", "Partizipation")
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
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 section 2.2 cannot hold, nor can RDF/XML therefore."""


@dataclass(frozen=True)
class Distribution:
    """One way to get the data: `name` ends its address, `url` is where the data are."""

    name: str
    title: str
    url: str
    format_name: str
    media_type: str
    description: str
    is_service: bool = False


def dataset_graph(campaign: Campaign, site: Site) -> Graph:
    """The description of one campaign's data, as it is valid without the catalogue around it.

    Reads the database; says the same for everyone. Whether the campaign is public is for the caller to decide.
    """
    graph = new_graph()
    add_site(graph, site)
    add_dataset(graph, facts_of(campaign), site)
    return graph


def add_site(graph: Graph, site: Site) -> None:
    """What all datasets refer to: the city as publisher, and the service for all of them."""
    publisher = _publisher(site)
    _add(graph, publisher, RDF.type, FOAF.Agent)
    _add(graph, publisher, FOAF.name, _german(site.name))
    _add(graph, publisher, FOAF.homepage, URIRef(addresses.home(site)))
    _add(graph, publisher, DCTERMS.type, LOCAL_AUTHORITY)
    service = _service(site)
    _add(graph, service, RDF.type, DCAT.DataService)
    _add(graph, service, DCTERMS.title, _german("OGC API Features: Beteiligungsdaten"))
    _add(
        graph,
        service,
        DCTERMS.description,
        _german("Beiträge und Zellen aller Beteiligungen, mit Filtern, in mehreren Koordinatensystemen."),
    )
    _add(graph, service, DCAT.endpointURL, URIRef(addresses.features_api(site)))
    _add(graph, service, DCAT.endpointDescription, URIRef(addresses.features_api_description(site)))
    _add(graph, service, DCTERMS.conformsTo, OGC_API_FEATURES)
    _add(graph, service, DCTERMS.publisher, publisher)
    _add(graph, service, DCTERMS.accessRights, PUBLIC)
    _add(graph, service, DCTERMS.license, URIRef(site.licence.iri))
    for theme in THEMES:
        _add(graph, service, DCAT.theme, theme)


def add_catalogue(graph: Graph, site: Site, facts: Sequence[Facts]) -> None:
    """The catalogue's own properties, from its datasets, which come with `add_entry`."""
    node = URIRef(addresses.catalogue(site))
    _add(graph, node, RDF.type, DCAT.Catalog)
    _add(graph, node, DCTERMS.title, _german(f"Beteiligungsdaten: {site.name}"))
    _add(
        graph,
        node,
        DCTERMS.description,
        _german(
            f"Was Menschen in {site.name} auf der Karte eingetragen haben: die Daten aller öffentlichen Beteiligungen."
        ),
    )
    _add(graph, node, DCTERMS.publisher, _publisher(site))
    _add(graph, node, DCTERMS.language, GERMAN)
    _add(graph, node, DCTERMS.license, URIRef(site.licence.iri))
    _add(graph, node, FOAF.homepage, URIRef(addresses.home(site)))
    _add(graph, node, DCAT.themeTaxonomy, THEME_TAXONOMY)
    _add(graph, node, DCAT.service, _service(site))
    if site.location:
        _add(graph, node, DCTERMS.spatial, URIRef(site.location))
        _add(graph, URIRef(site.location), RDF.type, DCTERMS.Location)
    boxes = [shapely.from_wkt(one.box) for one in facts if one.box is not None]
    if boxes:
        place = URIRef(f"{node}#area")
        around = shapely.to_wkt(shapely.box(*shapely.total_bounds(boxes)), rounding_precision=6)
        _add(graph, node, DCTERMS.spatial, place)
        _add(graph, place, RDF.type, DCTERMS.Location)
        _add(graph, place, DCAT.bbox, Literal(around, datatype=WKT))
    if facts:
        _add(graph, node, DCTERMS.issued, _moment(min(one.created_at for one in facts)))
        _add(graph, node, DCTERMS.modified, _moment(max(one.modified_at for one in facts)))


def add_entry(graph: Graph, facts: Facts, site: Site) -> None:
    """A campaign's data as a member of the catalogue."""
    _add(graph, URIRef(addresses.catalogue(site)), DCAT.dataset, URIRef(addresses.dataset(site, facts.slug)))
    add_dataset(graph, facts, site)


def add_dataset(graph: Graph, facts: Facts, site: Site) -> None:
    """The description of one campaign's data."""
    node = URIRef(addresses.dataset(site, facts.slug))
    _add(graph, node, RDF.type, DCAT.Dataset)
    _add(graph, node, DCTERMS.title, _german(facts.title))
    _add(graph, node, DCTERMS.description, _german(_description(facts)))
    _add(graph, node, DCTERMS.identifier, Literal(str(node)))
    _add(graph, node, DCTERMS.publisher, _publisher(site))
    _add(graph, node, DCTERMS.language, GERMAN)
    _add(graph, node, DCTERMS.accessRights, PUBLIC)
    _add(graph, node, DCTERMS.issued, _moment(facts.created_at))
    _add(graph, node, DCTERMS.modified, _moment(facts.modified_at))
    _add(graph, node, DCTERMS.accrualPeriodicity, frequency(facts))
    _add(graph, node, DCAT.landingPage, URIRef(addresses.page(site, facts.slug)))
    _add(graph, node, DCATDE.politicalGeocodingLevelURI, MUNICIPALITY)
    if site.contributor:
        _add(graph, node, DCATDE.contributorID, URIRef(site.contributor))
    for theme in THEMES:
        _add(graph, node, DCAT.theme, theme)
    for keyword in dict.fromkeys((*_KEYWORDS, site.name, *facts.categories)):
        _add(graph, node, DCAT.keyword, _german(keyword))
    _add_people(graph, node, facts, site)
    _add_period(graph, node, facts)
    _add_place(graph, node, facts, site)
    for distribution in distributions(facts, site):
        _add_distribution(graph, node, distribution, facts, site)


def distributions(facts: Facts, site: Site, language: str = "de") -> Iterator[Distribution]:
    """Every way to get a campaign's public data; cells where single contributions are not public.

    Catalogues are German; `language` is that of the titles.
    """
    kind = "contributions" if facts.publishes_points else "cells"
    items = addresses.items(site, facts.slug, kind)
    yield Distribution(
        f"ogc-{kind}",
        "OGC API Features",
        items,
        "geojson",
        "application/geo+json",
        _OF_SERVICE,
        is_service=True,
    )
    for one in formats():
        if not (facts.publishes_points or one.takes_cells):
            continue
        with translation.override(language):
            title, hint = str(one.title), str(one.hint)
        address = addresses.download(site, facts.slug, one.name)
        yield Distribution(one.name, title, address, one.name, one.media_type, hint)


def _add_distribution(graph: Graph, dataset: URIRef, one: Distribution, facts: Facts, site: Site) -> None:
    node = URIRef(f"{dataset}#{one.name}")
    _add(graph, dataset, DCAT.distribution, node)
    _add(graph, node, RDF.type, DCAT.Distribution)
    _add(graph, node, DCTERMS.title, _german(f"{facts.title}: {one.title}"))
    _add(graph, node, DCTERMS.description, _german(one.description))
    _add(graph, node, DCAT.accessURL, URIRef(one.url))
    if one.is_service:
        _add(graph, node, DCAT.accessService, _service(site))
        _add(graph, _service(site), DCAT.servesDataset, dataset)
        _add(graph, node, DCTERMS.conformsTo, OGC_API_FEATURES)
    else:
        _add(graph, node, DCAT.downloadURL, URIRef(one.url))
    if (known := file_type(one.format_name)) is not None:
        _add(graph, node, DCTERMS.format, known)
    if (registered := media_type(one.media_type)) is not None:
        _add(graph, node, DCAT.mediaType, registered)
    _add(graph, node, DCTERMS.license, URIRef(site.licence.iri))
    if site.licence.needs_attribution:
        _add(graph, node, DCATDE.licenseAttributionByText, _german(facts.attribution or site.name))
    _add(graph, node, DCATAP.availability, AVAILABLE)
    _add(graph, node, DCTERMS.language, GERMAN)
    _add(graph, node, DCTERMS.modified, _moment(facts.modified_at))


def _add_people(graph: Graph, dataset: URIRef, facts: Facts, site: Site) -> None:
    """Contact (conventions 1 and following: an e-mail address or a page with a form) and who organised it."""
    contact = URIRef(f"{dataset}#contact")
    _add(graph, dataset, DCAT.contactPoint, contact)
    _add(graph, contact, RDF.type, VCARD.Kind)
    _add(graph, contact, RDF.type, VCARD.Organization)
    _add(graph, contact, VCARD.fn, Literal(_clean(facts.organiser or site.name)))
    _add(graph, contact, VCARD.hasURL, URIRef(addresses.imprint(site)))
    email = _EMAIL.search(facts.contact) or _EMAIL.search(site.contact)
    if email is not None:
        _add(graph, contact, VCARD.hasEmail, URIRef(f"mailto:{email[0]}"))
    if facts.organiser and facts.organiser != site.name:
        creator = URIRef(f"{dataset}#organiser")
        _add(graph, dataset, DCTERMS.creator, creator)
        _add(graph, creator, RDF.type, FOAF.Agent)
        _add(graph, creator, FOAF.name, _german(facts.organiser))


def _add_period(graph: Graph, dataset: URIRef, facts: Facts) -> None:
    if facts.opens_at is None and facts.closes_at is None:
        return
    period = URIRef(f"{dataset}#period")
    _add(graph, dataset, DCTERMS.temporal, period)
    _add(graph, period, RDF.type, DCTERMS.PeriodOfTime)
    if facts.opens_at is not None:
        _add(graph, period, DCAT.startDate, _moment(facts.opens_at))
    if facts.closes_at is not None:
        _add(graph, period, DCAT.endDate, _moment(facts.closes_at))


def _add_place(graph: Graph, dataset: URIRef, facts: Facts, site: Site) -> None:
    """The municipality by its IRI, and the campaign's own area."""
    if site.location:
        _add(graph, dataset, DCTERMS.spatial, URIRef(site.location))
        _add(graph, URIRef(site.location), RDF.type, DCTERMS.Location)
    if facts.box is None:
        return
    place = URIRef(f"{dataset}#area")
    _add(graph, dataset, DCTERMS.spatial, place)
    _add(graph, place, RDF.type, DCTERMS.Location)
    _add(graph, place, DCAT.bbox, Literal(facts.box, datatype=WKT))
    if facts.outline is not None:
        _add(graph, place, LOCN.geometry, Literal(facts.outline, datatype=WKT))
    _add(graph, dataset, DCTERMS.conformsTo, CRS84)


def _description(facts: Facts) -> str:
    """A description must be there (DCAT-AP.de: `dct:description`, 1..n) and say what the data are."""
    told = [text for text in (facts.summary, facts.description) if text]
    told.append(_OF_POINTS if facts.publishes_points else _OF_CELLS.format(k=facts.k))
    return "\n\n".join(told)


def frequency(facts: Facts) -> URIRef:
    """How often the data change; the only thing here that depends on the time of day."""
    if facts.closes_at is not None and facts.closes_at <= timezone.now():
        return NEVER
    return CONTINUOUS if facts.publishes_points else IRREGULAR


def _publisher(site: Site) -> URIRef:
    return URIRef(f"{addresses.catalogue(site)}#publisher")


def _service(site: Site) -> URIRef:
    return URIRef(f"{addresses.catalogue(site)}#ogc-api")


def _moment(moment: datetime) -> Literal:
    return Literal(timezone.localtime(moment).replace(microsecond=0).isoformat(), datatype=XSD.dateTime)


def _german(text: str) -> Literal:
    return Literal(_clean(text), lang="de")


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text)


def _add(graph: Graph, subject: URIRef, predicate: URIRef, value: Node) -> None:
    graph.add((subject, predicate, value))
