"""The catalogue: valid against our shapes in every serialisation, complete, cheap to ask again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from pyshacl import validate
from pytest_django.fixtures import Settings
from rdflib import BNode, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF

from mapping.exports.metadata import SERIALISATIONS, current_site
from mapping.exports.metadata import catalogue as writing
from mapping.exports.metadata.vocabulary import DCATDE, LOCN, VCARD
from mapping.models import Campaign
from tests import personas
from tests.walk import words_of

pytestmark = pytest.mark.django_db

SHAPES = Graph().parse(Path(__file__).with_name("shapes.ttl"))
PARSED_AS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
TRICKY = 'Wo ist es "dunkel"?\n@prefix x: <y> .\n</rdf:RDF> ]]> \\ é 💡'


@pytest.fixture
def campaigns(settings: Settings) -> list[Campaign]:
    settings.DCAT_CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openDataBayern"
    settings.CITY_LOCATION = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07312000"
    return [
        personas.make_campaign("points", title=TRICKY, summary=TRICKY, contact="amt@example.org"),
        personas.make_closed("closed", organiser="Grünamt", attribution="Stadt und Leute"),
        personas.make_campaign("cells", publication="cells"),
        personas.make_campaign("bare", area=None, opens_at=None, closes_at=None, with_categories=False),
    ]


def read(address: str) -> Graph:
    response = Client().get(address)
    assert response.status_code == 200
    return Graph().parse(data=response.getvalue(), format=PARSED_AS[address.rpartition(".")[2]])


def complaints(graph: Graph) -> str:
    conforms, _report, text = validate(graph, shacl_graph=SHAPES, inference="none")
    assert conforms == ("Conforms: True" in text)
    return "" if conforms else text


def test_catalogue_is_valid_in_every_serialisation(campaigns: list[Campaign]) -> None:
    graphs = [read(f"/dcat/catalog.{ending}") for ending in SERIALISATIONS]
    assert complaints(graphs[0]) == ""
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    assert len(set(graphs[0].objects(None, DCAT.dataset))) == len(campaigns)


def test_pieces_make_one_valid_document(campaigns: list[Campaign], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read("/dcat/catalog.ttl")
    monkeypatch.setattr(writing, "_BATCH", 1)
    for ending in SERIALISATIONS:
        assert isomorphic(read(f"/dcat/catalog.{ending}"), whole), ending


@pytest.mark.parametrize("ending", SERIALISATIONS)
def test_each_campaign_is_valid_alone(campaigns: list[Campaign], ending: str) -> None:
    for campaign in campaigns:
        graph = read(f"/dcat/campaigns/{campaign.slug}.{ending}")
        assert complaints(graph) == "", campaign.slug
    assert set(read(f"/dcat/campaigns/points.{ending}").subject_objects(LOCN.geometry))


def first(graph: Graph, kind: URIRef) -> URIRef:
    return URIRef(min(map(str, graph.subjects(RDF.type, kind))))


def broken(graph: Graph) -> Iterator[tuple[str, Graph]]:
    """The catalogue without one mandatory property each, and with one wrong value each."""
    removed = {
        DCAT.Catalog: (
            DCTERMS.title,
            DCTERMS.description,
            DCTERMS.publisher,
            DCTERMS.language,
            FOAF.homepage,
        ),
        DCAT.Dataset: (
            DCTERMS.title,
            DCTERMS.description,
            DCTERMS.publisher,
            DCTERMS.identifier,
            DCTERMS.issued,
            DCTERMS.modified,
            DCTERMS.accessRights,
            DCATDE.contributorID,
            DCAT.contactPoint,
            DCAT.theme,
            DCAT.keyword,
            DCAT.landingPage,
            DCAT.distribution,
        ),
        DCAT.Distribution: (
            DCTERMS.title,
            DCTERMS.license,
            DCAT.accessURL,
            DCATDE.licenseAttributionByText,
        ),
        DCAT.DataService: (DCTERMS.title, DCAT.endpointURL, DCAT.servesDataset),
        FOAF.Agent: (FOAF.name,),
        VCARD.Kind: (VCARD.fn,),
    }
    for kind, properties in removed.items():
        node = first(graph, kind)
        for one in properties:
            lacking = Graph() + graph
            lacking.remove((node, one, None))
            yield f"{kind} without {one}", lacking
    dataset = first(graph, DCAT.Dataset)
    distribution = first(graph, DCAT.Distribution)
    for node, one, value in (
        (dataset, DCAT.theme, URIRef("http://example.org/theme")),
        (dataset, DCTERMS.publisher, BNode()),
        (dataset, DCATDE.contributorID, URIRef("http://example.org/me")),
        (distribution, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")),
        (distribution, DCTERMS.format, URIRef("http://example.org/geojson")),
    ):
        wrong = Graph() + graph
        wrong.set((node, one, value))
        yield f"{one} is {value}", wrong


def test_broken_catalogues_are_found(campaigns: list[Campaign]) -> None:
    Campaign.objects.exclude(slug="points").delete()
    graph = read("/dcat/catalog.ttl")
    found = list(broken(graph))
    assert len(found) > 30
    for name, one in found:
        assert complaints(one), name


def test_drafts_are_in_no_catalogue(campaigns: list[Campaign]) -> None:
    personas.make_campaign("draft", is_draft=True, title="Not yet")
    for ending in SERIALISATIONS:
        assert "Not yet" not in words_of(Client().get(f"/dcat/catalog.{ending}"))
    assert "Not yet" not in words_of(Client().get("/dcat/"))
    for address in ("/dcat/campaigns/draft.ttl", "/dcat/campaigns/draft", "/dcat/campaigns/nothing.ttl"):
        assert Client().get(address).status_code == 404


def test_every_address_of_the_site_exists(campaigns: list[Campaign]) -> None:
    site = current_site().url
    graph = read("/dcat/catalog.ttl")
    for one in {str(one).removeprefix(site) for one in graph.all_nodes() if str(one).startswith(site)}:
        path = one.partition("#")[0].partition("?")[0]
        assert resolve(path).url_name != "nowhere", one


@pytest.mark.parametrize(
    ("accept", "place"),
    [
        ("text/turtle", "/dcat/catalog.ttl"),
        ("application/rdf+xml", "/dcat/catalog.rdf"),
        ("application/ld+json;q=0.9, text/turtle;q=0.5", "/dcat/catalog.jsonld"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "/dcat/"),
        ("image/png", "/dcat/catalog.ttl"),
        ("*/*", "/dcat/catalog.ttl"),
        ("", "/dcat/catalog.ttl"),
        (";;q=,,q=5/", "/dcat/catalog.ttl"),
    ],
)
def test_accept_chooses_the_document(accept: str, place: str) -> None:
    response = Client().get("/dcat/catalog", headers={"Accept": accept})
    assert (response.status_code, response["Location"]) == (303, place)
    assert "Accept" in response["Vary"]


def test_address_of_a_dataset_leads_to_page_or_description(campaigns: list[Campaign]) -> None:
    for accept, place in (
        ("text/html", "/campaigns/points/"),
        ("application/rdf+xml", "/dcat/campaigns/points.rdf"),
    ):
        response = Client().get("/dcat/campaigns/points", headers={"Accept": accept})
        assert (response.status_code, response["Location"]) == (303, place)


@pytest.mark.parametrize("address", ["/dcat/catalog.ttl", "/dcat/campaigns/points.ttl"])
def test_what_did_not_change_is_not_sent_again(campaigns: list[Campaign], address: str) -> None:
    tag = Client().get(address)["ETag"]
    again = Client().get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    Campaign.objects.filter(slug="points").update(title="Another title")
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_end_of_a_campaign_changes_the_catalogue(campaigns: list[Campaign]) -> None:
    tag = Client().get("/dcat/catalog.ttl")["ETag"]
    Campaign.objects.filter(slug="points").update(closes_at=timezone.now() - timedelta(seconds=1))
    assert Client().get("/dcat/catalog.ttl")["ETag"] != tag


def test_head_writes_nothing(campaigns: list[Campaign]) -> None:
    response = Client().head("/dcat/catalog.rdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/rdf+xml"
    assert response["Last-Modified"]
    assert not response.getvalue()


def test_queries_do_not_grow_with_campaigns(campaigns: list[Campaign]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            Client().get("/dcat/catalog.ttl").getvalue()
        return len(captured)

    before = queries()
    for number in range(5):
        personas.make_campaign(f"more-{number}")
    assert queries() == before


def test_other_endings_and_parameters_are_refused(campaigns: list[Campaign]) -> None:
    assert Client().get("/dcat/catalog.csv").status_code == 404
    assert Client().get("/dcat/campaigns/points.html").status_code == 404
    assert Client().get("/dcat/catalog.ttl?page=2").status_code == 400
    assert Client().post("/dcat/catalog.ttl").status_code == 405


@pytest.mark.parametrize("slug", ["points", "cells"])
def test_every_download_is_there(campaigns: list[Campaign], slug: str) -> None:
    graph = read(f"/dcat/campaigns/{slug}.ttl")
    for one in graph.objects(None, DCAT.accessURL):
        path = str(one).removeprefix(current_site().url)
        assert Client().head(path).status_code == 200, path


def test_page_names_campaigns_formats_and_licence(campaigns: list[Campaign]) -> None:
    page = Client().get("/dcat/").content.decode()
    assert "Datenlizenz Deutschland" in page
    assert "/api/v1/campaigns/closed/download.geojson" in page
    assert "/ogc/collections/cells-contributions" not in page
    assert 'href="/campaigns/closed/data/"' in page
    assert 'href="/dcat/"' in Client().get("/").content.decode()
