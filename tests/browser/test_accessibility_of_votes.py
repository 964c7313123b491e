"""axe-core on the pages on which citizens vote, in every state; see `test_accessibility`."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from mapping.models import Action, Campaign, Phase
from tests import personas
from tests.browser.judge import Judge
from tests.browser.test_votes import choose, put_up
from tests.voting.making import options_of
from voting.models import Option, Rule

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def campaign(transactional_db: None) -> Campaign:
    made = personas.make_campaign("budget", title="Citizens' budget")
    made.categories.all().delete()
    return made


def test_ballots_of_every_rule(visit: type_of_visit, device: str, campaign: Campaign) -> None:
    judge = Judge(page := visit(device))
    for rule in Rule:
        vote = put_up(campaign, rule, slug=rule.replace("_", "-"), needs_code=rule == Rule.ONE_OF)
        judge.open(f"/campaigns/{campaign.slug}/votes/{vote.category.slug}/", ready="ballot-form.is-ready")
    judge.open(f"/campaigns/{campaign.slug}/votes/")
    page.goto(f"/campaigns/{campaign.slug}/votes/ranking/")
    page.get_by_role("button", name="Rank next: Trees for the square").click()
    judge.judge("something is ranked")
    assert not judge.found, "\n".join(judge.found)


def test_states_of_a_ballot(visit: type_of_visit, device: str, campaign: Campaign) -> None:
    vote = put_up(campaign, Rule.BUDGET)
    judge = Judge(page := visit(device))
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge.open(f"/campaigns/{campaign.slug}/votes/vote/", ready="ballot-form.is-ready")
    for title in ("Benches in the park", "Lamps for the underpass", "Trees for the square"):
        choose(page, title)
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("alert")).to_be_visible()
    judge.judge("over the sum")
    choose(page, "Trees for the square")
    page.get_by_role("button", name="Cast ballot").click()
    expect(page.get_by_role("heading", name="Your ballot is stored")).to_be_visible()
    judge.judge("stored")
    option = options_of(vote)[0]
    option.changes.create(kind="withdrawn", reason="Not possible.")
    Option.objects.filter(pk=option.pk).update(withdrawn_at=timezone.now(), withdrawn_reason="Not possible.")
    judge.open(f"/campaigns/{campaign.slug}/votes/vote/", "an option was withdrawn")
    now = timezone.now()
    Phase.objects.create(
        campaign=campaign,
        title="Vote",
        allows=[Action.VOTE],
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=2),
    )
    judge.open(f"/campaigns/{campaign.slug}/votes/vote/", "not yet")
    assert not judge.found, "\n".join(judge.found)
