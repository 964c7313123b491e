"""Campaigns as DCAT-AP.de: complete, the same in every serialisation, silent about what is not public."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from rdflib import DCAT, DCTERMS, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from mapping.exports.datasets import campaign_dataset
from mapping.exports.metadata import SERIALISATIONS, current_site, dataset_graph, serialised
from mapping.exports.metadata.vocabulary import DCATDE, LOCN, VCARD
from mapping.exports.registry import formats
from mapping.models import Campaign
from tests import personas

pytestmark = pytest.mark.django_db
PARSED_AS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


def graph_of(campaign: Campaign) -> Graph:
    site = current_site()
    return dataset_graph(campaign_dataset(campaign, site), site)


def node(slug: str = "fear-spaces") -> URIRef:
    return URIRef(f"{current_site().url}/dcat/campaigns/{slug}")


def test_every_serialisation_says_the_same() -> None:
    campaign = personas.make_campaign(
        title='Wo ist es "dunkel"? \x07 <b>&</b> \\ 💡', contact="amt@example.org"
    )
    graph = graph_of(campaign)
    for ending in SERIALISATIONS:
        again = Graph().parse(data=serialised(graph, ending), format=PARSED_AS[ending])
        assert isomorphic(again, graph), ending


def test_every_registered_format_is_a_distribution() -> None:
    graph = graph_of(personas.make_campaign())
    downloads = {str(url) for url in graph.objects(None, DCAT.downloadURL)}
    base = f"{current_site().url}/api/v1/campaigns/fear-spaces/download."
    assert downloads == {base + one.name for one in formats()}
    assert all(graph.value(one, DCTERMS.license) for one in graph.objects(node(), DCAT.distribution))


def test_cells_campaign_offers_cells_only() -> None:
    graph = graph_of(personas.make_campaign(publication="cells"))
    urls = {str(url) for url in graph.objects(None, DCAT.accessURL)}
    assert not any("contributions" in url for url in urls)
    names = {url.partition("/download.")[2] for url in urls} - {""}
    assert names == {one.name for one in formats() if one.takes_cells}
    assert "gpx" not in names
    assert any(url.endswith("/ogc/collections/fear-spaces-cells/items") for url in urls)


def test_area_period_and_contact_are_told() -> None:
    campaign = personas.make_campaign(contact="Frau Muster, muster@example.org, 0631 1", organiser="Grünamt")
    graph = graph_of(campaign)
    place = URIRef(f"{node()}#area")
    assert str(graph.value(place, DCAT.bbox)).startswith("POLYGON ((7.69 49.41,")
    assert str(graph.value(place, LOCN.geometry)).startswith("POLYGON ((7.7 49.42, ")
    assert graph.value(URIRef(f"{node()}#period"), DCAT.endDate)
    assert graph.value(URIRef(f"{node()}#contact"), VCARD.hasEmail) == URIRef("mailto:muster@example.org")
    assert Literal("Spot", lang="de") in set(graph.objects(node(), DCAT.keyword))


def test_bare_campaign_is_described_too() -> None:
    campaign = personas.make_campaign(area=None, opens_at=None, closes_at=None, with_categories=False)
    graph = graph_of(campaign)
    assert graph.value(node(), DCTERMS.temporal) is None
    assert graph.value(node(), DCTERMS.spatial) is None
    assert graph.value(node(), DCTERMS.description)


def test_hidden_contribution_changes_nothing() -> None:
    campaign = personas.make_campaign()
    before = serialised(graph_of(campaign), "ttl")
    personas.make_contribution(campaign, status=personas.PENDING)
    assert serialised(graph_of(campaign), "ttl") == before
    shown = personas.make_contribution(campaign)
    modified = graph_of(campaign).value(node(), DCTERMS.modified)
    assert isinstance(modified, Literal)
    assert modified.toPython() == shown.created_at.replace(microsecond=0)


def test_settings_reach_the_catalogue(settings: Settings) -> None:
    settings.DATA_LICENCE = "cc-zero"
    settings.DCAT_CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openDataBayern"
    settings.CITY_LOCATION = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07312000"
    graph = graph_of(personas.make_campaign())
    assert set(graph.objects(None, DCTERMS.license)) == {URIRef("http://dcat-ap.de/def/licenses/cc-zero")}
    assert not set(graph.objects(None, DCATDE.licenseAttributionByText))
    assert graph.value(node(), DCATDE.contributorID) == URIRef(settings.DCAT_CONTRIBUTOR)
    assert URIRef(settings.CITY_LOCATION) in set(graph.objects(node(), DCTERMS.spatial))


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATA_LICENCE", "free"), ("DCAT_CONTRIBUTOR", "https://example.org/me"), ("CITY_LOCATION", "Lautern")],
)
def test_unknown_vocabulary_stops_the_start(settings: Settings, name: str, value: str) -> None:
    setattr(settings, name, value)
    with pytest.raises(SystemCheckError, match=name):
        call_command("check")


def test_one_query_describes_a_campaign_and_one_the_city() -> None:
    campaign = personas.make_campaign()
    personas.make_contribution(campaign)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        graph_of(campaign)
    assert len(queries) == 2
