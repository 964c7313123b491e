"""Voting as a plain form: every rule, refused with all input, changed and withdrawn, never shown to anybody else."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Action, Campaign, Category, Phase
from tests import personas
from tests.personas import Citizen
from tests.voting.making import make_option, make_vote, options_of
from voting.models import Ballot, Option, Rule, Vote
from voting.services import codes
from voting.services.casting import ballot_of, cast_in_browser, choices_on

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    return make_vote(campaign)


def address_of(vote: Vote) -> str:
    return reverse("vote", args=(vote.campaign.slug, vote.category.slug))


def words_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def ids_of(vote: Vote) -> list[str]:
    return [str(one.contribution_id) for one in options_of(vote)]


def stored(vote: Vote) -> dict[str, int]:
    """The only ballot, by the titles of options."""
    choices = choices_on(Ballot.objects.get(vote=vote))
    return {one.contribution.title: choices[one.contribution_id] for one in options_of(vote) if one.contribution_id in choices}  # fmt: skip  # noqa: E501


def test_ballot_is_stored_and_comes_back_to_be_changed(client: Client, vote: Vote) -> None:
    first, second, _third = ids_of(vote)
    sent = client.post(address_of(vote), {"choice": [first, second]})
    assert (sent.status_code, sent["Location"]) == (303, address_of(vote))
    page = words_of(client.get(address_of(vote)))
    assert "Thank you for voting." in page
    assert "The last one counts: you can change or withdraw it until the end of voting." in page
    assert "Change ballot" in page
    assert len(re.findall(r'name="choice" value="[^"]+"[^>]*checked', page)) == 2
    client.post(address_of(vote), {"choice": [second]})
    assert stored(vote) == {"Project 2": 1}


def test_first_visit_promises_the_person_that_the_ballot_will_belong_to(client: Client, vote: Vote) -> None:
    page = client.get(address_of(vote))
    assert settings.PARTICIPANT_COOKIE_NAME not in page.cookies
    [promised] = re.findall(r'name="visitor" value="([^"]+)"', page.content.decode())
    form = {"choice": ids_of(vote)[:1], "visitor": promised}
    for _twice in range(2):  # the answer to the first one was lost, with its cookie
        Client().post(address_of(vote), form)
    assert Ballot.objects.count() == 1


@pytest.mark.parametrize(
    ("rule", "form", "expected"),
    [
        (Rule.ONE_OF, {"choice": 1}, {"Project 2": 1}),
        (Rule.UP_TO, {"choice": [0, 2]}, {"Project 1": 1, "Project 3": 1}),
        (Rule.FOR_AGAINST, {0: "1", 1: "-1", 2: "0"}, {"Project 1": 1, "Project 2": -1}),
        (Rule.POINTS, {0: "3", 1: " 2 ", 2: ""}, {"Project 1": 3, "Project 2": 2}),
        (Rule.BUDGET, {"choice": [0, 1]}, {"Project 1": 1, "Project 2": 1}),
        (Rule.APPROVAL, {"choice": [0, 1, 2]}, {"Project 1": 1, "Project 2": 1, "Project 3": 1}),
        (Rule.RANKING, {"rank-1": 2, "rank-2": 0}, {"Project 1": 2, "Project 3": 1}),
    ],
)
def test_every_rule_is_a_form(
    client: Client, campaign: Campaign, rule: Rule, form: dict[Any, Any], expected: dict[str, int]
) -> None:
    vote = make_vote(campaign, rule)
    assert client.post(address_of(vote), filled(vote, form)).status_code == 303
    assert stored(vote) == expected
    page = words_of(client.get(address_of(vote)))
    assert (
        page.count("checked") + page.count("selected") + len(re.findall(r'value="[23]" min="0"', page)) >= 1
    )


def filled(vote: Vote, form: dict[Any, Any]) -> dict[str, Any]:
    """A form in which numbers stand for options: as names of fields, in lists, as values of ranks."""
    ids = ids_of(vote)

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(one) for one in value]
        return ids[value] if isinstance(value, int) else value

    return {named(name): named(value) for name, value in form.items()}


@pytest.mark.parametrize(
    ("rule", "form", "words", "kept"),
    [
        (Rule.UP_TO, {"choice": [0, 1, 2, 3]}, "You chose 4 proposals; at most 3 are possible.", "checked"),
        (Rule.POINTS, {0: "1.5"}, "Please enter a whole number.", 'value="1.5"'),
        (Rule.POINTS, {0: "1,5"}, "Please enter a whole number.", 'value="1,5"'),
        (Rule.POINTS, {0: "-1"}, "A proposal gets from 1 to 3 points.", 'value="-1"'),
        (Rule.POINTS, {0: "1000000000"}, "A proposal gets from 1 to 3 points.", 'value="1000000000"'),
        (Rule.POINTS, {0: "9" * 500}, "Please enter a whole number.", 'value="99999999999999999999"'),
        (Rule.POINTS, {0: "3", 1: "3"}, "You gave 6 points; you have 5 to distribute.", 'value="3"'),
        (Rule.POINTS, {0: "４"}, "Please enter a whole number.", 'value="４"'),
        (Rule.BUDGET, {"choice": [0, 1, 2, 3]}, "That is 90,000 € more than the sum of 10,000 €", "checked"),
        (Rule.RANKING, {"rank-1": 0, "rank-3": 1}, "Nothing has rank 2.", "selected"),
        (Rule.RANKING, {"rank-1": 0, "rank-2": 0}, "This proposal has a better rank already.", "selected"),
        (Rule.FOR_AGAINST, {0: "5"}, "Please choose for (1) or against (-1)", "Project 1"),
        (Rule.UP_TO, {}, "You chose nothing.", 'name="empty"'),
    ],
)
def test_refused_ballot_comes_back_with_all_input(
    client: Client, campaign: Campaign, rule: Rule, form: dict[Any, Any], *, words: str, kept: str
) -> None:
    limits: dict[str, Any] = {"budget": 10_000} if rule == Rule.BUDGET else {}
    vote = make_vote(campaign, rule, 4, **limits)
    answer = client.post(address_of(vote), filled(vote, form))
    page = words_of(answer)
    assert answer.status_code == 422
    assert words in page
    assert kept in page
    assert 'role="alert"' in page
    assert not Ballot.objects.exists()


def test_problem_stands_at_its_field(client: Client, campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.POINTS)
    option = ids_of(vote)[0]
    page = words_of(client.post(address_of(vote), {option: "4"}))
    assert f'aria-invalid="true" aria-describedby="error-{option}"' in page
    assert f'<div class="field__errors" id="error-{option}">' in page
    assert f'<a href="#option-{option}">Project 1</a>' in page


@pytest.mark.parametrize("wrong", ["x", "' OR 1=1", "0" * 2000, "\x00", str(UUID(int=7, version=4))])
def test_nonsense_is_refused_without_a_fault(client: Client, vote: Vote, wrong: str) -> None:
    answer = client.post(address_of(vote), {"choice": [wrong], "action": "cast", "rank-1": wrong})
    assert answer.status_code == 422
    assert "This proposal is not on this ballot." in words_of(answer)


def test_empty_ballot_is_cast_when_it_is_confirmed(client: Client, vote: Vote) -> None:
    assert client.post(address_of(vote), {"empty": "1"}).status_code == 303
    assert stored(vote) == {}
    assert "counts as an abstention" in words_of(client.get(address_of(vote)))


def test_option_of_another_vote_is_refused(client: Client, campaign: Campaign, vote: Vote) -> None:
    elsewhere = make_vote(campaign, slug="elsewhere")
    assert client.post(address_of(vote), {"choice": ids_of(elsewhere)[0]}).status_code == 422
    assert not Ballot.objects.exists()


def test_ballot_is_withdrawn(client: Client, vote: Vote) -> None:
    client.post(address_of(vote), {"choice": ids_of(vote)[0]})
    client.post(address_of(vote), {"action": "withdraw"})
    assert not Ballot.objects.exists()
    assert "Your ballot is withdrawn." in words_of(client.get(address_of(vote)))
    client.post(address_of(vote), {"action": "withdraw"})
    assert "There is no ballot to withdraw." in words_of(client.get(address_of(vote)))


def test_code_votes_shows_and_withdraws(client: Client, campaign: Campaign) -> None:
    vote = make_vote(campaign, needs_code=True)
    made = codes.make_series(campaign, "Letters", 1, actor=None)
    code = made.codes[0].text.lower()
    first = ids_of(vote)[0]
    answer = client.post(address_of(vote), {"choice": first, "code": code})
    assert answer.status_code == 303
    assert settings.PARTICIPANT_COOKIE_NAME not in answer.cookies
    assert Ballot.objects.get().participant is None
    page = words_of(client.get(address_of(vote)))
    assert "checked" not in page
    shown = words_of(client.post(address_of(vote), {"action": "look", "code": code}))
    assert len(re.findall(r'name="choice" value="[^"]+"[^>]*checked', shown)) == 1
    assert "Change ballot" in shown
    client.post(address_of(vote), {"action": "withdraw", "code": code})
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("action", ["cast", "look", "withdraw"])
@pytest.mark.parametrize("code", ["", "x", "ABCDEFGHJKM"])
def test_wrong_code_is_refused_at_its_field(
    client: Client, campaign: Campaign, action: str, code: str
) -> None:
    vote = make_vote(campaign, needs_code=True)
    answer = client.post(address_of(vote), {"choice": ids_of(vote)[0], "code": code, "action": action})
    assert answer.status_code == 422
    page = words_of(answer)
    assert 'id="ballot-code-error"' in page
    assert "checked" in page
    assert not Ballot.objects.exists()


def test_order_is_steady_for_a_browser_and_differs_between_browsers(
    client: Client, campaign: Campaign
) -> None:
    vote = make_vote(campaign, n_options=12)

    def order(browser: Client) -> list[str]:
        return re.findall(r'id="option-([^"]+)"', browser.get(address_of(vote)).content.decode())

    first = order(client)
    assert sorted(first) == sorted(ids_of(vote))
    assert order(client) == first
    client.post(address_of(vote), {"choice": ids_of(vote)[0]})
    assert order(client) == first
    assert len({tuple(order(Client())) for _ in range(4)}) > 1


def test_order_is_another_one_in_each_vote(client: Client, campaign: Campaign) -> None:
    orders = []
    for slug in ("one", "two", "three"):
        vote = make_vote(campaign, n_options=12, slug=slug)
        page = client.get(address_of(vote)).content.decode()
        orders.append(re.findall(r'id="title-[^"]+">([^<]+)<', page))
    assert len({tuple(order) for order in orders}) > 1


def test_nobody_sees_what_others_chose(client: Client, vote: Vote, citizen: Citizen, manager: User) -> None:
    before = words_of(client.get(address_of(vote)))
    cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    for browser in (client, personas.staff_browser(manager)):
        browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = words_of(browser.get(address_of(vote)))
        assert "checked" not in page
        assert "Your ballot" not in page
    hidden = re.compile(r'value="[^"]{40,}"')
    assert hidden.sub("", words_of(client.get(address_of(vote)))) == hidden.sub("", before)


def test_page_has_what_an_option_is(client: Client, campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.BUDGET)
    option = options_of(vote)[0]
    option.contribution.photos.create(file="x.jpg", width=4, height=3, digest=b"x")
    option.changes.create(kind="cost", before="9000", after="10000", reason="Dearer lamps.")
    page = words_of(client.get(address_of(vote)))
    assert "Choose proposals that cost no more than 100,000 € together." in page
    assert "10,000 €" in page
    assert "What Project 1 is about." in page
    assert reverse("contribution", args=(campaign.slug, option.contribution_id)) in page
    assert f"/photos/{option.contribution.photos.get().pk}.jpg" in page
    assert "10,000 € instead of 9,000 €. Dearer lamps." in page
    assert "options-map" in page
    assert 'data-sum="euros" data-most="100000"' in page


def test_voter_is_told_what_changed_since(client: Client, vote: Vote) -> None:
    client.post(address_of(vote), {"choice": ids_of(vote)[0]})
    option = options_of(vote)[0]
    option.changes.create(kind="withdrawn", reason="Not possible.")
    Option.objects.filter(pk=option.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Not possible.")
    page = words_of(client.get(address_of(vote)))
    assert "Changed since you voted" in page
    assert "Not possible." in page
    assert "Cannot be chosen any more" in page
    assert f'value="{option.contribution_id}"' not in page


def test_closed_vote_names_its_day_and_takes_nothing(client: Client, vote: Vote) -> None:
    now = timezone.now()
    Phase.objects.create(
        campaign=vote.campaign,
        title="Vote",
        allows=[Action.VOTE],
        opens_at=now + timedelta(days=2),
        closes_at=now + timedelta(days=3),
    )
    page = words_of(client.get(address_of(vote)))
    assert "Voting has not begun yet. You can vote from" in page
    assert "Cast ballot" not in page
    answer = client.post(address_of(vote), {"choice": ids_of(vote)[0]})
    assert answer.status_code == 403
    Phase.objects.update(opens_at=now - timedelta(days=3), closes_at=now - timedelta(days=2))
    assert "Voting ended on" in words_of(client.get(address_of(vote)))


def test_ballot_stays_to_be_seen_between_phases(client: Client, vote: Vote) -> None:
    client.post(address_of(vote), {"choice": ids_of(vote)[0]})
    now = timezone.now()
    for start, end in ((-3, -1), (2, 3)):
        Phase.objects.create(
            campaign=vote.campaign,
            title=f"Vote {start}",
            allows=[Action.VOTE],
            opens_at=now + timedelta(days=start),
            closes_at=now + timedelta(days=end),
        )
    page = words_of(client.get(address_of(vote)))
    assert "Your ballot is stored" in page
    assert "Withdraw ballot" not in page


def test_draft_is_a_preview_for_members_that_takes_nothing(
    client: Client, campaign: Campaign, manager: User
) -> None:
    vote = make_vote(campaign)
    Campaign.objects.update(is_draft=True)
    assert client.get(address_of(vote)).status_code == 404
    browser = personas.staff_browser(manager)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(address_of(vote))
    assert page.status_code == 200
    assert "Preview" in words_of(page)
    assert browser.post(address_of(vote), {"choice": ids_of(vote)[0]}).status_code == 403
    assert not Ballot.objects.exists()


def test_protected_campaigns_and_categories_without_a_vote_have_no_page(client: Client) -> None:
    protected = make_vote(personas.make_campaign("x", publication="cells"))
    assert client.get(address_of(protected)).status_code == 404
    assert client.get(reverse("votes", args=("x",))).status_code == 404
    personas.make_campaign("y")
    assert client.get(reverse("votes", args=("y",))).status_code == 404
    assert client.get(reverse("vote", args=("y", "spot"))).status_code == 404


def test_list_leads_straight_to_a_single_vote(client: Client, vote: Vote) -> None:
    answer = client.get(reverse("votes", args=(vote.campaign.slug,)))
    assert (answer.status_code, answer["Location"]) == (302, address_of(vote))


def test_list_has_every_vote_and_where_one_voted(client: Client, vote: Vote) -> None:
    other = make_vote(vote.campaign, Rule.POINTS, slug="points")
    client.post(address_of(other), {ids_of(other)[0]: "1"})
    page = words_of(client.get(reverse("votes", args=(vote.campaign.slug,))))
    assert address_of(vote) in page
    assert address_of(other) in page
    assert page.count("Your ballot is stored") == 1


def test_campaign_has_a_tab_and_options_a_link(client: Client, campaign: Campaign) -> None:
    assert reverse("votes", args=(campaign.slug,)) not in words_of(client.get(campaign.get_absolute_url()))
    vote = make_vote(campaign)
    assert reverse("votes", args=(campaign.slug,)) in words_of(client.get(campaign.get_absolute_url()))
    option = options_of(vote)[0].contribution_id
    page = words_of(client.get(reverse("contribution", args=(campaign.slug, option))))
    assert f"{address_of(vote)}#option-{option}" in page
    other = personas.make_contribution(campaign)
    page = words_of(client.get(reverse("contribution", args=(campaign.slug, other.pk))))
    assert "On the ballot" not in page


def test_texts_are_read_in_the_language_of_the_reader(client: Client, vote: Vote) -> None:
    Campaign.objects.update(languages=["tr"])
    category = Category.objects.get(pk=vote.category_id)
    vote.campaign.translations.create(
        kind="category", object_id=category.pk, field="title", language="tr", text="Oylama"
    )
    assert "Oylama" in words_of(client.get(f"{address_of(vote)}?language=tr"))


def test_number_of_queries_does_not_grow_with_the_options(
    client: Client, campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    vote = make_vote(campaign, n_options=2)
    client.post(address_of(vote), {"choice": ids_of(vote)[:1]})
    client.get(address_of(vote))
    with django_assert_num_queries(13):
        client.get(address_of(vote))
    for number in range(3, 30):
        make_option(vote, f"Project {number}")
    with django_assert_num_queries(13):
        client.get(address_of(vote))


def test_own_ballot_is_that_of_the_cookie(vote: Vote, citizen: Citizen, another_citizen: Citizen) -> None:
    browser = citizen.browser()
    browser.post(address_of(vote), {"choice": ids_of(vote)[0]})
    assert ballot_of(vote, citizen.participant(vote.campaign)) is not None
    assert "checked" not in words_of(another_citizen.browser().get(address_of(vote)))
