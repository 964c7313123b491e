"""The page after sending: an address of its own that says what happens next, and stays as long as the contribution."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mapping.models import Action, Campaign, Contribution, ContributionStatus, Phase, Response
from mapping.services.erase import withdraw
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.mine.world import english
from tests.personas import Citizen
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Any device: the link is enough."""
    return english(Client())


def address_of(stored: Contribution | Response) -> str:
    route = "contribution-thanks" if isinstance(stored, Contribution) else "response-thanks"
    return reverse(route, args=(edit_token(stored.pk),))


def words_of(browser: Client, stored: Contribution | Response) -> str:
    response = browser.get(address_of(stored))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_page_is_private_and_the_same_after_a_reload(browser: Client, pending: Contribution) -> None:
    first, again = browser.get(address_of(pending)), browser.get(address_of(pending))
    assert first.content == again.content
    assert first["Cache-Control"] == "private, no-store"
    assert first["X-Robots-Tag"] == "noindex, nofollow"
    assert first["Referrer-Policy"] == "strict-origin", "pages that follow learn the origin alone"
    assert not first.cookies


def test_private_link_is_there_to_copy_and_to_scan(browser: Client, pending: Contribution) -> None:
    shown = words_of(browser, pending)
    link = f"http://testserver/mine/{edit_token(pending.pk)}/"
    assert f'value="{link}"' in shown
    drawn = re.search(
        r'<div class="qr" role="img" aria-label="QR code[^"]*"><svg[^>]*viewBox.*?</svg></div>', shown
    )
    assert drawn is not None
    assert "style=" not in drawn.group()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ContributionStatus.PENDING, "Then everyone can see it, and others can say what they think of it."),
        (ContributionStatus.PUBLISHED, "Your contribution is published and everyone can see it now."),
        (ContributionStatus.REJECTED, "The city did not publish your contribution."),
    ],
)
def test_page_says_what_happens_next(
    browser: Client, campaign: Campaign, status: ContributionStatus, words: str
) -> None:
    contribution = personas.make_contribution(campaign, status=status)
    shown = words_of(browser, contribution)
    assert words in shown
    assert "You can take part until" in shown
    is_published = status == ContributionStatus.PUBLISHED
    assert ("See it as everyone sees it" in shown) is is_published
    public = f"http://testserver/campaigns/{campaign.slug}/contributions/{contribution.pk}/"
    assert (f'value="{public}"' in shown) is is_published, "before, only the campaign is passed on"
    assert "Hear what becomes of it" in shown


def test_protected_contributions_are_never_passed_on(browser: Client, cells_campaign: Campaign) -> None:
    shown = words_of(browser, personas.make_contribution(cells_campaign))
    assert f"areas in which at least {cells_campaign.k} people contributed" in shown
    assert "next release" in shown
    assert "/contributions/" not in shown
    assert f'data-protected="{cells_campaign.slug}"' in shown
    assert "let this browser forget it" in shown


def test_another_one_is_offered_in_the_same_category_while_it_is_possible(
    browser: Client, campaign: Campaign
) -> None:
    contribution = personas.make_contribution(campaign, category="survey")
    another = f"/campaigns/{campaign.slug}/contribute/?category=survey"
    assert another in words_of(browser, contribution)
    Phase.objects.create(
        campaign=campaign,
        title="Comments only",
        allows=[Action.COMMENT],
        opens_at=timezone.now() - timedelta(days=1),
        closes_at=timezone.now() + timedelta(days=1),
    )
    assert another not in words_of(browser, contribution)


def test_next_phase_and_the_end_are_named(browser: Client, campaign: Campaign) -> None:
    Phase.objects.create(
        campaign=campaign,
        title="Say what you think",
        allows=[Action.SUPPORT],
        opens_at=timezone.now() + timedelta(days=5),
        closes_at=timezone.now() + timedelta(days=9),
    )
    contribution = personas.make_contribution(campaign)
    assert re.search(
        r"Next step: <span [^>]*>Say what you think</span>, from", words_of(browser, contribution)
    )
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now())
    assert "This participation has ended." in words_of(browser, contribution)


def test_page_ends_with_the_contribution(browser: Client, pending: Contribution) -> None:
    withdraw(pending)
    assert browser.get(address_of(pending)).status_code == 404
    assert browser.get("/mine/x/thanks/").status_code == 404


def test_link_of_a_response_is_no_link_of_a_contribution(
    browser: Client, campaign: Campaign, pending: Contribution, citizen: Citizen
) -> None:
    ask(campaign, "wish", "text")
    answered = respond(campaign, Sheet({"wish": "trees"}), citizen.secret).response
    assert browser.get(f"/mine/{edit_token(answered.pk)}/thanks/").status_code == 404
    assert browser.get(f"/response/{edit_token(pending.pk)}/thanks/").status_code == 404


def test_answers_to_a_survey_are_thanked_for_likewise(
    browser: Client, campaign: Campaign, citizen: Citizen
) -> None:
    ask(campaign, "wish", "text")
    answered = respond(campaign, Sheet({"wish": "trees"}), citizen.secret).response
    response = browser.get(address_of(answered))
    shown = response.content.decode()
    assert "Thank you! Your answers have arrived." in shown
    assert f'value="http://testserver/response/{edit_token(answered.pk)}/"' in shown
    assert 'class="qr"' in shown
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "strict-origin"


def test_answers_that_are_not_sent_are_not_thanked_for(
    browser: Client, campaign: Campaign, citizen: Citizen
) -> None:
    ask(campaign, "wish", "text", required=True)
    draft = respond(campaign, Sheet({}, is_draft=True), citizen.secret).response
    response = browser.get(address_of(draft))
    assert (response.status_code, response["Location"]) == (302, f"/response/{edit_token(draft.pk)}/")


def test_plain_form_leads_to_the_thanks_of_its_author_alone(
    post_campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> None:
    """Who repeats another one's request, of something that is public already, gets no private link."""
    lon, lat = personas.TOWN_HALL
    form = {
        "category": "spot",
        "latitude": str(lat),
        "longitude": str(lon),
        "text": "Dark",
        "id": "0192f0c4-7c0a-7000-8000-000000000001",
    }
    page = f"/campaigns/{post_campaign.slug}/contribute/"
    first = citizen.browser().post(page, form)
    stored = Contribution.objects.get()
    assert (first.status_code, first["Location"]) == (303, address_of(stored))
    again = another_citizen.browser().post(page, form)
    assert (again.status_code, again["Location"]) == (303, f"/campaigns/{post_campaign.slug}/")


def test_place_can_be_corrected_on_a_map_over_the_typed_fields(
    browser: Client, pending: Contribution
) -> None:
    """`js/mine/place-editor.js` writes into the typed fields, which remain without it."""
    shown = browser.get(f"/mine/{edit_token(pending.pk)}/").content.decode()
    assert "<place-editor" in shown
    assert 'name="latitude"' in shown
    assert '"geometryTypes": ["point"]' in shown
    closed = pending.campaign
    Campaign.objects.filter(pk=closed.pk).update(closes_at=timezone.now())
    assert "<place-editor" not in browser.get(f"/mine/{edit_token(pending.pk)}/").content.decode()
