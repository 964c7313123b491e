"""The pages of map sheets: batches, the form of the next sheet, what was entered."""

import json
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.models import Campaign, Contribution, MapSheet, PaperBatch, Source
from mapping.services.paper.batches import close_batch
from tests import personas
from tests.personas import line, point, staff_browser
from tests.surveys.world import COLOURS, ask


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def address(campaign: Campaign, name: str = "map-sheets", *more: object) -> str:
    return reverse(f"planning:{name}", args=(campaign.slug, *more))


def typed(sheet: object = 1, **more: object) -> dict[str, object]:
    return {
        "batch": "7",
        "category": "spot",
        "sheet": sheet,
        "geometry": json.dumps(point()),
        "text": "Dark here",
        "id": str(uuid4()),
        "then": "next",
    } | more


def test_batch_stays_and_the_next_number_is_proposed(campaign: Campaign, browser: Client) -> None:
    page = browser.get(address(campaign))
    assert page.context["proposed"] == "1"
    page = browser.post(address(campaign), typed(4, dated_on="2026-05-03"), follow=True)
    assert page.context["name"] == "7"
    form = page.context["form"]
    assert form["sheet"].value() == 5
    assert str(form["dated_on"].value()) == "2026-05-03"
    assert "Bogen 4 ist gespeichert." in page.content.decode()
    stored = Contribution.objects.get()
    assert (stored.source, stored.text, stored.status) == (Source.PAPER, "Dark here", "published")
    assert [one.number for one in page.context["entered"]] == [4]


def test_further_places_belong_to_the_same_sheet(campaign: Campaign, browser: Client) -> None:
    page = browser.post(address(campaign), typed(then="same"), follow=True)
    assert page.context["form"]["further"].value() is True
    assert re.search(r'name="sheet"[^>]*value="1"[^>]*\breadonly', page.content.decode())
    page = browser.post(address(campaign), typed(1, further="on"), follow=True)
    assert page.context["form"]["sheet"].value() == 2
    assert MapSheet.objects.get().participant.contributions.count() == 2


def test_number_that_is_taken_loses_nothing_and_may_be_meant(campaign: Campaign, browser: Client) -> None:
    browser.post(address(campaign), typed(1))
    sent = typed(1, text="Second place")
    page = browser.post(address(campaign), sent)
    words = page.content.decode()
    assert page.status_code == 422
    assert "ist 2 frei." in words
    assert "Second place" in words
    assert re.search(r'type="checkbox"\s+name="further"', words)
    assert browser.post(address(campaign), sent | {"further": "on"}).status_code == 302
    assert MapSheet.objects.count() == 1
    assert Contribution.objects.count() == 2


def test_double_tap_stores_once(campaign: Campaign, browser: Client) -> None:
    sent = typed(1)
    assert [browser.post(address(campaign), sent).status_code for _ in range(2)] == [302, 302]
    assert Contribution.objects.count() == 1


def test_place_by_coordinates_and_other_kinds(campaign: Campaign, browser: Client) -> None:
    sent = typed(1, geometry="", latitude="49,4447", longitude="7,7689")
    assert browser.post(address(campaign), sent).status_code == 302
    sent = typed(2, category="street", geometry=json.dumps(line()))
    assert browser.post(address(campaign), sent).status_code == 302
    assert {one.geom.geom_type for one in Contribution.objects.all() if one.geom} == {"Point", "LineString"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sheet": "0"}, "größer oder gleich 1"),
        ({"sheet": "x"}, "ganze Zahl"),
        ({"sheet": ""}, "zwingend erforderlich"),
        ({"dated_on": "2999-01-01"}, "zwischen"),
        ({"dated_on": "31.02.2026"}, "gültiges Datum"),
        ({"geometry": ""}, "markieren Sie den Ort"),
        ({"geometry": "{"}, "war nicht lesbar"),
        ({"geometry": json.dumps(point(personas.BERLIN))}, "außerhalb"),
        ({"text": "x" * 5001}, "5000"),
    ],
)
def test_bad_input_is_explained_and_kept(
    campaign: Campaign, browser: Client, wrong: dict[str, object], words: str
) -> None:
    page = browser.post(address(campaign), typed(**{"sheet": 3} | wrong))
    assert page.status_code == 422
    assert words in page.content.decode().replace("5.000", "5000")
    assert 'value="7"' in page.content.decode()
    assert not Contribution.objects.exists()
    assert not MapSheet.objects.exists()


@pytest.mark.parametrize(
    "query", [{"sheet": "9" * 40}, {"sheet": "x"}, {"before": "-1"}, {"category": "\x00"}]
)
def test_broken_addresses_show_the_page(campaign: Campaign, browser: Client, query: dict[str, str]) -> None:
    browser.post(address(campaign), typed(1))
    assert browser.get(address(campaign), {"batch": "7"} | query).status_code == 200


