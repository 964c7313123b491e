"""Comments and opinions on sections, sent by plain forms."""

import pytest
from django.test import Client
from django.utils import timezone

from mapping.models import Campaign, Comment, Support
from tests import personas
from tests.personas import Citizen
from tests.texts.making import kept, make_text, put_version, sections_of
from texts.models import Section, Suggestion, Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def text() -> Text:
    return make_text(personas.make_open_at_once())


@pytest.fixture
def section(text: Text) -> Section:
    return sections_of(text)[0]


def form_of(section: Section, what: str) -> str:
    """Where the forms of a section are sent to: they are those of its contribution."""
    return f"/campaigns/{section.text.campaign.slug}/contributions/{section.pk}/{what}/"


def address(section: Section, path: str = "") -> str:
    category = section.text.category
    return f"/campaigns/{category.campaign.slug}/texts/{category.slug}/{section.pk}/{path}"


@pytest.mark.parametrize("sent_from", ["text", "section"])
def test_comment_leads_back_to_where_it_was_sent_from(
    section: Section, citizen: Citizen, sent_from: str
) -> None:
    response = citizen.browser().post(form_of(section, "comment"), {"text": "Good", "from": sent_from})
    assert response.status_code == 303
    within = f"/texts/guidelines/#section-{section.pk}"
    expected = within if sent_from == "text" else f"/texts/guidelines/{section.pk}/"
    assert response.headers["Location"].endswith(expected)
    assert Comment.objects.get().text == "Good"


def test_refused_comment_stays_in_its_form(section: Section, citizen: Citizen) -> None:
    response = citizen.browser().post(form_of(section, "comment"), {"text": "x" * 2001, "from": "text"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "x" * 2001 in page
    assert 'aria-invalid="true"' in page


def test_support_is_set_and_taken_back(section: Section, citizen: Citizen) -> None:
    browser = citizen.browser()
    browser.post(form_of(section, "support"), {"value": "1", "from": "section"})
    assert Support.objects.get().contribution_id == section.pk
    assert 'aria-pressed="true"' in browser.get(address(section)).content.decode()
    browser.post(form_of(section, "support"), {"value": "0", "from": "section"})
    assert not Support.objects.exists()


def test_reactions_are_refused_after_the_end_on_the_page_of_the_section(
    section: Section, citizen: Citizen
) -> None:
    Campaign.objects.update(closes_at=timezone.now())
    for where, data in (
        (form_of(section, "comment"), {"text": "Late", "from": "section"}),
        (form_of(section, "support"), {"value": "1", "from": "text"}),
        (address(section, "suggest/"), {"text": "Late"}),
    ):
        response = citizen.browser().post(where, data)
        page = response.content.decode()
        assert response.status_code == 403
        assert 'role="alert"' in page
        assert "text-heading__number" in page
    assert not Comment.objects.exists()


def test_comments_are_answered_and_supported_on_the_page_of_the_section(
    section: Section, citizen: Citizen
) -> None:
    assert section.contribution is not None
    comment = personas.make_comment(section.contribution, "First")
    browser = citizen.browser()
    browser.post(
        form_of(section, "comment"), {"text": "Second", "parent": comment.public_id, "from": "section"}
    )
    where = f"{form_of(section, 'comments')}{comment.public_id}/support/"
    response = browser.post(where, {"value": "1", "from": "section"})
    assert response.headers["Location"] == f"{address(section)}#comment-{comment.public_id}"
    page = browser.get(address(section)).content.decode()
    assert page.index("First") < page.index("Second")
    assert "comment-list--answers" in page
    comment.refresh_from_db()
    assert comment.support_count == 1


def test_section_that_is_gone_takes_no_suggestion(text: Text, citizen: Citizen) -> None:
    gone = sections_of(text)[2]
    put_version(text, kept(text)[:2])
    assert citizen.browser().get(address(gone, "suggest/")).status_code == 404
    assert citizen.browser().post(address(gone, "suggest/"), {"text": "x"}).status_code == 404
    assert not Comment.objects.exists()


def test_suggestion_of_a_whole_section(section: Section, citizen: Citizen) -> None:
    browser = citizen.browser()
    page = browser.get(address(section, "suggest/")).content.decode()
    assert "The square gets three trees." in page
    body = section.wordings.get().body
    response = browser.post(
        address(section, "suggest/"),
        {
            "version": "1",
            "start": "0",
            "end": str(len(body)),
            "text": body.replace("three", "ten"),
            "why": "Heat",
        },
    )
    assert response.status_code == 303
    assert Suggestion.objects.get().exact == "three"


def test_suggestion_for_selected_words(section: Section, citizen: Citizen) -> None:
    start = section.wordings.get().body.index("three trees")
    page = (
        citizen.browser()
        .get(f"{address(section, 'suggest/')}?version=1&start={start}&end={start + 11}")
        .content.decode()
    )
    assert "<mark>three trees</mark>" in page


@pytest.mark.parametrize(
    "query", ["?start=x&end=y", "?start=99999999999", "?start=5&end=2", "?version=7&start=4&end=9"]
)
def test_part_that_is_none_means_the_whole_section(section: Section, citizen: Citizen, query: str) -> None:
    page = citizen.browser().get(address(section, "suggest/") + query).content.decode()
    assert "<mark>" not in page
    assert "It stays a place for everybody." in page


def test_unchanged_words_come_back_with_a_message(section: Section, citizen: Citizen) -> None:
    body = section.wordings.get().body
    response = citizen.browser().post(
        address(section, "suggest/"), {"version": "1", "text": body, "why": "Kept"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "Kept" in page
    assert 'id="suggest-error"' in page


def test_words_for_an_earlier_wording_stay_beside_the_new_one(text: Text, section: Section) -> None:
    first, *others = kept(text)
    put_version(text, [type(first)("Aims", "Quite different.", 1, section), *others])
    response = Client().post(address(section, "suggest/"), {"version": "1", "text": "My own words"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "My own words" in page
    assert "Quite different.</textarea>" in page


def test_form_sent_twice_without_a_cookie_is_one_suggestion(section: Section) -> None:
    page = Client().get(address(section, "suggest/")).content.decode()
    visitor = page.partition('name="visitor"')[2].partition('value="')[2].partition('"')[0]
    for _time in range(2):
        Client().post(
            address(section, "suggest/"), {"version": "1", "text": "Other words", "visitor": visitor}
        )
    assert Suggestion.objects.count() == 1


def test_form_needs_a_csrf_token(section: Section) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(address(section, "suggest/"), {"text": "x"}).status_code == 403
