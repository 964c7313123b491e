"""What votes lack before people can vote, and the templates that begin with one."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.models import Action, Campaign, Phase, Publication
from mapping.services.setup.checklist import Finding, findings
from mapping.services.setup.new import from_template
from mapping.services.setup.templates import template_named
from tests import personas
from tests.voting.making import make_vote
from voting.models import Rule, Vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft_of_a_vote(db: None) -> Campaign:
    """A draft without categories."""
    return personas.make_campaign("votes", is_draft=True, with_categories=False)


def of_votes(campaign: Campaign) -> dict[str, bool]:
    """The codes of findings about votes, and whether they block."""
    fresh = Campaign.objects.get(pk=campaign.pk)
    return {one.code: one.blocks for one in findings(fresh) if "vote" in one.code or "option" in one.code}


def phase(campaign: Campaign, number: int, *actions: Action) -> None:
    """A phase of one day."""
    now = timezone.now() + timedelta(days=number)
    Phase.objects.create(
        campaign=campaign,
        title=f"Phase {number}",
        opens_at=now,
        closes_at=now + timedelta(days=1),
        allows=[one.value for one in actions],
    )


def test_campaign_without_votes_has_no_findings_about_them(campaign: Campaign) -> None:
    assert of_votes(campaign) == {}


def test_vote_without_options_blocks_where_people_would_vote_at_once(draft_of_a_vote: Campaign) -> None:
    make_vote(draft_of_a_vote, n_options=0)
    assert of_votes(draft_of_a_vote) == {"setup_vote_no_options": True}


def test_vote_without_options_is_advice_where_ideas_come_first(draft_of_a_vote: Campaign) -> None:
    make_vote(draft_of_a_vote, n_options=0)
    phase(draft_of_a_vote, 1, Action.CONTRIBUTE)
    phase(draft_of_a_vote, 3, Action.VOTE)
    assert of_votes(draft_of_a_vote) == {"setup_vote_no_options": False}


def test_phases_must_let_people_vote(draft_of_a_vote: Campaign) -> None:
    make_vote(draft_of_a_vote, n_options=4)
    phase(draft_of_a_vote, 1, Action.CONTRIBUTE)
    assert of_votes(draft_of_a_vote) == {"setup_vote_no_phase": True}


def test_protected_campaigns_have_no_votes(draft_of_a_vote: Campaign) -> None:
    make_vote(draft_of_a_vote, n_options=4)
    Campaign.objects.update(publication=Publication.CELLS)
    assert "setup_vote_protected" in of_votes(draft_of_a_vote)


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([500, None], {"setup_option_no_cost": True}),
        ([2000, 3000], {"setup_vote_sum_too_small": True}),
        ([500, 500], {"setup_vote_all_can_be_paid": False}),
        ([500, 700], {}),
    ],
)
def test_costs_fit_the_sum(
    draft_of_a_vote: Campaign, costs: list[int | None], expected: dict[str, bool]
) -> None:
    make_vote(draft_of_a_vote, Rule.BUDGET, len(costs), costs=costs, budget=1000)
    assert of_votes(draft_of_a_vote) == expected


def test_there_is_something_to_choose(draft_of_a_vote: Campaign) -> None:
    make_vote(draft_of_a_vote, Rule.UP_TO, n_options=3, most_choices=3)
    assert of_votes(draft_of_a_vote) == {"setup_vote_all_can_be_chosen": False}


def test_vote_is_something_that_people_do(draft_of_a_vote: Campaign) -> None:
    """No advice that the campaign was for readers only, or that places should be read in from a file."""
    make_vote(draft_of_a_vote, n_options=4)
    Campaign.objects.update(allows_support=False)
    codes = {one.code for one in findings(Campaign.objects.get(pk=draft_of_a_vote.pk))}
    assert not codes & {"setup_nothing_open", "setup_nothing_drawn"}


def test_published_campaign_can_get_a_vote_step_by_step(campaign: Campaign) -> None:
    make_vote(campaign, n_options=0)
    assert of_votes(campaign) == {"setup_vote_no_options": False}


@pytest.mark.parametrize("hour", [0, 12, 23])
@pytest.mark.parametrize(
    "start", [date(2026, 3, 1), date(2026, 3, 15), date(2026, 10, 11), date(2026, 11, 29), date(2026, 11, 30)]
)
def test_phases_of_templates_begin_on_mondays_at_midnight(
    monkeypatch: pytest.MonkeyPatch, start: date, hour: int
) -> None:
    """At whatever hour they are made, and across both changes of the clocks."""
    moment = timezone.make_aware(datetime.combine(start, time(hour, 50)))
    monkeypatch.setattr(timezone, "now", lambda: moment)
    template = template_named("votes")
    assert template is not None
    campaign = from_template("x", template, personas.make_user("maker@example.org", may_make_campaigns=True))
    begins = [timezone.localtime(one.opens_at) for one in campaign.phases.order_by("opens_at")]
    assert [(one.weekday(), one.hour, one.minute) for one in begins] == [(0, 0, 0)] * 3
    assert 14 <= (begins[0].date() - start).days < 21


@pytest.mark.parametrize(("name", "rule"), [("votes", Rule.UP_TO), ("budget", Rule.BUDGET)])
def test_templates_begin_with_ideas_and_end_with_the_vote(name: str, rule: Rule) -> None:
    maker: User = personas.make_user("maker@example.org", may_make_campaigns=True)
    template = template_named(name)
    assert template is not None
    campaign = from_template("Was soll werden?", template, maker)
    ideas, review, vote = campaign.phases.order_by("opens_at")
    assert (ideas.allows_action(Action.CONTRIBUTE), ideas.allows_action(Action.VOTE)) == (True, False)
    assert (review.allows_action(Action.CONTRIBUTE), review.allows_action(Action.VOTE)) == (False, False)
    assert vote.allows_action(Action.VOTE)
    campaign.refresh_from_db()
    assert (campaign.opens_at, campaign.closes_at) == (ideas.opens_at, vote.closes_at)
    for one in (ideas, review, vote):
        begin = timezone.localtime(one.opens_at)
        assert (begin.weekday(), begin.hour, begin.minute) == (0, 0, 0)
    assert Vote.objects.of(campaign).get().rule == rule
    assert not [one for one in findings(campaign) if one.blocks and one.step in ("votes", "period")]


def test_findings_name_steps_of_the_builder(draft_of_a_vote: Campaign) -> None:
    from mapping.planning.setup.frame import STEPS

    make_vote(draft_of_a_vote, n_options=0)
    found: list[Finding] = findings(draft_of_a_vote)
    assert all(STEPS.named(one.step) is not None for one in found)
