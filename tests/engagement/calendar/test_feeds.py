"""Everything new in one feed, for the city and for each campaign, as Atom and RSS."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.http import http_date

from engagement.models import Event, EventStatus
from mapping.models import Campaign, ContributionStatus, Reply, ReplyStatus
from tests import personas
from tests.engagement.making import make_document, make_event, make_plan, make_update

ATOM = "{http://www.w3.org/2005/Atom}"


def read(address: str) -> ET.Element:
    response = Client().get(address)
    assert response.status_code == 200
    return ET.fromstring(response.content)  # noqa: S314 - our own


def titles(address: str) -> list[str]:
    root = read(address)
    if not address.endswith("rss"):
        return [str(one.findtext(f"{ATOM}title")) for one in root.iter(f"{ATOM}entry")]
    return [str(one.findtext("title")) for one in root.iter("item")]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feed_has_everything_public_the_newest_first(campaign: Campaign, kind: str) -> None:
    old = make_event(title="Old walk")
    Event.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=9))
    make_event(title="Secret walk", is_draft=True)
    shown = personas.make_contribution(campaign)
    Reply.objects.create(contribution=shown, status=ReplyStatus.PLANNED, text="Lamps come.")
    make_event(None, campaign, title="New walk")
    found = titles(f"/feed.{kind}")
    assert found[0] == "New walk"
    assert found[-1] == "Old walk"
    assert campaign.title in found[1]
    assert len(found) == 3


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feed_of_a_campaign_has_what_belongs_to_it(campaign: Campaign, kind: str) -> None:
    make_event(title="Elsewhere")
    make_event(None, campaign, title="Here")
    for status in ContributionStatus:
        contribution = personas.make_contribution(campaign, status=status)
        Reply.objects.create(contribution=contribution, status=ReplyStatus.DONE, text=f"On {status}")
    found = titles(f"/campaigns/{campaign.slug}/feed.{kind}")
    assert found[0] != "Elsewhere"
    assert len(found) == 2
    assert "Here" in found


def test_changed_event_keeps_its_name_in_the_feed(db: None) -> None:
    event = make_event(title="Walk")
    [before] = read("/feed.atom").iter(f"{ATOM}entry")
    event.dates.update(status=EventStatus.CANCELLED)
    Event.objects.filter(pk=event.pk).update(changed_at=timezone.now() + timedelta(hours=1))
    [after] = read("/feed.atom").iter(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}id") == before.findtext(f"{ATOM}id")
    assert after.findtext(f"{ATOM}updated") != before.findtext(f"{ATOM}updated")
    assert after.findtext(f"{ATOM}title") == "Abgesagt: Walk"


def test_feed_of_a_campaign_has_its_news_documents_and_plans(campaign: Campaign) -> None:
    other = personas.make_campaign("elsewhere", with_categories=False)
    for owner, name in ((campaign, "Here"), (other, "There")):
        make_update(owner, title=f"News {name}")
        make_document(campaign=owner, title=f"Paper {name}", text="x")
        make_plan(campaign=owner, title=f"Plan {name}")
    found = titles(f"/campaigns/{campaign.slug}/feed.atom")
    assert len(found) == 3
    assert all(title.endswith("Here") for title in found)
    assert len(titles("/feed.atom")) == 6
    assert [len(titles(f"/feeds/{name}")) for name in ("updates", "documents", "plans")] == [2, 2, 2]


def test_documents_name_their_kind_once(db: None) -> None:
    make_document(title="Protokoll der 1. Sitzung", kind="minutes", text="x")
    make_document(title="Notizen", kind="minutes", text="x")
    assert set(titles("/feed.atom")) == {"Protokoll der 1. Sitzung", "Protokoll: Notizen"}


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_changed_entry_is_a_change_of_its_feed(db: None, kind: str) -> None:
    event = make_event(title="Walk")
    before = Client().get(f"/feed.{kind}")["Last-Modified"]
    later = timezone.now() + timedelta(hours=1)
    Event.objects.filter(pk=event.pk).update(changed_at=later)
    after = Client().get(f"/feed.{kind}")
    assert after["Last-Modified"] == http_date(later.timestamp()) != before
    if kind == "atom":
        [entry] = (root := read("/feed.atom")).iter(f"{ATOM}entry")
        assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")


def test_feeds_of_the_same_page_have_names_of_their_own(campaign: Campaign) -> None:
    addresses = ("/feed.atom", "/feeds/replies", f"/campaigns/{campaign.slug}/feed.atom")
    names = {read(address).findtext(f"{ATOM}id") for address in addresses}
    assert names == {settings.SITE_URL + address for address in addresses}


def test_feed_names_itself_and_is_the_same_when_nothing_changed(campaign: Campaign) -> None:
    make_event(None, campaign)
    for address in ("/feed.atom", f"/campaigns/{campaign.slug}/feed.atom"):
        root = read(address)
        links = {one.get("rel"): one.get("href") for one in root.findall(f"{ATOM}link")}
        assert str(links["self"]).endswith(address)
        assert ET.tostring(root) == ET.tostring(read(address))


@pytest.mark.parametrize("address", ["/feed.xml", "/feed.json", "/campaigns/nowhere/feed.atom"])
def test_unknown_feed_is_not_there(db: None, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_draft_campaign_has_no_feed(draft_campaign: Campaign) -> None:
    assert Client().get(f"/campaigns/{draft_campaign.slug}/feed.atom").status_code == 404
