"""A neighbour's datasets stand in the catalogue and on the page about open data."""

import pytest
from django.test import Client
from django.urls import reverse
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS

from mapping.exports.metadata import SERIALISATIONS, current_site
from mapping.models import Campaign
from tests.neighbour.models import Meeting

PARSED_AS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


def catalogue(ending: str = "ttl") -> Graph:
    response = Client().get(reverse("catalogue:catalogue", args=(ending,)))
    text = b"".join(response.streaming_content)  # type: ignore[attr-defined] # a stream
    return Graph().parse(data=text, format=PARSED_AS[ending])


def node() -> URIRef:
    return URIRef(f"{current_site().url}/meetings/")


@pytest.mark.parametrize("ending", SERIALISATIONS)
def test_dataset_is_a_member_beside_campaigns(meeting: Meeting, campaign: Campaign, ending: str) -> None:
    graph = catalogue(ending)
    members = set(graph.objects(None, DCAT.dataset))
    assert node() in members
    assert len(members) == 2
    assert graph.value(node(), DCTERMS.title) == Literal("Treffen", lang="de")
    [distribution] = graph.objects(node(), DCAT.distribution)
    assert graph.value(distribution, DCAT.downloadURL) == URIRef(f"{node()}all.ics")


def test_version_of_the_catalogue_changes_with_it(neighbour: None, campaign: Campaign) -> None:
    address = reverse("catalogue:catalogue", args=("ttl",))
    before = Client().get(address)["ETag"]
    Meeting.objects.create(
        code="a",
        campaign=campaign,
        title="A",
        begins_at=campaign.created_at,
        ends_at=campaign.created_at,
    )
    assert Client().get(address)["ETag"] != before


def test_page_about_open_data_shows_it(meeting: Meeting) -> None:
    page = Client().get(reverse("catalogue:open-data")).content.decode()
    assert "Treffen" in page
    assert "Wann und wo." in page
    assert "all.ics" in page
