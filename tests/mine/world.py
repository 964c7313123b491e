"""One person with everything that somebody can have here, in two campaigns and beside them."""

from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from engagement.models import Plan, PlanProposal
from engagement.services.plans.proposals import propose
from mapping.models import Campaign, Comment, Contribution, ContributionStatus
from mapping.services.identity import sign
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.engagement.making import make_plan
from tests.personas import Citizen
from tests.surveys.world import ask
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, Vote
from voting.services.casting import cast_in_browser

PROTECTED_WORDS = "I am afraid behind the station."


def english(browser: Client) -> Client:
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def browser_of(citizen: Citizen) -> Client:
    return english(citizen.browser())


def forged() -> Client:
    """A browser whose cookie this site has not signed."""
    client = english(Client())
    client.cookies[settings.PARTICIPANT_COOKIE_NAME] = sign("x" * 43)[:-3] + "abc"
    return client


def fill(person: Citizen, campaign: Campaign, protected: Campaign) -> None:
    """A contribution in each campaign, a comment, opinions, answers, a ballot, a proposal for a plan."""
    others = personas.make_contribution(campaign, text="A neighbour's place")
    personas.make_contribution(campaign, by=person, text=f"Place of {person.name}")
    personas.make_contribution(
        protected, by=person, text=PROTECTED_WORDS, status=ContributionStatus.PUBLISHED
    )
    comment = personas.make_comment(others, f"Comment of {person.name}", by=person)
    others.supports.create(participant=person.participant(campaign), value=1)
    comment.supports.create(participant=person.participant(campaign))
    if not campaign.survey_questions.exists():
        ask(campaign, "wish", "text")
    respond(campaign, Sheet({"wish": f"Wish of {person.name}"}), person.secret)
    vote = Vote.objects.of(campaign).first() or make_vote(campaign)
    cast_in_browser(vote, person.secret, {options_of(vote)[0].contribution_id: 1})
    plan = Plan.objects.first() or make_plan(takes_proposals_until=timezone.localdate() + timedelta(days=9))
    propose(plan, f"Proposal of {person.name}", person.secret)


def numbers_of(person: Citizen, *campaigns: Campaign) -> dict[str, int]:
    """How much of a person is stored."""
    people = [
        one for campaign in campaigns for one in campaign.participants.all() if _is(one.key, person, campaign)
    ]
    return {
        "people": len(people),
        "contributions": Contribution.objects.filter(participant__in=people).count(),
        "comments": Comment.objects.filter(participant__in=people).count(),
        "ballots": Ballot.objects.filter(participant__in=people).count(),
        "proposals": PlanProposal.objects.filter(text=f"Proposal of {person.name}").count(),
    }


def _is(key: object, person: Citizen, campaign: Campaign) -> bool:
    from mapping.services.identity import participant_key

    return bytes(key) == participant_key(campaign, person.secret)  # type: ignore[call-overload,no-any-return]
