"""The page of the search."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doors.levels import Limit
from doors.visitors import Door
from mapping.models import Campaign, Contribution
from mapping.services.search import collect_words
from tests import personas


def page(client: Client, **query: str) -> str:
    client.cookies["django_language"] = "en"
    response = client.get("/search/", query)
    assert response.status_code == 200
    return response.content.decode()


def test_results_show_where_the_words_are(client: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, text="Der <b>Brunnen</b> ist seit Wochen trocken.")
    shown = page(client, q="brunnen trocken")
    assert "&lt;b&gt;<mark>Brunnen</mark>&lt;/b&gt;" in shown
    assert "<mark>trocken</mark>" in shown
    assert "1 result for “brunnen trocken”." in shown
    assert campaign.title in shown


def test_results_are_narrowed_by_kind_and_campaign(
    client: Client, campaign: Campaign, post_campaign: Campaign
) -> None:
    first = personas.make_contribution(campaign, text="Brunnen eins")
    personas.make_contribution(post_campaign, text="Brunnen zwei")
    personas.make_comment(first, "Brunnen drei")
    assert "3 results" in page(client, q="brunnen")
    assert "1 result " in page(client, q="brunnen", kind="comments")
    assert "2 results" in page(client, q="brunnen", kind="contributions")
    assert "2 results" in page(client, q="brunnen", campaign=campaign.slug)
    assert f"campaign={post_campaign.slug}" in page(client, q="brunnen")


def test_choices_of_hidden_or_unknown_names_are_not_found(client: Client, draft_campaign: Campaign) -> None:
    for query in ({"campaign": draft_campaign.slug}, {"campaign": "none"}, {"kind": "none"}, {"kind": "\0"}):
        assert client.get("/search/", {"q": "x"} | query).status_code == 404


def test_pages_follow_each_other_without_gap_or_repetition(client: Client, campaign: Campaign) -> None:
    for number in range(45):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    client.cookies["django_language"] = "en"
    address, seen = "/search/?q=brunnen", []
    for size in (20, 20, 5):
        response = client.get(address)
        results = response.context["page"].results
        assert len(results) == size
        seen += [one.shown.address for one in results]
        address = response.context["next"]
    assert not address
    assert len(set(seen)) == 45


def test_another_page_that_was_not_made_here_is_the_first(client: Client, published: Contribution) -> None:
    Contribution.objects.filter(pk=published.pk).update(text="Brunnen")
    assert "1 result " in page(client, q="brunnen", after="xyz")


def test_other_spelling_is_searched_instead(client: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(summary="Wo ein Zebrastreifen fehlt")
    collect_words()
    shown = page(client, q="zebrasteifen fehlt")
    assert "Results for “zebrastreifen fehlt” are shown." in shown
    assert campaign.get_absolute_url() in shown


def test_other_spelling_that_fits_elsewhere_alone_is_suggested(client: Client, campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(summary="Wo ein Zebrastreifen fehlt")
    personas.make_campaign("elsewhere")
    collect_words()
    shown = page(client, q="zebrasteifen fehlt", campaign="elsewhere")
    assert 'Did you mean <a href="/search/?q=zebrastreifen+fehlt">zebrastreifen fehlt</a>?' in shown


@pytest.mark.parametrize(
    "words", ["%", "\0", "<script>alert(1)</script>", "x" * 5000, "' or 1=1 --", "a&b|c:*"]
)
def test_page_survives_whatever_is_typed(client: Client, campaign: Campaign, words: str) -> None:
    assert "<script>alert" not in page(client, q=words)


def test_page_without_words_explains_what_can_be_found(client: Client, db: None) -> None:
    assert "everything that is public" in page(client)


def test_places_of_results_are_on_a_map(client: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, text="Brunnen")
    assert "outline__point" in page(client, q="brunnen")


def test_network_that_searches_too_often_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch, campaign: Campaign
) -> None:
    monkeypatch.setattr("mapping.web.overview.search.SEARCH", Door(Limit("search", 2, 3600)))
    statuses = [client.get("/search/", {"q": "x"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_number_of_queries_does_not_grow_with_results(
    client: Client, campaign: Campaign, post_campaign: Campaign
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/search/", {"q": "brunnen"})
        return len(captured)

    queries()  # what is read once per process
    counts = []
    for _ in range(2):
        for number in range(6):
            for one in (campaign, post_campaign):
                made = personas.make_contribution(one, text=f"Brunnen {number}")
                personas.make_comment(made, f"Brunnen {number}")
        counts.append(queries())
    assert counts[0] == counts[1] < 25


def test_reading_sets_no_cookie(client: Client, db: None) -> None:
    assert not client.get("/search/", {"q": "x"}).cookies
