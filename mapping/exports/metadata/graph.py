"""Datasets as RDF in DCAT-AP.de 3.0: every node has an address, no blank nodes, so that pieces can be put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import shapely
from django.utils import timezone
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD
from rdflib.term import Node

from mapping.exports.metadata import addresses
from mapping.exports.metadata.dataset import Changes, Dataset, Distribution
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

_EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_KEYWORDS: Final = ("Bürgerbeteiligung", "Partizipation")
_FREQUENCIES: Final[dict[Changes, URIRef]] = {
    "continuously": CONTINUOUS,
    "irregularly": IRREGULAR,
    "never": NEVER,
}
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 section 2.2 cannot hold, nor can RDF/XML therefore."""


def dataset_graph(dataset: Dataset, site: Site) -> Graph:
    """The description of one dataset, as it is valid without the catalogue around it."""
    graph = new_graph()
    add_site(graph, site)
    add_dataset(graph, dataset, site)
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


def add_catalogue(graph: Graph, site: Site, datasets: Sequence[Dataset]) -> None:
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
    boxes = [shapely.from_wkt(one.box) for one in datasets if one.box is not None]
    if boxes:
        place = URIRef(f"{node}#area")
        around = shapely.to_wkt(shapely.box(*shapely.total_bounds(boxes)), rounding_precision=6)
        _add(graph, node, DCTERMS.spatial, place)
        _add(graph, place, RDF.type, DCTERMS.Location)
        _add(graph, place, DCAT.bbox, Literal(around, datatype=WKT))
    if datasets:
        _add(graph, node, DCTERMS.issued, _moment(min(one.created_at for one in datasets)))
        _add(graph, node, DCTERMS.modified, _moment(max(one.modified_at for one in datasets)))


def add_entry(graph: Graph, dataset: Dataset, site: Site) -> None:
    """A dataset as a member of the catalogue."""
    _add(graph, URIRef(addresses.catalogue(site)), DCAT.dataset, URIRef(dataset.address))
    add_dataset(graph, dataset, site)


def add_dataset(graph: Graph, dataset: Dataset, site: Site) -> None:
    """The description of one dataset."""
    node = URIRef(dataset.address)
    _add(graph, node, RDF.type, DCAT.Dataset)
    _add(graph, node, DCTERMS.title, _german(dataset.title))
    _add(graph, node, DCTERMS.description, _german(dataset.description))
    _add(graph, node, DCTERMS.identifier, Literal(str(node)))
    _add(graph, node, DCTERMS.publisher, _publisher(site))
    _add(graph, node, DCTERMS.language, GERMAN)
    _add(graph, node, DCTERMS.accessRights, PUBLIC)
    _add(graph, node, DCTERMS.issued, _moment(dataset.created_at))
    _add(graph, node, DCTERMS.modified, _moment(dataset.modified_at))
    _add(graph, node, DCTERMS.accrualPeriodicity, _FREQUENCIES[dataset.changes])
    _add(graph, node, DCAT.landingPage, URIRef(dataset.page))
    _add(graph, node, DCATDE.politicalGeocodingLevelURI, MUNICIPALITY)
    if site.contributor:
        _add(graph, node, DCATDE.contributorID, URIRef(site.contributor))
    for theme in THEMES:
        _add(graph, node, DCAT.theme, theme)
    for keyword in dict.fromkeys((*_KEYWORDS, site.name, *dataset.keywords)):
        _add(graph, node, DCAT.keyword, _german(keyword))
    _add_people(graph, node, dataset, site)
    _add_period(graph, node, dataset)
    _add_place(graph, node, dataset, site)
    for distribution in dataset.distributions():
        _add_distribution(graph, node, distribution, dataset, site)