def test_place_is_corrected_and_deleted_until_the_batch_is_closed(
    campaign: Campaign, browser: Client, manager: User
) -> None:
    browser.post(address(campaign), typed(1))
    stored = Contribution.objects.get()
    page = browser.get(address(campaign, "map-sheet", stored.pk))
    assert "Dark here" in page.content.decode()
    sent = typed(2, text="Bright here", dated_on="2026-05-03")
    assert browser.post(address(campaign, "map-sheet", stored.pk), sent).status_code == 302
    stored.refresh_from_db()
    assert stored.text == "Bright here"
    assert MapSheet.objects.get().number == 2
    browser.post(address(campaign, "map-sheets-end"), {"batch": "7", "do": "close"})
    assert PaperBatch.objects.get().closed_at is not None
    assert browser.post(address(campaign, "map-sheet", stored.pk), sent).status_code == 422
    browser.post(address(campaign, "map-sheet-delete", stored.pk))
    assert Contribution.objects.exists()
    late = browser.post(address(campaign), typed(3, text="Typed in vain"))
    assert late.status_code == 422
    assert "Typed in vain" in late.content.decode()
    assert "abgeschlossen" in browser.get(address(campaign), {"batch": "7"}).content.decode()
    browser.post(address(campaign, "map-sheets-end"), {"batch": "7", "do": "reopen"})
    assert PaperBatch.objects.get().closed_at is not None
    staff_browser(manager).post(address(campaign, "map-sheets-end"), {"batch": "7", "do": "reopen"})
    browser.post(address(campaign, "map-sheet-delete", stored.pk))
    assert not Contribution.objects.exists()
    assert not MapSheet.objects.exists()


def test_empty_batch_can_be_deleted_on_the_page(campaign: Campaign, browser: Client) -> None:
    browser.post(address(campaign), typed(1))
    end = address(campaign, "map-sheets-end")
    assert 'value="delete"' not in browser.get(address(campaign), {"batch": "7"}).content.decode()
    browser.post(end, {"batch": "7", "do": "delete"})
    assert PaperBatch.objects.exists()
    browser.post(address(campaign, "map-sheet-delete", Contribution.objects.get().pk))
    assert 'value="delete"' in browser.get(address(campaign), {"batch": "7"}).content.decode()
    assert browser.post(end, {"batch": "7", "do": "delete"}).status_code == 302
    assert not PaperBatch.objects.exists()


def test_other_contributions_are_not_reached(campaign: Campaign, browser: Client) -> None:
    online = personas.make_contribution(campaign)
    loose = personas.make_contribution(campaign, source=Source.PAPER)
    other = personas.make_campaign("other")
    moderator = personas.make_user("other@example.org", other, Role.MODERATOR)
    browser.post(address(campaign), typed(1))
    mine = Contribution.objects.exclude(pk__in=(online.pk, loose.pk)).get()
    for one, who, where in (
        (online, browser, campaign),
        (loose, browser, campaign),
        (mine, staff_browser(moderator), other),
    ):
        assert who.get(address(where, "map-sheet", one.pk)).status_code == 404
        assert who.post(address(where, "map-sheet-delete", one.pk)).status_code == 404
    assert browser.post(address(campaign, "map-sheets-end"), {"batch": "none"}).status_code == 404


def test_sheets_and_responses_lead_to_one_another(campaign: Campaign, browser: Client) -> None:
    paper = reverse("planning:paper", args=(campaign.slug,))
    assert browser.get(address(campaign)).context["paper_ways"] == []
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS})
    for here in (address(campaign), paper):
        ways = browser.get(here).context["paper_ways"]
        assert [(way.address, way.is_here) for way in ways] == [
            (address(campaign), here == address(campaign)),
            (paper, here == paper),
        ]
    campaign.categories.update(takes_contributions=False)
    assert browser.get(address(campaign))["Location"] == paper


def test_draft_and_campaign_without_categories_say_so(db: None) -> None:
    empty = personas.make_campaign("empty", with_categories=False)
    draft = personas.make_campaign("draft", is_draft=True)
    for campaign, words in ((empty, "Keine Kategorie"), (draft, "Entwurf")):
        user = personas.make_user(f"{campaign.slug}@example.org", campaign, Role.MODERATOR)
        browser = staff_browser(user)
        assert words in browser.get(address(campaign), {"batch": "7"}).content.decode()
        assert browser.post(address(campaign), typed(1)).status_code in {200, 422}
    assert not Contribution.objects.exists()


def test_analysts_enter_nothing(campaign: Campaign, analyst: User, browser: Client) -> None:
    browser.post(address(campaign), typed(1))
    stored = Contribution.objects.get()
    other = staff_browser(analyst)
    assert other.get(address(campaign)).status_code == 403
    assert other.post(address(campaign), typed(2)).status_code == 403
    assert other.get(address(campaign, "map-sheet", stored.pk)).status_code == 403
    assert other.post(address(campaign, "map-sheet-delete", stored.pk)).status_code == 403
    assert other.post(address(campaign, "map-sheets-end"), {"batch": "7"}).status_code == 403


def test_page_takes_a_fixed_number_of_queries(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(1, 13):
        browser.post(address(campaign), typed(number))
    with django_assert_max_num_queries(28):  # type: ignore[operator]
        browser.get(address(campaign), {"batch": "7"})


def test_long_batches_are_paged(campaign: Campaign, browser: Client, moderator: User) -> None:
    browser.post(address(campaign), typed(1))
    batch = PaperBatch.objects.get()
    for number in range(2, 42):
        person = personas.make_participant(campaign)
        MapSheet.objects.create(batch=batch, number=number, participant=person, entered_by=moderator)
    close_batch(batch, actor=moderator)
    page = browser.get(address(campaign), {"batch": "7"})
    assert [one.number for one in page.context["entered"]] == list(range(41, 11, -1))
    page = browser.get(address(campaign), {"batch": "7", "before": page.context["earlier"]})
    assert [one.number for one in page.context["entered"]] == list(range(11, 0, -1))
    assert page.context["earlier"] is None


def test_exact_places_of_protected_campaigns_are_recorded(
    cells_campaign: Campaign, administrator: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="geoparticipation.access"):
        staff_browser(administrator).get(address(cells_campaign), {"batch": "7"})
    assert "view=paper" in caplog.text
