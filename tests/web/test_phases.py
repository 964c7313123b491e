"""Phases, surveys and title pictures on the pages of a campaign."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mapping.models import Action, Campaign, Phase
from tests import personas
from tests.surveys.every_kind import make_survey

pytestmark = pytest.mark.django_db

GERMAN = '<span lang="de">'
"""Before texts of a campaign on English pages."""


@pytest.fixture(autouse=True)
def english(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def add_phase(campaign: Campaign, title: str, begin: int, end: int, *allowed: Action) -> Phase:
    """A phase from some days to others, counted from now."""
    now = timezone.now()
    return Phase.objects.create(
        campaign=campaign,
        title=title,
        opens_at=now + timedelta(days=begin),
        closes_at=now + timedelta(days=end),
        allows=list(allowed),
    )


def words(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_campaign_without_phases_invites_to_all_it_has(client: Client, campaign: Campaign) -> None:
    page = words(client, campaign.get_absolute_url())
    assert 'data-action="place"' in page
    assert "Answer the survey" not in page
    assert "phase-now" not in page


def test_page_says_what_is_now_and_what_comes_next(client: Client, campaign: Campaign) -> None:
    add_phase(campaign, "Collecting ideas", -2, 3, Action.CONTRIBUTE)
    add_phase(campaign, "Voting", 4, 9, Action.SUPPORT)
    page = words(client, campaign.get_absolute_url())
    for shown in (
        f"Now: {GERMAN}Collecting ideas",
        f"Next: {GERMAN}Voting",
        "How it goes on",
        'data-action="place"',
    ):
        assert shown in page
    assert f"Now: {GERMAN}Collecting ideas" in words(client, "/")


def test_phase_decides_which_buttons_there_are(client: Client, campaign: Campaign) -> None:
    make_survey(campaign)
    phase = add_phase(campaign, "Asking", -2, 3, Action.ANSWER)
    page = words(client, campaign.get_absolute_url())
    assert 'data-action="place"' not in page
    assert "Answer the survey" in page
    assert "Not possible at the moment" in words(client, reverse("contribute", args=(campaign.slug,)))
    phase.allows = [Action.CONTRIBUTE]
    phase.save()
    page = words(client, campaign.get_absolute_url())
    assert 'data-action="place"' in page
    assert "button--big button--wide" in page
    assert "Answer the survey" not in page


def test_refused_contribution_is_explained_and_kept(client: Client, campaign: Campaign) -> None:
    add_phase(campaign, "Voting", -2, 3, Action.SUPPORT)
    form = reverse("contribute", args=(campaign.slug,))
    answer = client.post(form, {"category": "idea", "text": "A market in the evening", "send": "1"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "present phase of the campaign: Voting" in page
    assert "A market in the evening" in page


def test_reactions_follow_the_phase(client: Client, campaign: Campaign) -> None:
    shown = personas.make_contribution(campaign)
    add_phase(campaign, "Voting", -2, 3, Action.SUPPORT)
    page = words(client, reverse("contribution", args=(campaign.slug, shown.pk)))
    assert 'class="opinions"' in page
    assert "comment-form" not in page
    assert "Commenting is not possible at the moment." in page
    assert "Supporting is not possible at the moment." not in page


def test_between_phases_one_looks_around(client: Client, campaign: Campaign) -> None:
    add_phase(campaign, "Voting", 2, 3, Action.SUPPORT)
    page = words(client, campaign.get_absolute_url())
    assert "At the moment you can look around here." in page
    assert f"Next: {GERMAN}Voting" in page


def test_after_the_last_phase_nothing_more_is_promised(client: Client, campaign: Campaign) -> None:
    make_survey(campaign)
    add_phase(campaign, "Asking", -3, -1, Action.ANSWER)
    address = reverse("survey", args=(campaign.slug,))
    assert "The last phase is over." in words(client, address)
    refused = client.post(address, {"answers.colour": "red"})
    assert refused.status_code == 403
    assert "The last phase is over." in refused.content.decode()
    add_phase(campaign, "Asking again", 1, 3, Action.ANSWER)
    assert "The last phase is over." not in words(client, address)
    assert "The next phase has not begun yet." in client.post(address).content.decode()


def test_campaign_with_nothing_but_a_survey_needs_no_map_and_no_list(client: Client, db: None) -> None:
    campaign = personas.make_campaign("figures", with_categories=False)
    make_survey(campaign)
    page = words(client, campaign.get_absolute_url())
    assert "Answer the survey" in page
    assert reverse("survey", args=(campaign.slug,)) in page
    assert reverse("data", args=(campaign.slug,)) not in page
    for absent in ('id="map"', 'id="list"', "Nothing here yet", "contributions"):
        shown = page.split("<main")[1].split("campaign-config")[0].replace("My contributions", "")
        assert absent not in shown, absent


def test_title_picture_stands_on_the_page_and_the_card(client: Client, campaign: Campaign) -> None:
    make_survey(campaign)
    campaign.picture = campaign.pictures.first()
    campaign.save()
    assert campaign.picture is not None
    for page in (campaign.get_absolute_url(), "/"):
        assert f"/pictures/{campaign.picture.pk}.jpg" in words(client, page)
        assert f'alt="{campaign.picture.alt}"' in words(client, page)


def test_text_of_ones_own_in_a_contribution_is_kept_and_given_back(
    client: Client, campaign: Campaign
) -> None:
    choices = [{"value": "a", "title": "A"}, {"value": "other", "title": "Other", "other": True}]
    personas.category_of(campaign, "idea").questions.create(
        slug="what", title="What?", kind="single_choice", options={"choices": choices}
    )
    form = reverse("contribute", args=(campaign.slug,))
    data = {
        "category": "idea",
        "text": "",
        "answers.what": "other",
        "answers.what:other": "violet",
        "send": "1",
    }
    assert 'value="violet"' in client.post(form, data).content.decode()
    answer = client.post(form, data | {"text": "A market"})
    assert campaign.contributions.get().answers == {"what": "other", "what:other": "violet"}
    assert 'value="violet"' in words(client, answer["Location"].removesuffix("thanks/"))


def test_conditions_stand_in_words_on_the_plain_form(client: Client, campaign: Campaign) -> None:
    personas.category_of(campaign, "survey").questions.filter(slug="number").update(
        show_if={"question": "yes-no", "is": "true"}
    )
    page = words(client, reverse("contribute", args=(campaign.slug,)) + "?category=survey")
    assert "Only if “" in page
    assert "data-show-if=" in page


def test_pages_ask_the_database_equally_often_for_any_number_of_phases(
    client: Client, campaign: Campaign
) -> None:
    counts = []
    for number in range(3):
        add_phase(campaign, f"Phase {number}", 2 * number, 2 * number + 1, Action.CONTRIBUTE)
        for page in (campaign.get_absolute_url(), "/"):
            client.get(page)
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            counts.append(len(asked))
    assert counts[:2] == counts[2:4] == counts[4:]
