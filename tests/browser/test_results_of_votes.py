"""Results of votes in a browser: judged by axe, read on phone and desktop, from the result to the reasons."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.judge import Judge
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.models import Rule, SetAside, Vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
TITLES = (
    "Drinking fountain at the station",
    "Shade and benches for the square in front of the old town hall",
    "Table tennis in the park",
    "Repair café",
    "Bird boxes",
    "Ramp for the library",
)


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    """A campaign that has ended."""
    made = personas.make_closed("budget", title="Citizens' budget")
    made.categories.all().delete()
    return made


def name_options(vote: Vote) -> None:
    """Titles of different lengths."""
    for option, title in zip(options_of(vote), TITLES, strict=False):
        option.contribution.title = title
        option.contribution.save()


def make_budget(campaign: Campaign) -> Vote:
    """A budget in which both ways to spend the sum differ, with ballots that do not count."""
    costs = [24_000, 38_000, 12_500, 4_000, 1_500, 31_000]
    vote = make_vote(campaign, Rule.APPROVAL, 6, costs=costs, budget=70_000, slug="budget")
    name_options(vote)
    cast_ballots(vote, [(0, 1)] * 40 + [(1, 0, 2)] * 25 + [(5, 3)] * 30 + [(4, 3, 2)] * 16 + [()] * 3)
    cast_ballots(vote, [(0, 5)] * 9, on_paper=True)
    now = timezone.now()
    aside = SetAside.objects.create(
        vote=vote, starts_at=now - timedelta(hours=2), ends_at=now, reason="Sent by a script."
    )
    cast_ballots(vote, [(4,)] * 12, set_aside=aside)
    option = options_of(vote)[4]
    option.changes.create(kind="cost", before="1200", after="1500", reason="Wood became dearer.")
    return vote


def test_result_of_a_budget_leads_to_its_reasons(
    visit: type_of_visit, device: str, campaign: Campaign
) -> None:
    make_budget(campaign)
    judge = Judge(page := visit(device))
    judge.open(f"/campaigns/{campaign.slug}/votes/budget/results/")
    expect(page.get_by_text("123 ballots counted")).to_be_visible()
    expect(page.get_by_text("Sent by a script.")).to_be_visible()
    page.get_by_text("As a table").click()
    judge.judge("as a table")
    page.get_by_role("link", name="Why did these win?").click()
    expect(page.get_by_role("heading", name="How equal shares work")).to_be_visible()
    judge.judge("why")
    assert not judge.found, "\n".join(judge.found)


def test_results_of_the_other_rules(visit: type_of_visit, campaign: Campaign) -> None:
    judge = Judge(visit("phone", color_scheme="dark"))
    for rule in (Rule.FOR_AGAINST, Rule.RANKING, Rule.POINTS):
        slug = rule.replace("_", "-")
        vote = make_vote(campaign, rule, 4, slug=slug, winners=2)
        name_options(vote)
        second = -1 if rule == Rule.FOR_AGAINST else 2
        cast_ballots(vote, [{0: 1, 1: second}] * 4 + [{1: 1, 2: second}] * 3 + [{2: 1, 0: second}] * 3)
        for part in ("results", "why"):
            judge.open(f"/campaigns/{campaign.slug}/votes/{slug}/{part}/")
    assert not judge.found, "\n".join(judge.found)
