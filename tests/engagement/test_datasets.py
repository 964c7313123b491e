"""Dates, plans and papers stand in the catalogue, valid, once there is something public of them."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS

from tests.catalogue.test_dcat import complaints, read
from tests.engagement.making import make_document, make_event, make_plan

pytestmark = pytest.mark.django_db

ADDRESS = "/dcat/catalog.ttl"


def test_catalogue_with_all_of_them_is_valid(settings: Settings) -> None:
    settings.DCAT_CONTRIBUTOR = "http://dcat-ap.de/def/contributors/openDataBayern"
    settings.CITY_LOCATION = "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07312000"
    make_event(), make_plan(), make_document()
    graph = read(ADDRESS)
    assert complaints(graph) == ""
    titles = {str(graph.value(one, DCTERMS.title)) for one in graph.objects(None, DCAT.dataset)}
    assert titles == {"Termine", "Vorhabenliste", "Gremien, Sitzungen und Dokumente der Beteiligung"}
    accesses = {str(one) for one in graph.objects(None, DCAT.accessURL)}
    for path in (
        "/calendar.ics",
        "/ogc/collections/events/items",
        "/ogc/collections/plans/items",
        "/api/v1/events/",
        "/api/v1/plans/",
        "/oparl/v1.1/",
    ):
        assert settings.SITE_URL + path in accesses


def test_drafts_make_no_dataset() -> None:
    make_event(is_draft=True), make_plan(is_draft=True), make_document(is_draft=True)
    assert not set(read(ADDRESS).objects(None, DCAT.dataset))


def test_version_of_the_catalogue_changes_with_them() -> None:
    make_event()
    before = Client().get(ADDRESS)["ETag"]
    make_plan()
    assert Client().get(ADDRESS)["ETag"] != before


def test_page_about_open_data_shows_them() -> None:
    make_event()
    page = Client().get(reverse("catalogue:open-data")).content.decode()
    assert "Alle Termine der Beteiligung." in page
    assert "Vorhabenliste" not in page


def test_dataset_is_named_by_its_page(settings: Settings) -> None:
    make_plan()
    node = URIRef(settings.SITE_URL + reverse("plans"))
    assert read(ADDRESS).value(node, DCTERMS.title) == Literal("Vorhabenliste", lang="de")
