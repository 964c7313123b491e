"""Ideas taken over as options, and options that are alike merged."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from mapping.services.errors import Invalid, NotAllowed
from tests.personas import TOWN_HALL, make_contribution
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.models import Rule, Vote
from voting.services.setup import ideas, merging

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    """Nothing to vote on yet."""
    return make_vote(campaign, n_options=0)


@pytest.fixture
def idea(campaign: Campaign) -> Contribution:
    """An idea with a place."""
    return make_contribution(campaign, TOWN_HALL, text="A market at night. With lamps and music.")


def test_idea_becomes_an_option_with_text_and_place(vote: Vote, idea: Contribution, manager: User) -> None:
    [option] = ideas.take_over(vote, [idea], actor=manager)
    place = option.contribution
    assert place.pk != idea.pk
    assert (place.title, place.text) == ("A market at night", idea.text)
    assert place.geom == idea.geom
    assert list(option.ideas.all()) == [idea]


def test_author_reads_a_reply_in_the_language_of_the_campaign(
    vote: Vote, idea: Contribution, manager: User
) -> None:
    ideas.take_over(vote, [idea], actor=manager)
    reply = Reply.objects.get(contribution=idea)
    assert reply.status == ReplyStatus.UNDER_REVIEW
    assert (
        reply.text
        == "Über diese Idee kann jetzt abgestimmt werden: als Vorschlag „A market at night“ in „Vote“."
    )


def test_page_of_the_idea_leads_to_the_vote(
    client: Client, vote: Vote, idea: Contribution, manager: User
) -> None:
    client.cookies["django_language"] = "en"
    address = reverse("contribution", args=(idea.campaign.slug, idea.pk))
    assert "Vote on what was made of it" not in client.get(address).content.decode()
    [option] = ideas.take_over(vote, [idea], actor=manager)
    page = client.get(address).content.decode()
    assert f"/campaigns/{idea.campaign.slug}/votes/vote/#option-{option.contribution_id}" in page


def test_several_ideas_are_taken_over_at_once_and_each_only_once(
    campaign: Campaign, vote: Vote, idea: Contribution, manager: User
) -> None:
    another = make_contribution(campaign, None, category="idea", text="A library of things")
    ideas.take_over(vote, [idea], actor=manager)
    made = ideas.take_over(vote, [idea, another], actor=manager)
    assert [one.contribution.title for one in made] == ["A library of things"]
    assert vote.options.count() == 2
    assert not ideas.ideas_for(vote).exists()


def test_only_public_ideas_of_citizens_are_offered(
    campaign: Campaign, vote: Vote, idea: Contribution
) -> None:
    make_contribution(campaign, status=ContributionStatus.PENDING)
    make_contribution(campaign, status=ContributionStatus.REJECTED)
    make_vote(campaign, n_options=2, slug="another")
    assert list(ideas.ideas_for(vote)) == [idea]


def test_options_of_a_budget_have_no_cost_yet(campaign: Campaign, idea: Contribution, manager: User) -> None:
    vote = make_vote(campaign, Rule.BUDGET, n_options=0)
    [option] = ideas.take_over(vote, [idea], actor=manager)
    assert option.cost is None


def test_nothing_chosen_is_refused(vote: Vote, manager: User) -> None:
    with pytest.raises(Invalid):
        ideas.take_over(vote, [], actor=manager)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A market at night. With lamps.", "A market at night"),
        ("A market\nand lamps", "A market"),
        ("word " * 40, f"{('word ' * 40)[:79]}…"),
        ("   ", "Idea"),
    ],
)
def test_title_is_the_first_sentence(text: str, title: str) -> None:
    with override("en"):
        assert ideas.title_of(Contribution(text=text)) == title


def test_alike_options_are_found(campaign: Campaign, vote: Vote, manager: User) -> None:
    for text in ("More benches in the park", "More benches in the city park", "A skate hall"):
        ideas.take_over(vote, [make_contribution(campaign, text=text)], actor=manager)
    [pair] = merging.alike(options_of(vote))
    assert {pair.first.contribution.text, pair.second.contribution.text} == {
        "More benches in the park",
        "More benches in the city park",
    }


def test_merged_option_stands_in_the_other_with_its_ideas(
    campaign: Campaign, vote: Vote, manager: User
) -> None:
    found = [make_contribution(campaign, text=text) for text in ("More benches", "Benches")]
    first, second = ideas.take_over(vote, found, actor=manager)
    merging.merge(second, first, actor=manager)
    assert list(vote.options.all().standing()) == [first]
    assert set(first.ideas.all()) == set(found)
    merging.split(second, actor=manager)
    assert vote.options.all().standing().count() == 2
    assert set(first.ideas.all()) == set(first.ideas.all()) - set(second.ideas.all())


def test_merging_makes_no_chains(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, n_options=3)
    first, second, third = options_of(vote)
    merging.merge(third, second, actor=manager)
    merging.merge(second, first, actor=manager)
    assert set(vote.options.filter(merged_into=first)) == {second, third}
    with pytest.raises(Invalid):
        merging.merge(first, second, actor=manager)


def test_option_is_not_merged_into_itself(campaign: Campaign, manager: User) -> None:
    [option] = options_of(make_vote(campaign, n_options=1))
    with pytest.raises(Invalid):
        merging.merge(option, option, actor=manager)


def test_merging_ends_with_the_first_ballot(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, n_options=2)
    first, second = options_of(vote)
    cast_ballots(vote, [[0]])
    for change in (
        lambda: merging.merge(second, first, actor=manager),
        lambda: merging.split(second, actor=manager),
    ):
        with pytest.raises(NotAllowed) as refused:
            change()
        assert refused.value.code == "merge_too_late"
