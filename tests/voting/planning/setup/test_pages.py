"""The step of votes in the builder, as forms without JavaScript."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, CampaignChange, Contribution
from tests import personas
from tests.personas import make_contribution, staff_browser
from tests.services.photos.test_pictures import jpeg_with_secrets
from tests.voting.making import cast_ballots, make_option, make_vote, options_of
from voting.models import OptionChange, Rule, Vote
from voting.services.setup.options import options_of as in_order

PAGES = (
    *("setup", "setup-vote", "options", "option-new", "ideas", "merging"),
    *("option", "option-withdraw", "option-delete"),
)
LISTS = ("setup", "options", "ideas", "merging")


@pytest.fixture
def browser(manager: User) -> Client:
    found = staff_browser(manager)
    found.cookies["django_language"] = "en"
    return found


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    """Two proposals."""
    return make_vote(campaign, n_options=2)


@pytest.fixture
def budget(campaign: Campaign) -> Vote:
    """Two proposals with costs."""
    return make_vote(campaign, Rule.BUDGET, n_options=2)


def address(vote: Vote, page: str) -> str:
    """A page of the step; of the first option where it is about one."""
    args: list[object] = [vote.campaign.slug]
    if page != "setup":
        args.append(vote.category.slug)
    if (page.startswith("option-") and page != "option-new") or page == "option":
        args.append(options_of(vote)[0].contribution_id)
    return reverse(f"voting-planning:{page}", args=args)


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("analyst", 403),
        ("moderator", 403),
        ("outsider", 403),
        ("manager", 200),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_pages_are_for_managers(vote: Vote, who: str, status: int, page: str) -> None:
    user = personas.user_called(who, vote.campaign)
    assert isinstance(user, User)
    assert staff_browser(user).get(address(vote, page)).status_code == status


def test_strangers_learn_nothing_of_a_draft(vote: Vote, outsider: User) -> None:
    Campaign.objects.update(is_draft=True)
    for page in PAGES:
        assert Client().get(address(vote, page)).status_code == 302
        assert staff_browser(outsider).get(address(vote, page)).status_code == 404


@pytest.mark.parametrize("page", LISTS)
def test_number_of_queries_does_not_grow(
    browser: Client, vote: Vote, page: str, django_assert_num_queries: Any
) -> None:
    make_contribution(vote.campaign)
    browser.get(address(vote, page))
    with django_assert_num_queries(50, exact=False) as first:
        browser.get(address(vote, page))
    for number in range(4):
        make_option(vote, f"More {number}")
        make_contribution(vote.campaign)
        make_vote(vote.campaign, n_options=1, slug=f"more-{number}")
    with django_assert_num_queries(len(first)):
        browser.get(address(vote, page))


def test_category_gets_a_vote_by_plain_words(browser: Client, campaign: Campaign) -> None:
    page = text(browser, reverse("voting-planning:setup", args=(campaign.slug,)))
    new = reverse("voting-planning:setup-vote", args=(campaign.slug, "idea"))
    assert new in page
    assert "Which events should there be in the centre?" in text(browser, new)
    sent = {"rule": "up_to", "most_choices": "3", "method": "equal_shares", "results": "after_end"}
    answer = browser.post(new, sent)
    assert answer["Location"] == reverse("voting-planning:options", args=(campaign.slug, "idea"))
    assert Vote.objects.get().most_choices == 3


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"rule": "up_to"}, "most_choices"),
        ({"rule": "points", "points": "5"}, "most_points"),
        ({"rule": "points", "points": "5", "most_points": "6"}, "most_points"),
        ({"rule": "budget", "budget": "-1"}, "budget"),
        ({"rule": "budget", "budget": "1000.50"}, "budget"),
        ({"rule": "budget", "budget": "1000000000"}, "budget"),
        ({"rule": "loudest"}, "rule"),
        ({}, "rule"),
    ],
)
def test_wrong_rules_are_refused_at_their_field(
    browser: Client, campaign: Campaign, sent: dict[str, str], field: str
) -> None:
    new = reverse("voting-planning:setup-vote", args=(campaign.slug, "idea"))
    answer = browser.post(new, {"method": "greedy", "results": "live"} | sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Vote.objects.exists()


def test_rule_is_locked_after_the_first_ballot(browser: Client, vote: Vote) -> None:
    cast_ballots(vote, [[0]])
    assert "People have voted already. The rule with its limits" in text(browser, address(vote, "setup-vote"))
    sent = {
        "rule": "one_of",
        "most_choices": "1",
        "method": "greedy",
        "results": "live",
        "explanation": "So.",
    }
    assert browser.post(address(vote, "setup-vote"), sent).status_code == 302
    vote.refresh_from_db()
    assert (vote.rule, vote.most_choices, vote.results, vote.explanation) == ("up_to", 3, "live", "So.")


def test_proposal_is_put_up_with_picture_and_cost(browser: Client, budget: Vote) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    picture = SimpleUploadedFile("a.jpg", jpeg_with_secrets(), "image/jpeg")
    sent = {"title": "A fountain", "text": "With water.", "cost": "500", "geometry": "", "photos": picture}
    answer = browser.post(address(budget, "option-new"), sent)
    assert answer.status_code == 302
    option = budget.options.get(cost=500)
    assert option.contribution.title == "A fountain"
    assert option.contribution.photos.count() == 1
    page = text(browser, address(budget, "options"))
    assert "A fountain" in page
    assert "500 €" in page


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"cost": ""}, "cost"),
        ({"cost": "0"}, "cost"),
        ({"cost": "1e9"}, "cost"),
        ({"title": "a" * 121}, "title"),
    ],
)
def test_wrong_proposals_keep_what_was_typed(
    browser: Client, budget: Vote, sent: dict[str, str], field: str
) -> None:
    right = {"title": "A fountain", "text": "With clear water.", "cost": "500", "geometry": ""}
    answer = browser.post(address(budget, "option-new"), right | sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "With clear water." in answer.content.decode()
    assert budget.options.count() == 2


def test_changed_cost_wants_a_reason_at_its_field(browser: Client, budget: Vote) -> None:
    Contribution.objects.update(participant=None)
    cast_ballots(budget, [[0]])
    sent = {"title": "Project 1", "text": "What Project 1 is about.", "cost": "900", "geometry": ""}
    answer = browser.post(address(budget, "option"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["reason"]
    assert browser.post(address(budget, "option"), sent | {"reason": "Steel."}).status_code == 302
    assert OptionChange.objects.filter(kind="cost", reason="Steel.").exists()


def test_ideas_are_taken_over_with_one_click(browser: Client, vote: Vote) -> None:
    ideas = [make_contribution(vote.campaign, text=f"Idea number {number}") for number in range(3)]
    page = text(browser, address(vote, "ideas"))
    assert all(one.text in page for one in ideas)
    answer = browser.post(address(vote, "ideas"), {"idea": [str(one.pk) for one in ideas[:2]]})
    assert answer["Location"] == address(vote, "options")
    assert vote.options.count() == 4
    assert "from 1 idea" in text(browser, address(vote, "options"))


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-0000-0000-000000000000"]])
def test_no_idea_is_refused_in_words(browser: Client, vote: Vote, chosen: list[str]) -> None:
    answer = browser.post(address(vote, "ideas"), {"idea": chosen})
    assert answer.status_code == 422
    assert "Please choose at least one idea." in answer.content.decode()


def test_ideas_are_searched(browser: Client, vote: Vote) -> None:
    make_contribution(vote.campaign, text="A market at night")
    make_contribution(vote.campaign, text="A skate hall")
    page = text(browser, f"{address(vote, 'ideas')}?q=market")
    assert "A market at night" in page
    assert "A skate hall" not in page


def test_options_move_by_buttons(browser: Client, vote: Vote) -> None:
    Contribution.objects.update(participant=None)
    first = options_of(vote)[0].contribution_id
    answer = browser.post(address(vote, "options"), {"do": f"down:{first}"})
    assert answer["Location"] == f"{address(vote, 'options')}?focus=down%3A{first}"
    assert [one.contribution.title for one in in_order(vote)] == ["Project 2", "Project 1"]


def test_withdrawal_says_why(browser: Client, vote: Vote) -> None:
    assert browser.post(address(vote, "option-withdraw"), {"reason": ""}).status_code == 422
    browser.post(address(vote, "option-withdraw"), {"reason": "The ground is private."})
    page = text(browser, address(vote, "options"))
    assert "Withdrawn: The ground is private." in page
    browser.post(address(vote, "option-withdraw"), {})
    assert not vote.options.exclude(withdrawn_at=None).exists()


def test_merged_and_split_again(browser: Client, vote: Vote) -> None:
    first, second = options_of(vote)
    sent = {"option": str(second.contribution_id), "into": str(first.contribution_id)}
    assert browser.post(address(vote, "merging"), sent).status_code == 302
    assert "“Project 2” is part of “Project 1”" in text(browser, address(vote, "merging"))
    split = reverse("voting-planning:option-split", args=(vote.campaign.slug, "vote", second.contribution_id))
    browser.post(split)
    assert vote.options.all().standing().count() == 2


@pytest.mark.parametrize("sent", [{}, {"option": "x", "into": "y"}])
def test_two_proposals_are_needed_to_merge(browser: Client, vote: Vote, sent: dict[str, str]) -> None:
    answer = browser.post(address(vote, "merging"), sent)
    assert answer.status_code == 422
    assert "Please choose two proposals." in answer.content.decode()


def test_options_of_other_votes_are_not_found(browser: Client, vote: Vote) -> None:
    other = make_vote(vote.campaign, n_options=1, slug="other")
    strange = options_of(other)[0].contribution_id
    assert (
        browser.get(f"/planning/{vote.campaign.slug}/setup/votes/vote/options/{strange}/").status_code == 404
    )


def test_history_tells_changes_in_words(browser: Client, budget: Vote) -> None:
    Contribution.objects.update(participant=None)
    sent = {"title": "Project 1", "text": "What Project 1 is about.", "cost": "900", "geometry": ""}
    browser.post(address(budget, "option"), sent)
    browser.post(address(budget, "option-withdraw"), {"reason": "A mistake."})
    page = text(browser, reverse("planning:setup-history", args=(budget.campaign.slug,)))
    assert "“Project 1”, cost in euros" in page
    assert "A mistake." in page
    change = CampaignChange.objects.first()
    assert change is not None
    undo = reverse("planning:setup-undo", args=(budget.campaign.slug,))
    browser.post(undo, {"change": str(change.pk)})
    assert not budget.options.exclude(withdrawn_at=None).exists()


def test_deleting_asks_first_and_is_refused_once_somebody_has_voted(browser: Client, vote: Vote) -> None:
    Contribution.objects.update(participant=None)
    cast_ballots(vote, [[0]])
    browser.post(address(vote, "option-delete"))
    assert vote.options.count() == 2
    assert "Please withdraw the proposal instead" in text(browser, address(vote, "option-delete"))
    vote.ballots.all().delete()
    browser.post(address(vote, "option-delete"))
    assert vote.options.count() == 1


def test_vote_is_removed_while_nobody_has_voted(browser: Client, vote: Vote) -> None:
    browser.post(reverse("voting-planning:setup-vote-remove", args=(vote.campaign.slug, "vote")))
    assert not Vote.objects.exists()
    assert Contribution.objects.filter(category=vote.category).count() == 2