def _add_distribution(graph: Graph, data: URIRef, one: Distribution, dataset: Dataset, site: Site) -> None:
    node = URIRef(f"{data}#{one.name}")
    _add(graph, data, DCAT.distribution, node)
    _add(graph, node, RDF.type, DCAT.Distribution)
    _add(graph, node, DCTERMS.title, _german(f"{dataset.title}: {one.title}"))
    _add(graph, node, DCTERMS.description, _german(one.description))
    _add(graph, node, DCAT.accessURL, URIRef(one.url))
    if one.is_service:
        _add(graph, node, DCAT.accessService, _service(site))
        _add(graph, _service(site), DCAT.servesDataset, data)
        _add(graph, node, DCTERMS.conformsTo, OGC_API_FEATURES)
    else:
        _add(graph, node, DCAT.downloadURL, URIRef(one.url))
    if (known := file_type(one.format_name)) is not None:
        _add(graph, node, DCTERMS.format, known)
    if (registered := media_type(one.media_type)) is not None:
        _add(graph, node, DCAT.mediaType, registered)
    _add(graph, node, DCTERMS.license, URIRef(site.licence.iri))
    if site.licence.needs_attribution:
        _add(graph, node, DCATDE.licenseAttributionByText, _german(dataset.attribution or site.name))
    _add(graph, node, DCATAP.availability, AVAILABLE)
    _add(graph, node, DCTERMS.language, GERMAN)
    _add(graph, node, DCTERMS.modified, _moment(dataset.modified_at))


def _add_people(graph: Graph, node: URIRef, dataset: Dataset, site: Site) -> None:
    """Contact (conventions 1 and following: an e-mail address or a page with a form) and who organised it."""
    contact = URIRef(f"{node}#contact")
    _add(graph, node, DCAT.contactPoint, contact)
    _add(graph, contact, RDF.type, VCARD.Kind)
    _add(graph, contact, RDF.type, VCARD.Organization)
    _add(graph, contact, VCARD.fn, Literal(_clean(dataset.organiser or site.name)))
    _add(graph, contact, VCARD.hasURL, URIRef(addresses.imprint(site)))
    email = _EMAIL.search(dataset.contact) or _EMAIL.search(site.contact)
    if email is not None:
        _add(graph, contact, VCARD.hasEmail, URIRef(f"mailto:{email[0]}"))
    if dataset.organiser and dataset.organiser != site.name:
        creator = URIRef(f"{node}#organiser")
        _add(graph, node, DCTERMS.creator, creator)
        _add(graph, creator, RDF.type, FOAF.Agent)
        _add(graph, creator, FOAF.name, _german(dataset.organiser))


def _add_period(graph: Graph, node: URIRef, dataset: Dataset) -> None:
    if dataset.opens_at is None and dataset.closes_at is None:
        return
    period = URIRef(f"{node}#period")
    _add(graph, node, DCTERMS.temporal, period)
    _add(graph, period, RDF.type, DCTERMS.PeriodOfTime)
    if dataset.opens_at is not None:
        _add(graph, period, DCAT.startDate, _moment(dataset.opens_at))
    if dataset.closes_at is not None:
        _add(graph, period, DCAT.endDate, _moment(dataset.closes_at))


def _add_place(graph: Graph, node: URIRef, dataset: Dataset, site: Site) -> None:
    """The municipality by its IRI, and where the data lie."""
    if site.location:
        _add(graph, node, DCTERMS.spatial, URIRef(site.location))
        _add(graph, URIRef(site.location), RDF.type, DCTERMS.Location)
    if dataset.box is None:
        return
    place = URIRef(f"{node}#area")
    _add(graph, node, DCTERMS.spatial, place)
    _add(graph, place, RDF.type, DCTERMS.Location)
    _add(graph, place, DCAT.bbox, Literal(dataset.box, datatype=WKT))
    if dataset.outline is not None:
        _add(graph, place, LOCN.geometry, Literal(dataset.outline, datatype=WKT))
    _add(graph, node, DCTERMS.conformsTo, CRS84)


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
