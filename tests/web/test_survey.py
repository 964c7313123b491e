"""The page of a survey and the private page of a response, without JavaScript."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from doors import guesses
from doors.levels import Counter
from doors.models import LogInDoor
from mapping.base_map import ground_source
from mapping.models import Action, Campaign, Participant, Phase, Response
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.personas import Citizen, staff_browser
from tests.surveys.every_kind import make_survey
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db

FILLED: dict[str, Any] = {
    "answers.colour": "green",
    "answers.why": "it is calm",
    "answers.figure": "ampelfrau",
    "answers.wishes": ["lamps", "trees", ""],
    "answers.judged.safe": "yes",
    "answers.judged.fast": "",
    "answers.fear": "4",
    "answers.lives": "yes",
    "answers.home": "7.7689, 49.4447",
    "answers.age": "41",
    "answers.words": "More trees.",
}
STORED = {
    "colour": "green",
    "why": "it is calm",
    "figure": "ampelfrau",
    "wishes": ["lamps", "trees"],
    "judged": {"safe": "yes"},
    "fear": 4,
    "lives": True,
    "home": {"type": "Point", "coordinates": [7.7689, 49.4447]},
    "words": "More trees.",
}


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    make_survey(campaign)
    return campaign


@pytest.fixture(autouse=True)
def english(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def page_of(campaign: Campaign) -> str:
    return reverse("survey", args=(campaign.slug,))


def own_page(response: Response) -> str:
    return reverse("my-response", args=(edit_token(response.pk),))


def hidden_fields(words: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', words)[0] for name in ("id", "visitor")}


def filled(client: Client, campaign: Campaign, **changed: Any) -> dict[str, Any]:
    """What a browser sends of the page that it got."""
    page = client.get(page_of(campaign)).content.decode()
    return {**FILLED, **hidden_fields(page), **{f"answers.{name}": one for name, one in changed.items()}}


# --- the page -----------------------------------------------------------------------------------------------------


def test_page_shows_every_question_in_sections(client: Client, survey: Campaign) -> None:
    words = client.get(page_of(survey)).content.decode()
    assert words.count("data-section") == 3
    for question in survey.survey_questions.all():
        assert question.title in words
    assert "Only if “Which colour?” is “Grün”." in words
    assert words.count("/pictures/") == 2
    assert 'alt="A figure, ampelfrau"' in words
    assert "In your words: Anderes" in words
    assert words.count('<fieldset class="matrix__row">') == 2
    assert "Rank 3" in words
    assert client.cookies.get(settings.PARTICIPANT_COOKIE_NAME) is None


def test_campaign_without_survey_has_no_such_page(client: Client, campaign: Campaign) -> None:
    assert client.get(page_of(campaign)).status_code == 404


@pytest.mark.parametrize(("number", "words"), [(12, ""), (13, "Up to 12 of these 13 can be ranked.")])
def test_long_ranking_says_how_many_can_be_ranked(
    client: Client, campaign: Campaign, number: int, words: str
) -> None:
    choices = [{"value": str(one), "title": f"Wish {one}"} for one in range(number)]
    ask(campaign, "wishes", "ranking", options={"choices": choices})
    page = client.get(page_of(campaign)).content.decode()
    assert "Rank 12" in page
    assert words in page
    assert ("can be ranked" in page) is bool(words)


def test_sent_answers_are_stored_and_thanked_for(client: Client, survey: Campaign) -> None:
    answer = client.post(page_of(survey), filled(client, survey))
    stored = Response.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"{own_page(stored)}thanks/")
    assert stored.answers == STORED
    assert stored.staff_answers == {"age": 41}
    assert settings.PARTICIPANT_COOKIE_NAME in answer.cookies
    assert "Thank you! Your answers have arrived." in client.get(answer["Location"]).content.decode()
    words = client.get(own_page(stored)).content.decode()
    for shown in ("Thank you!", "it is calm", "1. Lamps, 2. Trees", "I feel safe there: agree", "41"):
        assert shown in words


def test_answers_to_hidden_questions_are_dropped(client: Client, survey: Campaign) -> None:
    client.post(page_of(survey), filled(client, survey, colour="red"))
    assert "why" not in Response.objects.get().answers


def test_text_of_ones_own_is_kept_and_given_back(client: Client, survey: Campaign) -> None:
    data = filled(client, survey, colour="other") | {"answers.colour:other": "violet"}
    answer = client.post(page_of(survey), data)
    stored = Response.objects.get()
    assert stored.answers["colour:other"] == "violet"
    assert answer["Location"] == f"{own_page(stored)}thanks/"
    assert "Anderes: “violet”" in client.get(own_page(stored)).content.decode()
    assert 'value="violet"' in client.get(page_of(survey)).content.decode()


def test_errors_stand_at_their_fields_and_nothing_is_lost(client: Client, survey: Campaign) -> None:
    data = filled(client, survey, age="old", home="nowhere", words="Keep me", why="")
    answer = client.post(page_of(survey), data)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert not Response.objects.exists()
    for slug in ("why", "age", "home"):
        assert f'href="#id_answers.{slug}_title"' in words
        assert f'id="id_answers.{slug}_title"' in words
    for kept in ("Keep me", "nowhere", 'value="old"'):
        assert kept in words
    assert '<option value="lamps" selected' in words
    assert hidden_fields(words) == {name: data[name] for name in ("id", "visitor")}


def test_same_form_sent_twice_is_stored_once(survey: Campaign) -> None:
    """Double tap: neither request carries a cookie, because none was answered yet."""
    data = filled(Client(), survey)
    first, again = Client().post(page_of(survey), data), Client().post(page_of(survey), data)
    assert first["Location"] == again["Location"]
    assert Response.objects.count() == Participant.objects.count() == 1


def test_form_of_a_second_tab_changes_the_answers(client: Client, survey: Campaign) -> None:
    first, second = filled(client, survey), filled(client, survey, colour="red")
    assert first["id"] != second["id"]
    client.post(page_of(survey), first)
    client.post(page_of(survey), second)
    assert Response.objects.get().answers["colour"] == "red"
    assert Response.objects.get().pk.__str__() == first["id"]


def test_who_answered_before_gets_the_answers_to_change(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    stored = respond(survey, Sheet(STORED | {"age": 41}), citizen.secret).response
    browser = citizen.browser()
    words = browser.get(page_of(survey)).content.decode()
    assert re.search(r'value="green"[^>]*checked', words)
    assert 'value="41"' in words
    assert "More trees." in words
    data = FILLED | {"answers.words": "Even more trees."}
    answer = browser.post(page_of(survey), data)
    assert answer["Location"] == f"{own_page(stored)}thanks/"
    stored.refresh_from_db()
    assert stored.answers["words"] == "Even more trees."


def test_forged_visitor_of_a_form_is_a_new_person(client: Client, survey: Campaign) -> None:
    answer = client.post(page_of(survey), filled(client, survey) | {"visitor": "x" * 43 + ":forged"})
    assert answer.status_code == 303


def test_form_with_a_withdrawn_id_can_be_sent_once_more(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    data = filled(client, survey)
    client.post(page_of(survey), data)
    client.post(reverse("withdraw-response", args=(edit_token(Response.objects.get().pk),)))
    answer = client.post(page_of(survey), data)
    assert answer.status_code == 403
    renewed = hidden_fields(answer.content.decode())
    assert renewed["id"] != data["id"]
    assert client.post(page_of(survey), data | renewed).status_code == 303


@pytest.mark.parametrize("noise", ["", "not-a-uuid", "67a68c6d-f317-4999-8cbe-24377c954103"])
def test_id_of_a_form_may_be_anything(client: Client, survey: Campaign, noise: str) -> None:
    assert client.post(page_of(survey), FILLED | {"id": noise}).status_code == 303


# --- period and phases --------------------------------------------------------------------------------------------


def add_phases(campaign: Campaign, *allowed: Action) -> None:
    now = timezone.now()
    Phase.objects.create(
        campaign=campaign,
        title="Collecting ideas",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        allows=list(allowed),
    )
    Phase.objects.create(
        campaign=campaign,
        title="Asking",
        opens_at=now + timedelta(days=2),
        closes_at=now + timedelta(days=3),
        allows=[Action.ANSWER],
    )


def test_phase_that_allows_no_answers_is_explained(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    add_phases(survey, Action.CONTRIBUTE)
    words = client.get(page_of(survey)).content.decode()
    assert 'Now: <span lang="de">Collecting ideas' in words
    assert 'Next: <span lang="de">Asking' in words
    assert "<survey-form" not in words
    browser = citizen.browser()
    assert own_page(stored) in browser.get(page_of(survey)).content.decode()
    refused = client.post(page_of(survey), FILLED)
    assert refused.status_code == 403
    assert "Collecting ideas" in refused.content.decode()
    assert "it is calm" in refused.content.decode()


def test_after_the_end_answers_are_read_and_withdrawn_but_not_changed(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    Campaign.objects.filter(pk=survey.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    words = client.get(own_page(stored)).content.decode()
    assert "Which colour?" in words
    assert "Change answers" not in words
    assert client.get(f"{own_page(stored)}change/").status_code == 302
    assert client.post(f"{own_page(stored)}change/", FILLED).status_code == 403
    assert client.post(f"{own_page(stored)}withdraw/").status_code == 302
    assert not Response.objects.exists()


def test_draft_campaign_shows_a_preview_to_members_only(
    client: Client, manager: User, survey: Campaign
) -> None:
    Campaign.objects.filter(pk=survey.pk).update(is_draft=True)
    assert client.get(page_of(survey)).status_code == 404
    browser = staff_browser(manager)
    assert browser.get(page_of(survey)).status_code == 200
    assert browser.post(page_of(survey), FILLED).status_code == 403
    assert not Response.objects.exists()


# --- the private page ---------------------------------------------------------------------------------------------


def test_private_link_changes_the_answers_from_any_device(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    change = f"{own_page(stored)}change/"
    assert "checked" in client.get(change).content.decode()
    wrong = client.post(change, FILLED | {"answers.age": "old"})
    assert wrong.status_code == 422
    answer = client.post(change, FILLED)
    assert (answer.status_code, answer["Location"]) == (303, own_page(stored))
    stored.refresh_from_db()
    assert stored.answers == STORED


def test_withdrawal_asks_first(client: Client, citizen: Citizen, survey: Campaign) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    assert "Delete for good" in client.get(f"{own_page(stored)}withdraw/").content.decode()
    assert Response.objects.exists()
    client.post(f"{own_page(stored)}withdraw/")
    assert not Response.objects.exists()
    assert client.get(own_page(stored)).status_code == 404


def test_private_pages_stay_private(client: Client, citizen: Citizen, survey: Campaign) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    for page in (own_page(stored), f"{own_page(stored)}change/", f"{own_page(stored)}withdraw/"):
        answer = client.get(page)
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "strict-origin"


def test_link_to_a_contribution_opens_no_response_and_the_reverse(
    client: Client, citizen: Citizen, survey: Campaign
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    contribution = personas.make_contribution(survey, by=citizen)
    assert client.get(reverse("my-response", args=(edit_token(contribution.pk),))).status_code == 404
    assert client.get(reverse("my-contribution", args=(edit_token(stored.pk),))).status_code == 404


def test_guessing_private_links_is_limited(client: Client, survey: Campaign) -> None:
    counter = Counter(guesses.LIMITS[LogInDoor.PRIVATE_LINK], (bytes([ord("4"), 127, 0, 0]),))
    limit = guesses.LIMITS[LogInDoor.PRIVATE_LINK]
    counter.take(timezone.now() + timedelta(seconds=limit.most * limit.every, minutes=5))
    assert client.get(reverse("my-response", args=("x",))).status_code == 429


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ("live", "Results are shown while the survey is running"),
        ("after", "The results are published after the end"),
        ("never", "Numbers are not published"),
    ],
)
def test_thanks_say_what_happens_next(client: Client, campaign: Campaign, results: str, words: str) -> None:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, results=results)
    stored = respond(campaign, Sheet({"colour": "red"}), "a" * 43).response
    assert words in client.get(own_page(stored)).content.decode()
    Campaign.objects.filter(pk=campaign.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    ended = client.get(own_page(stored)).content.decode()
    assert ("The results are public now." in ended) is (results != "never")
    assert (reverse("results", args=(campaign.slug,)) in ended) is (results != "never")


def test_pages_ask_the_database_equally_often_for_any_number_of_questions(
    client: Client, citizen: Citizen, survey: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    browser = citizen.browser()
    ground_source()  # kept for half a minute, whichever page asked
    for more in (0, 10):
        for number in range(more):
            ask(survey, f"more-{number}", "text", show_if={"question": "colour", "is": "red"})
        with django_assert_num_queries(8):
            browser.get(page_of(survey))
        with django_assert_num_queries(4):
            browser.get(own_page(stored))
