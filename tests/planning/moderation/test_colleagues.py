"""What moderators leave for each other: notes, who takes care of what, reply templates; searches over the queue."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from mapping.models import (
    Assignment,
    Campaign,
    Contribution,
    ContributionStatus,
    InternalNote,
    ModerationEvent,
    Reply,
    ReplyTemplate,
)
from mapping.services.errors import NotAllowed
from mapping.services.moderation import moderate
from mapping.services.moderation.undo import undo
from tests import personas
from tests.personas import staff_browser


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def address(name: str, campaign: Campaign, *more: object) -> str:
    return reverse(f"planning:{name}", args=(campaign.slug, *more))


def words_of(page: Any) -> str:
    """The page as text; Django's test client adds members to its response."""
    return str(page.content.decode())


def test_note_is_for_colleagues_and_goes_with_its_contribution(
    published: Contribution, browser: Client, client: Client
) -> None:
    campaign = published.campaign
    answer = browser.post(address("note", campaign, published.pk), {"text": "Ortstermin am Montag"})
    assert answer.status_code == 302
    queue = browser.get(address("queue", campaign), {"item": str(published.pk)})
    assert "Ortstermin am Montag" in words_of(queue)
    public = client.get(reverse("contribution", args=(campaign.slug, published.pk)))
    assert "Ortstermin" not in words_of(public)
    published.delete()
    assert not InternalNote.objects.exists()


def test_empty_note_is_refused_in_words(published: Contribution, browser: Client) -> None:
    answer = browser.post(address("note", published.campaign, published.pk), {"text": " \n"}, follow=True)
    assert "Bitte füllen Sie dieses Feld aus." in words_of(answer)
    assert not InternalNote.objects.exists()


def test_queue_shows_what_one_takes_care_of(campaign: Campaign, moderator: User, browser: Client) -> None:
    mine, _other = (personas.make_contribution(campaign, status=ContributionStatus.PENDING) for _ in "12")
    browser.post(address("assign", campaign, mine.pk), {"user": str(moderator.pk)})
    page = browser.get(address("queue", campaign), {"mine": "1"})
    assert [row.item for row in page.context["rows"]] == [mine]
    assert [tab.number for tab in page.context["statuses"]] == [1, 0, 0]
    browser.post(address("assign", campaign, mine.pk), {"user": ""})
    assert not Assignment.objects.exists()


def test_nobody_from_outside_takes_care(published: Contribution, browser: Client) -> None:
    stranger = personas.make_user("stranger@example.org", None, Role.MODERATOR)
    answer = browser.post(
        address("assign", published.campaign, published.pk), {"user": str(stranger.pk)}, follow=True
    )
    assert "der diese Beteiligung moderiert" in words_of(answer)
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("words", "found"), [("laterne", 1), ("brücke LATERNE", 1), ("100%", 1), ("laterne 5", 0), ("_", 0)]
)
def test_queue_is_searched_by_words(campaign: Campaign, browser: Client, words: str, found: int) -> None:
    personas.make_contribution(
        campaign, status=ContributionStatus.PENDING, text="Die Laterne an der Brücke ist 100% kaputt"
    )
    personas.make_contribution(campaign, status=ContributionStatus.PENDING, text="Eine Bank fehlt")
    page = browser.get(address("queue", campaign), {"q": words})
    assert len(page.context["rows"]) == found
    assert page.context["statuses"][0].number == found


def test_nul_in_a_search_finds_nothing_and_breaks_nothing(campaign: Campaign, browser: Client) -> None:
    assert browser.get(address("queue", campaign), {"q": "\x00"}).status_code == 200
    assert browser.get(reverse("planning:waiting"), {"q": "\x00a"}).status_code == 200


def test_one_reply_goes_to_all_ticked_ones_of_the_campaign(
    campaign: Campaign, post_campaign: Campaign, browser: Client
) -> None:
    ticked = [personas.make_contribution(campaign) for _ in range(3)]
    foreign = personas.make_contribution(post_campaign)
    data = {"selected": [str(one.pk) for one in [*ticked, foreign]], "status": "planned", "text": "Kommt."}
    answer = browser.post(address("reply-to-many", campaign), data, follow=True)
    assert "3 Rückmeldungen wurden gespeichert." in words_of(answer)
    assert {reply.contribution for reply in Reply.objects.all()} == set(ticked)


def test_reply_to_many_without_text_stores_none(campaign: Campaign, browser: Client) -> None:
    ticked = [str(personas.make_contribution(campaign).pk) for _ in range(2)]
    browser.post(address("reply-to-many", campaign), {"selected": ticked, "status": "planned", "text": ""})
    assert not Reply.objects.exists()


def test_template_is_saved_replaced_and_deleted(published: Contribution, browser: Client) -> None:
    campaign = published.campaign
    for text in ("Danke!", "Vielen Dank!"):
        browser.post(address("save-template", campaign), {"title": " Dank ", "text": text})
    template = ReplyTemplate.objects.get()
    assert (template.title, template.text) == ("Dank", "Vielen Dank!")
    page = browser.get(address("queue", campaign), {"item": str(published.pk)})
    assert '<option value="Vielen Dank!">Dank</option>' in words_of(page)
    browser.post(address("delete-template", campaign, template.pk))
    assert not ReplyTemplate.objects.exists()


def test_template_without_title_is_refused(campaign: Campaign, browser: Client) -> None:
    browser.post(address("save-template", campaign), {"title": "", "text": "Danke!"})
    assert not ReplyTemplate.objects.exists()


def test_former_content_is_erased_on_request_by_managers(
    published: Contribution, moderator: User, manager: User
) -> None:
    moderate.edit(published, moderator, text="Ohne Namen")
    event = ModerationEvent.objects.exclude(original={}).get()
    with pytest.raises(NotAllowed):
        moderate.erase_original(event, moderator)
    page = staff_browser(manager).post(address("erase-original", published.campaign, event.pk))
    assert page.status_code == 302
    event.refresh_from_db()
    assert event.original == {}


def test_erased_content_does_not_come_back_by_undo(published: Contribution, manager: User) -> None:
    moderate.edit(published, manager, text="Ohne Namen")
    event = ModerationEvent.objects.exclude(original={}).get()
    moderate.erase_original(event, manager)
    undo([event.pk], published.campaign, manager)
    published.refresh_from_db()
    assert published.text == "Ohne Namen"


def test_work_of_all_campaigns_is_in_one_list(
    campaign: Campaign, post_campaign: Campaign, moderator: User, browser: Client
) -> None:
    Membership.objects.create(user=moderator, campaign=post_campaign, role=Role.MODERATOR)
    hidden = personas.make_campaign("elsewhere")
    made = [
        personas.make_contribution(one, status=ContributionStatus.PENDING, text="Wartet")
        for one in (campaign, post_campaign, hidden)
    ]
    page = browser.get(reverse("planning:waiting"))
    assert {row.contribution for row in page.context["rows"]} == set(made[:2])
    assert page.context["total"] == 2
    assert page.context["rows"][0].address in words_of(page)


def test_list_of_all_campaigns_needs_few_queries(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        page = browser.get(reverse("planning:waiting"))
    assert len(page.context["rows"]) == 25
    assert page.context["page"].next is not None


def test_analysts_have_no_list_of_reviews(analyst: User, campaign: Campaign) -> None:
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    page = staff_browser(analyst).get(reverse("planning:waiting"))
    assert not page.context["rows"]
