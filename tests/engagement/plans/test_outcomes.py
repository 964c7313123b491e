"""What became of campaigns: timelines and numbers from public data only."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from engagement.models import Plan, PlanChange, PlanDecision
from engagement.services.outcomes import (
    FEWEST_FOR_A_SHARE,
    Outcome,
    Replied,
    outcomes_of,
    totals_of,
)
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    Publication,
    Release,
    Reply,
    ReplyStatus,
)
from tests import personas
from tests.engagement.making import make_document, make_event, make_plan, make_update

NOW = timezone.now()


@pytest.fixture
def browser(db: None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def reply(contribution: Contribution, status: str, days_ago: int = 0) -> Reply:
    return Reply.objects.create(
        contribution=contribution, status=status, text="We will.", created_at=NOW - timedelta(days=days_ago)
    )


def test_contribution_counts_by_the_newest_reply(campaign: Campaign) -> None:
    first, second, _third = (personas.make_contribution(campaign) for _ in range(3))
    hidden = personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    reply(first, ReplyStatus.PLANNED, 2)
    reply(first, ReplyStatus.DONE, 1)
    reply(second, ReplyStatus.PLANNED)
    reply(hidden, ReplyStatus.DONE)
    outcome = outcomes_of([campaign])[campaign.pk]
    assert outcome.replied is not None
    assert outcome.contributions == 3
    assert (outcome.replied.number, outcome.replied.planned, outcome.replied.done) == (2, 1, 1)
    assert outcome.share is None


def test_protected_campaign_has_released_numbers_only(db: None) -> None:
    campaign = personas.make_campaign(publication=Publication.CELLS)
    reply(personas.make_contribution(campaign), ReplyStatus.DONE)
    assert outcomes_of([campaign])[campaign.pk] == Outcome(None, None)
    Release.objects.create(
        campaign=campaign, number=1, made_at=NOW, k=5, contributions=40, participants_at_least=20
    )
    assert outcomes_of([campaign])[campaign.pk] == Outcome(40, None)


def test_drafts_have_no_numbers(draft_campaign: Campaign) -> None:
    assert outcomes_of([draft_campaign]) == {}


@pytest.mark.parametrize(
    ("contributions", "share"),
    [(None, None), (0, None), (FEWEST_FOR_A_SHARE - 1, None), (FEWEST_FOR_A_SHARE, 0.5)],
)
def test_share_needs_enough_contributions(contributions: int | None, share: float | None) -> None:
    replied = Replied({ReplyStatus.DONE: 10})
    assert Outcome(contributions, replied).share == share
    assert Outcome(contributions, None).share is None


def test_totals_leave_protected_campaigns_out_of_shares() -> None:
    totals = totals_of(
        [Outcome(40, Replied({"done": 10, "planned": 10})), Outcome(60, None), Outcome(None, None)]
    )
    assert (totals.campaigns, totals.contributions, totals.replied, totals.protected) == (3, 100, 20, 2)
    assert totals.share == 0.5


def test_timeline_has_everything_that_is_public(browser: Client, campaign: Campaign) -> None:
    reply(personas.make_contribution(campaign), ReplyStatus.DONE, 1)
    make_update(campaign, title="A bench stands", published_at=NOW - timedelta(days=2))
    make_document(title="The minutes", campaign=campaign, dated=date(2026, 1, 1))
    make_event(NOW - timedelta(days=5), campaign, title="A walk")
    make_event(NOW + timedelta(days=5), campaign, title="The next walk")
    plan = make_plan(title="New square", campaign=campaign, stage="decided")
    PlanDecision.objects.create(plan=plan, decided_on=date(2026, 2, 1), title="Decision 12")
    PlanChange.objects.create(plan=plan, text="It was decided.", stage_before="idea", stage_after="decided")
    page = text(browser, f"/campaigns/{campaign.slug}/outcome/")
    for words in (
        *("A bench stands", "The minutes", "A walk", "The next walk", "Decision 12", "It was decided."),
        *("The city replied to 1 contribution", "Participation begins", "New square"),
    ):
        assert words in page, words
    assert page.index("What comes next") < page.index("The next walk") < page.index("What has happened")
    assert page.index("A bench stands") < page.index("A walk")


def test_nothing_hidden_is_in_a_timeline(browser: Client, campaign: Campaign) -> None:
    make_update(campaign, title="Secret news", is_draft=True)
    make_update(campaign, title="Secret tomorrow", published_at=NOW + timedelta(days=1))
    make_document(title="Secret minutes", campaign=campaign, is_draft=True)
    make_event(NOW, campaign, title="Secret walk", is_draft=True)
    plan = make_plan(title="Secret square", campaign=campaign, is_draft=True)
    PlanDecision.objects.create(plan=plan, decided_on=date(2026, 2, 1), title="Secret decision")
    PlanChange.objects.create(plan=plan, text="Secret change")
    assert "Secret" not in text(browser, f"/campaigns/{campaign.slug}/outcome/")
    assert Plan.objects.exists()


def test_outcome_of_a_draft_is_for_its_members(draft_campaign: Campaign, browser: Client) -> None:
    assert browser.get(f"/campaigns/{draft_campaign.slug}/outcome/").status_code == 404


def test_timeline_reads_as_many_rows_for_every_campaign(browser: Client, campaign: Campaign) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            browser.get(f"/campaigns/{campaign.slug}/outcome/")
        return len(counted)

    plan = make_plan(campaign=campaign)

    def grow() -> None:
        make_update(campaign)
        make_document(campaign=campaign)
        make_event(NOW, campaign)
        PlanDecision.objects.create(plan=plan, decided_on=date(2026, 2, 1), title="Decision")
        PlanChange.objects.create(plan=plan, text="Changed.")

    grow()
    queries()
    before = queries()
    for _time in range(5):
        grow()
    assert queries() == before


def test_all_campaigns_are_counted_on_one_page(
    browser: Client, campaign: Campaign, draft_campaign: Campaign
) -> None:
    personas.make_upcoming()
    personas.make_campaign("cells", publication=Publication.CELLS, title="Protected one")
    reply(personas.make_contribution(campaign), ReplyStatus.DONE)
    page = text(browser, "/outcomes/")
    assert campaign.title in page
    assert "Protected one" in page
    assert "protected: single contributions are not public" in page
    assert draft_campaign.title not in page
    assert re.search(r"Participations</dt> <dd> ?2 ?</dd>", page)


def test_number_of_queries_is_the_same_however_many_campaigns_there_are(browser: Client, db: None) -> None:
    def queries(number: int) -> int:
        for _campaign in range(number):
            personas.make_campaign(f"many-{Campaign.objects.count()}", with_categories=False)
        with CaptureQueriesContext(connection) as counted:
            browser.get("/outcomes/")
        return len(counted)

    queries(1)
    assert queries(1) == queries(10)


def test_campaign_links_what_became_of_it_once_it_has_begun(browser: Client, campaign: Campaign) -> None:
    upcoming = personas.make_upcoming()
    assert f"/campaigns/{campaign.slug}/outcome/" in text(browser, f"/campaigns/{campaign.slug}/")
    assert "/outcome/" not in text(browser, f"/campaigns/{upcoming.slug}/")


def test_managers_are_led_to_the_news(campaign: Campaign, manager: User) -> None:
    page = text(personas.staff_browser(manager), f"/campaigns/{campaign.slug}/outcome/")
    assert f"/planning/{campaign.slug}/updates/" in page
