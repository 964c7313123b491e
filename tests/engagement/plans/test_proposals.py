"""Citizens propose that people should take part in a plan; the city replies."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from engagement.models import Plan, PlanProposal, ProposalState
from engagement.services.plans.proposals import (
    LONGEST_PROPOSAL,
    answer,
    proposal_of_token,
    propose,
    remove,
    take_back,
    token_of,
)
from mapping.models import Campaign
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.identity import edit_token, new_secret
from tests import personas
from tests.engagement.making import make_editor, make_plan

SECRET = new_secret()


@pytest.fixture
def plan(db: None) -> Plan:
    return make_plan(takes_proposals_until=timezone.localdate() + timedelta(days=7))


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


def test_proposal_waits_for_a_review(plan: Plan) -> None:
    made = propose(plan, "  Please ask the children.  ", SECRET)
    assert (made.text, made.state) == ("Please ask the children.", ProposalState.PENDING)
    assert not PlanProposal.objects.public().exists()
    assert SECRET.encode() not in bytes(made.author_key)


def test_repeated_request_stores_once(plan: Plan) -> None:
    first = propose(plan, "Please ask the children.", SECRET)
    assert propose(plan, "Please ask the children.", SECRET) == first
    with pytest.raises(Conflict, match="already_proposed"):
        propose(plan, "Something else.", SECRET)
    propose(plan, "Something else.", new_secret())
    assert plan.proposals.count() == 2


def test_person_has_unrelated_keys_in_two_plans(plan: Plan) -> None:
    other = make_plan(takes_proposals_until=plan.takes_proposals_until)
    keys = {bytes(propose(one, "Please ask us.", SECRET).author_key) for one in (plan, other)}
    assert len(keys) == 2


@pytest.mark.parametrize("text", ["", "  \n ", "a" * (LONGEST_PROPOSAL + 1)])
def test_empty_and_endless_proposals_are_refused(plan: Plan, text: str) -> None:
    with pytest.raises(Invalid):
        propose(plan, text, SECRET)


def test_proposals_end_with_their_last_day(plan: Plan) -> None:
    with pytest.raises(NotAllowed, match="proposals_closed"):
        propose(plan, "Too late.", SECRET, timezone.now() + timedelta(days=8))
    with pytest.raises(NotAllowed, match="proposals_closed"):
        propose(make_plan(), "Never possible.", SECRET)


def test_reply_makes_a_proposal_public(plan: Plan, editor: User) -> None:
    made = propose(plan, "Please ask the children.", SECRET)
    answer(made, editor, "accepted", "We will.", expected="pending")
    shown = PlanProposal.objects.public().get()
    assert (shown.answer, shown.state) == ("We will.", ProposalState.ACCEPTED)
    Plan.objects.update(is_draft=True)
    assert not PlanProposal.objects.public().exists()


def test_reply_needs_words_and_a_decision(plan: Plan, editor: User) -> None:
    made = propose(plan, "Please ask the children.", SECRET)
    for state, words in (("accepted", " "), ("pending", "Later."), ("maybe", "Perhaps.")):
        with pytest.raises(Invalid):
            answer(made, editor, state, words)
    answer(made, editor, "accepted", "We will.", expected="pending")
    with pytest.raises(Conflict, match="status_changed"):
        answer(made, editor, "declined", "We will not.", expected="pending")


def test_author_takes_a_proposal_back(plan: Plan, editor: User) -> None:
    made = propose(plan, "Please ask the children.", SECRET)
    assert proposal_of_token(token_of(made)) == made
    take_back(made)
    assert proposal_of_token(token_of(made)) is None
    with pytest.raises(NotAllowed, match="gone"):
        answer(made, editor, "accepted", "We will.")
    propose(plan, "Please ask the pupils.", SECRET)


def test_others_may_neither_reply_nor_remove(plan: Plan, editor: User) -> None:
    made = propose(plan, "Please ask the children.", SECRET)
    stranger = personas.make_user("stranger@example.org")
    for write in (lambda: answer(made, stranger, "accepted", "We will."), lambda: remove(made, stranger)):
        with pytest.raises(NotAllowed, match="not_plans_editor"):
            write()
    remove(made, editor)
    assert not PlanProposal.objects.exists()


def test_contribution_with_the_id_of_a_public_proposal_opens_no_proposal(
    client: Client, campaign: Campaign, plan: Plan, editor: User
) -> None:
    """Pages show ids of proposals, and people choose those of their contributions."""
    made = propose(plan, "Please ask the children.", SECRET)
    answer(made, editor, ProposalState.ACCEPTED, "We do.")
    assert str(made.pk) in client.get(plan.get_absolute_url()).content.decode()
    copied = personas.make_contribution(campaign, id=made.pk)
    assert client.post(f"/proposal/{edit_token(copied.pk)}/").status_code == 404
    assert PlanProposal.objects.filter(pk=made.pk).exists()
