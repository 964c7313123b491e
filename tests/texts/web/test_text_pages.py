"""Pages of texts: contents, sections, comments with their versions, what is gone, what a draft shows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus
from tests import personas
from tests.personas import Citizen
from tests.texts.making import Put, in_english, kept, make_suggestion, make_text, put_version, sections_of
from texts.models import Fate, Text

pytestmark = pytest.mark.django_db
AGO = timezone.now() - timedelta(days=9)


@pytest.fixture
def text(campaign: Campaign) -> Text:
    return make_text(campaign, at=AGO)


def page_of(text: Text, path: str = "", browser: Client | None = None) -> str:
    address = f"/campaigns/{text.campaign.slug}/texts/{text.category.slug}/{path}"
    response = in_english(browser or Client()).get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_text_has_contents_numbers_and_addresses(text: Text) -> None:
    page = page_of(text)
    first, second, third = sections_of(text)
    for section, number, heading in ((first, "1", "Aims"), (second, "1.1", "Green"), (third, "2", "Traffic")):
        assert f'href="#section-{section.pk}"' in page
        assert f'id="section-{section.pk}"' in page
        assert f">{number}</span>" in page
        assert heading in page
    assert "<td" in page
    assert "<li" in page


def test_campaign_leads_to_its_text(text: Text, campaign: Campaign) -> None:
    page = Client().get(campaign.get_absolute_url()).content.decode()
    assert f"/campaigns/{campaign.slug}/texts/" in page
    response = Client().get(f"/campaigns/{campaign.slug}/texts/")
    assert response.headers["Location"] == f"/campaigns/{campaign.slug}/texts/guidelines/"
    make_text(campaign, slug="rules")
    assert "/texts/rules/" in Client().get(f"/campaigns/{campaign.slug}/texts/").content.decode()


def test_campaign_without_a_text_has_no_tab(campaign: Campaign) -> None:
    assert "/texts/" not in Client().get(campaign.get_absolute_url()).content.decode()
    assert Client().get(f"/campaigns/{campaign.slug}/texts/nothing/").status_code == 404


def test_newest_comments_stand_beside_their_section_and_all_on_its_page(text: Text) -> None:
    section = sections_of(text)[0]
    assert section.contribution is not None
    for number in range(5):
        personas.make_comment(section.contribution, f"Thought {number}")
    page = page_of(text)
    assert "Thought 4" in page
    assert "Thought 0" not in page
    assert "All 5 comments on 1" in page
    assert "Thought 0" in page_of(text, f"{section.pk}/")


def test_comment_on_an_earlier_wording_says_so_and_one_on_the_same_does_not(text: Text) -> None:
    first, second, _third = sections_of(text)
    for section in (first, second):
        assert section.contribution is not None
        comment = personas.make_comment(section.contribution, "Early")
        type(comment).objects.update(created_at=AGO + timedelta(days=1))
    sections = kept(text)
    put_version(text, [Put("Aims", "Ten trees.", 1, first), *sections[1:]], at=AGO + timedelta(days=2))
    assert "On version 1" in page_of(text, f"{first.pk}/")
    assert "On version 1" not in page_of(text, f"{second.pk}/")
    assert page_of(text).count("On version 1") == 1


def test_suggestion_shows_marked_words_and_its_fate(text: Text) -> None:
    section = sections_of(text)[0]
    make_suggestion(
        section,
        "three",
        "thirty",
        fate=Fate.DECLINED,
        reason="There is no room.",
        decided_at=timezone.now(),
    )
    for path in ("", f"{section.pk}/"):
        page = page_of(text, path)
        assert "<del>" in page
        assert "three" in page
        assert "<ins>" in page
        assert "removed:" in page
        assert "Not adopted" in page
        assert "There is no room." in page
        assert "− three" not in page


def test_what_waits_for_a_review_is_seen_by_its_author_alone(
    text: Text, citizen: Citizen, another_citizen: Citizen
) -> None:
    section = sections_of(text)[0]
    assert section.contribution is not None
    personas.make_comment(section.contribution, "Secret", by=citizen, status=CommentStatus.PENDING)
    for path in ("", f"{section.pk}/"):
        assert "Secret" in page_of(text, path, citizen.browser())
        assert "Secret" not in page_of(text, path, another_citizen.browser())
        assert "Secret" not in page_of(text, path)


def test_section_that_is_gone_answers_410_with_its_last_wording(text: Text) -> None:
    gone = sections_of(text)[2]
    assert gone.contribution is not None
    personas.make_comment(gone.contribution, "A pity")
    put_version(text, kept(text)[:2])
    response = Client().get(f"/campaigns/{text.campaign.slug}/texts/guidelines/{gone.pk}/")
    page = response.content.decode()
    assert response.status_code == 410
    assert "seit Fassung 2" in page
    assert "not allowed" in page
    assert "A pity" in page
    assert str(gone.pk) not in page_of(text)
    assert str(gone.pk) in page_of(text, "?version=1")


def test_earlier_version_is_read_without_forms(text: Text) -> None:
    put_version(text, [Put("Another", "Other words")])
    page = page_of(text, "?version=1")
    assert "This is an earlier version." in page
    assert "Your comment" not in page
    assert "Suggest a wording" not in page


@pytest.mark.parametrize(
    "query", ["?version=3", "?version=0", "?version=x", "?version=-1", "?version=99999999999"]
)
def test_version_that_nobody_published_is_not_found(text: Text, query: str) -> None:
    put_version(text, [Put("Draft", "HIDDEN")], is_published=False)
    put_version(text, [Put("Next", "x")])
    address = f"/campaigns/{text.campaign.slug}/texts/guidelines/"
    assert Client().get(address + query).status_code == (200 if query == "?version=3" else 404)
    assert Client().get(f"{address}?version=2").status_code == 404


def test_manager_reads_the_draft_of_a_version(text: Text, manager: User) -> None:
    put_version(text, [Put("Draft", "Soon")], is_published=False)
    browser = personas.staff_browser(manager)
    assert "Soon" in page_of(text, "?version=2", browser)
    assert "Soon" not in page_of(text, "", browser)


def test_text_of_a_draft_campaign_is_for_its_members(text: Text, manager: User, outsider: User) -> None:
    Campaign.objects.filter(pk=text.campaign.pk).update(is_draft=True)
    address = f"/campaigns/{text.campaign.slug}/texts/guidelines/"
    assert Client().get(address).status_code == 404
    assert personas.staff_browser(outsider).get(address).status_code == 404
    page = page_of(text, "", personas.staff_browser(manager))
    assert "three trees" in page
    assert "Send comment" not in page


def test_text_of_a_protected_campaign_is_not_found(text: Text, manager: User) -> None:
    Campaign.objects.filter(pk=text.campaign.pk).update(publication="cells")
    for browser in (Client(), personas.staff_browser(manager)):
        assert browser.get(f"/campaigns/{text.campaign.slug}/texts/guidelines/").status_code == 404


def test_section_that_a_moderator_took_back_is_hidden_in_all_versions(text: Text) -> None:
    section = sections_of(text)[0]
    put_version(text, kept(text))
    Contribution.objects.filter(pk=section.pk).update(status=ContributionStatus.REJECTED)
    for path in ("", "?version=1", "versions/1/2/?all"):
        assert "three trees" not in page_of(text, path)
    assert Client().get(f"/campaigns/{text.campaign.slug}/texts/guidelines/{section.pk}/").status_code == 404


def test_numbers_of_queries_do_not_grow(
    campaign: Campaign, citizen: Citizen, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_text(campaign, slug="small", at=AGO)
    large = make_text(
        campaign, [(f"Heading {number}", "Words", 1) for number in range(40)], slug="large", at=AGO
    )
    for text in (small, large):
        for section in sections_of(text):
            assert section.contribution is not None
            make_suggestion(section, section.wordings.get().body[:3], "other")
            personas.make_comment(section.contribution, "Mine", by=citizen, status=CommentStatus.PENDING)
        put_version(text, [Put(one.heading, f"{one.body}.", one.level, one.section) for one in kept(text)])
    for text in (small, large):
        with django_assert_max_num_queries(16):
            page_of(text, "", citizen.browser())
        with django_assert_max_num_queries(18):
            page_of(text, f"{sections_of(text)[0].pk}/", citizen.browser())
