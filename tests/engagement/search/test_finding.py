"""Events, documents with their pages, plans and updates are found when they are public."""

from datetime import timedelta

import pytest
from django.db.models import Model
from django.utils import timezone

from engagement.models import Document, DocumentPage, DocumentVersion, EventStatus
from mapping.models import Campaign, SearchText
from mapping.search.page import Wanted, search
from tests import personas
from tests.engagement.making import add_date, make_document, make_event, make_plan, make_update
from tests.search.searching import found, shown


def make_page(document: Document, text: str, number: int = 1) -> DocumentPage:
    version = DocumentVersion.objects.create(
        document=document, number=number, name="a.pdf", file="documents/a.pdf", bytes=1, digest=b"1"
    )
    return DocumentPage.objects.create(version=version, number=3, text=text)


def test_everything_public_is_found_by_title_and_text(campaign: Campaign) -> None:
    make_event(title="Kastanienfest", summary="Feier unter Bäumen")
    make_document(title="Kastanien im Park")
    make_plan(title="Neue Bäume", description="Zwanzig Kastanien")
    make_update(campaign, title="Gepflanzt", text="Die Kastanien stehen.")
    groups = {group.name: number for group, number in found("Kastanie").groups.items()}
    assert groups == {"events": 1, "documents": 1, "plans": 1, "updates": 1}


def test_drafts_are_not_found(campaign: Campaign) -> None:
    things: list[Model] = [
        make_event(title="Kastanie", is_draft=True),
        make_document(title="Kastanie", is_draft=True),
        make_plan(title="Kastanie", is_draft=True),
        make_update(campaign, title="Kastanie", is_draft=True),
        make_update(campaign, title="Kastanie", published_at=timezone.now() + timedelta(days=1)),
    ]
    assert found("Kastanie").number == 0
    for thing in things[:4]:
        type(thing)._default_manager.filter(pk=thing.pk).update(is_draft=False)
    assert found("Kastanie").number == 4


@pytest.mark.django_db
def test_series_is_found_with_its_next_date_that_takes_place() -> None:
    now = timezone.now()
    event = make_event(now - timedelta(days=7), title="Kastanie")
    add_date(event, now + timedelta(days=1), status=EventStatus.CANCELLED)
    following = add_date(event, now + timedelta(days=7))
    add_date(event, now + timedelta(days=14))
    assert [one.at for one in shown("Kastanie")] == [following.starts_at]


@pytest.mark.django_db
def test_document_is_found_once_by_the_pages_of_its_newest_version() -> None:
    document = make_document(title="Protokoll")
    make_page(document, "Die Kastanie fehlt.")
    newest = make_page(document, "Das Protokoll nennt die Kastanie.", number=2)
    assert [one.note.split(", ")[-1] for one in shown("Kastanie")] == ["Seite 3"]
    assert found("Protokoll").number == 1
    Document.objects.filter(pk=document.pk).update(is_draft=True)
    assert found("Kastanie").number == 0
    newest.version.delete()
    assert not SearchText.objects.filter(kind="page", key=str(newest.pk)).exists()


def test_pages_follow_their_document_to_another_campaign(campaign: Campaign) -> None:
    document = make_document(title="Protokoll")
    make_page(document, "Kastanie")
    assert found("Kastanie", campaign_id=campaign.pk).number == 0
    Document.objects.filter(pk=document.pk).update(campaign=campaign)
    assert found("Kastanie", campaign_id=campaign.pk).number == 1


def test_events_are_found_and_counted_in_each_of_their_campaigns(
    campaign: Campaign, draft_campaign: Campaign
) -> None:
    other = personas.make_campaign("other", with_categories=False)
    make_event(None, campaign, other, draft_campaign, title="Kastanie im Park")
    make_event(None, campaign, title="Kastanie am Markt")
    make_event(title="Kastanie ohne Beteiligung")
    assert found("Kastanie").campaigns == {campaign.pk: 2, other.pk: 1, draft_campaign.pk: 1}
    assert found("Kastanie", campaign_id=other.pk).number == 1
    page = search(Wanted("Kastanie Park", campaign=other))
    assert [one.campaign for one in page.results] == [other]
    # Drafts are in no choice and in no result.
    assert {one.pk for one, _number in search(Wanted("Kastanie")).campaigns} == {campaign.pk, other.pk}


@pytest.mark.django_db
def test_hidden_link_of_an_event_is_not_searched() -> None:
    make_event(title="Treffen", online_link="https://meet.example.org/geheimnis", hides_online_link=True)
    assert found("geheimnis").number == 0
